import type { Notice, NoticeChannel } from './notice.js';

/** Tells people of an end on one channel (R28). */
export abstract class NoticeSender {
  abstract readonly channel: NoticeChannel;

  /**
   * Asked once, before the first notice, whether it has what it needs on this machine. It reaches out to nobody.
   * @throws {ClaudeInvalidOptionsError}
   */
  open(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Resolves once a receiver has taken it. Called again with the same `key` after a failure, and after a crash of this
   * process even though it was taken: what it sends carries an id that is the same then.
   *
   * @param signal aborts when the time for this try is over; what is sent later counts as not sent
   * @throws {ClaudeNoticeRefusedError} when it can never be sent; everything else is tried again
   */
  abstract send(notice: Notice, signal: AbortSignal): Promise<void>;

  /** Lets go of connections. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
