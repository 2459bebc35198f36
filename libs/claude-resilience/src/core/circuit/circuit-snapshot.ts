import type { Clock } from '../clock.port.js';
import type { CircuitState, Holder } from './circuit-state.js';
import type { Circuit } from './circuit.js';
import { heldBy } from './holding.js';

/** A circuit's state as plain JSON. Times are wall time, since a monotonic clock means nothing to another process. */
export interface CircuitSnapshot {
  readonly version: 1;
  readonly feature: string;
  readonly state: 'closed' | 'open' | 'forced_open' | 'forced_closed';
  readonly openings: number;
  readonly sinceWallMs: number;
  /** When `open`: the earliest probe. */
  readonly untilWallMs?: number;
  /** When held: by whom. At most 100, as `overruled` is, with texts of bounded length. */
  readonly holders?: readonly KeptHolder[];
  /** When `forced_open`, and somebody wants it closed: who. */
  readonly overruled?: readonly KeptHolder[];
}

export interface KeptHolder {
  readonly by: string;
  readonly reason: string;
  readonly untilWallMs?: number;
}

/** Half-open is kept as open and due: its probes die with the process. */
export function snapshotCircuit(circuit: Circuit, clock: Clock): CircuitSnapshot {
  const state = circuit.state();
  const toWallMs = (ms: number) => Math.round(clock.wallMs() + ms - clock.nowMs());
  const keep = ({ by, reason, untilMs }: Holder): KeptHolder => ({
    by,
    reason,
    ...(untilMs !== undefined && { untilWallMs: toWallMs(untilMs) }),
  });
  const base = {
    version: 1,
    feature: circuit.feature,
    openings: state.openings,
    sinceWallMs: toWallMs(state.sinceMs),
  } as const;
  switch (state.name) {
    case 'closed':
      return { ...base, state: 'closed' };
    case 'open':
      return { ...base, state: 'open', untilWallMs: toWallMs(state.untilMs) };
    case 'half_open':
      return { ...base, state: 'open', untilWallMs: toWallMs(state.sinceMs) };
    case 'forced_open':
      return {
        ...base,
        state: 'forced_open',
        holders: state.holders.map(keep),
        ...(state.overruled.length > 0 && { overruled: state.overruled.map(keep) }),
      };
    case 'forced_closed':
      return { ...base, state: 'forced_closed', holders: state.holders.map(keep) };
    default:
      return state satisfies never;
  }
}

/**
 * Restores what is still valid: people who hold it, and an open circuit, whose probe may be due at once. Closed is the
 * state of a new circuit anyway. A cool-down can end at most `maxCooldownMs` from now, whatever the snapshot says, so
 * that neither a wrong clock nor a damaged file can wedge a feature. Holds go through the same door as new ones: what is
 * over, nameless or one too many stays out.
 *
 * @returns whether anything was restored; `false` for anything that is not a snapshot of this circuit
 */
export function restoreCircuit(circuit: Circuit, snapshot: unknown, clock: Clock): boolean {
  if (!isSnapshotOf(circuit.feature, snapshot) || snapshot.state === 'closed') return false;
  const present = circuit.state();
  // People hold it by now: they know more than a file does.
  if (present.name === 'forced_open' || present.name === 'forced_closed') return false;
  const nowMs = clock.nowMs();
  const common = {
    generation: present.generation + 1,
    sinceMs: nowMs - Math.max(0, clock.wallMs() - snapshot.sinceWallMs),
    openings: snapshot.openings,
  };
  if (snapshot.state === 'open') {
    // A disabled circuit hears no verdicts: what opened it could never close it.
    if (circuit.options.mode === 'disabled') return false;
    const restMs = Math.max(0, (snapshot.untilWallMs ?? 0) - clock.wallMs());
    const untilMs = nowMs + Math.min(restMs, circuit.options.maxCooldownMs);
    circuit.adopt({ ...common, name: 'open', reason: 'restored', untilMs });
    return true;
  }
  const held = restoreHolds({ ...common, name: 'closed' }, snapshot, clock);
  if (held.name === 'closed') return false;
  circuit.adopt({ ...held, ...common });
  return true;
}

function restoreHolds(state: CircuitState, snapshot: CircuitSnapshot, clock: Clock): CircuitState {
  const nowMs = clock.nowMs();
  const toHolder = ({ by, reason, untilWallMs }: KeptHolder): Holder => ({
    by,
    reason,
    ...(untilWallMs !== undefined && { untilMs: nowMs + untilWallMs - clock.wallMs() }),
  });
  const hold = (before: CircuitState, as: 'open' | 'closed', kept: readonly KeptHolder[] = []) =>
    kept.reduce((held, holder) => heldBy(held, nowMs, as, toHolder(holder)), before);
  const isOpen = snapshot.state === 'forced_open';
  const closed = hold(state, 'closed', isOpen ? snapshot.overruled : snapshot.holders);
  return isOpen ? hold(closed, 'open', snapshot.holders) : closed;
}

function isSnapshotOf(feature: string, value: unknown): value is CircuitSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  const s = value as Partial<Record<keyof CircuitSnapshot, unknown>>;
  if (s.version !== 1 || s.feature !== feature) return false;
  if (!Number.isSafeInteger(s.openings) || (s.openings as number) < 0 || !Number.isFinite(s.sinceWallMs)) return false;
  switch (s.state) {
    case 'closed':
      return true;
    case 'open':
      return Number.isFinite(s.untilWallMs);
    case 'forced_closed':
      return isHolders(s.holders) && s.holders.length > 0;
    case 'forced_open':
      return isHolders(s.holders) && s.holders.length > 0 && (s.overruled === undefined || isHolders(s.overruled));
    default:
      return false;
  }
}

function isHolders(value: unknown): value is readonly KeptHolder[] {
  return Array.isArray(value) && value.every(isHolder);
}

function isHolder(value: unknown): value is KeptHolder {
  if (typeof value !== 'object' || value === null) return false;
  const { by, reason, untilWallMs } = value as Partial<Record<keyof KeptHolder, unknown>>;
  const hasEnd = untilWallMs === undefined || Number.isFinite(untilWallMs);
  return typeof by === 'string' && typeof reason === 'string' && hasEnd;
}
