/**
 * Each state owns exactly the data that exists in it. Times are `Clock.nowMs`. `generation` grows with every transition:
 * a result that was admitted under another one judges nothing.
 */
export type CircuitState = ClosedState | OpenState | HalfOpenState | ForcedOpenState;
export type CircuitStateName = CircuitState['name'];

interface Common {
  readonly generation: number;
  readonly sinceMs: number;
  /** Openings in a row, without a long closed time between them; sets the length of the next cool-down. */
  readonly openings: number;
}

export interface ClosedState extends Common {
  readonly name: 'closed';
}

export interface OpenState extends Common {
  readonly name: 'open';
  /** From here on, inclusive, a probe is let in. */
  readonly untilMs: number;
  readonly reason: OpenReason;
}

export interface HalfOpenState extends Common {
  readonly name: 'half_open';
  /** When the first probe was let in; `undefined` until then: without traffic nothing is stuck. */
  readonly probingSinceMs: number | undefined;
  /** Probes under way. */
  readonly probes: readonly Probe[];
  /** Id of the next probe, from 1. */
  readonly nextProbeId: number;
  readonly successes: number;
  readonly failures: number;
  /** Why it was open before; kept for those who ask while it is being probed. */
  readonly reason: OpenReason;
}

/** Held open by people. No time ends it; the last holder's release does. */
export interface ForcedOpenState extends Common {
  readonly name: 'forced_open';
  readonly holders: readonly Holder[];
}

export interface Probe {
  readonly id: number;
  /** When it loses its slot. */
  readonly leaseEndsMs: number;
}

export interface Holder {
  readonly by: string;
  readonly reason: string;
}

export type OpenReason = 'failures' | 'slow_calls' | 'probe_failed' | 'no_verdict' | 'restored';

export const initialCircuitState = (nowMs: number): ClosedState => ({
  name: 'closed',
  generation: 0,
  sinceMs: nowMs,
  openings: 0,
});
