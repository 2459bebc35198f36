import type {
  CircuitState,
  ClosedState,
  ForcedOpenState,
  HalfOpenState,
  Holder,
  OpenReason,
  OpenState,
} from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import type { WindowFigures } from './outcome-window.js';

/** What a finished call says about the service. `neutral` says nothing: it only gives its slot back. */
export type Verdict = 'success' | 'failure' | 'neutral';

export type CircuitEvent =
  /** Somebody looks, or wants in: moves that only time makes happen here, so no timer is needed. */
  | { readonly type: 'asked'; readonly nowMs: number }
  /** A probe was let in; only after `asked`, and only if `probesFree` says so. */
  | { readonly type: 'probe_started'; readonly nowMs: number }
  /** A call of this generation ended while closed; `window` already holds it. */
  | { readonly type: 'reported'; readonly nowMs: number; readonly window: WindowFigures; readonly hintMs?: number }
  /** A probe of this generation ended. */
  | {
      readonly type: 'probe_ended';
      readonly nowMs: number;
      readonly probeId: number;
      readonly verdict: Verdict;
      readonly hintMs?: number;
    }
  | { readonly type: 'held'; readonly nowMs: number; readonly holder: Holder }
  | { readonly type: 'released'; readonly nowMs: number; readonly by: string }
  | { readonly type: 'reset'; readonly nowMs: number };

/**
 * The circuit's rules, and nothing else: pure, total, and the same object back when nothing changed.
 * Sources: R19-R21; generation per admission as in gobreaker, probe lease and longest stay so that no hung call can
 * keep a circuit half-open for ever.
 */
export function nextCircuitState(
  state: CircuitState,
  event: CircuitEvent,
  options: ResolvedCircuitOptions,
): CircuitState {
  switch (event.type) {
    case 'asked':
      return afterTime(state, event.nowMs, options);
    case 'probe_started':
      return state.name === 'half_open' ? withProbe(state, event.nowMs, options) : state;
    case 'reported':
      return state.name === 'closed' ? afterReport(state, event, options) : state;
    case 'probe_ended':
      return state.name === 'half_open' ? afterProbe(state, event, options) : state;
    case 'held':
      return held(state, event.nowMs, event.holder);
    case 'released':
      return state.name === 'forced_open' ? released(state, event.nowMs, event.by) : state;
    case 'reset':
      return closed(state, event.nowMs, 0);
    default:
      return event satisfies never;
  }
}

/** Slots for probes that nobody holds: neither under way nor used by a verdict. */
export function probesFree(state: HalfOpenState, options: ResolvedCircuitOptions): number {
  return options.halfOpenCalls - state.probes.length - state.successes - state.failures;
}

/** Why figures like these open a circuit, or `undefined`. */
export function tripReason(window: WindowFigures, options: ResolvedCircuitOptions): OpenReason | undefined {
  const { calls, failures, failuresInARow, slow } = window;
  if (options.window === 'run') {
    if (failuresInARow >= options.failureThreshold) return 'failures';
  } else if (
    failures >= options.failureThreshold &&
    calls >= options.minimumCalls &&
    shareOf(failures, calls) >= options.failureRatio
  ) {
    return 'failures';
  }
  if (options.slowCallMs === false || calls < options.slowMinimumCalls) return undefined;
  return shareOf(slow, calls) >= options.slowCallRatio ? 'slow_calls' : undefined;
}

/** A quotient, because 7 of 25 is exactly 0.28 to a computer, while 0.28 * 25 is more than 7. */
function shareOf(part: number, calls: number): number {
  return part / Math.max(1, calls);
}

/** Milliseconds of the cool-down of the n-th opening in a row, from 1; finite for every n. */
export function cooldownOf(openings: number, hintMs: number | undefined, options: ResolvedCircuitOptions): number {
  const grown = options.cooldownMs * options.cooldownFactor ** (openings - 1);
  const wanted = options.cooldownFromFailure ? Math.max(grown, hintMs ?? 0) : grown;
  // A ceiling for hints too: one probe a minute harms nobody, a garbage header would close the feature for days.
  return Math.min(wanted, options.maxCooldownMs);
}

function afterTime(state: CircuitState, nowMs: number, options: ResolvedCircuitOptions): CircuitState {
  switch (state.name) {
    case 'closed':
    case 'forced_open':
      return state;
    case 'open':
      return nowMs >= state.untilMs ? halfOpened(state, nowMs) : state;
    case 'half_open': {
      const probingForMs = nowMs - (state.probingSinceMs ?? nowMs);
      if (probingForMs >= options.maxHalfOpenMs) return opened(state, nowMs, 'no_verdict', undefined, options);
      const probes = state.probes.filter(({ leaseEndsMs }) => nowMs < leaseEndsMs);
      return probes.length === state.probes.length ? state : { ...state, probes };
    }
    default:
      return state satisfies never;
  }
}

function afterReport(
  state: ClosedState,
  { nowMs, window, hintMs }: Extract<CircuitEvent, { type: 'reported' }>,
  options: ResolvedCircuitOptions,
): CircuitState {
  const reason = tripReason(window, options);
  return reason === undefined ? state : opened(state, nowMs, reason, hintMs, options);
}

function withProbe(state: HalfOpenState, nowMs: number, options: ResolvedCircuitOptions): HalfOpenState {
  if (probesFree(state, options) <= 0) return state;
  const probe = { id: state.nextProbeId, leaseEndsMs: nowMs + options.probeLeaseMs };
  return {
    ...state,
    probingSinceMs: state.probingSinceMs ?? nowMs,
    probes: [...state.probes, probe],
    nextProbeId: state.nextProbeId + 1,
  };
}

function afterProbe(
  state: HalfOpenState,
  event: Extract<CircuitEvent, { type: 'probe_ended' }>,
  options: ResolvedCircuitOptions,
): CircuitState {
  const probes = state.probes.filter(({ id }) => id !== event.probeId);
  if (probes.length === state.probes.length) return state; // its lease ran out: it has no say any more
  const successes = state.successes + (event.verdict === 'success' ? 1 : 0);
  const failures = state.failures + (event.verdict === 'failure' ? 1 : 0);
  // Decided as soon as it is certain, not when the last probe reports.
  if (successes >= options.halfOpenSuccesses) return closed(state, event.nowMs, state.openings);
  if (failures > options.halfOpenCalls - options.halfOpenSuccesses) {
    return opened(state, event.nowMs, 'probe_failed', event.hintMs, options);
  }
  // Nobody is out any more: nothing hangs, however long the next call lets us wait.
  const probingSinceMs = probes.length === 0 ? undefined : state.probingSinceMs;
  return { ...state, probingSinceMs, probes, successes, failures };
}

function opened(
  state: ClosedState | HalfOpenState,
  nowMs: number,
  reason: OpenReason,
  hintMs: number | undefined,
  options: ResolvedCircuitOptions,
): OpenState {
  // Only a circuit that stayed closed for a while starts afresh: one lucky probe is no recovery.
  const recovered = state.name === 'closed' && nowMs - state.sinceMs >= options.growthResetMs;
  const openings = recovered ? 1 : state.openings + 1;
  const untilMs = nowMs + cooldownOf(openings, hintMs, options);
  return { name: 'open', generation: state.generation + 1, sinceMs: nowMs, openings, untilMs, reason };
}

function halfOpened(state: OpenState, nowMs: number): HalfOpenState {
  return {
    name: 'half_open',
    generation: state.generation + 1,
    sinceMs: nowMs,
    openings: state.openings,
    probingSinceMs: undefined,
    probes: [],
    nextProbeId: 1,
    successes: 0,
    failures: 0,
    reason: state.reason,
  };
}

function closed(state: CircuitState, nowMs: number, openings: number): ClosedState {
  return { name: 'closed', generation: state.generation + 1, sinceMs: nowMs, openings };
}

function held(state: CircuitState, nowMs: number, holder: Holder): ForcedOpenState {
  if (state.name !== 'forced_open') {
    return {
      name: 'forced_open',
      generation: state.generation + 1,
      sinceMs: nowMs,
      openings: state.openings,
      holders: [holder],
    };
  }
  if (state.holders.some(({ by, reason }) => by === holder.by && reason === holder.reason)) return state;
  return { ...state, holders: [...state.holders.filter(({ by }) => by !== holder.by), holder] };
}

function released(state: ForcedOpenState, nowMs: number, by: string): CircuitState {
  const holders = state.holders.filter((holder) => holder.by !== by);
  if (holders.length === state.holders.length) return state;
  return holders.length === 0 ? closed(state, nowMs, 0) : { ...state, holders };
}
