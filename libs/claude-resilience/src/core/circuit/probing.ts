import type { CircuitEvent } from './circuit-event.js';
import { closedAfter, type CircuitState, type HalfOpenState, type OpenState, type Probe } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { openedAfter } from './cool-down.js';

/*
 * Half-open (R21). `halfOpenCalls` slots, each for one probe and its verdict. A probe that is silent must not be waited
 * for: in an outage where requests hang until their timeout that is a minute. So, when every slot is taken and no probe
 * was let in for the probe interval, one more is, in the slot of the oldest, which goes on without one (`handed_on`),
 * together with at most `maxSilentProbes` of its kind. What is heard then:
 *
 * - a success of any of them counts: it answers now, whenever it was sent;
 * - a failure counts from a probe that holds a slot. From one without it only gives its place back: it tells of the time
 *   when it was sent, and the younger one in its slot will tell of a later time. A timeout of a minute ago must not open
 *   a circuit for another minute while a fresh probe is about to succeed;
 * - a failure that opens ends the stay, so the silent ones are of an earlier generation: they were sent before the one
 *   that failed, and judge nothing.
 *
 * The interval does not grow as the cool-down does: a probe that hangs in the tenth minute of an outage would hold up the
 * recovery for another minute, which is what relief is for. By default it is `cooldownMs`, or longer where leases are so
 * long that all silent places would be taken before the first is free again.
 */

export function halfOpenedAfter(state: OpenState, nowMs: number): HalfOpenState {
  return {
    name: 'half_open',
    generation: state.generation + 1,
    sinceMs: nowMs,
    openings: state.openings,
    probingSinceMs: undefined,
    lastProbeMs: undefined,
    probes: [],
    nextProbeId: 1,
    successes: 0,
    failures: 0,
    reason: state.reason,
  };
}

/** Probes that would be let in at `nowMs`: slots that nobody holds, or one if a silent probe may be relieved. */
export function probesFree(state: HalfOpenState, nowMs: number, options: ResolvedCircuitOptions): number {
  const free = slotsFree(state, options);
  return free > 0 ? free : nowMs >= reliefDueMs(state, options) ? 1 : 0;
}

/** From when on, inclusive, a probe is let in, if none of those under way ends before; `Clock.nowMs`. */
export function nextProbeMs(state: HalfOpenState, options: ResolvedCircuitOptions): number {
  if (slotsFree(state, options) > 0) return state.sinceMs;
  let dueMs = reliefDueMs(state, options);
  for (const { slot, leaseEndsMs } of state.probes) if (slot === 'held') dueMs = Math.min(dueMs, leaseEndsMs);
  return dueMs;
}

export function withProbe(state: HalfOpenState, nowMs: number, options: ResolvedCircuitOptions): HalfOpenState {
  if (probesFree(state, nowMs, options) === 0) return state;
  const isRelief = slotsFree(state, options) <= 0;
  const probe: Probe = { id: state.nextProbeId, leaseEndsMs: nowMs + options.probeLeaseMs, slot: 'held' };
  const others = isRelief ? withOldestRelieved(state.probes) : state.probes;
  return {
    ...state,
    probingSinceMs: state.probingSinceMs ?? nowMs,
    lastProbeMs: nowMs,
    probes: [...others, probe],
    nextProbeId: state.nextProbeId + 1,
  };
}

/** Ends leases, and the whole stay when it was too long. */
export function whileProbing(state: HalfOpenState, nowMs: number, options: ResolvedCircuitOptions): CircuitState {
  const probingForMs = nowMs - (state.probingSinceMs ?? nowMs);
  if (probingForMs >= options.maxHalfOpenMs) return openedAfter(state, nowMs, 'no_verdict', {}, options);
  const isUnderWay = ({ leaseEndsMs }: Probe) => nowMs < leaseEndsMs;
  return state.probes.every(isUnderWay) ? state : { ...state, probes: state.probes.filter(isUnderWay) };
}

export function afterProbe(
  state: HalfOpenState,
  event: Extract<CircuitEvent, { type: 'probe_ended' }>,
  options: ResolvedCircuitOptions,
): CircuitState {
  const ended = state.probes.find(({ id }) => id === event.probeId);
  if (ended === undefined) return state; // its lease ran out: it has no say any more
  const probes = state.probes.filter((probe) => probe !== ended);
  const successes = state.successes + (event.verdict === 'success' ? 1 : 0);
  const failures = state.failures + (event.verdict === 'failure' && ended.slot === 'held' ? 1 : 0);
  // Decided as soon as it is certain, not when the last probe reports.
  if (successes >= options.halfOpenSuccesses) return closedAfter(state, event.nowMs, state.openings);
  if (failures > options.halfOpenCalls - options.halfOpenSuccesses) {
    return openedAfter(state, event.nowMs, 'probe_failed', event, options);
  }
  // Nobody is out any more: nothing hangs, however long the next call lets us wait.
  const probingSinceMs = probes.length === 0 ? undefined : state.probingSinceMs;
  return { ...state, probingSinceMs, probes, successes, failures };
}

/** Slots that neither a probe holds nor a verdict used. Below 0 after a success of a probe that had handed on its slot. */
function slotsFree(state: HalfOpenState, options: ResolvedCircuitOptions): number {
  return options.halfOpenCalls - countHeld(state) - state.successes - state.failures;
}

function countHeld({ probes }: HalfOpenState): number {
  let held = 0;
  for (const { slot } of probes) if (slot === 'held') held++;
  return held;
}

/** When a silent probe may hand its slot on: after the interval, and once fewer than may be are out without a slot. */
function reliefDueMs(state: HalfOpenState, options: ResolvedCircuitOptions): number {
  const dueMs = (state.lastProbeMs ?? state.sinceMs) + options.probeIntervalMs;
  if (state.probes.length - countHeld(state) < options.maxSilentProbes) return dueMs;
  const oldest = state.probes.find(({ slot }) => slot === 'handed_on'); // leases end in the order of the probes
  return Math.max(dueMs, oldest?.leaseEndsMs ?? Infinity);
}

function withOldestRelieved(probes: readonly Probe[]): readonly Probe[] {
  const oldest = probes.find(({ slot }) => slot === 'held');
  return probes.map((probe) => (probe === oldest ? { ...probe, slot: 'handed_on' } : probe));
}
