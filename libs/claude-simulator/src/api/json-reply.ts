import type { ReplyHeaders, WholeReply } from '../http/reply.js';
import type { ApiProblem } from './api-problem.js';

export function jsonReply(status: number, body: unknown, headers: ReplyHeaders): WholeReply {
  const all = { 'content-type': 'application/json', ...headers };
  return { kind: 'whole', status, headers: all, body: JSON.stringify(body) };
}

/** An error body of the API; `request_id` repeats the `request-id` header. */
export function problemReply(problem: ApiProblem, headers: ReplyHeaders): WholeReply {
  const { type, message, details } = problem;
  const body = { type: 'error', error: { type, message, details }, request_id: headers['request-id'] ?? null };
  return jsonReply(problem.status, body, { ...headers, ...problem.headers });
}
