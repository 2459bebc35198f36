import type { DeferredRequest } from './deferred-request.js';
import type { RequestCount } from './request-store.port.js';

/** When it may first be started, wall-clock milliseconds. Failed attempts make nobody younger: it never changes. */
export function dueAtMs({ enqueuedAtMs, notBeforeMs }: Pick<DeferredRequest, 'enqueuedAtMs' | 'notBeforeMs'>): number {
  return Math.max(enqueuedAtMs, notBeforeMs);
}

/** How long the oldest has waited since it was due, in milliseconds; `undefined` when none is due yet. */
export function oldestWaitMs(
  { oldestDueAtMs }: Pick<RequestCount, 'oldestDueAtMs'>,
  nowMs: number,
): number | undefined {
  return oldestDueAtMs === undefined || oldestDueAtMs > nowMs ? undefined : nowMs - oldestDueAtMs;
}
