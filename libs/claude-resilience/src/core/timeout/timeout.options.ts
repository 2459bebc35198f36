import type { OptionReader } from '../option-reader.js';

/** Limits for the parts of one whole answer, inside `timeoutMs`: above it they would be without effect, and are refused. */
export interface TimeoutOptions {
  /**
   * Longest wait for the headers of an answer, in milliseconds, above 0, at most `timeoutMs`. The API sends them when the
   * model is done, so this is its time to write; those of a stream come at once. @default timeoutMs
   */
  readonly headersMs?: number;
  /**
   * Longest time from the headers to the end of the body, in milliseconds, above 0, at most `timeoutMs`. Not for streams:
   * they have `stream.idleMs`. @default what is left of timeoutMs
   */
  readonly bodyMs?: number;
}
/** `Infinity`: as long as the attempt may take. */
export type ResolvedTimeoutOptions = Readonly<Required<TimeoutOptions>>;

/**
 * @param shared what all features have, where this one says nothing; in a feature with a shorter `timeoutMs` that one ends
 *   the attempt, and it is no mistake
 */
export function readTimeoutOptions(
  read: OptionReader,
  timeoutMs: number,
  shared: ResolvedTimeoutOptions = { headersMs: Infinity, bodyMs: Infinity },
): ResolvedTimeoutOptions {
  const bounds = { above: 0, max: timeoutMs };
  return {
    headersMs: read.milliseconds('headersMs', shared.headersMs, bounds),
    bodyMs: read.milliseconds('bodyMs', shared.bodyMs, bounds),
  };
}
