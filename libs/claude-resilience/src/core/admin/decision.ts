import { isSilence } from '../alerts/alert-desk-state.js';
import type { AlertSilence } from '../alerts/alert-silence.js';

/** Somebody holds a circuit. */
export interface HoldDecision {
  readonly kind: 'hold';
  readonly feature: string;
  readonly as: 'open' | 'closed';
  readonly by: string;
  readonly reason: string;
  /** Wall-clock milliseconds; absent: until it is taken back. */
  readonly untilMs?: number;
}

/** Somebody does not want to hear of some alerts. */
export interface SilenceDecision extends AlertSilence {
  readonly kind: 'silence';
}

/** What people decided that lasts. Plain JSON, so that it can be kept, and told to other replicas. */
export type Decision = HoldDecision | SilenceDecision;

/** One that was put down, or taken back by its name. */
export interface DecisionChange {
  /** Of the decision: the next one of the same name replaces it. */
  readonly name: string;
  /** Absent: taken back. */
  readonly decision?: Decision;
}

export const holdName = (feature: string, by: string): string => `hold:${feature}:${by}`;
export const silenceName = (id: string): string => `silence:${id}`;

const LONGEST_NAME = 100;

/** Reads what a store or another replica gave. @returns `undefined` for anything that is no decision */
export function readDecision(value: unknown): Decision | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind } = value as { kind?: unknown };
  if (kind === 'silence') return isSilence(value) ? { ...value, kind } : undefined;
  return kind === 'hold' && isHold(value) ? value : undefined;
}

function isHold(value: object): value is HoldDecision {
  const { feature, as, by, reason, untilMs } = value as Partial<Record<keyof HoldDecision, unknown>>;
  const isName = typeof by === 'string' && by !== '' && by.length <= LONGEST_NAME;
  const hasEnd = untilMs === undefined || Number.isFinite(untilMs);
  return (
    typeof feature === 'string' && (as === 'open' || as === 'closed') && isName && typeof reason === 'string' && hasEnd
  );
}
