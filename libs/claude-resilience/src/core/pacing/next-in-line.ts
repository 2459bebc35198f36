import { CALL_PRIORITIES, type CallPriority } from '../call.js';

/** Ranks: fresh urgent, normal, background; then deferred urgent, normal, background. */
export const LANES = 2 * CALL_PRIORITIES.length;

/** Only somebody who looks at a screen gains from being served out of turn. */
const INTERACTIVE_LANES = 2;

/** Every so many turns one goes to whoever has waited longest, if that is too long: few enough that the rest hardly notices. */
export const AGED_TURN_EVERY = 8;
/** While more interactive attempts arrive than can be admitted, each of those turns is one that they lose for good. */
export const AGED_TURN_EVERY_OVERRUN = 100;

/** @returns 0 for those who go first */
export function laneOf(priority: CallPriority, isDeferred: boolean): number {
  return CALL_PRIORITIES.indexOf(priority) + (isDeferred ? CALL_PRIORITIES.length : 0);
}

export function isInteractive(lane: number): boolean {
  return lane < INTERACTIVE_LANES;
}

/** What the choice looks at. */
export interface Line {
  /** When the oldest of a lane came, in clock milliseconds; `undefined` when nobody is in it. */
  oldestSinceMs(lane: number): number | undefined;
}

export interface LineSituation {
  readonly nowMs: number;
  /** Turns given so far. */
  readonly turns: number;
  /** Milliseconds after which one who waits is aged. */
  readonly ageingMs: number;
  /** Whether more interactive attempts arrive than can be admitted. */
  readonly isOverrun: boolean;
}

export interface NextInLine {
  readonly lane: number;
  /** `hurried`: whose time is over first; the oldest where nobody has a deadline. */
  readonly who: 'hurried' | 'oldest' | 'newest';
}

/**
 * Who goes next. The best rank; in it the one with the earliest deadline, which serves everybody if that is possible. But
 * of interactive ones the newest when more arrive than can be admitted: then it would serve all of them just before the
 * deadline. Nobody starves: every eighth turn, every hundredth while overrun, is for the one who waits longest, of
 * whatever rank.
 *
 * @returns `undefined` when nobody waits
 */
export function nextInLine(line: Line, { nowMs, turns, ageingMs, isOverrun }: LineSituation): NextInLine | undefined {
  let best: number | undefined;
  let oldest: number | undefined;
  let oldestSinceMs = Infinity;
  for (let lane = 0; lane < LANES; lane++) {
    const sinceMs = line.oldestSinceMs(lane);
    if (sinceMs === undefined) continue;
    best ??= lane;
    if (sinceMs < oldestSinceMs) [oldest, oldestSinceMs] = [lane, sinceMs];
  }
  if (best === undefined || oldest === undefined) return undefined;
  const every = isOverrun ? AGED_TURN_EVERY_OVERRUN : AGED_TURN_EVERY;
  if (turns % every === every - 1 && nowMs - oldestSinceMs >= ageingMs) return { lane: oldest, who: 'oldest' };
  return { lane: best, who: isOverrun && isInteractive(best) ? 'newest' : 'hurried' };
}
