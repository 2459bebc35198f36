import type { Clock } from '../../core/clock.port.js';
import type { BudgetEvent } from '../../core/cost/budget-event.js';
import type { BudgetPart } from '../../core/cost/budget.js';
import type { Costs } from '../../core/cost/costs.js';
import type { FleetHearing, FleetParticipant, FleetSaying } from '../../core/fleet/fleet-participant.js';
import { budgetCounter } from './budget-counter.js';
import { CounterOfAll } from './counter-of-all.js';
import { OneTeller } from './one-teller.js';

/** What of a budget is counted: whole micro-dollars, and things without a price. */
const MICRO_USD_PER_USD = 1e6;
const LOST_TOPIC = 'budgets:lost';

export interface SharedBudgetsParts {
  readonly costs: Costs;
  readonly clock: Clock;
  /** Whose budgets these are, among applications that share a meeting place. @default '' */
  readonly application?: string;
  tell(event: BudgetEvent): void;
}

/**
 * Replicas share budgets (R34): each adds what it spends to counters of all, and hears their sums, so that budgets stop and
 * warn by what all have spent. Without the others it goes by what it heard last and what it spends itself, and adds that
 * later. What is spent between two beats of all replicas, two seconds at most, is not known to the others yet: by as much,
 * and by what is under way, a budget may be overrun.
 */
export class SharedBudgets implements FleetParticipant {
  /** By name. */
  #counters = new Map<string, CounterOfAll>();
  readonly #teller: OneTeller;
  readonly #application: string;

  constructor(private readonly parts: SharedBudgetsParts) {
    this.#application = parts.application ?? '';
    this.#teller = new OneTeller(parts.clock, (event) => parts.tell(event), this.#application);
    parts.costs.tellThrough((event) => this.#teller.take(event));
  }

  say(saying: FleetSaying): void {
    const counters = new Map<string, CounterOfAll>();
    const counter = (name: string, counted: number) => {
      const one = this.#counters.get(name) ?? new CounterOfAll();
      const by = one.toAdd(counted);
      if (by > 0) saying.add(name, by);
      saying.sum(name);
      counters.set(name, one);
    };
    for (const part of this.parts.costs.booked()) {
      counter(this.#usd(part), Math.floor(part.usd * MICRO_USD_PER_USD));
      counter(this.#unknown(part), part.unknown);
    }
    // Those of hours and days that are over are not asked for any more.
    this.#counters = counters;
    const lost = [...counters].flatMap(([name, { lost: count }]) => (count > 0 ? [[name, count]] : []));
    if (lost.length > 0) saying.tell(LOST_TOPIC, Object.fromEntries(lost));
    this.#teller.say(saying, this.parts.costs.booked());
  }

  hear(hearing: FleetHearing): void {
    this.#teller.meet();
    const told = [...hearing.told(LOST_TOPIC).values()];
    for (const [name, counter] of this.#counters) {
      counter.hear(hearing.sum(name), Math.max(0, ...told.map((lost) => countIn(lost, name))), hearing.isAllAdded);
    }
    const others = (name: string) => this.#counters.get(name)?.others ?? 0;
    this.parts.costs.hearOthers(
      this.parts.costs.booked().map((part) => ({
        ...part,
        usd: others(this.#usd(part)) / MICRO_USD_PER_USD,
        unknown: others(this.#unknown(part)),
      })),
    );
    this.#teller.hear(hearing);
  }

  alone(): void {
    this.#teller.alone();
  }

  #usd(part: BudgetPart): string {
    return budgetCounter(this.#application, 'usd', part);
  }

  #unknown(part: BudgetPart): string {
    return budgetCounter(this.#application, 'unknown', part);
  }
}

/** What another replica says: anything. */
function countIn(lost: unknown, name: string): number {
  if (typeof lost !== 'object' || lost === null || !Object.hasOwn(lost, name)) return 0;
  const count = (lost as Readonly<Record<string, unknown>>)[name];
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}
