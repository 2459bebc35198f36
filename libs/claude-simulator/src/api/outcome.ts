import type { StreamEvent } from '../streams/stream-event.js';
import { type ApiProblem, invalidRequest } from './api-problem.js';

/** What an endpoint makes of a request. */
export type Outcome =
  | { readonly kind: 'served'; readonly body: unknown; readonly headers: Readonly<Record<string, string>> }
  /** An answer that is no JSON document. */
  | {
      readonly kind: 'file';
      readonly contentType: string;
      readonly text: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | Streamed
  | Failed;

/** The answer goes out event by event, each made only when the one before is on its way. */
export type Streamed = {
  readonly kind: 'streamed';
  readonly events: Iterable<StreamEvent>;
  readonly headers: Readonly<Record<string, string>>;
};

export type Failed = { readonly kind: 'failed'; readonly problem: ApiProblem };

export const served = (body: unknown, headers: Readonly<Record<string, string>> = {}): Outcome => ({
  kind: 'served',
  body,
  headers,
});

export const failed = (problem: ApiProblem): Failed => ({ kind: 'failed', problem });

export const invalid = (message: string): Failed => failed(invalidRequest(message));
