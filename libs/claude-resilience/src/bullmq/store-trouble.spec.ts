import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { ClaudeStaleLeaseError } from '../core/deferral/request-store-errors.js';
import { storeTrouble } from './store-trouble.js';

const named = (name: string, message: string, code?: string) => Object.assign(new Error(message), { name, code });

describe('trouble with a server (R10)', () => {
  // What ioredis 6, node-postgres 8 and the servers themselves say, word for word.
  const rows: [string, unknown, string][] = [
    ['a refused connection', named('Error', 'connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), 'unreachable'],
    ['a broken one', named('Error', 'read ECONNRESET', 'ECONNRESET'), 'unreachable'],
    ['an unknown host', named('Error', 'getaddrinfo ENOTFOUND nowhere', 'ENOTFOUND'), 'unreachable'],
    ['several addresses', new AggregateError([named('Error', '', 'ECONNREFUSED')]), 'unreachable'],
    [
      'ioredis: no queue',
      named('Error', `Stream isn't writeable and enableOfflineQueue options is false`),
      'unreachable',
    ],
    ['ioredis: closed', named('Error', 'Connection is closed.'), 'unreachable'],
    ['ioredis: late', named('Error', 'Command timed out'), 'unreachable'],
    ['pg: broken', named('Error', 'Connection terminated unexpectedly'), 'unreachable'],
    ['pg: late', named('Error', 'Query read timeout'), 'unreachable'],
    ['pg: no connection', named('Error', 'timeout exceeded when trying to connect'), 'unreachable'],
    ['PostgreSQL stops', named('error', 'terminating connection due to administrator command', '57P01'), 'unreachable'],
    ['PostgreSQL starts', named('error', 'the database system is starting up', '57P03'), 'unreachable'],
    ['PostgreSQL is full', named('error', 'could not extend file', '53100'), 'disk_full'],
    ['PostgreSQL is read-only', named('error', 'cannot execute INSERT', '25006'), 'not_writable'],
    ['PostgreSQL does not know us', named('error', 'password authentication failed', '28P01'), 'not_writable'],
    ['PostgreSQL says something else', named('error', 'syntax error', '42601'), 'io'],
    ['Redis loads', named('ReplyError', 'LOADING Redis is loading the dataset in memory'), 'unreachable'],
    ['Redis is full', named('ReplyError', `OOM command not allowed when used memory > 'maxmemory'`), 'disk_full'],
    ['Redis cannot write', named('ReplyError', 'MISCONF Redis is configured to save RDB snapshots'), 'disk_full'],
    [
      'Redis is a replica',
      named('ReplyError', `READONLY You can't write against a read only replica.`),
      'not_writable',
    ],
    ['Redis does not know us', named('ReplyError', 'NOAUTH Authentication required.'), 'not_writable'],
    ['Redis says something else', named('ReplyError', 'ERR unknown command'), 'io'],
    ['a later BullMQ', named('SchemaVersionMismatchError', 'newer'), 'newer_schema'],
  ];
  it.each(rows)('is typed: %s', (_what, error, trouble) => {
    const typed = storeTrouble(error, 'redis 127.0.0.1:6379');
    expect(typed).toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble, place: 'redis 127.0.0.1:6379' });
  });

  it('keeps prompts to itself, which clients hang on their errors', () => {
    const secrets = { command: { name: 'hset', args: ['r', 'a prompt'] }, detail: 'Failing row contains (a prompt)' };
    const said: [string, string, string?][] = [
      ['ReplyError', 'ERR unknown command, with args beginning with: a prompt'],
      ['error', 'value too long: a prompt', '22001'],
      ['Error', 'Connection is closed.'],
    ];
    for (const [name, message, code] of said) {
      const typed = storeTrouble(Object.assign(named(name, message, code), secrets), 'redis');
      expect(inspect(typed, { depth: 9 })).not.toContain('prompt');
      expect(typed).toMatchObject({ code: 'CLAUDE_REQUEST_STORE', cause: { name } });
    }
  });

  it('leaves our own errors, and mistakes of ours, as they are', () => {
    for (const error of [new ClaudeStaleLeaseError('a', 1), new TypeError('x is not a function'), undefined, 'text']) {
      expect(storeTrouble(error, 'redis')).toBe(error);
    }
  });
});
