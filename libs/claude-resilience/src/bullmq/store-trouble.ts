import { ClaudeResilienceError } from '../core/errors.js';
import { ClaudeRequestStoreError, type StoreTrouble } from '../core/deferral/request-store-errors.js';

/** How the server, or the way to it, says no: by code where there is one, else by the beginning of the sentence. */
const TROUBLES: readonly (readonly [pattern: RegExp, trouble: StoreTrouble, explanation: string])[] = [
  // Node: https://nodejs.org/api/errors.html#common-system-errors
  [
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|ERR_SOCKET)/,
    'unreachable',
    'the server cannot be reached',
  ],
  // PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
  [/^(08|57P0|53300)/, 'unreachable', 'the server cannot be reached, or is starting or stopping'],
  [/^(53100|53200)/, 'disk_full', 'the server has no room left'],
  [/^(25006|28|3D000|42501)/, 'not_writable', 'the server does not let us in, or not write'],
  // Redis says it in the first word: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
  [/^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/, 'unreachable', 'the server is starting, or has no master'],
  [/^(OOM|MISCONF)/, 'disk_full', 'the server has no room left, or cannot write to its disk'],
  [
    /^(READONLY|NOAUTH|WRONGPASS|NOPERM|ERR invalid password|NOREPLICAS)/,
    'not_writable',
    'the server does not let us in, or not write',
  ],
  // ioredis, and node-postgres
  [
    /^(Connection (is closed|terminated|ended)|Command timed out|Reached the max retries|Socket timeout|Stream isn't writeable|connect |read |write )/,
    'unreachable',
    'the connection broke, or gave no answer in time',
  ],
  [
    /^(Query read timeout|timeout e|Client (has|was)|.*[Cc]onnection (terminated|error|timeout))/,
    'unreachable',
    'the connection broke, or gave no answer in time',
  ],
];

/** Classes of errors that only a server, or its client, throws. */
const FOREIGN = /^(ReplyError|AbortError|MaxRetriesPerRequestError|DatabaseError|error|ClusterAllFailedError)$/;

/** A typed error of one of the server's or of the network's; a mistake of ours stays what it is. */
export function storeTrouble(error: unknown, place: string): unknown {
  if (error instanceof ClaudeResilienceError || typeof error !== 'object' || error === null) return error;
  const { code, message, name, errors } = error as Readonly<Record<string, unknown>>;
  const words = [code, message].filter((word) => typeof word === 'string');
  const typed = (trouble: StoreTrouble, explanation: string, said: unknown = message) =>
    new ClaudeRequestStoreError(trouble, place, explanation, { cause: bareError(name, code, said) });
  for (const [pattern, trouble, explanation] of TROUBLES) {
    if (words.some((word) => pattern.test(word))) return typed(trouble, explanation);
  }
  if (name === 'SchemaVersionMismatchError') return typed('newer_schema', 'the queue was written by a later BullMQ');
  if (name === 'AggregateError' && Array.isArray(errors)) return storeTrouble(errors[0], place);
  const isForeign = typeof name === 'string' && (FOREIGN.test(name) || /^[0-9A-Z]{5}$/.test(String(code)));
  // What is not one of the sentences above may quote what was sent.
  return isForeign ? typed('io', 'the server says no', 'in words that are kept back') : error;
}

/** Without the command and the row that clients hang on an error: they hold prompts and answers. */
function bareError(name: unknown, code: unknown, said: unknown): Error {
  const bare = new Error(String(said));
  bare.name = String(name);
  return typeof code === 'string' ? Object.assign(bare, { code }) : bare;
}
