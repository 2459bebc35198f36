import type { Abilities, AttemptResult, ClaudeCall, ReplyNotes, Sending, Target } from '../call.js';
import type { Failure } from '../failure/failure.js';
import { mayAnswerInstead, type Moment } from './may-answer-instead.js';
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
  /** Asked in this round. */
  #tried: readonly Target[] = NOBODY;
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
  begin(number: number): Start | Promise<Start> {
    return this.#try(number, this.#inOrder(), 0, undefined);
  }

  #try(
    number: number,
    targets: readonly Target[],
    index: number,
    stopped: Stopped | undefined,
  ): Start | Promise<Start> {
    const target = targets[index];
    if (target === undefined) {
      if (this.#failed.length > 0) return this.#roundOver();
      if (stopped === undefined) throw new Error('A call without a target'); // `targets` holds at least one
      return stopped;
    }
    // Whoever could have spared a wait was refused: the round is over, and failed as its best hope did.
    if (this.#failed.length > 0 && this.#tried.includes(target)) return this.#roundOver();
    const hasChoice = this.#suitable.length > 1;
    const estimate = this.abilities.estimate(target);
    const entered = (entry: Entry): Start | Promise<Start> => {
      if (entry.entered) return this.#entered(number, target, entry.pass);
      this.#tried = [...this.#tried, target]; // it was asked, in a way
      return this.#try(number, targets, index + 1, stopped ?? { isStopped: true, failure: entry.failure });
    };
    const entry = this.doors.enter(target, { call: this.call, attempt: number, hasChoice, estimate });
    return entry instanceof Promise ? entry.then(entered) : entered(entry);
  }

  #roundOver(): Stopped {
    const round = this.#failed;
    this.#failed = NOBODY;
    this.#tried = this.#spent;
    const failed = bestHope(round) ?? round[0];
    if (failed === undefined) throw new Error('A round without a failure');
    return { isStopped: true, failure: failed.failure };
  }

  #entered(number: number, target: Target, pass: Pass): Begun {
    this.#tried = [...this.#tried, target];
    this.#last = target;
    return { isStopped: false, sending: { number, target, isReformulated: this.#isReformulated }, pass };
  }

  /**
   * What came of it.
   *
   * @returns what that means for the call: another request follows at once; or the round is over, and failed as its best
   *   hope did, so that a spare model that does not exist hides no overload of the first choice
   */
  heard<T>({ sending, pass }: Begun, result: AttemptResult<T>, reply: ReplyNotes): AttemptResult<T> {
    pass.left(result.ok ? undefined : result.failure, reply);
    if (result.ok || result.failure.isFinal === true || result.failure.kind === 'cancelled') return result;
    const { failure } = result;
    this.#next = this.#otherFor(sending.target, failure, 'at_once');
    const isReformulated = this.#reformulates(failure);
    if (!failure.retryable && !isReformulated) this.#spend(sending.target); // never again as it was sent (R2-R4)
    if (isReformulated || this.#next !== undefined) {
      this.#failed = [...this.#failed, result];
      // Another may answer: what the feature's users see is not settled yet.
      return { ...result, failure: { ...failure, verdict: 'neutral' }, goesOn: true };
    }
    const round = [...this.#failed, result];
    this.#failed = NOBODY;
    this.#tried = this.#spent; // a wait follows, and a new round
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
    this.#tried = this.#spent;
    this.#next = this.#otherFor(target, failure, 'after_retries');
    return this.#next !== undefined;
  }

  #spend(target: Target): void {
    if (!this.#spent.includes(target)) this.#spent = [...this.#spent, target];
  }

  #reformulates(failure: Failure): boolean {
    if (failure.kind !== 'content_policy' || !this.abilities.canReformulate || this.#isReformulated) return false;
    this.#isReformulated = true;
    this.#tried = this.#spent; // the same model is asked once more
    return true;
  }

  #otherFor(from: Target, failure: Failure, moment: Moment): Target | undefined {
    return this.#suitable.find(
      (to) =>
        to !== from &&
        !this.#tried.includes(to) &&
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
        : (this.#tried.includes(target) ? 2 : 0) + (this.doors.isOpen(target, this.call.feature) ? 0 : 1);
    return [...this.#suitable].sort((a, b) => rank(a) - rank(b));
  }
}

/** The failure of a round that is over soonest. */
function bestHope(round: readonly FailedAttempt[]): FailedAttempt | undefined {
  const waitMs = ({ failure }: FailedAttempt) => failure.retryAfterMs ?? 0;
  return round.filter(({ failure }) => failure.retryable).sort((a, b) => waitMs(a) - waitMs(b))[0];
}
