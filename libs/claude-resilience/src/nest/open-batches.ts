import { hasBatches } from '../anthropic/batch-client.js';
import { SdkBatchTransport } from '../anthropic/batch-transport.js';
import { clientsOf } from '../anthropic/anthropic.options.js';
import type { BatchLedger } from '../core/deferral/batch/batch-ledger.port.js';
import { BATCH_DEFAULTS } from '../core/deferral/batch/batch.options.js';
import { MemoryBatchLedger } from '../core/deferral/batch/memory-batch-ledger.js';
import type { RequestWorker } from '../core/deferral/run-request.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import { batchDeskOf } from '../runtime/batch-desk-of.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { MakeBatchDesk } from '../runtime/deferral-room.js';
import type { SqliteFile } from '../sqlite/sqlite-file.js';
import { BatchLetters } from './batch-letters.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import type { OpenedStore } from './open-request-store.js';
import type { ResolvedQueueOptions } from './queue.options.js';

/**
 * What takes background requests to Message Batches (R12). Also where they are switched off, as long as something of an
 * earlier process is still with the API: its results are paid for.
 *
 * @returns `undefined` when there is nothing to do @throws {ClaudeRequestStoreError}
 * @throws {ClaudeInvalidOptionsError} for a client that knows no batches
 */
export async function openBatches(
  runtime: ClaudeRuntime,
  { anthropic }: Pick<ResolvedModuleOptions, 'anthropic'>,
  { batch, rules }: ResolvedQueueOptions,
  { store, file }: OpenedStore,
  worker: RequestWorker,
  reviews: ReviewList,
): Promise<MakeBatchDesk | undefined> {
  const ledger = await openLedger(file);
  if (batch === false && (await ledger.all()).length === 0) return undefined;
  const clients = clientsOf(anthropic);
  const clientWithBatches = () => {
    const client = clients(OWN_PLATFORM);
    if (hasBatches(client)) return client;
    throw new ClaudeInvalidOptionsError(['queue.batch: a client with messages.batches, got one without']);
  };
  // One that the module makes has them, and is made at its first use.
  if (anthropic.client !== undefined) clientWithBatches();
  const letters = new BatchLetters(runtime, reviews);
  const parts = {
    store,
    ledger,
    transport: new SdkBatchTransport(clientWithBatches),
    worker,
    writeLetter: letters.write,
    declined: letters.declined,
    options: batch === false ? { ...BATCH_DEFAULTS, when: 'never' as const } : batch,
    rules,
  };
  return (told) => batchDeskOf(runtime, parts, told);
}

async function openLedger(file: SqliteFile | undefined): Promise<BatchLedger> {
  if (file === undefined) return new MemoryBatchLedger();
  const { SqliteBatchLedger } = await import('../sqlite/sqlite-batch-ledger.js');
  return new SqliteBatchLedger(file);
}
