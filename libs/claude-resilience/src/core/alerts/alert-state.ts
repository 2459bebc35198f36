/** What one look at the readings says of a rule: `between` is below the level that fires, and above the one that resolves. */
export type AlertVerdict = 'breach' | 'between' | 'clear' | 'no_data';

/**
 * Where one alert stands. Times named `sinceMs` are wall-clock milliseconds at which the breach began, since they are
 * kept across restarts.
 */
export type AlertState = InactiveAlert | PendingAlert | FiringAlert | ClearingAlert;

export interface InactiveAlert {
  readonly name: 'inactive';
}

export interface PendingAlert {
  readonly name: 'pending';
  readonly sinceMs: number;
  /** Milliseconds for which it is known to have been breached. */
  readonly breachedForMs: number;
}

export interface FiringAlert {
  readonly name: 'firing';
  readonly sinceMs: number;
}

/** Firing still, for those who look at it: it must stay well for a while. */
export interface ClearingAlert {
  readonly name: 'clearing';
  readonly sinceMs: number;
  /** Milliseconds for which it is known to have been well. */
  readonly clearForMs: number;
}

export const INACTIVE: InactiveAlert = Object.freeze({ name: 'inactive' });

export function isActive(state: AlertState): state is FiringAlert | ClearingAlert {
  return state.name === 'firing' || state.name === 'clearing';
}
