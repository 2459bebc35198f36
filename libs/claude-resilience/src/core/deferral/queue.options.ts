import type { OptionReader } from '../option-reader.js';

/** How deferred requests are kept and worked off, whatever keeps them (R10). */
export interface QueueRules {
  /** Deferred requests that are worked on at a time, at most; integer, 1 to 100. @default 4 */
  readonly concurrency?: number;
  /** From acceptance to the moment at which it is of no more use, in milliseconds, above 0. @default 86_400_000 (a day) */
  readonly deadlineMs?: number;
  /** How long what has ended can still be read, in milliseconds, above 0. @default 86_400_000 (a day) */
  readonly keepMs?: number;
  /** Times one is started before it becomes a dead letter; integer, 1 to 1000. Not being sent does not count. @default 20 */
  readonly maxAttempts?: number;
  /**
   * After so long without a sign of life from whoever works on it somebody else may, in milliseconds, at least 5_000; at
   * least 30 s longer than the longest attempt of any feature in any case. @default 90_000
   */
  readonly leaseMs?: number;
  /** How often the store is asked for what has become due, in milliseconds, at least 50. @default 1_000 */
  readonly pollMs?: number;
  /** How long a shutdown waits for what is under way before it hands that back, in milliseconds. @default 10_000 */
  readonly graceMs?: number;
}

export type ResolvedQueueRules = Readonly<Required<QueueRules>>;

const DAY_MS = 86_400_000;

export const QUEUE_RULES: ResolvedQueueRules = Object.freeze({
  concurrency: 4,
  deadlineMs: DAY_MS,
  keepMs: DAY_MS,
  maxAttempts: 20,
  leaseMs: 90_000,
  pollMs: 1_000,
  graceMs: 10_000,
});

/** Reads its own fields and leaves the others, and `done`, to whoever knows where requests are kept. */
export function readQueueRules(read: OptionReader): ResolvedQueueRules {
  return Object.freeze({
    concurrency: read.integer('concurrency', QUEUE_RULES.concurrency, { min: 1, max: 100 }),
    deadlineMs: read.milliseconds('deadlineMs', QUEUE_RULES.deadlineMs, { above: 0 }),
    keepMs: read.milliseconds('keepMs', QUEUE_RULES.keepMs, { above: 0 }),
    maxAttempts: read.integer('maxAttempts', QUEUE_RULES.maxAttempts, { min: 1, max: 1000 }),
    leaseMs: read.milliseconds('leaseMs', QUEUE_RULES.leaseMs, { min: 5_000 }),
    pollMs: read.milliseconds('pollMs', QUEUE_RULES.pollMs, { min: 50 }),
    graceMs: read.milliseconds('graceMs', QUEUE_RULES.graceMs),
  });
}
