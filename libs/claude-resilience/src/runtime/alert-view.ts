import { alertErrorTypeOf, isAccessErrorType, type AlertErrorType } from '../core/alerts/alert-error-type.js';
import {
  NO_READINGS,
  type AlertReadings,
  type QueueReading,
  type TrafficReading,
} from '../core/alerts/alert-readings.js';
import { mergeSights, type ReplicaSight } from '../core/alerts/replica-sight.js';
import { oldestWaitMs } from '../core/deferral/due-at.js';
import type { FailureKind } from '../core/failure/failure.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import { figureReadings } from './figure-readings.js';
import type { FiguresRoom } from './figures-room.js';
import type { DeferralRoom } from './deferral-room.js';

/** Minutes that traffic is judged by (R30). */
const WINDOW_MINUTES = 5;
/** How far back a growing queue is compared, in milliseconds. */
const QUEUE_MEMORY_MS = 900_000;

/** What others have counted is read anew for each look: after so many milliseconds. */
const NEWEST_MS = 2_000;

/** What other replicas know. */
export interface OthersInSight {
  /** Reads what they have counted, unless that was just done. Never rejects. */
  refresh(maxAgeMs: number): Promise<void>;
  /** What each of them sees, as it came out of JSON. */
  sights(): Iterable<unknown>;
}

/**
 * What rules look at, from what this process knows, and other replicas tell: traffic, latencies, tokens, costs, circuits, accounts and the queue. What
 * is not known begins no alert.
 */
export class AlertView {
  /** When each feature's circuit was last closed, by `Clock.nowMs`; absent while it is. */
  readonly #notClosedSinceMs = new Map<string, number>();
  #queueWas: readonly { readonly atMs: number; readonly waiting: number }[] = [];
  readonly #unsubscribe: () => void;

  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly room: DeferralRoom,
    private readonly figures: FiguresRoom,
    private readonly others: OthersInSight = { refresh: async () => {}, sights: () => [] },
  ) {
    this.#unsubscribe = runtime.events.subscribe(
      (event) => {
        if (event.to.name === 'closed') this.#notClosedSinceMs.delete(event.feature);
        else if (!this.#notClosedSinceMs.has(event.feature)) {
          this.#notClosedSinceMs.set(event.feature, runtime.clock.nowMs());
        }
      },
      ['circuit.transitioned'],
    );
  }

  close(): void {
    this.#unsubscribe();
  }

  /** @throws what the store of deferred requests throws */
  async readings(): Promise<AlertReadings> {
    await this.others.refresh(NEWEST_MS);
    const workflows = new Set(this.runtime.allMetrics.names().map(({ workflow }) => workflow));
    const own = await this.sight();
    return {
      ...NO_READINGS,
      traffic: [this.#trafficOf(undefined), ...[...workflows].map((workflow) => this.#trafficOf(workflow))],
      ...figureReadings(this.runtime, this.figures, WINDOW_MINUTES),
      ...mergeSights(own, this.others.sights(), this.runtime.clock.wallMs()),
    };
  }

  /** What this process sees beside its figures. @throws what the store of deferred requests throws */
  async sight(): Promise<ReplicaSight> {
    return {
      circuits: this.#circuits(),
      accounts: this.#accounts(),
      ...(this.room.isOpen && { queue: await this.#queue() }),
    };
  }

  #trafficOf(workflow: string | undefined): TrafficReading {
    const { allMetrics: metrics, clock } = this.runtime;
    const counts = metrics.window(WINDOW_MINUTES, workflow === undefined ? {} : { workflow });
    const { judged: requests, error: failed, fallback: simplified, retried, met5xx } = counts;
    const lastMs = metrics.lastEndMs(workflow);
    const run = metrics.failuresInARow(workflow);
    const type = run && alertErrorTypeOf(run.kind);
    return {
      ...(workflow !== undefined && { workflow }),
      requests,
      ...(lastMs !== undefined && { idleMs: Math.max(0, clock.wallMs() - lastMs) }),
      errors: { ...errorsByType(counts.errors.toJSON()), ...(met5xx > 0 && { upstream_5xx: met5xx }) },
      ...(run !== undefined && type !== undefined && { failuresInARow: { count: run.count, type } }),
      retried,
      failed,
      simplified,
    };
  }

  #circuits() {
    const nowMs = this.runtime.clock.nowMs();
    return this.runtime.circuits.all().map((circuit) => {
      const { name } = circuit.state();
      const state = name === 'forced_open' || name === 'forced_closed' ? ('held' as const) : name;
      const sinceMs = name === 'closed' ? undefined : this.#notClosedSinceMs.get(circuit.feature);
      return { circuit: circuit.feature, state, notClosedForMs: sinceMs === undefined ? 0 : nowMs - sinceMs };
    });
  }

  #accounts() {
    return this.runtime.accounts.all().map((gate) => {
      const snapshot = gate.snapshot();
      if (snapshot.name === 'working') return { account: snapshot.account };
      const { account, failure, accessReturnsAtMs } = snapshot;
      return {
        account,
        ...(isAccessErrorType(failure.kind) && { stoppedBy: failure.kind }),
        ...(accessReturnsAtMs !== undefined && { accessReturnsAtMs }),
      };
    });
  }

  async #queue(): Promise<QueueReading> {
    const atMs = this.runtime.clock.wallMs();
    const count = await this.room.store.count('waiting');
    const { total: waiting } = count;
    const before = this.#queueWas.findLast((one) => one.atMs <= atMs - QUEUE_MEMORY_MS);
    // What is older than the one to compare with is of no more use.
    const kept = before === undefined ? this.#queueWas : this.#queueWas.slice(this.#queueWas.indexOf(before));
    this.#queueWas = [...kept, { atMs, waiting }];
    return {
      waiting,
      ...(before !== undefined && { waitingBefore: before.waiting }),
      oldestMs: oldestWaitMs(count, atMs) ?? 0,
    };
  }
}

function errorsByType(errors: Readonly<Partial<Record<FailureKind, number>>>): Partial<Record<AlertErrorType, number>> {
  const byType: Partial<Record<AlertErrorType, number>> = {};
  for (const [kind, count] of Object.entries(errors)) {
    const type = alertErrorTypeOf(kind as FailureKind);
    // Those that are two kinds of one type are counted once, elsewhere.
    if (type !== undefined && type !== 'upstream_5xx') byType[type] = count;
  }
  return byType;
}
