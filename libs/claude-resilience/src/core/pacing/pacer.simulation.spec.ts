import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { CALL_PRIORITIES, type ResponseHeaders } from '../call.js';
import type { Failure } from '../failure/failure.js';
import { Random } from '../random.port.js';
import { Pacer } from './pacer.js';
import { PACING_DEFAULTS, type PacingOptions, type ResolvedPacingOptions } from './pacing.options.js';
import type { Refused, Turn, TurnRequest } from './turn.js';

/** Chance that is the same in every run (mulberry32). */
class SeededRandom extends Random {
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
interface ServerModel {
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

const SERVER: ServerModel = {
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

class ModelledServer {
  #level: number;
  #input: number;
  #atMs = 0;
  #underWay = 0;

  constructor(
    readonly model: ServerModel,
    readonly clock: ManualClock,
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

interface Call extends Partial<TurnRequest> {
  /** What it really takes. */
  readonly inputTokens?: number;
}

/** Callers who ask for turns, send, and come back when told to (with the retry loop's jitter, R8). */
class World {
  readonly clock = new ManualClock();
  readonly random: SeededRandom;
  readonly pacer: Pacer;
  readonly server: ModelledServer;
  readonly sentAtMs: number[] = [];
  readonly sentTokens: { readonly atMs: number; readonly tokens: number }[] = [];
  readonly refused: { readonly sentAtMs: number; readonly heardAtMs: number; readonly waitMs: number }[] = [];
  readonly waitsMs: number[] = [];
  readonly calls = { made: 0, served: 0, shed: 0 };
  onDone: () => void = () => {};
  onServed: (call: Call) => void = () => {};
  #knownAtMs = Infinity;

  readonly pacers: readonly Pacer[];

  constructor(model: Partial<ServerModel>, options: PacingOptions = {}, seed = 1, replicas = 1) {
    this.random = new SeededRandom(seed);
    const resolved = { ...PACING_DEFAULTS, ...options } as ResolvedPacingOptions;
    this.pacer = new Pacer(resolved, this.clock, this.random);
    const others = Array.from({ length: replicas - 1 }, () => new Pacer(resolved, this.clock, this.random));
    this.pacers = [this.pacer, ...others];
    this.server = new ModelledServer({ ...SERVER, ...model }, this.clock, this.random);
  }

  call(own: Call = {}): void {
    this.calls.made++;
    this.#ask(own, this.clock.nowMs());
  }

  #ask(own: Call, askedAtMs: number, attempt = 1): void {
    const { inputTokens = 0, ...request } = own;
    const pacer = this.pacers[Math.floor(this.random.next() * this.pacers.length)] ?? this.pacer;
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

  #send(turn: Turn, own: Call, askedAtMs: number, attempt: number): void {
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
  arrive(perSecond: number, forMs: number, own: () => Call = () => ({})): void {
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

describe('twice what is allowed', () => {
  const CASES = [
    { perSecond: 50, burst: 50, snapshot: 'at_admission', maxTransitMs: 0, seed: 1 },
    { perSecond: 50, burst: 50, snapshot: 'at_admission', maxTransitMs: 60, seed: 2 },
    { perSecond: 50, burst: 50, snapshot: 'at_answer', maxTransitMs: 60, seed: 3 },
    { perSecond: 50, burst: 3000, snapshot: 'at_admission', maxTransitMs: 60, seed: 4 },
    { perSecond: 5, burst: 5, snapshot: 'at_answer', maxTransitMs: 60, seed: 5 },
    { perSecond: 1, burst: 60, snapshot: 'at_admission', maxTransitMs: 60, seed: 6 },
  ] as const;
  it.each(CASES)(
    '$perSecond/s, burst $burst, headers $snapshot, transit $maxTransitMs ms: no 429 after the first headers, limit used',
    async ({ perSecond, seed, ...model }) => {
      const world = new World({ perSecond, ...model }, {}, seed);
      world.arrive(2 * perSecond, 160_000);
      await world.clock.advance(160_000);
      expect(world.avoidable).toBe(0);
      // From when the burst of the beginning is used up. One more or less at the edges is chance.
      expect(world.sentBetween(100_000, 160_000)).toBeGreaterThanOrEqual(0.98 * 60 * perSecond - 1);
    },
    60_000,
  );

  it('serves most of them at once, and everybody in the end (last in, first out; ageing)', async () => {
    const world = new World({ latencyMs: 200 }, {}, 7);
    world.arrive(100, 30_000);
    await world.clock.advance(30_000);
    expect(quantile(world.waitsMs, 0.5)).toBeLessThan(500);
    await world.clock.advance(60_000);
    expect(world.calls.served).toBe(world.calls.made);
    expect(world.clock.pendingTimers).toBe(0);
  }, 60_000);

  it('of tokens: the limit is used, and no 429', async () => {
    const world = new World({ inputPerMinute: 300_000 });
    world.arrive(20, 120_000, () => {
      const inputTokens = 200 + Math.round(world.random.next() * 1600);
      return { inputTokens, estimate: { inputTokens: inputTokens * 1.5, outputTokens: 0 } };
    });
    await world.clock.advance(120_000);
    expect(world.refused).toEqual([]);
    expect(world.tokensBetween(60_000, 120_000)).toBeGreaterThanOrEqual(0.98 * 300_000);
    expect(world.tokensBetween(60_000, 120_000)).toBeLessThanOrEqual(1.02 * 300_000);
  }, 60_000);

  it('a limit a minute that is enforced by the second, whatever `remaining` says, is learnt', async () => {
    const world = new World({ perSecond: 1, burst: 1, claims: 59, latencyMs: 500 });
    world.arrive(2, 280_000);
    await world.clock.advance(280_000);
    expect(world.refused.length).toBeLessThanOrEqual(5);
    expect(world.sentBetween(60_000, 280_000)).toBeGreaterThanOrEqual(0.85 * 220);
  });

  it.each([
    [2, 0.04],
    [4, 0.08],
  ])(
    '%i replicas that do not know of each other find their shares',
    async (replicas, wastedPerServed) => {
      const world = new World({ maxTransitMs: 40 }, {}, 8, replicas);
      world.arrive(100, 60_000);
      await world.clock.advance(60_000);
      expect(world.refused.length / world.calls.served).toBeLessThanOrEqual(wastedPerServed);
      expect(world.sentBetween(20_000, 60_000)).toBeGreaterThanOrEqual(0.95 * 50 * 40);
    },
    60_000,
  );

  it('a share of the limit left to others is left', async () => {
    const world = new World({}, { headroomRatio: 0.5 });
    world.arrive(100, 60_000);
    await world.clock.advance(60_000);
    expect(world.sentBetween(20_000, 60_000)).toBeGreaterThanOrEqual(0.98 * 25 * 40);
    expect(world.sentBetween(20_000, 60_000)).toBeLessThanOrEqual(25 * 40 + 1);
  });
});

describe('200 callers told `retry-after: 2` at once', () => {
  it.each([
    [true, 1],
    [true, 2],
    [false, 3],
    [false, 4],
  ])(
    'limits in the headers: %s, seed %i: none early, at most a fifth in 100 ms, all served',
    async (sendsLimits, seed) => {
      const world = new World({ sendsLimits, closedUntilMs: 0 }, {}, seed);
      for (let number = 0; number < 200; number++) world.call();
      await world.clock.advance(60_000);
      expect(world.sentBetween(0, 1)).toBe(200);
      expect(world.sentBetween(1, 2_010)).toBe(0);
      expect(world.worst100Ms(1)).toBeLessThanOrEqual(40);
      expect(world.calls.served).toBe(200);
      expect(world.clock.pendingTimers).toBe(0);
    },
  );

  it('the same when they wait here instead of at home', async () => {
    const world = new World({ closedUntilMs: 0, perSecond: 1000, burst: 1000 });
    world.call();
    await world.clock.advance(100);
    for (let number = 0; number < 200; number++) world.call();
    await world.clock.advance(20_000);
    expect(world.sentBetween(1, 2_010)).toBe(0);
    expect(world.worst100Ms(1)).toBeLessThanOrEqual(40);
    expect(world.calls.served).toBe(201);
  });
});

it('60 at once where 4 may run at a time, 429s without any header: all served, with few refusals after the first', async () => {
  const world = new World({ sendsLimits: false, maxConcurrency: 4, latencyMs: 100 });
  for (let number = 0; number < 60; number++) world.call();
  await world.clock.advance(60_000);
  expect(world.calls.served).toBe(60);
  expect(world.refused.filter(({ sentAtMs }) => sentAtMs === 0).length).toBe(56);
  expect(world.refused.length).toBeLessThanOrEqual(56 + 20);
});

describe('after an outage of a minute', () => {
  it.each([5, 20, 40])(
    '%i/s: few requests into it, slowly back, at the full rate again within 15 s',
    async (perSecond) => {
      const world = new World({ outage: [60_000, 120_000] });
      world.arrive(perSecond, 160_000);
      await world.clock.advance(160_000);
      // The last answer comes after 3 s, and 3 s without one are an outage.
      expect(world.sentBetween(67_000, 120_000)).toBeLessThanOrEqual(53 * Math.max(2, perSecond / 5));
      expect(world.sentBetween(120_000, 121_000)).toBeLessThanOrEqual(Math.max(3, perSecond / 4));
      expect(world.sentBetween(134_000, 135_000)).toBeGreaterThanOrEqual(Math.min(45, perSecond));
      expect(world.pacer.snapshot()[0]).not.toHaveProperty('rampPerSecond');
    },
    60_000,
  );
});

describe('whatever happens', () => {
  it.each(Array.from({ length: 40 }, (_, n) => n + 1))(
    'seed %i: every attempt ends, none goes in a pause',
    async (seed) => {
      const chance = new SeededRandom(seed * 7919);
      const oneOf = <T>(...choices: readonly [T, ...T[]]): T =>
        choices[Math.floor(chance.next() * choices.length)] ?? choices[0];
      const outageAtMs = oneOf(3_000, Infinity);
      const perSecond = oneOf(1, 5, 20);
      const world = new World(
        {
          perSecond,
          burst: oneOf(1, 5, 50),
          snapshot: oneOf('at_admission', 'at_answer'),
          sendsLimits: oneOf(true, false),
          maxTransitMs: oneOf(0, 100),
          maxConcurrency: oneOf(3, Infinity),
          latencyMs: oneOf(20, 2_000),
          outage: [outageAtMs, outageAtMs + 5_000],
          inputPerMinute: oneOf(20_000, Infinity),
        },
        { maxWaiting: oneOf(5, 10_000), maxConcurrency: oneOf(2, 1_000) },
        seed,
      );
      const pausedMs: [from: number, to: number][] = [];
      world.onDone = () => {
        const until = world.pacer.snapshot()[0]?.pausedUntilMs;
        if (until !== undefined) pausedMs.push([world.clock.nowMs(), until]);
      };
      world.arrive(perSecond * oneOf(0.5, 3), 15_000, () => {
        const controller = new AbortController();
        if (chance.next() < 0.2) world.clock.after(chance.next() * 3_000, () => controller.abort());
        return {
          priority: oneOf(...CALL_PRIORITIES),
          isDeferred: chance.next() < 0.3,
          deadlineAtMs: world.clock.nowMs() + oneOf(500, 10_000, 60_000),
          signal: controller.signal,
          inputTokens: oneOf(0, 500, 30_000),
          estimate: { inputTokens: oneOf(0, 500, 3_000), outputTokens: oneOf(0, 1_000) },
        };
      });
      await world.clock.advance(200_000);
      expect(world.calls.served + world.calls.shed).toBe(world.calls.made);
      for (const [from, to] of pausedMs) expect(world.sentAtMs.filter((atMs) => atMs > from && atMs < to)).toEqual([]);
      const [bucket] = world.pacer.snapshot();
      expect(bucket).toMatchObject({ underWay: 0, waiting: { urgent: 0, normal: 0, background: 0, deferred: 0 } });
      expect(world.clock.pendingTimers).toBe(0);
    },
    60_000,
  );

  it('nobody starves: background and deferred attempts get their turns under urgent ones at twice the limit', async () => {
    const world = new World({ perSecond: 10, burst: 10, latencyMs: 200 });
    let deferredServed = 0;
    world.onServed = ({ isDeferred }) => void (isDeferred === true && deferredServed++);
    world.call();
    await world.clock.advance(1_000); // the limit is known
    for (let number = 0; number < 20; number++) world.call({ deadlineAtMs: 5_000 }); // used up
    for (let number = 0; number < 20; number++)
      world.call({ priority: 'background', isDeferred: true, attempt: 2, deadlineAtMs: 400_000 });
    world.arrive(20, 240_000, () => ({ priority: 'urgent', deadlineAtMs: world.clock.nowMs() + 5_000 }));
    await world.clock.advance(240_000);
    expect(deferredServed).toBeGreaterThanOrEqual(20);
    expect(deferredServed).toBeLessThan(world.calls.served / 50); // and the urgent ones hardly notice
  }, 60_000);
});

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
