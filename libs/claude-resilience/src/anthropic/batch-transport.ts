import type Anthropic from '@anthropic-ai/sdk';
import {
  BatchTransport,
  type BatchLetter,
  type BatchLimits,
  type BatchSight,
  type ResultLine,
  type Told,
} from '../core/deferral/batch/batch-transport.port.js';
import type { BatchClient } from './batch-client.js';
import { batchLines } from './batch-lines.js';
import { readResultLine } from './batch-result.js';
import { describeWireError } from './describe-error.js';
import { requestOptions } from './request-options.js';

/** Batches on a page of the list, the API's most; and pages that are looked at, at most. */
const PAGE = 100;
const MOST_PAGES = 20;

const BATCHES = '/v1/messages/batches';

/** The Batches API through the SDK, whose own retries are off. */
export class SdkBatchTransport extends BatchTransport {
  /** @param client asked for at the first use */
  constructor(private readonly client: () => BatchClient) {
    super();
  }

  submit(letters: readonly BatchLetter[], limits: BatchLimits): Promise<Told<BatchSight>> {
    const requests = letters.map(({ customId, params }) => ({
      custom_id: customId,
      params: params as unknown as Anthropic.MessageCreateParamsNonStreaming,
    }));
    return told(async () => sightOf(await this.#batches().create({ requests }, optionsOf(limits))));
  }

  look(batchId: string, limits: BatchLimits): Promise<Told<BatchSight>> {
    return told(async () => sightOf(await this.#batches().retrieve(batchId, {}, optionsOf(limits))));
  }

  recent(sinceMs: number, limits: BatchLimits): Promise<Told<readonly BatchSight[]>> {
    return told(async () => {
      const found: BatchSight[] = [];
      let after: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const query = { limit: PAGE, ...(after !== undefined && { after_id: after }) };
        const { data, has_more: hasMore } = await this.#batches().list(query, optionsOf(limits));
        const sights = data.map(sightOf);
        found.push(...sights.filter((sight) => !isBefore(sight, sinceMs)));
        // The newest come first.
        after = sights.at(-1)?.batchId;
        if (!hasMore || after === undefined || sights.some((sight) => isBefore(sight, sinceMs))) return found;
      }
      return found;
    });
  }

  /**
   * By the path and not by `results_url`: the key goes nowhere but to the client's own address. Line by line, as the SDK's
   * decoder gives up at the first one that is broken.
   */
  async *results(batchId: string, limits: BatchLimits): AsyncGenerator<Told<ResultLine>> {
    try {
      const path = `${BATCHES}/${encodeURIComponent(batchId)}/results`;
      const response = await this.client().get(path, optionsOf(limits)).asResponse();
      if (response.body === null) return;
      for await (const line of batchLines(response.body)) yield { ok: true, value: readResultLine(line) };
    } catch (error) {
      yield { ok: false, facts: describeWireError(error) };
    }
  }

  cancel(batchId: string, limits: BatchLimits): Promise<Told<undefined>> {
    return told(async () => {
      await this.#batches().cancel(batchId, {}, optionsOf(limits));
      return undefined;
    });
  }

  #batches(): BatchClient['messages']['batches'] {
    return this.client().messages.batches;
  }
}

const optionsOf = ({ signal, timeoutMs }: BatchLimits) => requestOptions(signal, timeoutMs);
const isBefore = ({ createdAtMs }: BatchSight, ms: number): boolean => createdAtMs !== undefined && createdAtMs < ms;

/** A 200 that says something else than a batch. */
class NotABatch extends Error {}

/** @throws {NotABatch} */
function sightOf(batch: Anthropic.Messages.MessageBatch): BatchSight {
  const {
    id,
    created_at: createdAt,
    processing_status: status,
    request_counts: counts,
  } = Object(batch) as typeof batch;
  if (typeof id !== 'string' || id === '' || typeof status !== 'string') throw new NotABatch();
  const createdAtMs = Date.parse(createdAt);
  return {
    batchId: id,
    createdAtMs: Number.isFinite(createdAtMs) ? createdAtMs : undefined,
    // A status of next year is one of work that goes on.
    status: status === 'ended' || status === 'canceling' ? status : 'in_progress',
    requests: Object.values(Object(counts)).reduce<number>((sum, n) => (typeof n === 'number' ? sum + n : sum), 0),
  };
}

async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (error instanceof NotABatch) return { ok: false, facts: { from: 'body', problem: 'not_json' } };
    return { ok: false, facts: describeWireError(error) };
  }
}
