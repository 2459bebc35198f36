import {
  BASELINE_RULES,
  robustZ,
  usablePoints,
  type Baseline,
  type BaselinePoint,
  type BaselineRules,
} from './baseline.js';
import type { LogSketch } from './log-sketch.js';

/** Tokens per request, in means of ln(tokens): of section 4.4 of the project's notes on alerting. */
export const TOKEN_RULES: BaselineRules = Object.freeze({ ...BASELINE_RULES, minSamples: 20 });
/** Costs of 5 minutes: one call is enough. */
export const SPEND_RULES: BaselineRules = Object.freeze({ ...BASELINE_RULES, minSamples: 1 });

/** The least deviation of a mean of ln(tokens), and of ln(tokens) of one call: 2 %, and 10 %. */
const LEAST_OF_MEANS = 0.02;
const LEAST_OF_CALLS = 0.1;
/** Calls needed to say of another that it is odd. */
export const LEAST_CALLS = 60;
const NORMAL = 1.4826;

/** Tokens of a request now, against what is usual (R33). */
export interface TokenShift {
  /** e to the mean of ln(tokens). */
  readonly typical: number;
  readonly samples: number;
  /** The same, as usual; absent while it is being learnt. */
  readonly usual?: number;
  /** How far the mean of ln(tokens) is off, in robust standard deviations of such means. */
  readonly robustZ?: number;
}

/**
 * Compares the tokens of requests now with those of a week. Above 4 deviations and 1.5 times the usual, of 20 requests and
 * more, it is a shift: healthy traffic of any spread has none.
 *
 * @param lnTokens sum of ln(tokens) of the requests now
 * @param baseline of means of ln(tokens), by `TOKEN_RULES`
 * @returns `undefined` when there are none
 */
export function tokenShiftOf(
  { lnTokens, samples }: { readonly lnTokens: number; readonly samples: number },
  baseline: Baseline,
): TokenShift | undefined {
  if (samples === 0) return undefined;
  const mean = lnTokens / samples;
  const now = { typical: Math.exp(mean), samples };
  const z = robustZ(mean, baseline, LEAST_OF_MEANS);
  if (baseline.state === 'learning' || z === undefined) return now;
  return { ...now, usual: Math.exp(baseline.median), robustZ: z };
}

/** How ln(tokens) of calls lie: their middle, and a robust standard deviation. */
export interface TokenSpread {
  readonly median: number;
  readonly deviation: number;
}

/** @returns `undefined` below 60 calls */
export function spreadOf(calls: LogSketch): TokenSpread | undefined {
  if (calls.count < LEAST_CALLS) return undefined;
  const lns = [...calls.buckets()].map(([value, count]) => ({ ln: Math.log(Math.max(1, value)), count }));
  const median = weightedMedian(lns);
  const mad = weightedMedian(lns.map(({ ln, count }) => ({ ln: Math.abs(ln - median), count })));
  return { median, deviation: Math.max(LEAST_OF_CALLS, NORMAL * mad) };
}

/**
 * How odd the tokens of one call are among those of others, in robust standard deviations of ln(tokens). Above 5 it is worth
 * a word in the log, and no alert.
 */
export function oddnessOf(tokens: number, { median, deviation }: TokenSpread): number {
  return (Math.log(Math.max(1, tokens)) - median) / deviation;
}

/**
 * The 99th percentile of what 5 minutes cost in a week, in US dollars: three times that is a spike (R34), whatever a shift
 * says, since a few calls that run away hardly move a mean. Spans without calls are not among them.
 *
 * @param points costs @returns `undefined` while it is being learnt
 */
export function usualSpendOf(points: readonly BaselinePoint[], nowMs: number): number | undefined {
  const costs = usablePoints(points, nowMs, SPEND_RULES).map(({ value }) => value);
  if (costs.length < SPEND_RULES.minSlots) return undefined;
  return Float64Array.from(costs).sort()[Math.ceil(0.99 * costs.length) - 1];
}

function weightedMedian(values: readonly { readonly ln: number; readonly count: number }[]): number {
  const sorted = [...values].sort((one, other) => one.ln - other.ln);
  let left = sorted.reduce((sum, { count }) => sum + count, 0) / 2;
  return sorted.find(({ count }) => (left -= count) <= 0)?.ln ?? Number.NaN;
}
