import type { StatusFacts } from './claude-status.js';
import { countInWords, spanInWords } from './status-words.js';

/** How many wait in the queue, and for how long about; `undefined` when nobody does, or nobody knows. */
export function waitingInWords({ queue }: Pick<StatusFacts, 'queue'>): string | undefined {
  if (!('waiting' in queue) || queue.waiting === 0) return undefined;
  const many = `${countInWords(queue.waiting, 'request is', 'requests are')} waiting in the queue`;
  return queue.emptyInMs === undefined ? many : `${many}, about ${spanInWords(queue.emptyInMs)}`;
}

/** Clauses that are there, as one sentence. */
export function sentenceOf(...clauses: readonly (string | undefined)[]): string {
  const said = clauses.filter((clause) => clause !== undefined && clause !== '').join('; ');
  return said === '' ? '' : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}
