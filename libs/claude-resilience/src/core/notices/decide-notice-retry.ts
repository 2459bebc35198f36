import { ClaudeNoticeRefusedError } from './notice-errors.js';
import type { ResolvedNoticeRules } from './notice.options.js';

export type NoticeDecision =
  | { readonly again: true; readonly waitMs: number }
  | { readonly again: false; readonly reason: 'refused' | 'exhausted' };

const GROWTH = 4;
/** What chance adds to a wait at most: those that failed together are not tried together again. */
const JITTER = 0.2;

/**
 * What follows a try that failed.
 *
 * @param tries made already, from 1
 * @param ageMs milliseconds since the request ended
 * @param random uniform in [0, 1)
 */
export function decideNoticeRetry(
  error: unknown,
  tries: number,
  ageMs: number,
  rules: ResolvedNoticeRules,
  random: number,
): NoticeDecision {
  if (error instanceof ClaudeNoticeRefusedError) return { again: false, reason: 'refused' };
  if (tries >= rules.maxTries || ageMs >= rules.maxAgeMs) return { again: false, reason: 'exhausted' };
  const waitMs = Math.min(rules.maxWaitMs, rules.firstWaitMs * GROWTH ** (tries - 1));
  return { again: true, waitMs: waitMs * (1 + JITTER * random) };
}
