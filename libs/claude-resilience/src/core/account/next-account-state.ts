import type { AccountEvidence } from './account-evidence.js';
import type { AccountFailure, AccountState, StoppedAccount, WorkingAccount } from './account-state.js';
import { probeWaitsOf, type ResolvedAccountOptions } from './account.options.js';

/** Leave to send one request, and when it was given. */
export interface AccountTicket {
  readonly generation: number;
  /** Set for the probe of a stopped account. */
  readonly probeId: number | undefined;
}

export type AccountEvent =
  /** A call was let through; only if `heldForMs` says 0. */
  | { readonly type: 'admitted'; readonly nowMs: number }
  /** It ended. `wallMs`: milliseconds since the epoch, for the date of return. */
  | {
      readonly type: 'reported';
      readonly nowMs: number;
      readonly wallMs: number;
      readonly ticket: AccountTicket;
      readonly evidence: AccountEvidence;
    }
  /** Another call goes in its place: the slot is free at once. */
  | { readonly type: 'released'; readonly ticket: AccountTicket };

/** After a known date, so that clocks a little apart do not spend the probe too early. */
const DATE_MARGIN_MS = 1_000;
/** Asking again makes sense in a moment: nobody knows when a probe ends. */
const UNKNOWN_WAIT_MS = 1_000;

/**
 * When calls of a credential stop, and when they go on; pure, total, and the same object back when nothing changed.
 * One refused request stops all of them; then one call at a time is the probe. No wait of seconds heals a spent limit,
 * yet nothing stops for ever: whole services have refused valid keys for an hour.
 */
export function nextAccountState(
  state: AccountState,
  event: AccountEvent,
  options: ResolvedAccountOptions,
): AccountState {
  switch (event.type) {
    case 'admitted':
      return state.name === 'stopped' && heldForMs(state, event.nowMs, options) === 0
        ? withProbe(state, event.nowMs)
        : state;
    case 'reported':
      if (event.ticket.generation !== state.generation) return state;
      return state.name === 'working' ? afterCall(state, event, options) : afterProbe(state, event, options);
    case 'released':
      return state.name === 'stopped' && holdsSlot(state, event.ticket) ? { ...state, probe: undefined } : state;
    default:
      return event satisfies never;
  }
}

/** Milliseconds for which a call would be held back, at least 1; 0 when one would pass now. */
export function heldForMs(state: AccountState, nowMs: number, options: ResolvedAccountOptions): number {
  if (state.name === 'working') return 0;
  if (state.probe !== undefined) {
    const leaseLeftMs = state.probe.startedAtMs + options.probeLeaseMs - nowMs;
    return leaseLeftMs <= 0 ? 0 : Math.max(1, Math.ceil(Math.min(leaseLeftMs, UNKNOWN_WAIT_MS)));
  }
  return state.probeAtMs <= nowMs ? 0 : Math.max(1, Math.ceil(state.probeAtMs - nowMs));
}

type Reported = Extract<AccountEvent, { type: 'reported' }>;

function afterCall(state: WorkingAccount, event: Reported, options: ResolvedAccountOptions): AccountState {
  if (event.evidence.says !== 'refused') return state;
  return {
    name: 'stopped',
    generation: state.generation + 1,
    sinceMs: event.nowMs,
    failure: event.evidence.failure,
    probeAtMs: event.nowMs + waitMs(event.evidence.failure, 0, event.wallMs, options),
    probesMade: 0,
    refusals: 0,
    probe: undefined,
  };
}

function afterProbe(state: StoppedAccount, event: Reported, options: ResolvedAccountOptions): AccountState {
  const { evidence, nowMs } = event;
  // Also from a probe that lost its slot: it was sent after the last refusal, so it knows better. Were it not heard,
  // calls slower than the lease could never resume anything.
  if (evidence.says === 'works') return { name: 'working', generation: state.generation + 1, sinceMs: nowMs };
  if (!holdsSlot(state, event.ticket)) return state;
  if (evidence.says === 'refused') return refusedAgain(state, evidence.failure, event, options);
  // Proves nothing, so the wait does not grow; all the same, an outage must not make every call a probe.
  const { probeAfterMs } = probeWaitsOf(state.failure.kind, options);
  const probeAtMs = nowMs + untilDateAtMost(probeAfterMs, state.failure, event.wallMs);
  return { ...state, probe: undefined, probeAtMs };
}

function refusedAgain(
  state: StoppedAccount,
  failure: AccountFailure,
  { nowMs, wallMs }: Reported,
  options: ResolvedAccountOptions,
): StoppedAccount {
  // The date has come and it is still shut: from here on nobody knows, so look more often again.
  const wasDue = (state.failure.accessReturnsAtMs ?? Infinity) <= wallMs;
  const refusals = wasDue ? 0 : state.refusals + 1;
  return {
    ...state,
    generation: state.generation + 1,
    failure,
    probeAtMs: nowMs + waitMs(failure, refusals, wallMs, options),
    refusals,
    probe: undefined,
  };
}

/** Milliseconds to the next probe; finite for every number of refusals, and never much later than the known date. */
function waitMs(failure: AccountFailure, refusals: number, wallMs: number, options: ResolvedAccountOptions): number {
  const { probeAfterMs, maxProbeAfterMs } = probeWaitsOf(failure.kind, options);
  return untilDateAtMost(Math.min(maxProbeAfterMs, probeAfterMs * 2 ** refusals), failure, wallMs);
}

function untilDateAtMost(wantedMs: number, { accessReturnsAtMs }: AccountFailure, wallMs: number): number {
  if (accessReturnsAtMs === undefined || accessReturnsAtMs <= wallMs) return wantedMs;
  return Math.min(wantedMs, accessReturnsAtMs - wallMs + DATE_MARGIN_MS);
}

function withProbe(state: StoppedAccount, nowMs: number): StoppedAccount {
  const id = state.probesMade + 1;
  return { ...state, probesMade: id, probe: { id, startedAtMs: nowMs } };
}

function holdsSlot({ generation, probe }: StoppedAccount, ticket: AccountTicket): boolean {
  return generation === ticket.generation && probe !== undefined && probe.id === ticket.probeId;
}
