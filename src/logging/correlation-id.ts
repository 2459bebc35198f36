import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export const CORRELATION_HEADER = 'x-correlation-id';

/** What may stand in logs and answers as an id. */
const SAFE_ID = /^[\w.:-]{8,128}$/;

/**
 * Middleware: gives every request one id, its caller's or a new one, under which its log lines, its calls to Claude
 * and its answer can be found. Runs before everything else, so that a body nobody can parse has one, too.
 */
export function correlate(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const given = [request.headers[CORRELATION_HEADER], request.headers['x-request-id']].find(isSafeId);
  const id = given ?? randomUUID();
  // Where ClaudeResilienceModule looks for it.
  request.headers[CORRELATION_HEADER] = id;
  response.setHeader(CORRELATION_HEADER, id);
  next();
}

export function correlationIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return String(headers[CORRELATION_HEADER]);
}

function isSafeId(id: unknown): id is string {
  return typeof id === 'string' && SAFE_ID.test(id);
}
