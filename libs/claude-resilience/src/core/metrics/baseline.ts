import type { LogSketch } from './log-sketch.js';

const DAY_MS = 86_400_000;
/** Makes a median absolute deviation comparable to a standard deviation. */
const NORMAL = 1.4826;

/** What was measured in one slot of 5 minutes. */
export interface BaselinePoint {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly value: number;
  /** What the value was made of. */
  readonly samples: number;
  /** Something was known to be wrong. */
  readonly isUnwell: boolean;
}

export interface BaselineRules {
  /** How far it looks back, in milliseconds. */
  readonly windowMs: number;
  /** A slot with fewer samples teaches nothing. */
  readonly minSamples: number;
  /** Slots needed before it says anything. */
  readonly minSlots: number;
  /** Milliseconds after which what was wrong all the time is what is usual now. */
  readonly maxUnwellMs: number;
}

/** As measured in the project's notes on alerting, section 4.3. */
export const BASELINE_RULES: BaselineRules = Object.freeze({
  windowMs: 7 * DAY_MS,
  minSamples: 50,
  minSlots: 60,
  maxUnwellMs: DAY_MS,
});

/** What is usual: nothing yet, or the middle of what was, and how far from it half of them were. */
export type Baseline =
  | { readonly state: 'learning'; readonly slots: number; readonly slotsNeeded: number }
  | { readonly state: 'ready'; readonly slots: number; readonly median: number; readonly mad: number };

/**
 * What is usual, by the middle of a week (R31). Neither an outage of some hours nor a bad day moves it far; slots in which
 * something was wrong are left out, for a day at most: then it was a change, and not an outage.
 *
 * @param points the oldest first; those before the window may be among them, and say how long it has been bad
 */
export function baselineOf(points: readonly BaselinePoint[], nowMs: number, rules = BASELINE_RULES): Baseline {
  const values = usablePoints(points, nowMs, rules).map(({ value }) => value);
  const slots = values.length;
  if (slots < rules.minSlots) return { state: 'learning', slots, slotsNeeded: rules.minSlots };
  const median = medianOf(values);
  return { state: 'ready', slots, median, mad: medianOf(values.map((value) => Math.abs(value - median))) };
}

/** Those that may be learnt from, the oldest first. */
export function usablePoints(
  points: readonly BaselinePoint[],
  nowMs: number,
  { windowMs, minSamples, maxUnwellMs }: BaselineRules,
): readonly BaselinePoint[] {
  let unwellSinceMs: number | undefined;
  const usable: BaselinePoint[] = [];
  for (const point of points) {
    const { startMs, samples, isUnwell } = point;
    // Few calls, or none, do not show that it is well again.
    if (!isUnwell && samples >= minSamples) unwellSinceMs = undefined;
    if (isUnwell) unwellSinceMs ??= startMs;
    const isTaught = !isUnwell || startMs - (unwellSinceMs ?? startMs) >= maxUnwellMs;
    if (isTaught && samples >= minSamples && startMs >= nowMs - windowMs && startMs < nowMs) usable.push(point);
  }
  return usable;
}

/** How many times the usual a value is; `undefined` while nobody knows. */
export function timesUsual(value: number, baseline: Baseline): number | undefined {
  return baseline.state === 'ready' && baseline.median > 0 ? value / baseline.median : undefined;
}

/**
 * How many values were above so many times the usual. A 95th percentile of 50 calls hangs on two of them: that at least 5
 * are slow makes an alert at 10 calls a minute believable, where durations spread widely (simulated, ln(ms) deviating by 0.9:
 * 0.6 false alerts a week instead of 16; three times the usual is found 2 minutes later).
 */
export function countAbove(sketch: LogSketch, times: number, baseline: Baseline): number | undefined {
  return baseline.state === 'ready' ? sketch.count - sketch.countUpTo(times * baseline.median) : undefined;
}

/**
 * How far off a value is, in robust standard deviations; `undefined` while nobody knows.
 *
 * @param leastDeviation what is always the same must not make the smallest change look large
 */
export function robustZ(value: number, baseline: Baseline, leastDeviation: number): number | undefined {
  if (baseline.state === 'learning') return undefined;
  return (value - baseline.median) / Math.max(leastDeviation, NORMAL * baseline.mad);
}

function medianOf(values: readonly number[]): number {
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
}
