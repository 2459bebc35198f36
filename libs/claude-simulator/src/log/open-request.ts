import type { LoggedRequest } from './logged-request.js';

/** A request in the log that still goes on: notes what becomes of it. */
export class OpenRequest {
  constructor(
    private readonly request: { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] },
    private readonly onEnd: () => void,
  ) {}

  /** How it ended; the first end counts. */
  end(status: Exclude<LoggedRequest['status'], 'pending'>): void {
    if (this.request.status !== 'pending') return;
    this.request.status = status;
    this.onEnd();
  }

  /** The answer is a stream, of which so many events are on their way. */
  sent(events: number): void {
    this.request.eventsSent = events;
  }

  /** The client has left; no news once the answer was complete. */
  left(atMs: number): void {
    const { status } = this.request;
    if (status === 'pending' || status === 'hung') this.request.leftAt ??= atMs;
    this.end('aborted');
  }
}
