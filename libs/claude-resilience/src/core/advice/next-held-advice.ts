import { keyOf, type Advice, type HeldAdvice } from './advice.js';

/** Time for which something must not have been true before it is taken back, in milliseconds. */
export const WITHDRAW_AFTER_MS = 60 * 60_000;

/** By `keyOf`. */
export type HeldAdvices = ReadonlyMap<string, HeldAdvice>;

export interface AdviceChange {
  readonly held: HeldAdvices;
  readonly given: readonly HeldAdvice[];
  readonly withdrawn: readonly HeldAdvice[];
}

/**
 * Given once, when it becomes true; taken back when it has not been true for `WITHDRAW_AFTER_MS`; in between it holds,
 * whether true at the moment or not.
 *
 * @param found all that is true now
 */
export function nextHeldAdvice(
  before: HeldAdvices,
  found: readonly Advice[],
  nowMs: number,
  wallMs: number,
): AdviceChange {
  const held = new Map<string, HeldAdvice>();
  const given: HeldAdvice[] = [];
  const withdrawn: HeldAdvice[] = [];
  for (const advice of found) {
    const key = keyOf(advice);
    const sinceWallMs = before.get(key)?.sinceWallMs ?? held.get(key)?.sinceWallMs;
    const one: HeldAdvice = { advice, sinceWallMs: sinceWallMs ?? wallMs };
    if (sinceWallMs === undefined) given.push(one);
    held.set(key, one);
  }
  for (const [key, one] of before) {
    if (held.has(key)) continue;
    const doubtedSinceMs = one.doubtedSinceMs ?? nowMs;
    if (nowMs - doubtedSinceMs >= WITHDRAW_AFTER_MS) withdrawn.push(one);
    else held.set(key, { ...one, doubtedSinceMs });
  }
  return { held, given, withdrawn };
}
