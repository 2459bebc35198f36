import type { AttemptResult, ClaudeCall } from '../call.js';
import type { Clock } from '../clock.port.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { Failure, FailureKind } from '../failure/failure.js';
import type { Random } from '../random.port.js';
import { decideRetry, type NoRetryReason } from './decide-retry.js';
import type { ResolvedRetryOptions } from './retry.options.js';
import type { Soon } from '../soon.js';
import { wait } from '../wait.js';

/** What the loop needs from the other rooms. */
export interface LoopHooks {
  /** Milliseconds for which the circuit will refuse; 0 when it lets calls pass. @param nowMs by `Clock.nowMs` */
  circuitOpenForMs(nowMs: number): number;
  /** Whether calls like this one succeed at present; absent: no. */
  othersSucceed?(): boolean;
  /** Whether to wait for an open circuit, since nobody else can answer. */
  readonly sitsOut?: boolean;
  /** Whether somebody else can be asked at once, when repeating is of no more use. */
  hasLastResort?(failure: Failure): boolean;
  /** Whether to ask somebody else, since repeating would leave no time for that. */
  insteadOfRepeating?(failure: Failure): boolean;
  /** Takes one retry from what is left of the budget; absent: there is no bound. @returns whether there was one */
  payForRetry?(): boolean;
  /** A wait of `delayMs` is about to begin, after attempt `number` failed. */
  retrying?(number: number, kind: FailureKind, delayMs: number): void;
}

export type RetriedResult<T> = AttemptResult<T> & {
  /** Requests sent. */
  readonly attempts: number;
  /** Why nothing more was tried, where the rules of retries decided that. */
  readonly endedBy?: NoRetryReason | 'no_budget';
};

/** What is repeated, and what becomes of it. */
export interface Repeatable<T, E> {
  /** @param number from 1 @param nowMs the time now, by `Clock.nowMs` */
  attempt(number: number, nowMs: number): Soon<AttemptResult<T>>;
  /** @param result the last one @param nowMs the same, where nothing was waited for */
  ended(result: RetriedResult<T>, nowMs?: number): Soon<E>;
}

/** What follows an attempt: the end, or another one, after so many milliseconds or at once. */
type Next<T> = RetriedResult<T> | GoesOn;
type GoesOn = { readonly waitMs: number } | typeof AT_ONCE;
const AT_ONCE = 'at_once';

/**
 * The one loop that repeats anything (R14): attempts until one succeeds or the decision says stop.
 *
 * @param nowMs by `Clock.nowMs`, from whoever has just looked
 */
export function runWithRetry<T, E>(
  call: ClaudeCall,
  work: Repeatable<T, E>,
  hooks: LoopHooks,
  options: ResolvedRetryOptions,
  clock: Clock,
  random: Random,
  nowMs = clock.nowMs(),
): Soon<E> {
  return new RetryLoop(call, work, hooks, options, clock, random).start(nowMs);
}

class RetryLoop<T, E> {
  #sent = 0;
  #retriesMade: Map<FailureKind, number> | undefined;

  constructor(
    private readonly call: ClaudeCall,
    private readonly work: Repeatable<T, E>,
    private readonly hooks: LoopHooks,
    private readonly options: ResolvedRetryOptions,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Most calls end with the first attempt. */
  start(nowMs: number): Soon<E> {
    const tooLate = this.#tooLate(nowMs);
    if (tooLate !== undefined) return this.work.ended(tooLate, nowMs);
    const first = this.work.attempt(1, nowMs);
    return first instanceof Promise ? first.then((later) => this.#goOn(later)) : this.#goOn(first, nowMs);
  }

  #goOn(first: AttemptResult<T>, nowMs?: number): Soon<E> {
    const next = this.#after(first, nowMs);
    return isEnd(next) ? this.work.ended(next, nowMs) : this.#repeat(next);
  }

  async #repeat(first: GoesOn): Promise<E> {
    const { work, clock, call } = this;
    for (let next: Next<T> = first; ;) {
      if (isEnd(next)) return work.ended(next);
      if (next !== AT_ONCE) await wait(clock, next.waitMs, call.signal);
      const nowMs = clock.nowMs();
      const tooLate = this.#tooLate(nowMs);
      next = tooLate ?? this.#after(await work.attempt(this.#sent + 1, nowMs));
    }
  }

  /** @param atMs the time now, where nothing was waited for */
  #after(result: AttemptResult<T>, atMs?: number): Next<T> {
    if (result.ok || (result.isUnsent !== true && isSent(result.failure))) this.#sent++;
    const attempts = this.#sent;
    if (result.ok) return { ok: true, value: result.value, attempts };
    const { call, hooks, clock } = this;
    const { failure } = result;
    if (result.goesOn === true || hooks.insteadOfRepeating?.(failure) === true) return AT_ONCE;
    const retriesMade = this.#retriesMade?.get(failure.kind) ?? 0;
    const nowMs = atMs ?? clock.nowMs();
    const situation = {
      retriesMade,
      timeLeftMs: call.deadlineAtMs - nowMs,
      circuitOpenForMs: hooks.circuitOpenForMs(nowMs),
      othersSucceed: hooks.othersSucceed?.() === true,
      sitsOut: hooks.sitsOut === true,
      random: this.random.next(),
    };
    const decision = decideRetry(failure, situation, this.options);
    if (!decision.retry) {
      if (decision.reason !== 'circuit_open' && hooks.hasLastResort?.(failure) === true) return AT_ONCE;
      return { ...result, attempts, endedBy: decision.reason };
    }
    const { delayMs: waitMs } = decision;
    if (isSent(failure)) {
      if (hooks.payForRetry?.() === false) return { ...result, attempts, endedBy: 'no_budget' };
      this.#retriesMade = (this.#retriesMade ?? new Map<FailureKind, number>()).set(failure.kind, retriesMade + 1);
      hooks.retrying?.(attempts, failure.kind, waitMs);
    }
    return { waitMs };
  }

  /** For a caller who gave up or is too late nothing is sent: no permit is taken, and nobody is judged. */
  #tooLate(nowMs: number): RetriedResult<never> | undefined {
    const { call, clock } = this;
    const facts = whatEnded(call, nowMs);
    if (facts === undefined) return undefined;
    const failure = diagnoseFailure(facts, clock.wallMs());
    return { ok: false, failure, cause: call.signal?.reason, attempts: this.#sent };
  }
}

function isEnd<T>(next: Next<T>): next is RetriedResult<T> {
  return next !== AT_ONCE && 'ok' in next;
}

function isSent({ kind, isHeld }: Failure): boolean {
  return kind !== 'circuit_open' && isHeld !== true;
}

function whatEnded(call: ClaudeCall, nowMs: number): FailureFacts | undefined {
  if (call.signal?.aborted === true) return { from: 'abort' };
  return nowMs < call.deadlineAtMs ? undefined : { from: 'timeout', limit: 'deadline' };
}
