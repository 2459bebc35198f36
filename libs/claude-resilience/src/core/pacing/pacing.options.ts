import { OptionReader, show } from '../option-reader.js';

/**
 * How attempts are spaced: by what the rate-limit headers say is left, so that a 429 does not happen; after one, by
 * what it asked; after an outage, by what succeeds. Per credential and model class.
 */
export interface PacingOptions {
  /** Share of every limit left to others (other replicas, other applications); 0 to 0.99. @default 0 */
  readonly headroomRatio?: number;
  /** Attempts that may wait for a turn, per bucket; beyond it the newest of the least urgent is refused. From 0. @default 10_000 */
  readonly maxWaiting?: number;
  /** Attempts under way at a time, per bucket; integer from 1. @default none, until a 429 without headers teaches one */
  readonly maxConcurrency?: number;
  /**
   * Milliseconds after which a waiting attempt is aged; every eighth turn, every hundredth while more interactive attempts
   * arrive than can be admitted, goes to the one that is so longest. Above 0. @default 10_000
   */
  readonly ageingMs?: number;
  /** Share of the usual rate to begin with after an outage; above 0, to 1 (no slow start). @default 0.3 */
  readonly rampStartRatio?: number;
  /** Factor by which that rate grows with each window of successes; above 1. @default 2 */
  readonly rampGrowth?: number;
}
export type ResolvedPacingOptions = Readonly<Required<PacingOptions>>;

export const PACING_DEFAULTS: ResolvedPacingOptions = Object.freeze({
  headroomRatio: 0,
  maxWaiting: 10_000,
  maxConcurrency: Infinity,
  ageingMs: 10_000,
  rampStartRatio: 0.3,
  rampGrowth: 2,
});

/** @returns `false` when pacing is switched off */
export function readPacingOptions(path: string, given: unknown, issues: string[]): ResolvedPacingOptions | false {
  if (given === false) return false;
  if (given === true || typeof given === 'string') {
    issues.push(`${path}: false, or an object of options, got ${show(given)}`);
    return PACING_DEFAULTS;
  }
  const read = new OptionReader(path, given, issues);
  const defaults = PACING_DEFAULTS;
  const options: ResolvedPacingOptions = {
    headroomRatio: read.ratio('headroomRatio', defaults.headroomRatio, { min: 0, max: 0.99 }),
    maxWaiting: read.integer('maxWaiting', defaults.maxWaiting, { min: 0 }),
    maxConcurrency: read.integer('maxConcurrency', defaults.maxConcurrency, { min: 1 }),
    ageingMs: read.milliseconds('ageingMs', defaults.ageingMs, { above: 0 }),
    rampStartRatio: read.ratio('rampStartRatio', defaults.rampStartRatio, { above: 0, max: 1 }),
    rampGrowth: read.number('rampGrowth', defaults.rampGrowth, { above: 1, max: 100 }),
  };
  read.done();
  return Object.freeze(options);
}
