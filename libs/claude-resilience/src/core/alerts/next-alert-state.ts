import { INACTIVE, type AlertState, type AlertVerdict } from './alert-state.js';

/** How long something must last. */
export interface AlertTiming {
  /** Milliseconds of breach before it fires; 0: at once. */
  readonly pendingMs: number;
  /** Milliseconds of being well before it resolves; 0: at once. */
  readonly clearMs: number;
}

/**
 * What a look makes of an alert (R30). No data is not health: it moves nothing, and its time counts for nothing, so that
 * an outage which stops the traffic does not resolve the alert about it.
 *
 * @param atMs wall-clock milliseconds of the look
 * @param elapsedMs milliseconds since the look before, as far as that one may speak for them
 */
export function nextAlertState(
  state: AlertState,
  verdict: AlertVerdict,
  atMs: number,
  elapsedMs: number,
  { pendingMs, clearMs }: AlertTiming,
): AlertState {
  switch (state.name) {
    case 'inactive':
      if (verdict !== 'breach') return state;
      return pendingMs <= 0 ? { name: 'firing', sinceMs: atMs } : { name: 'pending', sinceMs: atMs, breachedForMs: 0 };
    case 'pending': {
      if (verdict === 'no_data') return state;
      if (verdict !== 'breach') return INACTIVE;
      const breachedForMs = state.breachedForMs + elapsedMs;
      const { sinceMs } = state;
      return breachedForMs >= pendingMs ? { name: 'firing', sinceMs } : { name: 'pending', sinceMs, breachedForMs };
    }
    case 'firing':
      if (verdict !== 'clear') return state;
      return clearMs <= 0 ? INACTIVE : { name: 'clearing', sinceMs: state.sinceMs, clearForMs: 0 };
    case 'clearing': {
      if (verdict === 'no_data') return state;
      const { sinceMs } = state;
      if (verdict !== 'clear') return { name: 'firing', sinceMs };
      const clearForMs = state.clearForMs + elapsedMs;
      return clearForMs >= clearMs ? INACTIVE : { name: 'clearing', sinceMs, clearForMs };
    }
    default:
      return state satisfies never;
  }
}
