import type { OptionReader } from '../option-reader.js';

/** How notices are tried again. */
export interface NoticeRules {
  /** Tries of one notice, the first one included; integer, 1 or more. @default 9 */
  readonly maxTries?: number;
  /** Wait after the first try that failed, in milliseconds, above 0; four times as long after each further one. @default 5_000 */
  readonly firstWaitMs?: number;
  /** Longest wait, in milliseconds; up to a fifth is added to every one by chance. @default 14_400_000 (4 hours) */
  readonly maxWaitMs?: number;
  /** From the end of the request, in milliseconds: after that a try that fails is the last one. @default 86_400_000 (a day) */
  readonly maxAgeMs?: number;
  /** Longest time for one try, in milliseconds, above 0. @default 30_000 */
  readonly timeoutMs?: number;
  /** How often the store is asked without a reason, in milliseconds, above 0. @default 30_000 */
  readonly pollMs?: number;
  /** Requests of which people are told at the same time, at most; integer, 1 or more. @default 4 */
  readonly maxParallel?: number;
}

export type ResolvedNoticeRules = Readonly<Required<NoticeRules>>;

export const NOTICE_DEFAULTS: ResolvedNoticeRules = Object.freeze({
  maxTries: 9,
  firstWaitMs: 5_000,
  maxWaitMs: 4 * 3_600_000,
  maxAgeMs: 24 * 3_600_000,
  timeoutMs: 30_000,
  pollMs: 30_000,
  maxParallel: 4,
});

/** Reads them among other options; calls no `done()`. */
export function readNoticeRules(read: OptionReader): ResolvedNoticeRules {
  const usual = NOTICE_DEFAULTS;
  const firstWaitMs = read.milliseconds('firstWaitMs', usual.firstWaitMs, { above: 0 });
  return Object.freeze({
    maxTries: read.integer('maxTries', usual.maxTries, { min: 1 }),
    firstWaitMs,
    maxWaitMs: read.milliseconds('maxWaitMs', Math.max(usual.maxWaitMs, firstWaitMs), { min: firstWaitMs }),
    maxAgeMs: read.milliseconds('maxAgeMs', usual.maxAgeMs),
    timeoutMs: read.milliseconds('timeoutMs', usual.timeoutMs, { above: 0 }),
    pollMs: read.milliseconds('pollMs', usual.pollMs, { above: 0 }),
    maxParallel: read.integer('maxParallel', usual.maxParallel, { min: 1 }),
  });
}
