import type { DeferredRequest } from './deferred-request.js';
import type { RequestPhase } from './request-phase.js';

/** How a request looks at a moment. */
export interface RequestSight {
  readonly request: DeferredRequest;
  /** `undefined` once it has ended. */
  readonly phase: RequestPhase | undefined;
  /** From 1, of those that wait. */
  readonly position?: number | undefined;
  readonly expectedWaitMs?: number | undefined;
}

/** `seq` grows strictly, over restarts too; it is odd for the last event of all, which is told again to nobody. */
export interface FeedEvent extends RequestSight {
  readonly seq: number;
  readonly type: 'accepted' | 'progress' | 'ended';
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

/** Looks at the store. @returns `undefined` when there is no such request (any more) */
export type LookAtRequest = (id: string) => Promise<RequestSight | undefined>;

/** Whether the last event of all was seen by whoever has seen this one. */
export function isLastOfAll(seq: number): boolean {
  return seq % 2 === 1;
}
