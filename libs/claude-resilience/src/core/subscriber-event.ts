import type { TroubleReport } from './subscriber-trouble.js';

/**
 * A subscriber of the application's is too slow for events, so that some were dropped, or it fails. Told at once, and then
 * every ten seconds at most; the counts are of what was not told before.
 */
export interface SubscriberTroubledEvent extends TroubleReport {
  readonly type: 'subscriber.troubled';
  /** Name of its function; `iterator` and `observable` for those without. */
  readonly subscriber: string;
}
