import type { Abilities, AttemptResult, ClaudeCall, ReplyNotes, Sending, Target } from '../call.js';
import type { Failure } from '../failure/failure.js';
import { mayAnswerInstead, type Moment } from './may-answer-instead.js';
import type { Soon } from '../soon.js';
import type { Entry, Pass, TargetDoors } from './target-doors.js';

/** Leave to ask `target`, until `plan.heard`. */
export interface Begun {
  readonly isStopped: false;
  readonly sending: Sending;
  readonly pass: Pass;
}

/** Nobody can be asked: every account is stopped. */
export interface Stopped {
  readonly isStopped: true;
  readonly failure: Failure;
}

/** Few are asked, and of most calls one. */
const NOBODY: readonly never[] = Object.freeze([]);

type Start = Begun | Stopped;
type FailedAttempt = Extract<AttemptResult<never>, { ok: false }>;

/**
 * Whom the requests of one call ask, and what follows a failure that another model could spare its caller: the next of
 * the call's targets, or the question put differently, once. Each round asks every target at most once, the first choice
 * first; a wait lies between two rounds.
 */
export class AttemptPlan {
  readonly #suitable: readonly Target[];
  /** Asked in this round, before `#asked`: of most calls nobody. */
  #tried: readonly Target[] = NOBODY;
  #asked: Target | undefined;
  /** Repeated in vain until no more was allowed. */
  #spent: readonly Target[] = NOBODY;
  #failed: readonly FailedAttempt[] = NOBODY;
  #isReformulated = false;
  #last: Target | undefined;
  /** Who may answer what the last one could not. */
  #next: Target | undefined;

  constructor(
    private readonly call: Pick<
      ClaudeCall,
      'feature' | 'targets' | 'priority' | 'deadlineAtMs' | 'signal' | 'isCount' | 'isDeferred'
    >,
    private readonly abilities: Abilities,
    private readonly doors: TargetDoors,
  ) {
    const { targets } = call;
    this.#suitable =
      targets.length === 1 ? targets : targets.filter((target, index) => index === 0 || abilities.suits(target));
  }

  /** The next request, when it is its turn; without a promise when that is now. */
  begin(number: number, nowMs: number): Soon<Start> {
    return this.#try(number, nowMs, this.#inOrder());
  }

  #try(number: number, nowMs: number | undefined, targets: readonly Target[], before?: Stopped): Soon<Start> {
    const hasChoice = this.#suitable.length > 1;
    let stopped = before;
    let tried = 0;
    for (const target of targets) {
      tried++;
      // Whoever could have spared a wait was refused: the round is over, and failed as its best hope did.
      if (this.#failed.length > 0 && this.#isTried(target)) return this.#roundOver();
      const estimate = this.abilities.estimate(target);
      const entry = this.doors.enter(target, { call: this.call, attempt: number, hasChoice, estimate, nowMs });
      if (entry instanceof Promise) return this.#tryLater(entry, number, target, targets.slice(tried), stopped);
      const begun = this.#entered(number, target, entry);
      if (!begun.isStopped) return begun;
      stopped ??= begun;
    }
    if (this.#failed.length > 0) return this.#roundOver();
    if (stopped === undefined) throw new Error('A call without a target'); // `targets` holds at least one
    return stopped;
  }

  async #tryLater(
    entry: Promise<Entry>,
    number: number,
    target: Target,
    rest: readonly Target[],
    stopped: Stopped | undefined,
  ): Promise<Start> {
    const begun = this.#entered(number, target, await entry);
    return begun.isStopped ? this.#try(number, undefined, rest, stopped ?? begun) : begun;
  }

  #entered(number: number, target: Target, entry: Entry): Start {
    this.#noteTried(target); // also one that did not let us in: it was asked, in a way
    if (!entry.entered) return { isStopped: true, failure: entry.failure };
    this.#last = target;
    return { isStopped: false, sending: { number, target, isReformulated: this.#isReformulated }, pass: entry };
  }

  #roundOver(): Stopped {
    const round = this.#failed;
    this.#beginRound();
    const failed = bestHope(round) ?? round[0];
    if (failed === undefined) throw new Error('A round without a failure');
    return { isStopped: true, failure: failed.failure };
  }

  #beginRound(): void {
    this.#failed = NOBODY;
    this.#forgetTried();
  }

  #forgetTried(): void {
    this.#tried = this.#spent;
    this.#asked = undefined;
  }

  #noteTried(target: Target): void {
    if (this.#asked !== undefined) this.#tried = [...this.#tried, this.#asked];
    this.#asked = target;
  }

  #isTried(target: Target): boolean {
    return target === this.#asked || this.#tried.includes(target);
  }

  /**
   * What came of it.
   *
   * @returns what that means for the call: another request follows at once; or the round is over, and failed as its best
   *   hope did, so that a spare model that does not exist hides no overload of the first choice
   */
  heard<T>({ sending, pass }: Begun, result: AttemptResult<T>, reply: ReplyNotes, nowMs?: number): AttemptResult<T> {
    pass.left(result.ok ? undefined : result.failure, reply, nowMs);
    if (result.ok || result.failure.isFinal === true || result.failure.kind === 'cancelled') return result;
    const { failure } = result;
    this.#next = this.#otherFor(sending.target, failure, 'at_once');
    const isReformulated = this.#reformulates(failure);
    if (!failure.retryable && !isReformulated) this.#spend(sending.target); // never again as it was sent (R2-R4)
    if (this.#suitable.length === 1 && !isReformulated && this.#failed.length === 0) {
      this.#beginRound();
      return result; // there is nobody else, and this was the whole round
    }
    if (isReformulated || this.#next !== undefined) {
      this.#failed = [...this.#failed, result];
      // Another may answer: what the feature's users see is not settled yet.
      return { ...result, failure: { ...failure, verdict: 'neutral' }, goesOn: true };
    }
    const round = [...this.#failed, result];
    this.#beginRound(); // a wait follows
    if (failure.kind === 'content_policy') return result; // declined in every form that was allowed: that is all (R18)
    const settled = bestHope(round) ?? round[0] ?? result;
    // As long as somebody else is left for when repeating is of no use, nothing is settled for the feature.
    const isUnsettled = this.#otherFor(sending.target, failure, 'after_retries') !== undefined;
    return isUnsettled ? { ...settled, failure: { ...settled.failure, verdict: 'neutral' } } : settled;
  }

  /** Whether somebody else can be asked once repeating is of no more use. */
  hasLastResort(failure: Failure): boolean {
    const target = this.#last;
    if (target === undefined || failure.isFinal === true) return false;
    this.#spend(target);
    this.#forgetTried();
    this.#next = this.#otherFor(target, failure, 'after_retries');
    return this.#next !== undefined;
  }

  #spend(target: Target): void {
    if (!this.#spent.includes(target)) this.#spent = [...this.#spent, target];
  }

  #reformulates(failure: Failure): boolean {
    if (failure.kind !== 'content_policy' || !this.abilities.canReformulate || this.#isReformulated) return false;
    this.#isReformulated = true;
    this.#forgetTried(); // the same model is asked once more
    return true;
  }

  #otherFor(from: Target, failure: Failure, moment: Moment): Target | undefined {
    return this.#suitable.find(
      (to) =>
        to !== from &&
        !this.#isTried(to) &&
        // One that is not well is better than none, when waiting does not help.
        (this.doors.isOpen(to, this.call.feature) || (!failure.retryable && this.doors.isUsable(to))) &&
        mayAnswerInstead(failure, from, to) === moment,
    );
  }

  /** Who may answer instead; then untried ones before those of this round, the well before the rest; else as preferred. */
  #inOrder(): readonly Target[] {
    if (this.#suitable.length === 1) return this.#suitable;
    const rank = (target: Target) =>
      target === this.#next
        ? -1
        : (this.#isTried(target) ? 2 : 0) + (this.doors.isOpen(target, this.call.feature) ? 0 : 1);
    return [...this.#suitable].sort((a, b) => rank(a) - rank(b));
  }
}

/** The failure of a round that is over soonest. */
function bestHope(round: readonly FailedAttempt[]): FailedAttempt | undefined {
  const waitMs = ({ failure }: FailedAttempt) => failure.retryAfterMs ?? 0;
  return round.filter(({ failure }) => failure.retryable).sort((a, b) => waitMs(a) - waitMs(b))[0];
}
