import {
  isEnded,
  type DeferredRequest,
  type RequestFailure,
  type RequestStateName,
} from '../core/deferral/deferred-request.js';
import type { FeedEvent, RequestSight } from '../core/deferral/feed-event.js';
import type { RequestPhase } from '../core/deferral/request-phase.js';
import { ClaudeRequestNotFoundError } from '../core/deferral/request-store-errors.js';
import type { DeferralRoom } from './deferral-room.js';

/** A deferred request, as the application may see it (R10). What was asked is not in it. */
export interface ClaudeDeferredRequest {
  /** Who knows it may be shown the request, unless it has an owner: not for logs. */
  readonly requestId: string;
  readonly status: RequestStateName;
  readonly feature: string;
  readonly workflow: string;
  readonly correlationId: string;
  readonly owner: string | undefined;
  /** Language of the end user, a BCP 47 tag. */
  readonly locale: string | undefined;
  readonly enqueuedAt: Date;
  readonly endedAt?: Date;
  /** Times it was started. */
  readonly attempts: number;
  /** Where it stands, until it has ended. */
  readonly phase?: RequestPhase;
  /** From 1, of those that wait. */
  readonly position?: number;
  readonly expectedWaitMs?: number;
  /** What the application's handler made of the answer. */
  readonly result?: unknown;
  /** Why it failed, or what it failed by the last time. */
  readonly failure?: RequestFailure;
}

/** How a request gets on; `seq` grows strictly. */
export interface ClaudeRequestEvent {
  readonly seq: number;
  readonly type: FeedEvent['type'];
  readonly at: Date;
  readonly request: ClaudeDeferredRequest;
}

/** Deferred requests, for the application: `claude.requests`. Throws `ClaudeInvalidOptionsError` when there is no queue. */
export class ClaudeRequests {
  constructor(private readonly room: DeferralRoom) {}

  /** @returns `undefined` when there is none: never was, or it was kept long enough @throws {ClaudeRequestStoreError} */
  async get(requestId: string): Promise<ClaudeDeferredRequest | undefined> {
    const sight = await this.room.sight(requestId);
    return sight === undefined ? undefined : requestView(sight);
  }

  /**
   * What becomes of it, as it happens; ends with its end, when `signal` aborts, or with the application. Who stops watching changes nothing.
   *
   * @throws {ClaudeRequestNotFoundError} when there is none of that id
   */
  async *watch(
    requestId: string,
    { afterSeq = 0, signal = new AbortController().signal }: { afterSeq?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<ClaudeRequestEvent, void, undefined> {
    if ((await this.room.sight(requestId)) === undefined) throw new ClaudeRequestNotFoundError(requestId);
    for await (const event of this.room.watch(requestId, afterSeq, signal)) {
      yield { seq: event.seq, type: event.type, at: new Date(event.atMs), request: requestView(event) };
    }
  }

  /**
   * Ends it, wherever it is; said twice, the first one counts.
   *
   * @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestClosedError} when it has another end
   */
  async cancel(requestId: string): Promise<ClaudeDeferredRequest> {
    return requestView({ request: await this.room.cancel(requestId), phase: undefined });
  }

  /** What ended of one owner's, but for what was cancelled; the newest first. */
  async endedOf(owner: string, limit = 50): Promise<readonly ClaudeDeferredRequest[]> {
    const ended = await this.room.store.endedOf(owner, limit);
    return ended.map((request) => requestView({ request, phase: undefined }));
  }
}

/** Without what was asked: that stays in the store. */
export function requestView({ request, phase, position, expectedWaitMs }: RequestSight): ClaudeDeferredRequest {
  const { id: requestId, feature, workflow, correlationId, owner, locale, enqueuedAtMs, state } = request;
  return {
    requestId,
    status: state.name,
    feature,
    workflow,
    correlationId,
    owner,
    locale,
    enqueuedAt: new Date(enqueuedAtMs),
    attempts: state.attempts,
    ...(isEnded(state) && { endedAt: new Date(state.endedAtMs) }),
    ...(phase !== undefined && { phase }),
    ...(position !== undefined && { position }),
    ...(expectedWaitMs !== undefined && { expectedWaitMs }),
    ...(state.name === 'succeeded' && { result: JSON.parse(state.resultJson) as unknown }),
    ...failureOf(state),
  };
}

function failureOf(state: DeferredRequest['state']): { readonly failure?: RequestFailure } {
  if (state.name === 'failed') return { failure: state.failure };
  const last = 'lastFailure' in state ? state.lastFailure : undefined;
  return last === undefined ? {} : { failure: last };
}
