/**
 * Each state owns exactly the data that exists in it. Times are `Clock.nowMs`. `generation` grows with every transition:
 * a result that was admitted under another one judges nothing.
 */
export type CircuitState = ClosedState | OpenState | HalfOpenState | ForcedState;
export type CircuitStateName = CircuitState['name'];
/** What people decided; the rules are not asked meanwhile. */
export type ForcedState = ForcedOpenState | ForcedClosedState;

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
  /** When the newest probe was let in; `undefined` until then. */
  readonly lastProbeMs: number | undefined;
  /** Probes under way, in the order in which they were let in. */
  readonly probes: readonly Probe[];
  /** Id of the next probe, from 1. */
  readonly nextProbeId: number;
  readonly successes: number;
  readonly failures: number;
  /** Why it was open before; kept for those who ask while it is being probed. */
  readonly reason: OpenReason;
}

/** Held open by people, each until released or until the hold's own end; no other time ends it. */
export interface ForcedOpenState extends Common {
  readonly name: 'forced_open';
  /** Who holds it open; at least one. */
  readonly holders: readonly Holder[];
  /** Who wants it closed meanwhile, and is not heard: open beats closed. */
  readonly overruled: readonly Holder[];
}

/** Held closed by people: every call passes and none is judged, until released or until the hold's own end. */
export interface ForcedClosedState extends Common {
  readonly name: 'forced_closed';
  /** Who holds it closed; at least one. */
  readonly holders: readonly Holder[];
}

export interface Probe {
  readonly id: number;
  /** When its slot is free at the latest, and its result has no say any more. */
  readonly leaseEndsMs: number;
  /**
   * `held`: it occupies a slot. `handed_on`: it was silent for so long that another probe has its slot; it may still
   * close the circuit, but what speaks against the service is the younger one's to say.
   */
  readonly slot: 'held' | 'handed_on';
}

export interface Holder {
  /** Who, up to 100 characters; a name holds a circuit once. */
  readonly by: string;
  /** Why, for people to read; cut at 500 characters. */
  readonly reason: string;
  /** When it lets go by itself, in `Clock.nowMs`; without it only `release` ends it. */
  readonly untilMs?: number;
}

/** `fleet`: by the word of other replicas; `restored`: it was open before the restart. */
export type OpenReason = 'failures' | 'slow_calls' | 'probe_failed' | 'no_verdict' | 'restored' | 'fleet';

export const initialCircuitState = (nowMs: number): ClosedState => ({
  name: 'closed',
  generation: 0,
  sinceMs: nowMs,
  openings: 0,
});

export function closedAfter(state: CircuitState, nowMs: number, openings: number): ClosedState {
  return { name: 'closed', generation: state.generation + 1, sinceMs: nowMs, openings };
}
