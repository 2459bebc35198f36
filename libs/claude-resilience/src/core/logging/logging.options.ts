import { OptionReader, show } from '../option-reader.js';

/** How much is written. */
export interface LoggingOptions {
  /**
   * Lines written in a second of one kind: event, level, feature and type of error. The first of a kind is among them, and
   * those beyond it are counted in a line of their own. That is for what every call of a storm writes: attempts, retries,
   * calls and deferred requests that failed, fallbacks. Calls that were served, circuits, accounts, alerts, budgets and
   * what operators did are never left out. 1 to 10 000; `false`: all of them, whatever happens. @default 10
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
