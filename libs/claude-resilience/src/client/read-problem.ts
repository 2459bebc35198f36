import type { ClaudeProblem } from './claude-problem.js';
import { isObject, textOf } from './json-object.js';

/** Said when the server said nothing that a person could read. */
const NO_WORDS = 'Something went wrong on our side. Please try again.';

/** Makes a problem of any failed answer: of ours, of the application's own, of a page that a proxy wrote. */
export function readProblem(body: unknown, status?: number): ClaudeProblem {
  const given = isObject(body) ? body : {};
  const isPassing = status !== undefined && (status >= 500 || status === 408 || status === 429);
  return {
    ...given,
    ...(status !== undefined && { status }),
    code: textOf(given['code'], status === undefined ? 'CLAUDE_INTERNAL' : `CLAUDE_HTTP_${status}`),
    message: textOf(given['message'], NO_WORDS),
    retryable: typeof given['retryable'] === 'boolean' ? given['retryable'] : isPassing,
    actions: Array.isArray(given['actions']) ? given['actions'].map(String) : [],
  };
}
