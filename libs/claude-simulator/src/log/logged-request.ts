import type { IncomingHttpHeaders } from 'node:http';

/** One request the simulator received, and what became of it. */
export interface LoggedRequest {
  /** Milliseconds since the simulator started. */
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly model: string | null;
  /** The status sent; `pending` until then, and while a stream runs; `aborted` if the client left before the end. */
  readonly status: number | 'pending' | 'hung' | 'reset' | 'aborted';
  /** Server-sent events that have gone out, pings too; null if the answer is no stream. */
  readonly eventsSent: number | null;
  /** When the client was seen to leave before the end, in milliseconds since the simulator started; null if it stayed. */
  readonly leftAt: number | null;
  /** The fault that struck it, by name. */
  readonly fault: string | null;
  readonly requestId: string;
  /** As received, without anything that could be a credential. */
  readonly headers: IncomingHttpHeaders;
  /** JSON where it is JSON, else null. */
  readonly body: unknown;
}

/** What is known of a request when it comes in. */
export type NewRequest = Omit<LoggedRequest, 'status' | 'eventsSent' | 'leftAt'>;

export interface RequestFilter {
  readonly path?: string;
  /** Only requests that came at this time or later, in milliseconds since the simulator started. */
  readonly since?: number;
}
