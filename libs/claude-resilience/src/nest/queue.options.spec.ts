import { describe, expect, it } from '@jest/globals';
import { MemoryRequestStore } from '../core/deferral/memory-request-store.js';
import { QUEUE_RULES } from '../core/deferral/queue.options.js';
import { readQueueOptions } from './queue.options.js';

const read = (given: unknown) => {
  const issues: string[] = [];
  return { queue: readQueueOptions('queue', given, issues), issues };
};

describe('where deferred requests are kept', () => {
  it.each([
    [undefined, false],
    [false, false],
    [true, { driver: 'sqlite', path: './data/claude.db', synchronous: 'full' }],
    [{}, { driver: 'sqlite', path: './data/claude.db', synchronous: 'full' }],
    [
      { path: 'x.db', maxOpen: 5 },
      { driver: 'sqlite', path: 'x.db', synchronous: 'full', maxOpen: 5 },
    ],
    [
      { driver: 'memory', maxPayloadBytes: 9 },
      { driver: 'memory', maxPayloadBytes: 9 },
    ],
  ])('%j is %j', (given, keep) => {
    const { queue, issues } = read(given);
    expect(issues).toEqual([]);
    expect(queue === false ? false : queue.keep).toEqual(keep);
    if (queue !== false) expect(queue.rules).toMatchObject({ deadlineMs: QUEUE_RULES.deadlineMs });
  });

  it('is a store of the application, by its shape', () => {
    const store = new MemoryRequestStore();
    expect(read({ store }).queue).toMatchObject({ keep: { driver: 'own', store } });
    const foreign = { claim: async () => undefined };
    expect(read({ store: foreign }).queue).toMatchObject({ keep: { driver: 'own', store: foreign } });
  });

  it.each([
    [{ driver: 'mysql' }, 'queue.driver'],
    [{ path: '' }, 'queue.path'],
    [{ synchronous: 'off' }, 'queue.synchronous'],
    [{ maxOpen: 0 }, 'queue.maxOpen'],
    [{ maxPayloadBytes: 1.5 }, 'queue.maxPayloadBytes'],
    [{ store: {} }, 'queue.store'],
    [{ store: null }, 'queue.store'],
    [{ ownerOf: 'ann' }, 'queue.ownerOf'],
    [{ concurrency: 0 }, 'queue.concurrency'],
    [{ drivr: 'memory' }, 'queue.drivr: unknown option'],
    ['memory', 'queue: an object'],
    [null, 'queue: an object'],
  ])('%j is refused by name', (given, issue) => {
    expect(read(given).issues).toEqual([expect.stringContaining(issue)]);
  });
});
