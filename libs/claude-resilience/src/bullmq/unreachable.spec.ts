import { describe, expect, it } from '@jest/globals';
import { BullmqRequestStore } from './bullmq-request-store.js';

describe('a server that is not there', () => {
  it.each([
    ['Redis', { url: 'redis://ann:hidden@127.0.0.1:1' }, 'redis 127.0.0.1:1'],
    ['PostgreSQL', { postgres: 'postgresql://ann:hidden@127.0.0.1:1/db' }, 'postgresql 127.0.0.1:1'],
  ])('%s is named, and its password is not', async (_what, connection, place) => {
    const failed = BullmqRequestStore.open({ connection, callTimeoutMs: 2_000 });
    await expect(failed).rejects.toMatchObject({ trouble: 'unreachable', place });
    await expect(failed).rejects.not.toThrow('hidden');
  });
});
