import type { IncomingHttpHeaders } from 'node:http';
import type { JsonReading } from './read-json.js';
import type { RefusalCategory } from './refusal-category.js';

export type Refusal = {
  readonly kind: 'refusal';
  readonly category: RefusalCategory;
  readonly explanation: string | null;
};

/** A request on its way through the API. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonReading;
  /** What the model does instead of answering, if a fault says so. */
  readonly refusal: Refusal | null;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}
