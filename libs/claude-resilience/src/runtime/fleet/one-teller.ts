import type { Clock } from '../../core/clock.port.js';
import type { BudgetEvent } from '../../core/cost/budget-event.js';
import type { BudgetPart } from '../../core/cost/budget.js';
import type { FleetHearing, FleetSaying } from '../../core/fleet/fleet-participant.js';
import { budgetCounter } from './budget-counter.js';

/** Who holds it tells what all replicas see. */
const LEASE = 'budget-events:';
/** What nobody has told for so long, in milliseconds, tells whoever knows of it. */
const PATIENCE_MS = 10_000;
/** Who was alone says what it told while it was, before others tell the same: within so many milliseconds, two beats. */
const SETTLED_MS = 2_500;
/** The counter of what was told of one budget goes up by these. Fewer replicas than the second tell of the same, ever. */
const TOLD = { 'budget.warned': 1, 'budget.spent': 1_000_000 } as const;

/**
 * Sees to it that what all replicas notice is told by one of them: the holder of a lease, which then says so in a counter. One
 * that takes the lease over tells what was not told. An event may be told twice where its teller ends before its next beat,
 * and by each replica that is alone; it is never lost.
 */
export class OneTeller {
  #isAlone = true;
  #metAtMs = -Infinity;
  #waiting: { readonly event: BudgetEvent; readonly sinceMs: number }[] = [];
  #toAdd = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly tell: (event: BudgetEvent) => void,
    private readonly application: string,
  ) {}

  /** Something that every replica may have noticed. */
  take(event: BudgetEvent): void {
    if (this.#isAlone) this.#tellNow(event);
    else this.#waiting.push({ event, sinceMs: this.clock.nowMs() });
  }

  /** @param budgets all there are: what was told of them may be known before it is noticed */
  say(saying: FleetSaying, budgets: readonly BudgetPart[]): void {
    if (budgets.length > 0) saying.lease(LEASE + this.application);
    for (const [counter, by] of this.#toAdd) saying.add(counter, by);
    this.#toAdd = new Map();
    const counters = [...budgets, ...this.#waiting.map(({ event }) => event)].map((one) => this.#counterOf(one));
    for (const counter of new Set(counters)) saying.sum(counter);
  }

  /** The others are heard: from now on what is noticed waits for the one that tells it. */
  meet(): void {
    if (this.#isAlone) this.#metAtMs = this.clock.nowMs();
    this.#isAlone = false;
  }

  hear(hearing: FleetHearing): void {
    const nowMs = this.clock.nowMs();
    const isHolder = hearing.holder(LEASE + this.application) === 'this' && nowMs - this.#metAtMs >= SETTLED_MS;
    this.#waiting = this.#waiting.filter(({ event, sinceMs }) => {
      if (isTold(event, hearing.sum(this.#counterOf(event)) ?? 0)) return false;
      if (!isHolder && nowMs - sinceMs < PATIENCE_MS) return true;
      this.#tellNow(event);
      return false;
    });
  }

  /** From now on everybody tells what they notice. */
  alone(): void {
    this.#isAlone = true;
    for (const { event } of this.#waiting.splice(0)) this.#tellNow(event);
  }

  #counterOf(one: Pick<BudgetPart, 'workflow' | 'period' | 'startMs'>): string {
    return budgetCounter(this.application, 'told', one);
  }

  #tellNow(event: BudgetEvent): void {
    const counter = this.#counterOf(event);
    this.#toAdd.set(counter, (this.#toAdd.get(counter) ?? 0) + TOLD[event.type]);
    this.tell(event);
  }
}

function isTold({ type }: BudgetEvent, told: number): boolean {
  return type === 'budget.spent' ? told >= TOLD['budget.spent'] : told > 0;
}
