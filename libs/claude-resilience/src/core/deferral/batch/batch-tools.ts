import type { Clock } from '../../clock.port.js';
import type { Failure } from '../../failure/failure.js';
import type { Random } from '../../random.port.js';
import type { DeferredRequest } from '../deferred-request.js';
import type { ResolvedQueueRules } from '../queue.options.js';
import type { ClaimedRequest, RequestStore } from '../request-store.port.js';
import type { RequestWorker } from '../run-request.js';
import type { TroubleReport } from '../trouble-report.js';
import type { BatchEvent } from './batch-event.js';
import type { BatchLedger } from './batch-ledger.port.js';
import type { BatchTransport } from './batch-transport.port.js';
import type { BatchWish, ResolvedBatchOptions } from './batch.options.js';
import type { RecentIds } from './recent-ids.js';

/** What batches must know, and whom they tell. */
export interface BatchHooks {
  /** Whether the 529s of a feature persist. */
  readonly isOverloaded: (feature: string) => boolean;
  /** The feature's own word; `undefined` where it has none. */
  readonly wishOf: (feature: string) => BatchWish | undefined;
  /** Whether people hold its circuit open. */
  readonly isHeld: (feature: string) => boolean;
  /** Whether a request of a feature is put differently, once, after a model or a filter declined it (R18). */
  readonly mayReformulate: (feature: string) => boolean;
  /** Whether the account that batches are sent with is stopped. */
  readonly isAccountStopped: () => boolean;
  /** It waits again, or has ended; `failure` is why. */
  readonly changed: (request: DeferredRequest, failure: Failure | undefined) => void;
  /** A model or a filter declined it (R16). Never rejects. */
  readonly declined: (request: ClaimedRequest, failure: Failure) => Promise<void>;
  readonly tell: (event: BatchEvent) => void;
  /** The store or the ledger cannot do its work (an error), or can again (`undefined`). */
  readonly storeTrouble: (error: unknown) => void;
}

/**
 * What a request asks, as an item of a batch; `undefined` when it cannot be one, or must not be sent at all: then it goes
 * alone, and hears there why. Never rejects.
 */
export type LetterWriter = (
  request: ClaimedRequest,
  signal: AbortSignal,
  isReformulated: boolean,
) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** What the work on batches is done with. */
export interface BatchTools {
  readonly store: RequestStore;
  readonly ledger: BatchLedger;
  readonly transport: BatchTransport;
  /** Makes the application's own results of answers. */
  readonly worker: Pick<RequestWorker, 'finish'>;
  readonly writeLetter: LetterWriter;
  readonly hooks: BatchHooks;
  readonly options: ResolvedBatchOptions;
  readonly rules: Pick<ResolvedQueueRules, 'maxAttempts' | 'leaseMs' | 'graceMs'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** The same, with what all batches of one desk share. */
export interface SharedBatchTools extends BatchTools {
  /** What a batch brought back unanswered: it goes alone from then on, or is in a batch once more when this is forgotten. */
  readonly returned: RecentIds;
  /** What a model declined once: it is put differently the next time, and that is the last one (R18). */
  readonly reformulated: RecentIds;
  readonly trouble: TroubleReport;
  /** Batches that are known to be ours. */
  readonly knownIds: RecentIds;
}
