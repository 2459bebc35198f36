import type { DeferredRequest, NewRequest, RequestStateName } from '../core/deferral/deferred-request.js';
import type { ClaimWish, CorruptRequest, RequestCount } from '../core/deferral/request-store.port.js';

/** A request on the shelf. */
export interface Kept {
  /** The smaller, the older. */
  readonly seq: number;
  /** Counts its changes: who writes says which one it has read. */
  readonly version: number;
  /** The job of BullMQ's that stands in the queue for it. */
  readonly jobId: string;
  readonly request: DeferredRequest;
}

/** `known`: it is there, as `id`; `full`: nothing was changed; `stale`: what was to be changed with it has changed. */
export type Inserted =
  | { readonly status: 'added' | 'full' | 'stale' }
  | { readonly status: 'known'; readonly id: string };

/** A step of a request that was read before. */
export interface Step {
  readonly kept: Kept;
  readonly after: DeferredRequest;
}

/** The whole of a page, the oldest first: ids, and where the next one begins. */
export interface IdPage {
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

/**
 * The truth about each request, kept on the server of the queue: BullMQ changes the data of a job without asking what it
 * was, and so cannot keep two holders apart. Every write is one step of the server's, and only if nobody was faster.
 */
export interface RecordShelf {
  /** @param mark a step that is taken with it, or neither */
  insert(request: DeferredRequest, jobId: string, maxOpen: number, mark?: Step): Promise<Inserted>;
  /** The id of the request that is there under the same id, or the same key of the same owner. */
  known(request: NewRequest): Promise<string | undefined>;
  /** @throws {ClaudeCorruptRequestError} */
  find(id: string): Promise<Kept | undefined>;
  /** @returns `false` when somebody else has changed it since it was read */
  replace(step: Step): Promise<boolean>;
  /** Ids of some that may be claimed, the best first. */
  claimable(wish: ClaimWish): Promise<readonly string[]>;
  /** Ids of some whose deadline has come, the most overdue first; also of those on which somebody is at work. */
  overdue(nowMs: number, limit: number): Promise<readonly string[]>;
  page(of: RequestStateName | 'dead', after: number, limit: number): Promise<IdPage>;
  count(state: RequestStateName): Promise<RequestCount>;
  ahead(id: string): Promise<number | undefined>;
  /** @param except ids that are left out */
  withNotices(limit: number, except: readonly string[]): Promise<readonly string[]>;
  /** Asks to be the one who tells people, for so long. @returns `false` while somebody else is */
  holdNotices(holder: string, forMs: number): Promise<boolean>;
  /** Lets somebody else be it. */
  releaseNotices(holder: string): Promise<void>;
  endedOf(owner: string, limit: number): Promise<readonly string[]>;
  purge(endedBeforeMs: number, limit: number): Promise<number>;
  /** Takes one that cannot be read out of everything but `find`; it stays as it is. */
  setAside(corrupt: CorruptRequest): Promise<void>;
  /** Keeps, with the id of a key, what only that key opens. @returns what was kept first */
  keyCheck(keyId: string, check: string): Promise<string>;
  corrupt(): Promise<readonly CorruptRequest[]>;
}
