import type { AlertDeskView } from '../core/alerts/alert-desk-view.js';
import { inTime } from '../core/alerts/in-time.js';
import type { AccountSnapshot } from '../core/account/account-gate.js';
import type { BudgetStatus } from '../core/cost/budget.js';
import type { CircuitStateName } from '../core/circuit/circuit-state.js';
import { oldestWaitMs } from '../core/deferral/due-at.js';
import type { RecordedTotal } from '../core/metrics/metrics-recorder.js';
import type { Overflow } from '../core/metrics/series-book.js';
import type { BucketSnapshot } from '../core/pacing/bucket-snapshot.js';
import type { AlertDeliveryTally, DeliveryFailure } from './alert-delivery-tally.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import type { DeferralRoom } from './deferral-room.js';

/** Milliseconds that a store may take for its counts: a scrape does not wait for one that hangs. */
const STORE_MS = 2_000;

/** All that a module knows of itself in numbers, at one moment: what exporters export. */
export interface MetricFacts {
  /** Milliseconds since the epoch at which counting began. */
  readonly sinceMs: number;
  readonly series: readonly RecordedTotal[];
  readonly overflow: Overflow;
  readonly circuits: readonly { readonly circuit: string; readonly state: CircuitStateName }[];
  readonly accounts: readonly AccountSnapshot[];
  readonly buckets: readonly BucketSnapshot[];
  readonly budgets: readonly BudgetStatus[];
  /** Absent where nothing is deferred. */
  readonly queue?: QueueFacts;
  /** Absent where nobody is alerted. */
  readonly alerts?: AlertFacts;
  /** Absent without `fleet`. */
  readonly fleet?: FleetFacts;
}

export interface FleetFacts {
  /** Absent: they cannot be heard. */
  readonly replicas?: number;
  /** Beats that came to nothing, since the start. */
  readonly beatFailures: number;
}

export interface QueueFacts {
  /** Requests that this process works on. */
  readonly active: number;
  /** Absent: the store did not answer in time. */
  readonly waiting?: number;
  /** How long the oldest has waited since it was due, in milliseconds; 0 when none is. */
  readonly oldestMs?: number;
}

export interface AlertFacts {
  /** What fires. */
  readonly firing: readonly { readonly rule: string; readonly errorType?: string }[];
  /** Milliseconds since the epoch; absent before the first look. */
  readonly lastLookMs?: number;
  readonly sinks: readonly {
    readonly sink: string;
    readonly delivered: number;
    readonly failures: Readonly<Record<DeliveryFailure, number>>;
  }[];
}

/** @param alerts how alerting stands; `undefined` when nobody looks */
export async function metricFacts(
  runtime: ClaudeRuntime,
  room: DeferralRoom,
  alerts: AlertDeskView | undefined,
  failures: AlertDeliveryTally,
  fleet?: FleetFacts,
): Promise<MetricFacts> {
  const queue = room.isOpen ? await queueFacts(runtime, room) : undefined;
  const { metrics, circuits, accounts, pacer, costs } = runtime;
  return {
    sinceMs: metrics.sinceMs,
    series: metrics.totals(),
    overflow: metrics.overflow,
    circuits: circuits.all().map((circuit) => ({ circuit: circuit.feature, state: circuit.state().name })),
    accounts: accounts.all().map((gate) => gate.snapshot()),
    buckets: pacer?.snapshot() ?? [],
    budgets: costs.statuses(),
    ...(queue !== undefined && { queue }),
    ...(alerts !== undefined && { alerts: alertFacts(alerts, failures) }),
    ...(fleet !== undefined && { fleet }),
  };
}

async function queueFacts({ clock }: ClaudeRuntime, room: DeferralRoom): Promise<QueueFacts> {
  const { active } = room.snapshot();
  const count = await inTime(() => room.store.count('waiting'), STORE_MS, clock);
  if (count === undefined) return { active };
  return { active, waiting: count.total, oldestMs: oldestWaitMs(count, clock.wallMs()) ?? 0 };
}

function alertFacts({ alerts, sinks, lastLookMs }: AlertDeskView, failures: AlertDeliveryTally): AlertFacts {
  return {
    firing: alerts
      .filter(({ state }) => state === 'firing' || state === 'clearing')
      .map(({ rule, labels: { error_type: errorType } }) => ({ rule, ...(errorType !== undefined && { errorType }) })),
    ...(lastLookMs !== undefined && { lastLookMs }),
    sinks: sinks.map(({ sink, delivered }) => ({ sink, delivered, failures: failures.of(sink) })),
  };
}
