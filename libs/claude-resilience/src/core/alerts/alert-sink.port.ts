import type { AlertMessage } from './alert.js';

/** Passes alerts on to people (R37). Never through what it reports on: a circuit, a pacer, a queue. */
export abstract class AlertSink {
  /** What it is called in events, and in the alert about it; no two alike. */
  abstract readonly name: string;
  /** `page`: it wakes people, and is left alone outside of business hours but for what is critical. */
  abstract readonly reach: 'page' | 'channel';
  /** Set where the receiver forgets: what fires is told again each so many milliseconds. */
  readonly refreshMs?: number;

  /**
   * Asked once, before the first message, whether it has what it needs on this machine. It reaches out to nobody.
   * @throws {ClaudeInvalidOptionsError}
   */
  open(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Resolves once the receiver has taken it. Called again with the same `id` after a failure; one at a time.
   *
   * @param signal aborts when the time for this try is over; what is taken later counts as unsure
   * @throws {ClaudeAlertRefusedError} when it can never be sent; everything else is tried again
   */
  abstract send(message: AlertMessage, signal: AbortSignal): Promise<void>;

  /** Lets go of connections. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
