import type { Failure } from '../failure/failure.js';
import type { DeferredRequest } from './deferred-request.js';
import type { ClaimedRequest } from './request-store.port.js';

/** What the drain must know, and whom it tells. */
export interface DrainHooks {
  /** Features that would be refused now, since their circuit is open. */
  closedFeatures(): readonly string[];
  /** Longest time of one attempt of any feature, in milliseconds. */
  longestAttemptMs(): number;
  started(request: ClaimedRequest): void;
  /** Offers a request that was just claimed. @returns whether somebody else works on it now, with its lease (R12) */
  divert?(request: ClaimedRequest): boolean;
  /** It waits again, or has ended; `failure` is why. */
  changed(request: DeferredRequest, failure: Failure | undefined): void;
  /** The store cannot do its work (an error, told once), or can again (`undefined`). */
  storeTrouble(error: unknown): void;
}
