/** How much longer the next limit is. */
const STEP = 1.5;
/** Beyond this the API itself advises streams or batches, in milliseconds. */
export const LONGEST_TIMEOUT_MS = 600_000;

/** The next longer limit, a round number of milliseconds; at most `maxMs`, never below what it was. */
export function longerTimeout(timeoutMs: number, maxMs: number = LONGEST_TIMEOUT_MS): number {
  const wantedMs = timeoutMs * STEP;
  const unitMs = wantedMs >= 10_000 ? 5_000 : wantedMs >= 1_000 ? 500 : 50;
  return Math.max(timeoutMs, Math.min(maxMs, Math.ceil(wantedMs / unitMs) * unitMs));
}
