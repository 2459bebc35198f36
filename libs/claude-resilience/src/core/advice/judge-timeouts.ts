import { DurationSketch } from './duration-sketch.js';
import type { RequestKind } from './request-kind.js';
import type { SlotCounts, TimeoutRule } from './slot-counts.js';

/** Timeouts of one kind of request, by one limit, that recur. */
export interface RecurringTimeouts {
  readonly timeouts: number;
  readonly attempts: number;
  /** The longest limit that ended a request, in milliseconds. */
  readonly limitMs: number;
  /** What 95 % of the answered calls took at most, in milliseconds; absent where nobody knows. */
  readonly p95Ms?: number;
  /**
   * `slow`: more time would have helped. `stuck`: answers come long before the limit, or not at all. `unreachable`: hardly
   * anything is answered.
   */
  readonly cause: 'slow' | 'stuck' | 'unreachable';
}

const MIN_TIMEOUTS = 5;
const MIN_ATTEMPTS = 20;
const MIN_SHARE = 0.05;
/** Slots of five minutes with timeouts: one incident is none that recurs. */
const MIN_SLOTS = 3;
/** Share of answers below which the service is not slow, but away. */
const REACHABLE_SHARE = 0.1;
/** Part of the limit that the slowest answers must reach for more time to be of any use. */
const SLOW_SHARE = 1 / 3;

/** @returns `undefined` when there are too few of them, or too little was seen to say so */
export function judgeTimeouts(
  slots: readonly SlotCounts[],
  kind: RequestKind,
  rule: TimeoutRule,
): RecurringTimeouts | undefined {
  const counts = slots.map(({ kinds }) => kinds.get(kind)).filter((found) => found !== undefined);
  const limits = counts.map((found) => found.limits.get(rule)).filter((found) => found !== undefined);
  const timeouts = limits.reduce((sum, limit) => sum + limit.timeouts, 0);
  const attempts = counts.reduce((sum, found) => sum + found.attempts, 0);
  if (timeouts < MIN_TIMEOUTS || attempts < MIN_ATTEMPTS || limits.length < MIN_SLOTS) return undefined;
  if (timeouts / attempts < MIN_SHARE) return undefined;
  const limitMs = Math.max(...limits.map(({ longestMs }) => longestMs));
  const p95Ms = DurationSketch.quantile(
    counts.map(({ served }) => served),
    0.95,
  );
  const answered = counts.reduce((sum, found) => sum + found.answered, 0);
  const cause = causeOf(answered / (answered + timeouts), p95Ms, limitMs);
  return { timeouts, attempts, limitMs, cause, ...(p95Ms !== undefined && { p95Ms }) };
}

function causeOf(answeredShare: number, p95Ms: number | undefined, limitMs: number): RecurringTimeouts['cause'] {
  if (answeredShare < REACHABLE_SHARE) return 'unreachable';
  return p95Ms !== undefined && p95Ms < SLOW_SHARE * limitMs ? 'stuck' : 'slow';
}
