import { describe, expect, it } from '@jest/globals';
import { FAILURE_KINDS } from '../failure/failure.js';
import { DEFERRED_KINDS, QUEUEABLE_KINDS } from './deferrable-kinds.js';

describe('failures that put a call into the queue (R10)', () => {
  it('are those that waiting can heal', () => {
    const healed = ['rate_limited', 'server_error', 'overloaded', 'timeout', 'connection', 'circuit_open'];
    expect([...QUEUEABLE_KINDS].sort()).toEqual(healed.toSorted());
  });

  it.each(['invalid_request', 'content_policy', 'authentication', 'not_found', 'too_large', 'cancelled', 'internal'])(
    'are never %s',
    (kind) => expect(QUEUEABLE_KINDS).not.toContain(kind),
  );

  it('are rate limits alone where nobody says otherwise, and some of all', () => {
    expect([...DEFERRED_KINDS]).toEqual(['rate_limited']);
    expect(FAILURE_KINDS).toEqual(expect.arrayContaining([...QUEUEABLE_KINDS]));
  });
});
