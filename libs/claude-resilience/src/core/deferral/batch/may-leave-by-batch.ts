import type { DeferredRequest } from '../deferred-request.js';
import type { BatchWish } from './batch.options.js';

/** What is known besides the request. */
export interface BatchSituation {
  /** Wall-clock milliseconds. */
  readonly nowMs: number;
  readonly minLeftMs: number;
  /** The feature's own word, or the queue's. */
  readonly wish: BatchWish;
  /** Whether the 529s of its feature persist. */
  readonly isOverloaded: boolean;
  /** Whether people hold its feature's circuit open: then nothing of it is sent, by whatever way. */
  readonly isHeld: boolean;
  /** Whether a batch has brought it back unanswered: it goes alone from then on. */
  readonly wasInBatch: boolean;
}

/** Whether a request that was just claimed may leave by batch instead of alone (R12). What has its answer needs nobody. */
export function mayLeaveByBatch(
  { priority, deadlineMs, state }: Pick<DeferredRequest, 'priority' | 'deadlineMs' | 'state'>,
  { nowMs, minLeftMs, wish, isOverloaded, isHeld, wasInBatch }: BatchSituation,
): boolean {
  if (priority !== 'background' || isHeld || wasInBatch) return false;
  if (state.name !== 'running' || state.answerJson !== undefined) return false;
  if (deadlineMs - nowMs < minLeftMs) return false;
  return wish === 'always' || (wish === 'when_overloaded' && isOverloaded);
}
