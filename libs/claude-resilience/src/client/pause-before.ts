/** Our own pauses grow up to this, in milliseconds. */
const LONGEST_PAUSE_MS = 30_000;
/** A server may ask for more, but not for being forgotten, in milliseconds. */
const LONGEST_ASKED_MS = 300_000;

/**
 * Milliseconds before the next attempt: `baseMs * 2^failures` up to 30 s, never sooner than the server asked (up to
 * 5 minutes), and up to a quarter longer, so that the pages of a restarted server do not come back together.
 *
 * @param failures attempts in a row that brought nothing, from 0   @param random uniform in [0, 1)
 */
export function pauseBefore(baseMs: number, failures: number, askedMs: number, random: number): number {
  const ourMs = Math.min(LONGEST_PAUSE_MS, baseMs * 2 ** Math.min(failures, 20));
  return Math.round(Math.max(ourMs, Math.min(LONGEST_ASKED_MS, askedMs)) * (1 + random / 4));
}
