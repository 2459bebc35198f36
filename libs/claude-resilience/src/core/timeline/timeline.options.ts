import { OptionReader, show } from '../option-reader.js';

/** How much is remembered of single calls, for operators. */
export interface TimelineOptions {
  /**
   * Correlation ids that are remembered, 10 to 100 000: as many of calls that met trouble, and as many of those that did not,
   * 1.5 kB each, up to 40 kB with 100 steps. The oldest make room. @default 1_000
   */
  readonly maxCalls?: number;
  /** Steps of one correlation id, 10 to 1 000: of more, the first and the last are kept. @default 100 */
  readonly maxSteps?: number;
}

export type ResolvedTimelineOptions = Readonly<Required<TimelineOptions>>;

export const TIMELINE_DEFAULTS: ResolvedTimelineOptions = Object.freeze({ maxCalls: 1_000, maxSteps: 100 });

/** @returns `false` when nothing is remembered */
export function readTimelineOptions(name: string, given: unknown, issues: string[]): ResolvedTimelineOptions | false {
  if (given === false) return false;
  const isSection = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (given !== undefined && given !== true && !isSection) {
    issues.push(`${name}: true, false or an object, got ${show(given)}`);
  }
  const read = new OptionReader(name, isSection ? given : {}, issues);
  const maxCalls = read.integer('maxCalls', TIMELINE_DEFAULTS.maxCalls, { min: 10, max: 100_000 });
  const maxSteps = read.integer('maxSteps', TIMELINE_DEFAULTS.maxSteps, { min: 10, max: 1_000 });
  read.done();
  return Object.freeze({ maxCalls, maxSteps });
}
