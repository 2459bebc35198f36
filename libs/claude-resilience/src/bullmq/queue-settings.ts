import type { BullmqRequestStoreOptions } from './bullmq-request-store.options.js';
import { FIRST_LOCK_MS } from './turn-queue.js';

/** Name of the queue: that of its keys in Redis, and of its rows in PostgreSQL. */
export const QUEUE_NAME = 'requests';

/** The largest that PostgreSQL takes. */
const NEVER = 2 ** 31 - 1;

/** What BullMQ is told about the queue. Nothing is given up for having stalled: the store counts attempts. */
export function queueSettings({ limiter }: BullmqRequestStoreOptions) {
  return {
    lockDuration: FIRST_LOCK_MS,
    stalledInterval: FIRST_LOCK_MS,
    maxStalledCount: NEVER,
    ...(limiter === undefined ? {} : { limiter: { max: limiter.max, duration: limiter.durationMs } }),
  };
}
