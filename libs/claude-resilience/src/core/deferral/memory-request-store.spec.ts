import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeRequestStore } from '../../testing/request-store.conformance.js';
import type { NewRequest } from './deferred-request.js';
import { MemoryRequestStore } from './memory-request-store.js';

describeRequestStore(
  { describe, it, beforeEach, afterEach, expect },
  'MemoryRequestStore',
  (limits) => new MemoryRequestStore(limits),
);

describe('MemoryRequestStore', () => {
  it('keeps no more that has ended than it may hold open, and the newest of them', async () => {
    const store = new MemoryRequestStore({ maxOpen: 2 });
    for (const id of ['a', 'b', 'c', 'd']) {
      await store.enqueue({ ...WANTED, id }, 0);
      await store.cancel(id, 1);
    }
    expect((await store.list('cancelled', { limit: 9 })).requests.map(({ id }) => id)).toEqual(['c', 'd']);
  });

  it('hands out nothing through which it could be changed', async () => {
    const store = new MemoryRequestStore();
    const notify = [{ channel: 'email' as const, to: 'ann@example.org', when: 'slow' as const }];
    await store.enqueue({ ...WANTED, notify }, 0);
    notify[0]!.to = 'eve@example.org';
    expect((await store.get('a'))?.notify).toEqual([{ channel: 'email', to: 'ann@example.org', when: 'slow' }]);
  });
});

const WANTED: NewRequest = {
  id: 'a',
  correlationId: 'of-a',
  workflow: 'chat',
  feature: 'chat',
  parametersJson: '{}',
  priority: 'normal',
  notBeforeMs: 0,
  deadlineMs: 9,
  owner: undefined,
  locale: undefined,
  idempotencyKey: undefined,
  notify: [],
};
