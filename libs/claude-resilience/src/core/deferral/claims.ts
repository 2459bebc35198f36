import type { Clock } from '../clock.port.js';
import type { DrainHooks } from './drain-hooks.js';
import type { FeatureHolds } from './feature-holds.js';
import type { AskStore } from './housekeeping.js';
import type { ResolvedQueueRules } from './queue.options.js';
import type { ClaimedRequest, RequestStore } from './request-store.port.js';
import type { WorkAtHand } from './work-at-hand.js';

/** Each so many turns the oldest goes first, of whatever priority: nobody starves. */
const TURNS_PER_OLDEST = 4;
/** A lease outlasts the longest attempt by so much, in milliseconds. */
const LEASE_MARGIN_MS = 30_000;

export interface ClaimTools {
  readonly store: RequestStore;
  readonly hooks: Pick<DrainHooks, 'closedFeatures' | 'longestAttemptMs'>;
  readonly rules: Pick<ResolvedQueueRules, 'leaseMs'>;
  readonly clock: Clock;
  readonly atWork: WorkAtHand;
  readonly holds: FeatureHolds;
  readonly asked: AskStore;
}

/** `none`: not now; `passed_by`: that one is not to be started, and there may be others. */
export type Claim =
  | { readonly name: 'none' | 'passed_by' }
  | { readonly name: 'claimed'; readonly request: ClaimedRequest; readonly leaseMs: number };

/** Takes from the store what is started next. One at a time. */
export class Claims {
  readonly #cancelled = new Set<string>();
  #isClaiming = false;
  #turn = 0;

  constructor(private readonly tools: ClaimTools) {}

  /** It was cancelled in the store: it may have been given out already, and be on its way here. */
  cancelled(id: string): void {
    if (this.#isClaiming) this.#cancelled.add(id);
  }

  /** @param mayStart asked again once the store has answered: what may not be started any more is handed back */
  async next(mayStart: () => boolean): Promise<Claim> {
    if (!(await this.#ownAreKept())) return { name: 'none' };
    const { store, hooks, rules, clock, atWork, holds, asked } = this.tools;
    const nowMs = clock.wallMs();
    const leaseMs = Math.max(rules.leaseMs, hooks.longestAttemptMs() + LEASE_MARGIN_MS);
    const order = this.#turn % TURNS_PER_OLDEST === TURNS_PER_OLDEST - 1 ? 'oldest' : 'first';
    const exceptFeatures = [...hooks.closedFeatures(), ...holds.at(clock.nowMs())];
    this.#cancelled.clear();
    this.#isClaiming = true;
    const request = await asked(() => store.claim({ nowMs, leaseMs, order, exceptFeatures }));
    this.#isClaiming = false;
    if (request === undefined) return { name: 'none' };
    if (this.#cancelled.has(request.id)) return { name: 'passed_by' };
    // Whoever works on it here has lost it, and not noticed yet: never two at a time.
    if (!mayStart() || atWork.has(request.id)) {
      await asked(() => store.release({ id: request.id, fencingNumber: request.state.fencingNumber }, nowMs));
      return { name: 'none' };
    }
    this.#turn++;
    return { name: 'claimed', request, leaseMs };
  }

  /**
   * A lease that ran out here, while the store was in trouble or the process asleep, is still ours until somebody takes it:
   * that must not be us, or an answer that is paid for would come too late for its own request.
   *
   * @returns whether the store could be told
   */
  async #ownAreKept(): Promise<boolean> {
    const { atWork, clock, asked } = this.tools;
    for (;;) {
      const overdue = atWork.overdue(clock.wallMs());
      if (overdue === undefined) return true;
      const isTold = await asked(async () => {
        await overdue.renew();
        return true;
      });
      if (isTold !== true || overdue.isOverdue(clock.wallMs())) return false;
    }
  }
}
