import type { AttemptResult, ClaudeCall } from '../call.js';
import type { Clock } from '../clock.port.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { Failure, FailureKind } from '../failure/failure.js';
import type { Random } from '../random.port.js';
import { decideRetry, type NoRetryReason } from './decide-retry.js';
import type { ResolvedRetryOptions } from './retry.options.js';
import { wait } from '../wait.js';

/** What the loop needs from the other rooms. */
export interface LoopHooks {
  /** Milliseconds for which the circuit will refuse; 0 when it lets calls pass. */
  circuitOpenForMs(): number;
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

/** The one loop that repeats anything (R14): attempts until one succeeds or the decision says stop. */
export async function runWithRetry<T>(
  call: ClaudeCall,
  attempt: (number: number) => Promise<AttemptResult<T>>,
  hooks: LoopHooks,
  options: ResolvedRetryOptions,
  clock: Clock,
  random: Random,
): Promise<RetriedResult<T>> {
  let retriesMade: Map<FailureKind, number> | undefined;
  let sent = 0;
  for (let number = 1; ; number = sent + 1) {
    const over = whatEnded(call, clock);
    if (over !== undefined) {
      const failure = diagnoseFailure(over, clock.wallMs());
      return { ok: false, failure, cause: call.signal?.reason, attempts: sent };
    }
    const result = await attempt(number);
    if (result.ok || (result.isUnsent !== true && isSent(result.failure))) sent++;
    if (result.ok) return { ok: true, value: result.value, attempts: sent };
    if (result.goesOn === true || hooks.insteadOfRepeating?.(result.failure) === true) continue;
    const { kind } = result.failure;
    const made = retriesMade?.get(kind) ?? 0;
    const decision = decideRetry(
      result.failure,
      {
        retriesMade: made,
        timeLeftMs: call.deadlineAtMs - clock.nowMs(),
        circuitOpenForMs: hooks.circuitOpenForMs(),
        othersSucceed: hooks.othersSucceed?.() === true,
        sitsOut: hooks.sitsOut === true,
        random: random.next(),
      },
      options,
    );
    if (!decision.retry) {
      if (decision.reason !== 'circuit_open' && hooks.hasLastResort?.(result.failure) === true) continue;
      return { ...result, attempts: sent, endedBy: decision.reason };
    }
    if (isSent(result.failure)) {
      if (hooks.payForRetry?.() === false) return { ...result, attempts: sent, endedBy: 'no_budget' };
      retriesMade = (retriesMade ?? new Map<FailureKind, number>()).set(kind, made + 1);
      hooks.retrying?.(sent, kind, decision.delayMs);
    }
    await wait(clock, decision.delayMs, call.signal);
  }
}

function isSent({ kind, isHeld }: Failure): boolean {
  return kind !== 'circuit_open' && isHeld !== true;
}

/** For a caller who gave up or is too late nothing is sent: no permit is taken, and nobody is judged. */
function whatEnded(call: ClaudeCall, clock: Clock): FailureFacts | undefined {
  if (call.signal?.aborted === true) return { from: 'abort' };
  return clock.nowMs() < call.deadlineAtMs ? undefined : { from: 'timeout', limit: 'deadline' };
}
