import type { Clock } from '../clock.port.js';
import { ClaudeNoticeNotSentError } from './notice-errors.js';
import type { NoticeSender } from './notice-sender.port.js';
import type { Notice } from './notice.js';

/** Sends, but not for ever. @throws what the sender throws, or {ClaudeNoticeNotSentError} when the time is over */
export async function sendInTime(sender: NoticeSender, notice: Notice, limitMs: number, clock: Clock): Promise<void> {
  const controller = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const stop = clock.after(limitMs, () => {
    reject(new ClaudeNoticeNotSentError(`it took over ${limitMs} ms`));
    controller.abort();
  });
  // A sender that throws at once is no different from one that rejects.
  const sending = (async () => sender.send(notice, controller.signal))();
  try {
    await Promise.race([sending, tooLate]);
  } finally {
    stop();
  }
}
