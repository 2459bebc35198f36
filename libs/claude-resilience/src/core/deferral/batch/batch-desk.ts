import type { ClaimedRequest } from '../request-store.port.js';
import { TroubleReport } from '../trouble-report.js';
import { BatchCollection, bytesOf } from './batch-collection.js';
import { BatchItems } from './batch-items.js';
import { redoAfterMs } from './batch-pace.js';
import type { BatchRecord, BatchState } from './batch-record.js';
import { BatchTender } from './batch-tender.js';
import type { BatchTools, SharedBatchTools } from './batch-tools.js';
import { mayLeaveByBatch } from './may-leave-by-batch.js';
import { RecentIds } from './recent-ids.js';

/** While they are collected, leases last so much longer than the collecting, in milliseconds. */
const COLLECTING_MARGIN_MS = 60_000;

/** After a shutdown's grace, for what was broken off to be handed back, in milliseconds: a store may not answer at all. */
const LAST_WORDS_MS = 5_000;

export interface BatchDeskSnapshot {
  /** Requests that wait for others. */
  readonly collecting: number;
  readonly batches: readonly { readonly state: BatchState['name']; readonly requests: number }[];
}

/**
 * Takes over claimed background requests from the drain and has them answered by the Batches API (R12). Every step that
 * could be paid for is in the ledger before it is made, so a process that dies at any moment neither loses a batch nor
 * sends one twice without having looked for the first.
 */
export class BatchDesk {
  readonly #tools: SharedBatchTools;
  readonly #items: BatchItems;
  readonly #collection: BatchCollection;
  readonly #tenders = new Map<BatchTender, Promise<void>>();
  readonly #renewals = new Set<Promise<unknown>>();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #stopTimer = () => {};
  #stopLoading = () => {};

  constructor(tools: BatchTools) {
    const trouble = new TroubleReport(tools.hooks.storeTrouble);
    this.#tools = {
      ...tools,
      trouble,
      returned: new RecentIds(),
      reformulated: new RecentIds(),
      knownIds: new RecentIds(),
    };
    this.#items = new BatchItems(tools.store);
    this.#collection = new BatchCollection(tools.options);
  }

  /**
   * Takes up what an earlier process left. Wait for it before the drain starts: then nothing that is in a batch is started
   * a second time, however long nobody was there. Trouble of the ledger is told, and taken up again later.
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    await this.#takeUp(1);
  }

  /**
   * Offers a request that was just claimed.
   *
   * @returns whether it is taken over, with its lease
   */
  divert(request: ClaimedRequest): boolean {
    if (!this.#wants(request)) return false;
    const { clock, random, options, store } = this.#tools;
    const bytes = bytesOf(request.parametersJson);
    if (!this.#collection.hasRoomFor(bytes)) this.#send();
    this.#collection.add(request, random.id(), bytes);
    if (this.#collection.isFull) this.#send();
    else if (this.#collection.size === 1) this.#stopTimer = clock.after(options.maxWaitMs, () => this.#send());
    // Whatever becomes of this: all leases are made longer, or found to be lost, before anything is sent.
    const lease = { id: request.id, fencingNumber: request.state.fencingNumber };
    const renewal = store.renew(lease, options.maxWaitMs + COLLECTING_MARGIN_MS, clock.wallMs()).catch(() => {});
    this.#renewals.add(renewal);
    void renewal.finally(() => this.#renewals.delete(renewal));
    return true;
  }

  /** Whether background requests of a feature would be taken now, though its circuit may be open: a batch asks elsewhere. */
  takesFrom(feature: string): boolean {
    const { hooks } = this.#tools;
    return this.#isOpen() && !hooks.isHeld(feature) && this.#wishes(feature);
  }

  /** It was cancelled in the store. A batch of which all were is cancelled with the API. */
  cancelled(requestId: string): void {
    for (const tender of this.#tenders.keys()) tender.cancelled(requestId);
  }

  /** Begins nothing more, gives what is under way `graceMs` to end, and keeps all that is with the API for the next start. */
  async stop(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    this.#stopTimer();
    this.#stopLoading();
    const { clock, rules } = this.#tools;
    for (const tender of this.#tenders.keys()) tender.stop();
    const { promise: enough, resolve: giveUp } = Promise.withResolvers<void>();
    let stopTimer = clock.after(rules.graceMs, () => {
      for (const tender of this.#tenders.keys()) tender.breakOff();
      stopTimer = clock.after(LAST_WORDS_MS, giveUp);
    });
    await Promise.race([this.#allEnded(), enough]);
    stopTimer();
  }

  snapshot(): BatchDeskSnapshot {
    const batches = [...this.#tenders.keys()].map(({ stateName: state, requests }) => ({ state, requests }));
    return { collecting: this.#collection.size, batches };
  }

  async #allEnded(): Promise<void> {
    await Promise.all(this.#renewals);
    // A store that cannot be told lets the leases run out.
    await this.#items.release(this.#collection.take(), this.#tools.clock.wallMs()).catch(() => {});
    await Promise.all(this.#tenders.values());
  }

  #wants(request: ClaimedRequest): boolean {
    if (!this.#isOpen()) return false;
    const { hooks, options, clock, returned } = this.#tools;
    const { feature, id } = request;
    return mayLeaveByBatch(request, {
      nowMs: clock.wallMs(),
      minLeftMs: options.minLeftMs,
      wish: hooks.wishOf(feature) ?? options.when,
      isOverloaded: hooks.isOverloaded(feature),
      isHeld: hooks.isHeld(feature),
      wasInBatch: returned.has(id),
    });
  }

  #wishes(feature: string): boolean {
    const { hooks, options } = this.#tools;
    const wish = hooks.wishOf(feature) ?? options.when;
    return wish === 'always' || (wish === 'when_overloaded' && hooks.isOverloaded(feature));
  }

  /** While the API takes no batches, requests are better off in the queue. */
  #isOpen(): boolean {
    if (this.#state !== 'running' || this.#tools.hooks.isAccountStopped()) return false;
    for (const { isStuck } of this.#tenders.keys()) if (isStuck) return false;
    return true;
  }

  #send(): void {
    this.#stopTimer();
    const items = this.#collection.take();
    if (items.length === 0) return;
    const { random, clock } = this.#tools;
    const record = { id: random.id(), createdAtMs: clock.wallMs(), items, state: { name: 'prepared' } } as const;
    this.#tend(new BatchTender(record, this.#tools, false));
  }

  async #takeUp(tries: number): Promise<void> {
    const { trouble } = this.#tools;
    let records: readonly BatchRecord[];
    try {
      records = await this.#tools.ledger.all();
    } catch (error) {
      trouble.bad(this, error);
      this.#stopLoading = this.#tools.clock.after(redoAfterMs(tries), () => void this.#takeUp(tries + 1));
      return;
    }
    trouble.well(this);
    const tenders = records.map((record) => new BatchTender(record, this.#tools, true));
    for (const tender of tenders) {
      // Whoever cannot hold its leases now does so before anything else of it is done.
      await tender.hold().catch((error: unknown) => trouble.bad(tender, error));
      if (this.#state === 'running') this.#tend(tender);
    }
  }

  #tend(tender: BatchTender): void {
    const run = tender.run().finally(() => this.#tenders.delete(tender));
    this.#tenders.set(tender, run);
  }
}
