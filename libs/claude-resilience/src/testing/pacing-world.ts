import type { ResponseHeaders } from '../core/call.js';
import type { Failure } from '../core/failure/failure.js';
import { Pacer } from '../core/pacing/pacer.js';
import { PACING_DEFAULTS, type PacingOptions, type ResolvedPacingOptions } from '../core/pacing/pacing.options.js';
import type { Refused, Turn, TurnRequest } from '../core/pacing/turn.js';
import { Random } from '../core/random.port.js';
import type { Clock } from '../core/clock.port.js';
import { ManualClock } from './manual-clock.js';

/** Chance that is the same in every run (mulberry32). */
export class SeededRandom extends Random {
  #state: number;
  constructor(seed: number) {
    super();
    this.#state = seed;
  }
  next(): number {
    let t = (this.#state += 0x6d2b79f5);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  id(): string {
    return String(this.next());
  }
  secret(): string {
    return this.id();
  }
}

/** The API's side: buckets refilled continuously, 429 with a `retry-after` in whole seconds. */
export interface ServerModel {
  readonly perSecond: number;
  readonly burst: number;
  /** Input tokens a minute; a request takes as many as it really has. */
  readonly inputPerMinute: number;
  /** When the headers of an answer were written. */
  readonly snapshot: 'at_admission' | 'at_answer';
  readonly sendsLimits: boolean;
  /** What `remaining` says whatever is left: a limit a minute, enforced by the second. */
  readonly claims: number | undefined;
  readonly latencyMs: number;
  readonly maxTransitMs: number;
  /** Highest number of requests under way at a time; above it a 429 without any header. */
  readonly maxConcurrency: number;
  /** Until then everybody is told to come back in 2 s. */
  readonly closedUntilMs: number;
  /** Everything fails with 529 in it. */
  readonly outage: readonly [fromMs: number, toMs: number];
}

export const SERVER: ServerModel = {
  perSecond: 50,
  burst: 50,
  inputPerMinute: Infinity,
  snapshot: 'at_admission',
  sendsLimits: true,
  claims: undefined,
  latencyMs: 1_600,
  maxTransitMs: 0,
  maxConcurrency: Infinity,
  closedUntilMs: -1,
  outage: [Infinity, Infinity],
};

export class ModelledServer {
  #level: number;
  #input: number;
  #atMs = 0;
  #underWay = 0;

  constructor(
    readonly model: ServerModel,
    readonly clock: Clock,
    readonly random: Random,
  ) {
    this.#level = model.burst;
    this.#input = model.inputPerMinute;
  }

  send(inputTokens: number, answer: (failure: Failure | undefined, headers: ResponseHeaders) => void): void {
    const { maxTransitMs } = this.model;
    if (maxTransitMs === 0) this.#arrive(inputTokens, answer);
    else this.clock.after(this.random.next() * maxTransitMs, () => this.#arrive(inputTokens, answer));
  }

  #arrive(inputTokens: number, answer: (failure: Failure | undefined, headers: ResponseHeaders) => void): void {
    const { model, clock } = this;
    const nowMs = clock.nowMs();
    const soon = (failure: Failure, headers = this.#headers()) => void clock.after(10, () => answer(failure, headers));
    this.#refill();
    if (nowMs <= model.closedUntilMs) return soon(limited(2_000));
    if (nowMs >= model.outage[0] && nowMs < model.outage[1]) return soon(OVERLOADED);
    if (this.#underWay >= model.maxConcurrency) return soon(limited(undefined), {});
    if (this.#level < 1 - 1e-9 || this.#input < inputTokens) {
      const inputWaitS =
        model.inputPerMinute === Infinity ? 0 : ((inputTokens - this.#input) * 60) / model.inputPerMinute;
      return soon(limited(Math.max(1, Math.ceil(Math.max((1 - this.#level) / model.perSecond, inputWaitS))) * 1000));
    }
    this.#level--;
    this.#input -= inputTokens;
    this.#underWay++;
    const written = this.#headers();
    clock.after((0.2 + 1.6 * this.random.next()) * model.latencyMs, () => {
      this.#underWay--;
      answer(undefined, model.snapshot === 'at_admission' ? written : this.#headers());
    });
  }

  #refill(): void {
    const nowMs = this.clock.nowMs();
    const passedMs = nowMs - this.#atMs;
    this.#level = Math.min(this.model.burst, this.#level + (passedMs * this.model.perSecond) / 1000);
    this.#input = Math.min(this.model.inputPerMinute, this.#input + (passedMs * this.model.inputPerMinute) / 60_000);
    this.#atMs = nowMs;
  }

  #headers(): ResponseHeaders {
    this.#refill();
    const { sendsLimits, perSecond, claims, inputPerMinute } = this.model;
    if (!sendsLimits) return {};
    return {
      'anthropic-ratelimit-requests-limit': String(Math.round(perSecond * 60)),
      'anthropic-ratelimit-requests-remaining': String(claims ?? Math.floor(this.#level)),
      ...(inputPerMinute !== Infinity && {
        'anthropic-ratelimit-input-tokens-limit': String(inputPerMinute),
        'anthropic-ratelimit-input-tokens-remaining': String(Math.round(this.#input / 1000) * 1000),
      }),
    };
  }
}

const limited = (retryAfterMs: number | undefined): Failure => ({
  kind: 'rate_limited',
  retryable: true,
  verdict: 'neutral',
  rule: 'rate_limit',
  scope: 'model_class',
  severity: 'info',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const OVERLOADED: Failure = { ...limited(undefined), kind: 'overloaded', rule: 'overloaded', verdict: 'failure' };

export interface PacedCall extends Partial<TurnRequest> {
  /** What it really takes. */
  readonly inputTokens?: number;
  /** Which replica it comes to; absent: any. */
  readonly replica?: number;
}

/** Callers who ask for turns, send, and come back when told to (with the retry loop's jitter, R8). */
export class PacingWorld<C extends Clock = ManualClock> {
  readonly random: SeededRandom;
  readonly pacer: Pacer;
  readonly server: ModelledServer;
  readonly sentAtMs: number[] = [];
  readonly sentTokens: { readonly atMs: number; readonly tokens: number }[] = [];
  readonly refused: { readonly sentAtMs: number; readonly heardAtMs: number; readonly waitMs: number }[] = [];
  readonly waitsMs: number[] = [];
  readonly calls = { made: 0, served: 0, shed: 0 };
  onDone: () => void = () => {};
  onServed: (call: PacedCall) => void = () => {};
  #knownAtMs = Infinity;

  readonly pacers: readonly Pacer[];

  constructor(
    model: Partial<ServerModel>,
    options: PacingOptions = {},
    seed = 1,
    replicas = 1,
    /** Another one for simulations of very many. */
    readonly clock = new ManualClock() as Clock as C,
  ) {
    this.random = new SeededRandom(seed);
    const resolved = { ...PACING_DEFAULTS, ...options } as ResolvedPacingOptions;
    this.pacer = new Pacer(resolved, this.clock, this.random);
    const others = Array.from({ length: replicas - 1 }, () => new Pacer(resolved, this.clock, this.random));
    this.pacers = [this.pacer, ...others];
    this.server = new ModelledServer({ ...SERVER, ...model }, this.clock, this.random);
  }

  call(own: PacedCall = {}): void {
    this.calls.made++;
    this.#ask(own, this.clock.nowMs());
  }

  #ask(own: PacedCall, askedAtMs: number, attempt = 1): void {
    const { inputTokens = 0, replica = Math.floor(this.random.next() * this.pacers.length), ...request } = own;
    const pacer = this.pacers[replica] ?? this.pacer;
    const answer = pacer.admit({
      bucket: 'sonnet',
      priority: 'normal',
      isDeferred: false,
      attempt,
      deadlineAtMs: Infinity,
      estimate: { inputTokens, outputTokens: 0 },
      ...request,
    });
    const begin = (turn: Turn | Refused) => {
      if (turn.admitted) this.#send(turn, own, askedAtMs, attempt);
      else this.calls.shed++;
    };
    if (answer instanceof Promise) void answer.then(begin);
    else begin(answer);
  }

  #send(turn: Turn, own: PacedCall, askedAtMs: number, attempt: number): void {
    const sentAtMs = this.clock.nowMs();
    this.sentAtMs.push(sentAtMs);
    this.sentTokens.push({ atMs: sentAtMs, tokens: own.inputTokens ?? 0 });
    this.server.send(own.inputTokens ?? 0, (failure, headers) => {
      const heardAtMs = this.clock.nowMs();
      if ('anthropic-ratelimit-requests-limit' in headers) this.#knownAtMs = Math.min(this.#knownAtMs, heardAtMs);
      if (failure === undefined) {
        this.calls.served++;
        this.waitsMs.push(sentAtMs - askedAtMs);
        this.onServed(own);
        turn.done({ headers, usage: { inputTokens: own.inputTokens ?? 0, outputTokens: 0 } });
        return this.onDone();
      }
      const waitMs = failure.retryAfterMs ?? (failure.kind === 'overloaded' ? 3_000 : 1_000);
      if (failure.kind === 'rate_limited') this.refused.push({ sentAtMs, heardAtMs, waitMs });
      turn.done({ headers, failure });
      this.onDone();
      this.clock.after(waitMs + 1 + this.random.next() * 500, () => this.#ask(own, askedAtMs, attempt + 1));
    });
  }

  /** Poisson arrivals from now on. */
  arrive(perSecond: number, forMs: number, own: () => PacedCall = () => ({})): void {
    const untilMs = this.clock.nowMs() + forMs;
    const next = () => {
      if (this.clock.nowMs() >= untilMs) return;
      this.call(own());
      this.clock.after((-Math.log(1 - this.random.next()) * 1000) / perSecond, next);
    };
    next();
  }

  /** 429s of what was sent when a header had been seen. */
  get avoidable(): number {
    return this.refused.filter(({ sentAtMs }) => sentAtMs > this.#knownAtMs).length;
  }

  tokensBetween(fromMs: number, toMs: number): number {
    const sent = this.sentTokens.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    return sent.reduce((sum, { tokens }) => sum + tokens, 0);
  }

  sentBetween(fromMs: number, toMs: number): number {
    return this.sentAtMs.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
  }

  /** Most that were sent in any 100 ms from `fromMs` on. */
  worst100Ms(fromMs: number): number {
    const sent = this.sentAtMs.filter((atMs) => atMs >= fromMs);
    return Math.max(...sent.map((from) => sent.filter((atMs) => atMs >= from && atMs <= from + 100).length));
  }
}
