import { OptionReader } from '../option-reader.js';

export interface AdaptTimeoutOptions {
  /** The longest that attempts may be given, in milliseconds; at least the feature's `timeoutMs`. */
  readonly maxMs: number;
}
export type ResolvedAdaptTimeoutOptions = Readonly<AdaptTimeoutOptions>;

/** @returns `undefined` where it is not allowed: the default */
export function readAdaptTimeoutOptions(
  path: string,
  given: unknown,
  timeoutMs: number,
  issues: string[],
): ResolvedAdaptTimeoutOptions | undefined {
  if (given === undefined || given === false) return undefined;
  const read = new OptionReader(path, given, issues);
  if (read.take('maxMs') === undefined) read.reject('maxMs', `milliseconds, at least ${timeoutMs}`, undefined);
  const options = { maxMs: read.milliseconds('maxMs', timeoutMs, { min: timeoutMs }) };
  read.done();
  return Object.freeze(options);
}
