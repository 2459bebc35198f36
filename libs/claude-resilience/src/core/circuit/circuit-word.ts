import type { OpenReason } from './circuit-state.js';

/**
 * What a replica tells of one circuit that is not plainly closed, or that its own probes closed lately. Nothing in it
 * changes unless something happened: the same again costs nothing. Counts are those since the replica's start.
 */
export interface CircuitWord {
  readonly state: 'open' | 'closed';
  /** Wall-clock milliseconds; for people, since clocks of machines differ. */
  readonly sinceWallMs: number;
  readonly reason?: OpenReason;
  /** What its window held when it opened by its own calls. */
  readonly calls: number;
  readonly failures: number;
  /** Times it opened by what happened at that replica; absent: it has only been told, and is no evidence. */
  readonly evidence?: number;
  /** By which models its feature failed there, as `platform:model`. */
  readonly models?: readonly string[];
  /** Absent: it has not probed since the circuit opened. */
  readonly probes?: ProbesWord;
}

export interface ProbesWord {
  readonly started: number;
  readonly failed: number;
  readonly answered: number;
  /** Openings in a row, and the cool-down in milliseconds that followed the last failed one. */
  readonly openings: number;
  readonly coolDownMs: number;
}

/** What a replica tells of its circuits. */
export interface CircuitsWord {
  /** Names of circuits it has calls for: it would notice. */
  readonly calls: ReadonlySet<string>;
  /** By name, as of `featureCircuit` and `modelCircuit`. */
  readonly circuits: ReadonlyMap<string, CircuitWord>;
}

export const MODEL_PREFIX = 'model:';
export const featureCircuit = (feature: string) => `feature:${feature}`;
export const modelCircuit = (model: string) => MODEL_PREFIX + model;

/** Of one replica. Beyond them nothing is read. */
const MOST_CIRCUITS = 200;
const MOST_MODELS = 32;
const LONGEST_NAME = 300;
const NO_PROBES: ProbesWord = { started: 0, failed: 0, answered: 0, openings: 0, coolDownMs: 0 };

export const probesOf = ({ probes }: CircuitWord): ProbesWord => probes ?? NO_PROBES;

/** Reads what came over the wire; what makes no sense is left out. */
export function readCircuitsWord(value: unknown): CircuitsWord {
  const { calls, circuits } = recordOf(value);
  const names = Array.isArray(calls) ? calls.filter(isName).slice(0, MOST_CIRCUITS) : [];
  const words = Object.entries(recordOf(circuits)).slice(0, MOST_CIRCUITS);
  return {
    calls: new Set(names),
    circuits: new Map(
      words.flatMap(([name, given]) => {
        const word = readWord(recordOf(given));
        return word === undefined || !isName(name) ? [] : [[name, word] as const];
      }),
    ),
  };
}

function readWord(given: Readonly<Record<string, unknown>>): CircuitWord | undefined {
  const { state, sinceWallMs, reason, calls, failures, evidence, models, probes } = given;
  if (state !== 'open' && state !== 'closed') return undefined;
  if (!isCount(sinceWallMs) || !isCount(calls) || !isCount(failures)) return undefined;
  const told = readProbes(recordOf(probes));
  return {
    state,
    sinceWallMs,
    calls,
    failures,
    ...(isReason(reason) && { reason }),
    ...(isCount(evidence) && evidence > 0 && { evidence }),
    ...(Array.isArray(models) && { models: models.filter(isName).slice(0, MOST_MODELS) }),
    ...(told !== undefined && { probes: told }),
  };
}

function readProbes({ started, failed, answered, openings, coolDownMs }: Readonly<Record<string, unknown>>) {
  const isWhole = isCount(started) && isCount(failed) && isCount(answered) && isCount(openings) && isCount(coolDownMs);
  return isWhole ? { started, failed, answered, openings, coolDownMs } : undefined;
}

const REASONS: Readonly<Record<OpenReason, true>> = {
  failures: true,
  slow_calls: true,
  probe_failed: true,
  no_verdict: true,
  restored: true,
  fleet: true,
};

function isReason(value: unknown): value is OpenReason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_NAME;
}

/** Whole, and small enough to be counted on. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : {};
}
