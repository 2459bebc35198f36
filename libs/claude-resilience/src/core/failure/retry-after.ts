/**
 * Reads `retry-after-ms` and `retry-after` (seconds, or an HTTP date).
 *
 * @param wallMs wall-clock milliseconds since the epoch: HTTP dates are wall time
 * @returns whole milliseconds, rounded up so that nobody comes back early; `undefined` when absent, zero, negative,
 *   past or unreadable, which all mean "the API did not say"
 */
export function readRetryAfter(
  retryAfterMs: string | undefined,
  retryAfter: string | undefined,
  wallMs: number,
): number | undefined {
  const inMs = positive(Number(retryAfterMs));
  if (inMs !== undefined) return inMs;
  if (retryAfter === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(retryAfter)) return positive(Number(retryAfter) * 1000);
  // An HTTP date begins with a day of the week; `Date.parse` alone takes nearly anything for a date.
  return /^\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i.test(retryAfter)
    ? positive(Date.parse(retryAfter) - wallMs)
    : undefined;
}

function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined;
}
