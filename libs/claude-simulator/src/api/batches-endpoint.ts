import { Batch } from '../batches/batch.js';
import type { BatchOptions } from '../batches/batch.options.js';
import { BatchShelf } from '../batches/batch-shelf.js';
import { describeBatch, isArchived } from '../batches/describe-batch.js';
import type { StrikeItem } from '../batches/item-fault.js';
import type { ItemProcessor } from '../batches/item-processor.js';
import type { ResultLine } from '../batches/item-result.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { JsonObject } from '../json/json-object.js';
import type { Identifiers } from '../random/identifiers.js';
import { seededRandom } from '../random/seeded-random.js';
import { shuffled } from '../random/shuffled.js';
import type { ApiCall } from './api-call.js';
import { apiProblem } from './api-problem.js';
import { BATCHES_PATH } from './batches-path.js';
import { type BatchRequest, findBatchIssue } from './check-batch-body.js';
import { modelOf } from './model-of.js';
import { failed, invalid, type Outcome, served } from './outcome.js';
import { promptText } from './prompt-text.js';
import { pageBody, readPage } from './read-page.js';
import type { Throttle } from './throttle.js';
import { unknownRoute } from './unknown-route.js';

interface Parts {
  readonly clock: SimulatorClock;
  readonly throttle: Throttle;
  readonly identifiers: Identifiers;
  readonly processor: ItemProcessor;
  readonly strikeItem: StrikeItem;
  readonly options: Required<BatchOptions>;
  readonly seed: number;
}

const ONE_PATH = /^\/v1\/messages\/batches\/([^/]+)(\/cancel|\/results)?$/;
/** What the API advises those who ask too early; captured in 2026. */
const POLL_AGAIN_SECONDS = 10;

/** `/v1/messages/batches` and everything below. */
export class BatchesEndpoint {
  private readonly shelf = new BatchShelf();

  constructor(private readonly parts: Parts) {}

  async serve(call: ApiCall): Promise<Outcome> {
    const limited = this.parts.throttle.admit('batches', 'message batches', 0);
    if (limited !== undefined) return failed(limited);
    if (call.path === BATCHES_PATH) {
      if (call.method === 'POST') return this.create(call);
      return call.method === 'GET' ? this.list(call) : unknownRoute(call);
    }
    const [, id = '', below = ''] = ONE_PATH.exec(call.path) ?? [];
    const batch = this.shelf.find(id);
    switch (`${call.method} ${below}`) {
      case 'GET ':
        return batch === undefined ? unknownBatch(id) : this.retrieve(call, batch);
      case 'DELETE ':
        return batch === undefined ? unknownBatch(id) : this.delete(batch);
      case 'POST /cancel':
        return batch === undefined ? unknownBatch(id) : this.cancel(call, batch);
      case 'GET /results':
        return batch === undefined ? unknownBatch(id) : this.results(batch);
      default:
        return unknownRoute(call);
    }
  }

  private create(call: ApiCall): Outcome {
    const { clock, identifiers, options } = this.parts;
    if (call.body.kind === 'unreadable') return failed(call.body.problem);
    const issue = findBatchIssue(call.body.value);
    if (issue !== undefined) return invalid(issue);
    // findBatchIssue has looked at every field of the envelope.
    const { requests } = call.body.value as BatchRequest;
    const items = requests.map(({ custom_id, params }) => this.accept(custom_id, params));
    const createdAtMs = clock.nowMs();
    const batch = new Batch(identifiers.next('msgbatch'), items, call.headers, {
      createdAtMs,
      durationMs: options.durationMs,
      expiresAtMs: createdAtMs + options.expiresAfterMs,
      cancelledAtMs: null,
      cancelMs: options.cancelMs,
    });
    this.shelf.add(batch);
    // A batch is never over when it begins, even if it takes no time.
    return served(describeBatch(batch, null, createdAtMs, urlOf(call, batch)), this.headers());
  }

  private accept(customId: string, params: JsonObject) {
    const model = modelOf({ kind: 'json', value: params });
    return { customId, params, fault: this.parts.strikeItem({ customId, model, promptText: promptText(params) }) };
  }

  private async list(call: ApiCall): Promise<Outcome> {
    const page = readPage(call.query, this.shelf.all, 'message batch');
    if (page.kind === 'failed') return page;
    const batches = await Promise.all(page.items.map((batch) => this.describe(call, batch)));
    return served(pageBody(batches, page.hasMore), this.headers());
  }

  private async retrieve(call: ApiCall, batch: Batch): Promise<Outcome> {
    const body = await this.describe(call, batch);
    const advice = body.processing_status === 'ended' ? {} : { 'retry-after': String(POLL_AGAIN_SECONDS) };
    return served(body, { ...this.headers(), ...advice });
  }

  private async cancel(call: ApiCall, batch: Batch): Promise<Outcome> {
    const nowMs = this.parts.clock.nowMs();
    if (batch.statusAt(nowMs) === 'ended')
      return invalid(`Message Batch ${batch.id} has ended; it cannot be canceled.`);
    batch.cancel(nowMs);
    return served(describeBatch(batch, null, nowMs, urlOf(call, batch)), this.headers());
  }

  private delete(batch: Batch): Outcome {
    if (batch.statusAt(this.parts.clock.nowMs()) !== 'ended')
      return invalid('In progress batches cannot be deleted. Consider canceling the batch instead.');
    this.shelf.remove(batch);
    return served({ id: batch.id, type: 'message_batch_deleted' }, this.headers());
  }

  private async results(batch: Batch): Promise<Outcome> {
    const nowMs = this.parts.clock.nowMs();
    const lines = await this.linesOf(batch, nowMs);
    if (lines === null || isArchived(batch, nowMs))
      return failed(apiProblem(404, 'not_found_error', `Message Batch ${batch.id} has no available results.`));
    // The API promises no order; one that happened to be right would hide who relies on it.
    const mixed = shuffled(lines, seededRandom(this.parts.seed, 'batch results', batch.id));
    const text = mixed.map((line) => `${JSON.stringify(line)}\n`).join('');
    return { kind: 'file', contentType: 'application/x-jsonl', text, headers: this.headers() };
  }

  private async describe(call: ApiCall, batch: Batch) {
    const nowMs = this.parts.clock.nowMs();
    return describeBatch(batch, await this.linesOf(batch, nowMs), nowMs, urlOf(call, batch));
  }

  /** Null before the end. */
  private async linesOf(batch: Batch, nowMs: number): Promise<readonly ResultLine[] | null> {
    if (batch.statusAt(nowMs) !== 'ended') return null;
    return batch.results((item) => this.parts.processor.process(item, batch.headers));
  }

  private headers(): Readonly<Record<string, string>> {
    return this.parts.throttle.headers('batches');
  }
}

/** By the name that the caller used for this server: the SDK fetches the results from exactly there. */
function urlOf({ headers }: ApiCall, { id }: Batch): string {
  return `http://${headers.host ?? '127.0.0.1'}${BATCHES_PATH}/${id}`;
}

function unknownBatch(id: string): Outcome {
  return failed(apiProblem(404, 'not_found_error', `Message Batch ${id.slice(0, 100)} not found.`));
}
