import type { Abilities, AttemptResult, ClaudeCall, Sending, Target } from '../call.js';
import type { Failure } from '../failure/failure.js';
import { mayAnswerInstead, type Moment } from './may-answer-instead.js';
import type { Pass, TargetDoors } from './target-doors.js';

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

type FailedAttempt = Extract<AttemptResult<never>, { ok: false }>;

/**
 * Whom the requests of one call ask, and what follows a failure that another model could spare its caller: the next of
 * the call's targets, or the question put differently, once. Each round asks every target at most once, the first choice
 * first; a wait lies between two rounds.
 */
export class AttemptPlan {
  readonly #suitable: readonly Target[];
  /** Asked in this round. */
  #tried: ReadonlySet<Target> = new Set();
  /** Repeated in vain until no more was allowed. */
  readonly #spent = new Set<Target>();
  #failed: FailedAttempt[] = [];
  #isReformulated = false;
  #last: Target | undefined;
  /** Who may answer what the last one could not. */
  #next: Target | undefined;

  constructor(
    { targets }: Pick<ClaudeCall, 'targets'>,
    private readonly abilities: Abilities,
    private readonly doors: TargetDoors,
  ) {
    this.#suitable = targets.filter((target, index) => index === 0 || abilities.suits(target));
  }

  /** The next request. */
  begin(number: number): Begun | Stopped {
    let stopped: Stopped | undefined;
    for (const target of this.#inOrder()) {
      const entry = this.doors.enter(target, this.#suitable.length > 1);
      if (entry.entered) {
        this.#tried = new Set([...this.#tried, target]);
        this.#last = target;
        return {
          isStopped: false,
          sending: { number, target, isReformulated: this.#isReformulated },
          pass: entry.pass,
        };
      }
      stopped ??= { isStopped: true, failure: entry.failure };
    }
    if (stopped === undefined) throw new Error('A call without a target'); // `targets` holds at least one
    return stopped;
  }

  /**
   * What came of it.
   *
   * @returns what that means for the call: another request follows at once; or the round is over, and failed as its best
   *   hope did, so that a spare model that does not exist hides no overload of the first choice
   */
  heard<T>({ sending, pass }: Begun, result: AttemptResult<T>): AttemptResult<T> {
    pass.left(result.ok ? undefined : result.failure);
    if (result.ok || result.failure.isFinal === true || result.failure.kind === 'cancelled') return result;
    const { failure } = result;
    this.#next = this.#otherFor(sending.target, failure, 'at_once');
    if (this.#reformulates(failure) || this.#next !== undefined) {
      this.#failed.push(result);
      // Another may answer: what the feature's users see is not settled yet.
      return { ...result, failure: { ...failure, verdict: 'neutral' }, goesOn: true };
    }
    const round = [...this.#failed, result];
    this.#failed = [];
    this.#tried = new Set(this.#spent); // a wait follows, and a new round
    return round.find((one) => one.failure.retryable) ?? round[0] ?? result;
  }

  /** Whether somebody else can be asked once repeating is of no more use. */
  hasLastResort(failure: Failure): boolean {
    const target = this.#last;
    if (target === undefined || failure.isFinal === true) return false;
    this.#spent.add(target);
    this.#tried = new Set(this.#spent);
    this.#next = this.#otherFor(target, failure, 'after_retries');
    return this.#next !== undefined;
  }

  #reformulates(failure: Failure): boolean {
    if (failure.kind !== 'content_policy' || !this.abilities.canReformulate || this.#isReformulated) return false;
    this.#isReformulated = true;
    this.#tried = new Set(this.#spent); // the same model is asked once more
    return true;
  }

  #otherFor(from: Target, failure: Failure, moment: Moment): Target | undefined {
    return this.#suitable.find(
      (to) => !this.#tried.has(to) && this.doors.isOpen(to) && mayAnswerInstead(failure, from, to) === moment,
    );
  }

  /** Who may answer instead; then untried ones before those of this round, the well before the rest; else as preferred. */
  #inOrder(): readonly Target[] {
    if (this.#suitable.length === 1) return this.#suitable;
    const rank = (target: Target) =>
      target === this.#next ? -1 : (this.#tried.has(target) ? 2 : 0) + (this.doors.isOpen(target) ? 0 : 1);
    return [...this.#suitable].sort((a, b) => rank(a) - rank(b));
  }
}
