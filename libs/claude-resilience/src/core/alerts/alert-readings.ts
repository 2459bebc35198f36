import type { AccessErrorType, AlertErrorType } from './alert-error-type.js';

/**
 * What metrics, baselines, circuits, accounts, the queue and costs tell at one moment: all that rules look at. What is not
 * there is not known, and not known is not healthy: an alert about it neither begins nor ends.
 */
export interface AlertReadings {
  /** One for each workflow, and one without a name for all of them together. */
  readonly traffic: readonly TrafficReading[];
  readonly latencies: readonly LatencyReading[];
  readonly tokens: readonly TokenReading[];
  readonly spending: readonly SpendReading[];
  readonly budgets: readonly BudgetReading[];
  readonly circuits: readonly CircuitReading[];
  readonly accounts: readonly AccountReading[];
  /** Absent where nothing is deferred. */
  readonly queue?: QueueReading;
  /** How alerting itself does; the desk adds it. */
  readonly desk?: DeskReading;
}

export const NO_READINGS: AlertReadings = Object.freeze({
  traffic: [],
  latencies: [],
  tokens: [],
  spending: [],
  budgets: [],
  circuits: [],
  accounts: [],
});

/** Requests that ended in the last 5 minutes (R30). Neither those that callers cancelled, nor those that a circuit refused. */
export interface TrafficReading {
  /** Absent: all workflows together. */
  readonly workflow?: string;
  readonly requests: number;
  /** Milliseconds since the newest of them ended: what drains out of the window proves nothing. Absent: not known. */
  readonly idleMs?: number;
  /** Requests that met the error at least once, whatever came of them; a request counts once under each type. */
  readonly errors: Readonly<Partial<Record<AlertErrorType, number>>>;
  /** The newest requests, of whatever age, if all of them failed: how many, and what the newest failed by. */
  readonly failuresInARow?: { readonly count: number; readonly type: AlertErrorType };
  /** Requests that were tried more than once (R32). */
  readonly retried: number;
  /** Requests whose callers got an error. Absent: not known. */
  readonly failed?: number;
  /** Requests that a fallback answered. Absent: not known. */
  readonly simplified?: number;
}

/** The last 5 minutes of one workflow and model (R31). */
export interface LatencyReading {
  readonly workflow: string;
  readonly model?: string;
  /** Calls that were timed. */
  readonly samples: number;
  /** Milliseconds. */
  readonly p95Ms: number;
  /** What is usual, in milliseconds; absent while it is being learnt. */
  readonly baselineMs?: number;
  /** Whether more than a handful of calls took twice the usual: a p95 of 50 calls hangs on two. Absent: not known. */
  readonly isBorneOut?: boolean;
}

/** Tokens per request in the last 5 minutes, against what is usual (R33). */
export interface TokenReading {
  readonly workflow: string;
  readonly direction: 'input' | 'output';
  readonly samples: number;
  /** Typical tokens of a request now: e to the mean of ln(tokens). */
  readonly typical: number;
  /** The same, as usual; absent while it is being learnt. */
  readonly baseline?: number;
  /** How far the mean of ln(tokens) is off, in robust standard deviations (1.4826 MAD) of such means. */
  readonly robustZ?: number;
}

/** Costs in the last 5 minutes, in US dollars (R34). */
export interface SpendReading {
  /** Absent: all workflows together. */
  readonly workflow?: string;
  readonly windowUsd: number;
  /** The 99th percentile of such windows in 7 days; absent while it is being learnt. */
  readonly usualUsd?: number;
}

export interface BudgetReading {
  /** Absent: of all workflows together. */
  readonly workflow?: string;
  readonly period: 'hour' | 'day';
  readonly spentUsd: number;
  readonly budgetUsd: number;
  /** What it will be at the end of the period, if it goes on like this. */
  readonly forecastUsd?: number;
}

export interface CircuitReading {
  /** Whose it is, for example a feature. */
  readonly circuit: string;
  /** `held` is what people opened or closed by hand: they know. */
  readonly state: 'closed' | 'open' | 'half_open' | 'held';
  /** Milliseconds since it was last closed; 0 when it is. */
  readonly notClosedForMs: number;
}

export interface AccountReading {
  /** Name of the platform whose credential it is. */
  readonly account: string;
  /** Why nothing is sent with it; absent: it works. */
  readonly stoppedBy?: AccessErrorType;
  /** Wall-clock milliseconds at which a spend limit gives access back, where that is known. */
  readonly accessReturnsAtMs?: number;
}

export interface QueueReading {
  /** Requests that wait. */
  readonly waiting: number;
  /** How many waited 15 minutes ago; absent when nobody knows. */
  readonly waitingBefore?: number;
  /** Milliseconds that the oldest of them has waited since it was due; 0 when none is. */
  readonly oldestMs: number;
}

export interface DeskReading {
  readonly sinks: readonly {
    readonly sink: string;
    /** Messages in a row that it did not take, all tries together. */
    readonly failuresInARow: number;
    /** Messages it took since the process began. */
    readonly delivered: number;
  }[];
  /** Times in a row that there was nothing to look at, since whoever gives the readings failed. */
  readonly blindInARow: number;
}
