import type { CallPriority, ResponseHeaders } from '../call.js';
import type { Failure } from '../failure/failure.js';

/** Pools with limits of their own for one model class. */
export type SpeedPool = 'standard' | 'fast';

export interface TokenEstimate {
  /** Prompt tokens that are not read from a cache, as far as known. */
  readonly inputTokens: number;
  /** Answer tokens that are likely; `max_tokens` does not count against any limit. */
  readonly outputTokens: number;
}

/** What one attempt asks for. Times are those of `Clock.nowMs`. */
export interface TurnRequest {
  /** Credential and class of model: what shares a limit. */
  readonly bucket: string;
  readonly pool?: SpeedPool;
  readonly priority: CallPriority;
  readonly isDeferred: boolean;
  /** Which request of its call, from 1: a retry is no new demand. */
  readonly attempt: number;
  readonly deadlineAtMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly estimate: TokenEstimate;
  /** The time now, if the caller has just looked. */
  readonly nowMs?: number | undefined;
}

/** What was really used, by the names of the API's `usage`. */
export interface TurnUsage {
  readonly inputTokens: number;
  /** Written to a cache: counts against the input limit. What was read from it does not. */
  readonly cacheCreationInputTokens?: number;
  readonly outputTokens: number;
}

/** How an attempt ended. A success has no `failure`. */
export interface TurnResult {
  readonly headers?: ResponseHeaders | undefined;
  readonly usage?: TurnUsage | undefined;
  readonly failure?: Failure | undefined;
  /** Set when nothing was sent after all: nothing was used, and nothing learnt. */
  readonly isUnsent?: boolean;
  /** The time now, if the caller has just looked. */
  readonly nowMs?: number | undefined;
}

/** Leave to send one request now. Give it back with `done`, whatever happens; once is enough, more is ignored. */
export interface Turn {
  readonly admitted: true;
  /** Headers that came before the end, as those of a stream do. */
  heard(headers: ResponseHeaders): void;
  done(result: TurnResult): void;
}

/**
 * `deadline`: cannot be served in time any more; `room_full`: too many wait, and this is the newest of the least urgent;
 * `aborted`: its signal said so.
 */
export type RefusalReason = 'deadline' | 'room_full' | 'aborted';

/** Nothing was sent. */
export interface Refused {
  readonly admitted: false;
  readonly reason: RefusalReason;
  /** Milliseconds after which asking again makes sense, where that is known; 1 or more. */
  readonly retryAfterMs?: number;
}
