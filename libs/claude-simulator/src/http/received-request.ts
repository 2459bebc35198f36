import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came off the wire, whatever it is. */
export interface ReceivedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | 'over-limit';
}
