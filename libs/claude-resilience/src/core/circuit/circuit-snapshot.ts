import type { Clock } from '../clock.port.js';
import type { CircuitState, Holder } from './circuit-state.js';
import type { Circuit } from './circuit.js';

/** A circuit's state as plain JSON. Times are wall time, since a monotonic clock means nothing to another process. */
export interface CircuitSnapshot {
  readonly version: 1;
  readonly feature: string;
  readonly state: 'closed' | 'open' | 'forced_open';
  readonly openings: number;
  readonly sinceWallMs: number;
  /** When `open`: the earliest probe. */
  readonly untilWallMs?: number;
  /** When `forced_open`. */
  readonly holders?: readonly Holder[];
}

/** Half-open is kept as open and due: its probes die with the process. */
export function snapshotCircuit(circuit: Circuit, clock: Clock): CircuitSnapshot {
  const state = circuit.state();
  const toWallMs = (ms: number) => Math.round(clock.wallMs() + ms - clock.nowMs());
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
      return { ...base, state: 'forced_open', holders: state.holders };
    default:
      return state satisfies never;
  }
}

/**
 * Restores what is still valid: people who hold it open, and an open circuit, whose probe may be due at once.
 * Closed is the state of a new circuit anyway. A cool-down can end at most `maxCooldownMs` from now, whatever the
 * snapshot says, so that neither a wrong clock nor a damaged file can wedge a feature.
 *
 * @returns whether anything was restored; `false` for anything that is not a snapshot of this circuit
 */
export function restoreCircuit(circuit: Circuit, snapshot: unknown, clock: Clock): boolean {
  if (!isSnapshotOf(circuit.feature, snapshot) || snapshot.state === 'closed') return false;
  // People hold it open by now: they know more than a file does.
  if (circuit.state().name === 'forced_open') return false;
  // A disabled circuit hears no verdicts: what opened it could never close it.
  if (snapshot.state === 'open' && circuit.options.mode === 'disabled') return false;
  const nowMs = clock.nowMs();
  const wallMs = clock.wallMs();
  const common = {
    generation: circuit.state().generation + 1,
    sinceMs: nowMs - Math.max(0, wallMs - snapshot.sinceWallMs),
    openings: snapshot.openings,
  };
  const restored: CircuitState =
    snapshot.state === 'forced_open'
      ? { ...common, name: 'forced_open', holders: snapshot.holders ?? [] }
      : {
          ...common,
          name: 'open',
          reason: 'restored',
          untilMs: nowMs + Math.min(Math.max(0, (snapshot.untilWallMs ?? 0) - wallMs), circuit.options.maxCooldownMs),
        };
  circuit.adopt(restored);
  return true;
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
    case 'forced_open':
      return Array.isArray(s.holders) && s.holders.length > 0 && s.holders.every(isHolder);
    default:
      return false;
  }
}

function isHolder(value: unknown): value is Holder {
  const holder = value as Partial<Holder> | null;
  return typeof holder === 'object' && typeof holder?.by === 'string' && typeof holder.reason === 'string';
}
