/** Times and lists as the verdict and the page say them. */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** More names than these are counted. */
const MOST_NAMED = 4;

/** `14:02 UTC`; with its day where that is not the day of `nowMs`. */
export function momentInWords(wallMs: number, nowMs: number): string {
  const iso = new Date(wallMs).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  return Math.floor(wallMs / DAY_MS) === Math.floor(nowMs / DAY_MS) ? time : `${iso.slice(0, 10)} ${time}`;
}

/** `12 s`, `4 minutes`, `3 hours`, `2 days`; rounded up, so that who waits so long gets in. */
export function spanInWords(ms: number): string {
  if (ms < 90_000) return `${Math.max(1, Math.ceil(ms / 1000))} s`;
  if (ms < 90 * MINUTE_MS) return `${Math.ceil(ms / MINUTE_MS)} minutes`;
  if (ms < 48 * HOUR_MS) return `${Math.ceil(ms / HOUR_MS)} hours`;
  return `${Math.ceil(ms / DAY_MS)} days`;
}

/** `a`, `a and b`, `a, b and c`, `a, b, c, d and 3 more`. */
export function listInWords(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED);
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}

export function countInWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
