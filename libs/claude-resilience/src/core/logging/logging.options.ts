import { OptionReader, show } from '../option-reader.js';

/** How much is written. */
export interface LoggingOptions {
  /**
   * Lines a second of one kind (event, feature and type of error) from which on only a sample is written, with a count of those
   * left out: of failed attempts, announced retries, failed calls and refused requests. 1 to 10 000; `false`: all of
   * them, whatever happens. Errors that an operator must mend, circuits and alerts are never left out. @default 10
   */
  readonly sampleAbovePerSecond?: number | false;
  /** Milliseconds between two counts of what was left out, 1 000 to 600 000. @default 10_000 */
  readonly countEveryMs?: number;
}

export interface ResolvedLoggingOptions {
  /** `Infinity`: all of them. */
  readonly sampleAbovePerSecond: number;
  readonly countEveryMs: number;
}

/** @returns `false` when nothing is written */
export function readLoggingOptions(name: string, given: unknown, issues: string[]): ResolvedLoggingOptions | false {
  if (given === false) return false;
  const isSection = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (given !== undefined && given !== true && !isSection) {
    issues.push(`${name}: true, false or an object, got ${show(given)}`);
  }
  const section = isSection ? given : {};
  const isUnbounded = (section as LoggingOptions).sampleAbovePerSecond === false;
  const read = new OptionReader(name, isUnbounded ? { ...section, sampleAbovePerSecond: undefined } : section, issues);
  const perSecond = read.integer('sampleAbovePerSecond', 10, { min: 1, max: 10_000 });
  const countEveryMs = read.milliseconds('countEveryMs', 10_000, { min: 1_000, max: 600_000 });
  read.done();
  return Object.freeze({ sampleAbovePerSecond: isUnbounded ? Infinity : perSecond, countEveryMs });
}
