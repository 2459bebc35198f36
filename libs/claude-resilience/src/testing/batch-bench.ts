import { BatchDesk } from '../core/deferral/batch/batch-desk.js';
import type { BatchEvent } from '../core/deferral/batch/batch-event.js';
import type { BatchLedger } from '../core/deferral/batch/batch-ledger.port.js';
import type { BatchHooks, BatchTools } from '../core/deferral/batch/batch-tools.js';
import type { BatchTransport } from '../core/deferral/batch/batch-transport.port.js';
import { BATCH_DEFAULTS, type BatchWish } from '../core/deferral/batch/batch.options.js';
import { MemoryBatchLedger } from '../core/deferral/batch/memory-batch-ledger.js';
import type { DeferredRequest, NewRequest } from '../core/deferral/deferred-request.js';
import { MemoryRequestStore } from '../core/deferral/memory-request-store.js';
import { QUEUE_RULES } from '../core/deferral/queue.options.js';
import type { RequestStore } from '../core/deferral/request-store.port.js';
import type { Failure } from '../core/failure/failure.js';
import { SystemRandom } from '../system/system-random.js';
import { ManualClock } from './manual-clock.js';

const DAY_MS = 86_400_000;

/** A desk for batches with everything around it, one process after the other over the same store and ledger. */
export class BatchBench {
  readonly store: RequestStore;
  readonly ledger: BatchLedger;
  readonly transport: BatchTransport;
  readonly clock: ManualClock;
  readonly events: BatchEvent[] = [];
  readonly changes: (readonly [id: string, state: string, kind: string | undefined])[] = [];
  readonly declined: (readonly [id: string, kind: string])[] = [];
  readonly troubles: unknown[] = [];
  /** Answers that the application was given. */
  readonly handled: (readonly [id: string, answerJson: string])[] = [];
  readonly wishes = new Map<string, BatchWish>();
  readonly held = new Set<string>();
  isOverloaded = true;
  mayReformulate = false;
  isAccountStopped = false;
  desk: BatchDesk;
  options: Partial<BatchTools['options']> = {};
  finish: BatchTools['worker']['finish'] = async (_request, answerJson) => ({ ok: true, resultJson: answerJson });
  writeLetter: BatchTools['writeLetter'] = async ({ parametersJson }) =>
    JSON.parse(parametersJson) as Record<string, unknown>;

  constructor(
    transport: BatchTransport,
    parts: { readonly clock?: ManualClock; readonly store?: RequestStore; readonly ledger?: BatchLedger } = {},
  ) {
    this.transport = transport;
    this.clock = parts.clock ?? new ManualClock();
    this.store = parts.store ?? new MemoryRequestStore();
    this.ledger = parts.ledger ?? new MemoryBatchLedger();
    this.desk = this.newDesk();
  }

  /** What a process builds when it starts. */
  newDesk(over: Partial<BatchTools> = {}): BatchDesk {
    const hooks: BatchHooks = {
      isOverloaded: () => this.isOverloaded,
      wishOf: (feature) => this.wishes.get(feature),
      isHeld: (feature) => this.held.has(feature),
      mayReformulate: () => this.mayReformulate,
      isAccountStopped: () => this.isAccountStopped,
      changed: ({ id, state }: DeferredRequest, failure: Failure | undefined) =>
        this.changes.push([id, state.name, failure?.kind]),
      declined: async ({ id }, { kind }) => void this.declined.push([id, kind]),
      tell: (event) => this.events.push(event),
      storeTrouble: (error) => this.troubles.push(error),
    };
    return new BatchDesk({
      store: this.store,
      ledger: this.ledger,
      transport: this.transport,
      worker: {
        finish: async (request, answerJson, signal) => {
          this.handled.push([request.id, answerJson]);
          return this.finish(request, answerJson, signal);
        },
      },
      writeLetter: (...given) => this.writeLetter(...given),
      hooks,
      options: { ...BATCH_DEFAULTS, ...this.options },
      rules: QUEUE_RULES,
      clock: this.clock,
      random: new SystemRandom(),
      ...over,
    });
  }

  async start(over?: Partial<BatchTools>): Promise<void> {
    this.desk = this.newDesk(over);
    await this.desk.start();
  }

  async enqueue(id: string, over: Partial<NewRequest> = {}): Promise<void> {
    const nowMs = this.clock.wallMs();
    const request: NewRequest = {
      id,
      correlationId: `of-${id}`,
      feature: 'summarisation',
      workflow: 'digest',
      parametersJson: JSON.stringify({ ask: id }),
      priority: 'background',
      notBeforeMs: nowMs,
      deadlineMs: nowMs + 2 * DAY_MS,
      owner: undefined,
      locale: undefined,
      idempotencyKey: undefined,
      notify: [],
      ...over,
    };
    await this.store.enqueue(request, nowMs);
  }

  /** Offers everything that is due to the desk, as the drain does. @returns ids of what it did not take */
  async offerAll(): Promise<readonly string[]> {
    const left: string[] = [];
    for (;;) {
      const claimed = await this.store.claim({ nowMs: this.clock.wallMs(), leaseMs: QUEUE_RULES.leaseMs });
      if (claimed === undefined) return left;
      if (!this.desk.divert(claimed)) left.push(claimed.id);
    }
  }

  async enqueueAndOffer(...ids: readonly string[]): Promise<readonly string[]> {
    for (const id of ids) await this.enqueue(id);
    return this.offerAll();
  }

  async stop(): Promise<void> {
    const stopped = this.desk.stop();
    await this.clock.advance(QUEUE_RULES.graceMs);
    await stopped;
  }

  async cancel(id: string): Promise<void> {
    await this.store.cancel(id, this.clock.wallMs());
    this.desk.cancelled(id);
    await this.clock.advance(0);
  }

  async stateOf(id: string): Promise<string | undefined> {
    return (await this.store.get(id))?.state.name;
  }

  async statesOf(...ids: readonly string[]): Promise<readonly (string | undefined)[]> {
    return Promise.all(ids.map((id) => this.stateOf(id)));
  }

  eventsOf<T extends BatchEvent['type']>(type: T): readonly Extract<BatchEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<BatchEvent, { type: T }> => event.type === type);
  }
}
