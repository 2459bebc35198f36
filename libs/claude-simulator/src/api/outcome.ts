import { type ApiProblem, invalidRequest } from './api-problem.js';

/** What an endpoint makes of a request. */
export type Outcome =
  | { readonly kind: 'served'; readonly body: unknown; readonly headers: Readonly<Record<string, string>> }
  | Failed;

export type Failed = { readonly kind: 'failed'; readonly problem: ApiProblem };

export const served = (body: unknown, headers: Readonly<Record<string, string>> = {}): Outcome => ({
  kind: 'served',
  body,
  headers,
});

export const failed = (problem: ApiProblem): Failed => ({ kind: 'failed', problem });

export const invalid = (message: string): Failed => failed(invalidRequest(message));
