import type { CallPriority } from '../call.js';
import type {
  DeferredRequest,
  NewRequest,
  RequestFailure,
  RequestStateName,
  RunningState,
} from './deferred-request.js';

/**
 * Keeps deferred requests (R10). Whatever a promise of it has said is so for good: a store that survives the process has
 * it on the disk by then. Every method throws `ClaudeRequestStoreError` when the store as a whole is in trouble; nothing
 * was changed then, but for `unreachable`, where nobody knows. All times are wall-clock milliseconds and come from the caller.
 *
 * One conformance suite runs over every store: `testing/request-store.conformance.ts`.
 */
export abstract class RequestStore {
  /**
   * Takes a request in. The same id, and the same idempotency key of the same owner, gives the request that is there.
   * @throws {ClaudeInvalidOptionsError} naming every field that cannot work
   * @throws {ClaudeRequestTooLargeError} @throws {ClaudeRequestQueueFullError}
   */
  abstract enqueue(request: NewRequest, nowMs: number): Promise<Enqueued>;

  /** @returns `undefined` when there is none @throws {ClaudeCorruptRequestError} */
  abstract get(id: string): Promise<DeferredRequest | undefined>;

  /**
   * Takes the next one that may be started, or whose holder let the lease run out: the best priority first, in it the
   * oldest. Skips what has expired and what cannot be read. No two claims give the same fencing number of a request.
   * @returns `undefined` when there is none
   */
  abstract claim(wish: ClaimWish): Promise<ClaimedRequest | undefined>;

  /**
   * Makes a lease longer, never shorter.
   * @returns when it ends now @throws {ClaudeStaleLeaseError} @throws {ClaudeRequestClosedError} when it was cancelled
   */
  abstract renew(lease: Lease, leaseMs: number, nowMs: number): Promise<number>;

  /**
   * Keeps the API's answer before anything is made of it, so that a crash never pays twice. The first one stays.
   * @throws as `renew`, and {ClaudeRequestTooLargeError}
   */
  abstract storeAnswer(lease: Lease, answerJson: string): Promise<void>;

  /** Ends it with a result; said twice under one lease, the first one counts. @throws as `storeAnswer` */
  abstract complete(lease: Lease, resultJson: string, nowMs: number): Promise<DeferredRequest>;

  /**
   * Says that it failed: it waits until `retryAtMs`; is a dead letter when there is none; and has expired when that is
   * not before the deadline. @throws as `renew`
   */
  abstract fail(lease: Lease, reason: FailReason, nowMs: number): Promise<DeferredRequest>;

  /** Hands it back unfinished: it waits again, and the attempt does not count. @throws as `renew` */
  abstract release(lease: Lease, nowMs: number): Promise<DeferredRequest>;

  /**
   * Ends it at any moment before another end; a holder hears of it at its next word. Said twice, the first one counts.
   * @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestClosedError} when it has another end
   */
  abstract cancel(id: string, nowMs: number): Promise<DeferredRequest>;

  /** Ends those whose deadline has come and on which nobody is at work. @returns them, `limit` at most */
  abstract expire(nowMs: number, limit: number): Promise<readonly DeferredRequest[]>;

  /** Those in one state, the oldest first. */
  abstract list(state: RequestStateName, page: PageWish): Promise<RequestPage>;

  /** How many are in one state, and since when. */
  abstract count(state: RequestStateName): Promise<RequestCount>;

  /** How many wait that would be claimed before this one, were all of them due; `undefined` when it does not wait. */
  abstract countAhead(id: string): Promise<number | undefined>;

  /** Failed and expired ones that nobody has tried again, or discarded, the oldest first. */
  abstract deadLetters(page: PageWish): Promise<RequestPage>;

  /**
   * Tries a dead letter again, as a new request: the old one keeps its end, and says what became of it. Said twice, the
   * first one counts. The idempotency key stays with the old one.
   * @returns the new request @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestNotDeadError}
   * @throws {ClaudeRequestQueueFullError}
   */
  abstract redrive(id: string, wish: RedriveWish, nowMs: number): Promise<DeferredRequest>;

  /**
   * Decides that a dead letter will not be tried again: it keeps its end, and is no dead letter any more. Said twice, the first
   * one counts. @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestNotDeadError}
   */
  abstract discard(id: string): Promise<DeferredRequest>;

  /**
   * Those that ended and of whose end somebody is yet to be told, the oldest first. Kept apart: it costs no look at others. Of
   * several processes on one store, one at a time is given them: nobody is told twice.
   *
   * @param except ids of those that the caller has in hand: they are not read again
   */
  abstract noticesPending(limit: number, except?: readonly string[]): Promise<readonly DeferredRequest[]>;

  /** One of `noticesDue` was told, or never will be. Said twice, or of a request that is gone, it changes nothing. */
  abstract noticeSettled(id: string, place: number): Promise<void>;

  /** What ended of one owner's, but for what was cancelled; the newest first. */
  abstract endedOf(owner: string, limit: number): Promise<readonly DeferredRequest[]>;

  /** Forgets what ended before a moment, `limit` at most. @returns how many those were */
  abstract purge(endedBeforeMs: number, limit: number): Promise<number>;

  /** What cannot be read and was set aside. */
  abstract corrupt(): Promise<readonly CorruptRequest[]>;

  /** Ends everything that is under way, then lets go of the file or the connection. */
  abstract close(): Promise<void>;
}

/** `added`: it is new; `known`: it was there. */
export interface Enqueued {
  readonly status: 'added' | 'known';
  readonly request: DeferredRequest;
}

export interface ClaimWish {
  readonly nowMs: number;
  /** Milliseconds, above 0; longer than an attempt may take. */
  readonly leaseMs: number;
  /** `oldest`: whoever has waited longest, of whatever priority, so that nobody starves. @default 'first' */
  readonly order?: 'first' | 'oldest';
  /** Features that would be refused now, since their circuit is open. */
  readonly exceptFeatures?: readonly string[];
}

export interface ClaimedRequest extends DeferredRequest {
  readonly state: RunningState;
}

/** Who speaks: the holder of one claim. */
export interface Lease {
  readonly id: string;
  readonly fencingNumber: number;
}

export interface FailReason {
  readonly failure: RequestFailure;
  /** When to try again; `undefined`: never. */
  readonly retryAtMs: number | undefined;
}

export interface PageWish {
  /** From 1. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface RequestPage {
  readonly requests: readonly DeferredRequest[];
  /** `undefined` on the last page. */
  readonly next: string | undefined;
}

export interface RequestCount {
  readonly total: number;
  readonly byPriority: Readonly<Record<CallPriority, number>>;
  /**
   * When the first of them was due, in wall-clock milliseconds: taken in, and its `notBeforeMs` come. Attempts that failed
   * change nothing. After now when none is due yet; `undefined` when there is none.
   */
  readonly oldestDueAtMs: number | undefined;
}

export interface RedriveWish {
  readonly newId: string;
  readonly deadlineMs: number;
  /** `forget`: asks the API again, although there is an answer, because nothing can be made of it. */
  readonly answer: 'keep' | 'forget';
}

export interface CorruptRequest {
  readonly id: string;
  /** In our words. */
  readonly problem: string;
}
