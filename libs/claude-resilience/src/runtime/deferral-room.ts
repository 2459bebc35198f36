import type { BatchDesk, BatchDeskSnapshot } from '../core/deferral/batch/batch-desk.js';
import type { BatchHooks } from '../core/deferral/batch/batch-tools.js';
import { Drain, type DrainSnapshot } from '../core/deferral/drain.js';
import { isEnded, type DeferredRequest } from '../core/deferral/deferred-request.js';
import type { ResolvedQueueRules } from '../core/deferral/queue.options.js';
import type { FeedEvent, RequestSight } from '../core/deferral/feed-event.js';
import { RequestFeed } from '../core/deferral/request-feed.js';
import { phaseOf } from '../core/deferral/request-phase.js';
import type { ClaimedRequest, RequestStore } from '../core/deferral/request-store.port.js';
import type { RequestWorker } from '../core/deferral/run-request.js';
import { withoutTexts } from '../core/deferral/without-texts.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import { wakeDrain } from './wake-drain.js';

/** From acceptance, in milliseconds: what takes longer is said to (R28); later where the feature's calls usually take longer. */
const SLOW_AFTER_MS = 10_000;
const SLOW_AT_LAST_MS = 30_000;

interface Opened {
  readonly store: RequestStore;
  readonly drain: Drain;
  /** `undefined` when nothing leaves by batch. */
  readonly desk: BatchDesk | undefined;
  readonly feed: RequestFeed;
  readonly unsubscribe: () => void;
  readonly ownerOf: OwnerOf | undefined;
}

/** Whose a request of the platform's is, in the application's words. */
export type OwnerOf = (request: unknown) => string | undefined | Promise<string | undefined>;

/** Makes what takes requests to Message Batches (R12). */
export type MakeBatchDesk = (told: Pick<BatchHooks, 'changed' | 'storeTrouble'>) => BatchDesk;

/** Everything about deferred requests (R10), assembled once there is a store. */
export class DeferralRoom {
  #opened: Opened | undefined;
  #hearEnds = () => {};
  readonly #cancelling = new Map<string, Promise<DeferredRequest>>();

  constructor(private readonly runtime: ClaudeRuntime) {}

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  /** @throws {ClaudeInvalidOptionsError} when there is no queue */
  get store(): RequestStore {
    return this.#open().store;
  }

  /** From now on calls can be deferred, and are worked off. */
  async open(
    store: RequestStore,
    worker: RequestWorker,
    rules: ResolvedQueueRules,
    ownerOf?: OwnerOf,
    makeDesk?: MakeBatchDesk,
  ): Promise<void> {
    const { clock, random, features, events, deferrals, circuits } = this.runtime;
    const feed = new RequestFeed((id) => this.sight(id), clock);
    const hooks = {
      // A batch asks elsewhere than where a circuit is open.
      closedFeatures: () => this.#closedFeatures().filter((name) => desk?.takesFrom(name) !== true),
      longestAttemptMs: () => Math.max(...features.names().map((name) => features.get(name).timeoutMs)),
      started: ({ id }: DeferredRequest) => feed.changed(id),
      divert: (request: ClaimedRequest) => {
        if (desk?.divert(request) !== true) return false;
        feed.changed(request.id);
        return true;
      },
      changed: (request: DeferredRequest) => this.#changed(request),
      storeTrouble: (error: unknown) =>
        events.emit(
          error === undefined ? { type: 'queue.well' } : { type: 'queue.trouble', trouble: troubleIn(error) },
        ),
    };
    const desk = makeDesk?.(hooks);
    const drain = new Drain(store, worker, hooks, rules, clock, random);
    const unsubscribe = wakeDrain(drain, events, circuits, clock);
    this.#opened = { store, drain, desk, feed, unsubscribe, ownerOf };
    deferrals.open({ store, deadlineMs: rules.deadlineMs, taken: () => drain.poke() });
    // First what is with the API: nothing of it is started a second time.
    await desk?.start();
    drain.start();
  }

  /** Ends all watching; starts nothing more, and waits for what is under way. Requests are taken in until `close`. */
  async stopWork(): Promise<void> {
    this.#opened?.feed.close();
    this.#opened?.unsubscribe();
    await Promise.all([this.#opened?.drain.stop(), this.#opened?.desk?.stop()]);
  }

  async close(): Promise<void> {
    const store = this.#opened?.store;
    this.runtime.deferrals.close();
    this.#opened = undefined;
    await store?.close();
  }

  /** @returns `undefined` when it is nobody's in particular */
  async ownerOf(request: unknown): Promise<string | undefined> {
    return this.#opened?.ownerOf?.(request);
  }

  /**
   * How it stands, without what was asked and what the API answered.
   *
   * @returns `undefined` when there is none of that id @throws {ClaudeRequestStoreError} @throws {ClaudeCorruptRequestError}
   */
  async sight(id: string): Promise<RequestSight | undefined> {
    const { store, drain } = this.#open();
    const found = await store.get(id);
    if (found === undefined) return undefined;
    const request = withoutTexts(found);
    const nowMs = this.runtime.clock.wallMs();
    const isHeldUp = this.#closedFeatures().includes(request.feature);
    const phase = phaseOf(request, { nowMs, slowAfterMs: this.#slowAfterMs(request.feature), isHeldUp });
    if (request.state.name !== 'waiting') return { request, phase };
    const ahead = await store.countAhead(id);
    if (ahead === undefined) return { request, phase };
    return { request, phase, position: ahead + 1, expectedWaitMs: this.#expectedWaitMs(request, ahead, drain) };
  }

  /** @see RequestFeed.watch */
  watch(id: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<FeedEvent, void, undefined> {
    return this.#open().feed.watch(id, afterSeq, signal);
  }

  /** Ends it, wherever it is; said by several at a time, it is one end, told once. @throws as `RequestStore.cancel` */
  cancel(id: string): Promise<DeferredRequest> {
    const known = this.#cancelling.get(id);
    if (known !== undefined) return known;
    const cancelling = this.#cancel(id).finally(() => this.#cancelling.delete(id));
    this.#cancelling.set(id, cancelling);
    return cancelling;
  }

  async #cancel(id: string): Promise<DeferredRequest> {
    const { store, drain, desk } = this.#open();
    const before = await store.get(id);
    const request = await store.cancel(id, this.runtime.clock.wallMs());
    drain.cancelled(id);
    desk?.cancelled(id);
    if (before !== undefined && !isEnded(before.state)) this.#changed(request);
    return request;
  }

  /** @param hear another process has ended a request: people may be waiting to be told */
  whenEndedElsewhere(hear: () => void): void {
    this.#hearEnds = hear;
  }

  endedElsewhere(): void {
    this.#hearEnds();
  }

  /** Another process has cancelled it: whatever is done about it here ends. */
  stopWorkOn(id: string): void {
    this.#opened?.drain.cancelled(id);
    this.#opened?.desk?.cancelled(id);
    this.#opened?.feed.changed(id);
  }

  /** Tries a dead letter again, as a new request. @throws as `RequestStore.redrive` */
  async redrive(
    id: string,
    wish: { readonly deadlineMs: number; readonly answer: 'keep' | 'forget' },
  ): Promise<DeferredRequest> {
    const { store, drain } = this.#open();
    const { clock, random } = this.runtime;
    const nowMs = clock.wallMs();
    const again = { newId: random.secret(), deadlineMs: Math.ceil(nowMs + wish.deadlineMs), answer: wish.answer };
    const request = await store.redrive(id, again, nowMs);
    drain.poke();
    return request;
  }

  pause(): void {
    this.#open().drain.pause();
  }

  /** Takes nothing more in, and works off what is there, until `resume`. */
  drain(): void {
    this.#open().drain.resume();
    this.runtime.deferrals.shut(true);
  }

  resume(): void {
    this.#open().drain.resume();
    this.runtime.deferrals.shut(false);
  }

  /** Whether requests are taken in: not while somebody drains the queue. */
  get takesIn(): boolean {
    return this.runtime.deferrals.isOpen;
  }

  /** Decides that a dead letter will not be tried again. @throws as `RequestStore.discard` */
  discard(id: string): Promise<DeferredRequest> {
    return this.#open().store.discard(id);
  }

  snapshot(): DrainSnapshot {
    return this.#open().drain.snapshot();
  }

  /** @returns `undefined` when nothing leaves by batch */
  batches(): BatchDeskSnapshot | undefined {
    return this.#opened?.desk?.snapshot();
  }

  #changed(request: DeferredRequest): void {
    this.#opened?.feed.changed(request.id);
    const { state, feature, workflow, correlationId, id: requestId, priority } = request;
    if (!isEnded(state)) return;
    const failure = state.name === 'failed' ? state.failure : state.name === 'expired' ? state.lastFailure : undefined;
    this.runtime.events.emit({
      type: 'request.ended',
      feature,
      workflow,
      correlationId,
      requestId,
      priority,
      state: state.name,
      ...(failure !== undefined && { failure }),
      attempts: state.attempts,
      tookMs: state.endedAtMs - request.enqueuedAtMs,
    });
  }

  #slowAfterMs(feature: string): number {
    const usualMs = this.runtime.advisor.usualLongestMs(feature) ?? 0;
    return Math.min(SLOW_AT_LAST_MS, Math.max(SLOW_AFTER_MS, usualMs));
  }

  #closedFeatures(): readonly string[] {
    return this.runtime.circuits
      .all()
      .filter((circuit) => circuit.openForMs() > 0)
      .map(({ feature }) => feature);
  }

  /** By how fast requests ended lately; never sooner than its own time, and its circuit's. */
  #expectedWaitMs(request: DeferredRequest, ahead: number, drain: Drain): number | undefined {
    const { clock, circuits, features } = this.runtime;
    const { betweenEndsMs } = drain.snapshot();
    const ownMs = request.state.name === 'waiting' ? request.state.notBeforeMs - clock.wallMs() : 0;
    const closedMs = features.has(request.feature) ? circuits.of(request.feature).openForMs() : 0;
    const leastMs = Math.max(0, ownMs, closedMs);
    if (betweenEndsMs === undefined) return leastMs > 0 ? leastMs : undefined;
    return Math.max(leastMs, betweenEndsMs * (ahead + 1));
  }

  #open(): Opened {
    if (this.#opened === undefined) {
      throw new ClaudeInvalidOptionsError(['queue: there is none; give the module a `queue`']);
    }
    return this.#opened;
  }
}

/** A word for logs: of `StoreTrouble`, or the name of whatever else was thrown. */
function troubleIn(error: unknown): string {
  const { trouble, name } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  if (typeof trouble === 'string') return trouble;
  return typeof name === 'string' ? name : typeof error;
}
