import { diagnoseFailure } from '../../failure/diagnose-failure.js';
import type { Failure } from '../../failure/failure.js';
import { requestErrorCode } from '../request-error-code.js';
import type { ClaimedRequest } from '../request-store.port.js';
import { runRequest, type Asked, type RequestWorker } from '../run-request.js';
import type { BatchEndedEvent } from './batch-event.js';
import { BatchItems, oursIn } from './batch-items.js';
import type { BatchItem } from './batch-record.js';
import type { SharedBatchTools } from './batch-tools.js';
import type { ItemResult } from './batch-transport.port.js';
import { sideBySide } from './side-by-side.js';

/** Longest silence in the middle of the results, in milliseconds. */
const SILENCE_MS = 60_000;
/** Handlers of the application that run at a time. */
const HANDLERS_AT_ONCE = 4;

type Counts = Pick<BatchEndedEvent, 'answered' | 'failed' | 'canceled' | 'expired'>;

export type Reading =
  /** Every line that came was settled, or was before; `missing` had none. */
  | { readonly name: 'read'; readonly missing: readonly BatchItem[]; readonly ours: number; readonly counts: Counts }
  /** The results broke off, or never began: what came until then is settled. */
  | { readonly name: 'broken'; readonly failure: Failure };

/** Brings the results of one batch to their requests: all answers are stored first, then the application's handlers run. */
export class BatchSettler {
  readonly #items: BatchItems;
  /** Whose tokens have been told of. */
  readonly #told = new Set<string>();
  readonly #answered = new Map<string, BatchItem>();

  constructor(
    private readonly batchId: string,
    private readonly tools: SharedBatchTools,
  ) {
    this.#items = new BatchItems(tools.store);
  }

  /**
   * Settles what there are results for. Can be repeated: what is settled stays as it is.
   *
   * @param off ends the reading @param hard ends what is being said to the store
   * @throws {ClaudeRequestStoreError}
   */
  async read(items: readonly BatchItem[], off: AbortSignal, hard: AbortSignal): Promise<Reading> {
    const { clock, transport } = this.tools;
    const expected = new Map(items.map((item) => [item.customId, item]));
    const counts = { answered: 0, failed: 0, canceled: 0, expired: 0 };
    const silence = new AbortController();
    const arm = () => clock.after(SILENCE_MS, () => silence.abort());
    const limits = { signal: AbortSignal.any([off, silence.signal]), timeoutMs: SILENCE_MS };
    let disarm = arm();
    try {
      for await (const told of transport.results(this.batchId, limits)) {
        disarm();
        if (!told.ok) return { name: 'broken', failure: diagnoseFailure(told.facts, clock.wallMs()) };
        // The first line of an id counts; one that was never given out is nobody's.
        const item = told.value.name === 'item' ? expected.get(told.value.customId) : undefined;
        if (item !== undefined && told.value.name === 'item') {
          expected.delete(item.customId);
          counts[told.value.result.name]++;
          await this.#settle(item, told.value.result, hard);
        }
        disarm = arm();
      }
    } finally {
      disarm();
    }
    const missing = [...expected.values()];
    return { name: 'read', missing, ours: items.length - missing.length, counts };
  }

  /**
   * Has the application make its results of the answers.
   *
   * @param offOf aborts with a `BreakOff` as its reason: whoever is at work is handed back
   * @param isOver whether nothing more is begun
   */
  async finish(offOf: (requestId: string) => AbortSignal, isOver: () => boolean): Promise<void> {
    const { worker } = this.tools;
    const handlers: RequestWorker = { ask: NOBODY, finish: (...given) => worker.finish(...given) };
    await sideBySide([...this.#answered.values()], HANDLERS_AT_ONCE, async (item) => {
      const request = isOver() ? undefined : oursIn(await this.#items.find(item), item);
      if (request !== undefined) await this.#work(request, handlers, offOf(item.requestId));
    });
  }

  async #settle(item: BatchItem, result: ItemResult, off: AbortSignal): Promise<void> {
    const found = await this.#items.find(item);
    const request = oursIn(found, item);
    if (request === undefined) {
      if (found?.state.name === 'cancelled') this.#tellUsage(found, item, result, 'dropped');
      return;
    }
    switch (result.name) {
      case 'answered':
        return this.#answer(request, item, result, off);
      case 'failed': {
        this.#tellUsage(request, item, result, 'declined');
        const failure = diagnoseFailure(result.facts, this.tools.clock.wallMs());
        if (this.#isPutDifferently(item, failure, request.feature)) return this.#release(item);
        this.tools.returned.add(item.requestId);
        // Alone it may be answered by another model of its feature.
        if (!failure.retryable && failure.mayFallBackToModel === 'yes') return this.#release(item);
        await this.#work(request, workerWith({ ok: false, failure }), off);
        if (failure.kind === 'content_policy') await this.tools.hooks.declined(request, failure);
        return;
      }
      default:
        this.tools.returned.add(item.requestId);
        return this.#release(item);
    }
  }

  async #answer(
    request: ClaimedRequest,
    item: BatchItem,
    result: Extract<ItemResult, { name: 'answered' }>,
    off: AbortSignal,
  ): Promise<void> {
    const { answerJson } = result;
    if (request.state.answerJson === undefined) {
      try {
        const isStored = await this.#items.storeAnswer(item, answerJson);
        this.#tellUsage(request, item, result, isStored ? 'kept' : 'dropped');
        if (!isStored) return;
      } catch (error) {
        if (requestErrorCode(error) !== 'CLAUDE_REQUEST_TOO_LARGE') throw error;
        this.#tellUsage(request, item, result, 'dropped');
        // It will never fit: what becomes of it then is said in one place.
        return this.#work(request, workerWith({ ok: true, answerJson }), off);
      }
    }
    this.#answered.set(item.customId, item);
  }

  async #work(request: ClaimedRequest, worker: RequestWorker, off: AbortSignal): Promise<void> {
    const { store, clock, hooks, rules, random, trouble } = this.tools;
    const { leaseMs, maxAttempts } = rules;
    const onTrouble = (error: unknown) => trouble.bad(request, error);
    const onWell = () => trouble.well(request);
    const tools = { store, worker, clock, leaseMs, maxAttempts, random: random.next(), onTrouble, onWell };
    const end = await runRequest(request, tools, off).finally(onWell);
    if (end.name === 'saved') hooks.changed(end.request, end.failure);
  }

  /** Once, as where it is sent alone (R18). */
  #isPutDifferently({ requestId }: BatchItem, { kind }: Failure, feature: string): boolean {
    const { hooks, reformulated } = this.tools;
    if (kind !== 'content_policy' || reformulated.has(requestId) || !hooks.mayReformulate(feature)) return false;
    reformulated.add(requestId);
    return true;
  }

  #release(item: BatchItem): Promise<void> {
    return this.#items.release([item], this.tools.clock.wallMs());
  }

  /** Once for each item, as far as this process remembers: what is told of is paid for. */
  #tellUsage(
    { feature, workflow, correlationId }: Pick<ClaimedRequest, 'feature' | 'workflow' | 'correlationId'>,
    { customId }: BatchItem,
    result: ItemResult,
    outcome: 'kept' | 'declined' | 'dropped',
  ): void {
    if (!('usage' in result) || this.#told.has(customId)) return;
    const { usage, model, metered } = result;
    if (usage === undefined && result.name === 'failed') return;
    this.#told.add(customId);
    this.tools.hooks.tell({
      type: 'batch.answered',
      batchId: this.batchId,
      feature,
      workflow,
      correlationId,
      serviceTier: 'batch',
      outcome,
      ...(model !== undefined && { model }),
      ...(usage !== undefined && { usage }),
      ...(metered !== undefined && {
        metered: { ...metered, platform: 'anthropic', atMs: this.tools.clock.wallMs() },
      }),
    });
  }
}

/** What the API has said already. */
function workerWith(asked: Asked): RequestWorker {
  return { ask: async () => asked, finish: NOBODY };
}

const NOBODY = async (): Promise<never> => {
  throw new Error('Nobody is asked for what is known');
};
