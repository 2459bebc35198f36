/** Between two tries of what failed, in milliseconds. */
const FIRST_REDO_MS = 5_000;
const LONGEST_REDO_MS = 600_000;
/** The first look comes after this part of the usual time. */
const FIRST_POLL_SHARE = 1 / 12;

/**
 * @param polls made already
 * @returns milliseconds to the next look at a batch: a twelfth of the usual first, doubling up to it
 */
export function pollAfterMs(polls: number, pollMs: number): number {
  return Math.min(pollMs, pollMs * FIRST_POLL_SHARE * 2 ** Math.min(polls, 30));
}

/**
 * @param failures in a row, from 1
 * @param askedMs what the API asked to wait
 */
export function redoAfterMs(failures: number, askedMs = 0): number {
  return Math.max(askedMs, Math.min(LONGEST_REDO_MS, FIRST_REDO_MS * 2 ** Math.min(failures - 1, 30)));
}
