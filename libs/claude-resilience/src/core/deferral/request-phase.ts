import { isEnded, type DeferredRequest } from './deferred-request.js';

/** Where an open request stands, for whoever waits for it (R28). */
export type RequestPhase = 'queued' | 'running' | 'slow' | 'retrying' | 'degraded' | 'backgrounded';

/** What is known besides what the store has. */
export interface Surroundings {
  /** Wall-clock milliseconds. */
  readonly nowMs: number;
  /** From acceptance; longer than usual from then on, in milliseconds. */
  readonly slowAfterMs: number;
  /** Whether nothing of its feature is sent at present. */
  readonly isHeldUp: boolean;
}

/** From acceptance, in milliseconds: nobody looks on for longer, and the end is told in another way. */
export const BACKGROUNDED_AFTER_MS = 120_000;

/** Pure. @returns `undefined` when it has ended */
export function phaseOf(
  { state, enqueuedAtMs }: Pick<DeferredRequest, 'state' | 'enqueuedAtMs'>,
  { nowMs, slowAfterMs, isHeldUp }: Surroundings,
): RequestPhase | undefined {
  if (isEnded(state)) return undefined;
  const elapsedMs = nowMs - enqueuedAtMs;
  if (elapsedMs >= BACKGROUNDED_AFTER_MS) return 'backgrounded';
  if (state.name === 'waiting') {
    if (isHeldUp) return 'degraded';
    return state.lastFailure === undefined ? 'queued' : 'retrying';
  }
  if (elapsedMs >= slowAfterMs) return 'slow';
  return state.lastFailure === undefined ? 'running' : 'retrying';
}
