import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import type {
  BullmqRequestStoreOptions,
  ServerWarning,
} from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.options.js';
import { LEASE_MS, NOW, wanted } from '../../libs/claude-resilience/src/testing/request-store/store-bench.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { PostgresServer } from './support/postgres-server.js';
import { RedisServer } from './support/redis-server.js';

const redis = await RedisServer.start('--appendfsync', 'always');
const postgres = await PostgresServer.start();
afterAll(() => Promise.all([redis?.stop(), postgres?.stop()]));

const CALL_MS = 1_500;
/** A call ends within its own limit; this one is for a machine that is busy. */
const BOUND_MS = 4 * CALL_MS;
const GONE = { code: 'CLAUDE_REQUEST_STORE', trouble: 'unreachable' };

interface Server {
  readonly name: string;
  readonly connection: BullmqRequestStoreOptions['connection'];
  readonly is: { pause(): void; resume(): void; startAgain(): Promise<void> };
  /** As hard as it may be done while everything that was acknowledged is kept. */
  readonly stop: () => Promise<void>;
}

const servers: Server[] = [];
if (redis !== undefined) {
  servers.push({ name: 'Redis', connection: { url: redis.url }, is: redis, stop: () => redis.kill() });
}
if (postgres !== undefined) {
  const connection = { postgres: postgres.newDatabase() };
  servers.push({ name: 'PostgreSQL', connection, is: postgres, stop: () => postgres.end() });
}

it('has servers to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? servers.length : 2).toBe(2);
});

for (const server of servers)
  describe(`when ${server.name} is in trouble (R10)`, () => {
    let number = 0;
    let store: BullmqRequestStore;
    const add = (id: string) => store.enqueue(wanted(id), NOW);
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);

    beforeEach(async () => {
      process.on('uncaughtException', hear);
      process.on('unhandledRejection', hear);
      store = await BullmqRequestStore.open({
        connection: server.connection,
        prefix: `trouble${++number}`,
        callTimeoutMs: CALL_MS,
      });
    });
    afterEach(async () => {
      await store.close();
      process.off('uncaughtException', hear);
      process.off('unhandledRejection', hear);
      expect(unheard.splice(0)).toEqual([]);
    });

    /** Everything a store can be asked, each within its time, each with the same answer. */
    async function askEverything(lease: { id: string; fencingNumber: number }): Promise<void> {
      const questions: (() => Promise<unknown>)[] = [
        () => add('late'),
        () => store.get('kept'),
        () => store.claim({ nowMs: NOW, leaseMs: LEASE_MS }),
        () => store.claim({ nowMs: NOW, leaseMs: LEASE_MS, order: 'oldest' }),
        () => store.renew(lease, LEASE_MS, NOW),
        () => store.storeAnswer(lease, '"late"'),
        () => store.complete(lease, '"late"', NOW),
        () => store.release(lease, NOW),
        () => store.cancel('kept', NOW),
        () => store.expire(NOW, 9),
        () => store.list('waiting', { limit: 9 }),
        () => store.count('waiting'),
        () => store.countAhead('kept'),
        () => store.noticesPending(9),
        () => store.noticeSettled('kept', 0),
        () => store.endedOf('ann', 9),
        () => store.deadLetters({ limit: 9 }),
        () => store.redrive('kept', { newId: 'x', deadlineMs: NOW, answer: 'keep' }, NOW),
        () => store.corrupt(),
        () => store.purge(NOW, 9),
      ];
      const begin = performance.now();
      const answers = await Promise.allSettled(questions.map((ask) => ask()));
      expect(performance.now() - begin).toBeLessThan(BOUND_MS);
      for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: GONE });
    }

    const mustClaim = async () => {
      const claimed = await store.claim({ nowMs: NOW, leaseMs: LEASE_MS });
      if (claimed === undefined) throw new Error('nothing was claimed');
      return { id: claimed.id, fencingNumber: claimed.state.fencingNumber };
    };

    it('says so in time while it is gone, and goes on by itself when it is back, with everything it had acknowledged', async () => {
      await add('held');
      await add('kept');
      const lease = await mustClaim();
      await store.storeAnswer(lease, '"paid for"');
      await server.stop();
      await askEverything(lease);
      await askEverything(lease);
      await server.is.startAgain();
      const kept = await eventually(20_000, () => store.get('kept'));
      expect(kept).toMatchObject(wanted('kept'));
      expect((await store.get('held'))?.state).toMatchObject({ name: 'running', answerJson: '"paid for"' });
      await store.complete(lease, '1', NOW);
      expect((await mustClaim()).id).toBe('kept');
      expect(await store.get('late')).toBeUndefined();
      expect((await add('after')).status).toBe('added');
    });

    it('says so in time while it stands still, and what was said then may be said again', async () => {
      await add('held');
      const lease = await mustClaim();
      server.is.pause();
      const begin = performance.now();
      const said = await Promise.allSettled([store.storeAnswer(lease, '1'), add('late'), store.get('held')]);
      expect(performance.now() - begin).toBeLessThan(BOUND_MS);
      server.is.resume();
      for (const one of said) expect(one).toMatchObject({ status: 'rejected', reason: GONE });
      await eventually(20_000, () => store.get('held'));
      await store.storeAnswer(lease, '1');
      await store.complete(lease, '1', NOW);
      expect((await store.complete(lease, '2', NOW)).state).toMatchObject({ name: 'succeeded', resultJson: '1' });
      await add('late');
      expect((await mustClaim()).id).toBe('late');
      expect(await store.claim({ nowMs: NOW, leaseMs: LEASE_MS })).toBeUndefined();
    });

    it('closes in time while it is gone', async () => {
      await server.stop();
      const begin = performance.now();
      await store.close();
      expect(performance.now() - begin).toBeLessThan(BOUND_MS);
      await server.is.startAgain();
    });

    it('opens with a clear error while it is gone', async () => {
      await server.stop();
      const opening = BullmqRequestStore.open({ connection: server.connection, callTimeoutMs: CALL_MS });
      await expect(opening).rejects.toMatchObject(GONE);
      await server.is.startAgain();
    });
  });

describe('a server that may lose what it was given (R10)', () => {
  const check = redis === undefined ? it.skip : it;

  check('is refused when it throws away whatever is old', async () => {
    const error = { code: 'CLAUDE_REQUEST_STORE', trouble: 'not_durable' };
    await expect(warningsOf('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru')).rejects.toMatchObject(error);
  });

  const warned: [string, string[], ServerWarning['code'][]][] = [
    ['which keeps nothing', ['--appendonly', 'no', '--save', ''], ['no_persistence']],
    ['which keeps snapshots', ['--appendonly', 'no', '--save', '3600 1'], ['snapshots_only']],
    ['which syncs now and then', ['--appendfsync', 'everysec'], ['late_sync']],
    ['which may lose locks', ['--maxmemory-policy', 'volatile-lru', '--appendfsync', 'always'], ['may_evict']],
    ['which is safe', ['--appendfsync', 'always'], []],
  ];
  for (const [what, settings, expected] of warned)
    check(`is told of: one ${what}`, async () => {
      expect(await warningsOf(...settings)).toEqual(expected);
    });
});

describe('opening with what cannot work', () => {
  const unfit: [string, Partial<BullmqRequestStoreOptions>][] = [
    ['no server', { connection: undefined as never }],
    ['a schema that is none', { connection: { postgres: 'postgres://x' }, prefix: 'a"b' }],
    ['no prefix', { prefix: '' }],
    ['a limit of none', { maxOpen: 0 }],
    ['no time', { callTimeoutMs: 0 }],
    ['a rate that is none', { limiter: { max: 0, durationMs: 1 } }],
  ];
  for (const [what, options] of unfit)
    it(`refuses ${what}`, async () => {
      const opening = BullmqRequestStore.open({ connection: { url: 'redis://127.0.0.1:1' }, ...options });
      await expect(opening).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
    });

  it('says nothing of passwords', async () => {
    const port = await freePort();
    for (const connection of [
      { url: `redis://ann:secret@127.0.0.1:${port}` },
      { postgres: `postgres://ann:secret@127.0.0.1:${port}/db` },
    ]) {
      const error: unknown = await BullmqRequestStore.open({ connection, callTimeoutMs: 500 }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject(GONE);
      expect(String(error)).not.toContain('secret');
    }
  });
});

/** What a store says that opens on a Redis with these settings. */
async function warningsOf(...settings: string[]): Promise<ServerWarning['code'][]> {
  const warnings: ServerWarning['code'][] = [];
  const server = await RedisServer.start(...settings);
  try {
    const connection = { url: server?.url ?? '' };
    const store = await BullmqRequestStore.open({ connection, onWarning: ({ code }) => warnings.push(code) });
    await store.close();
  } finally {
    await server?.stop();
  }
  return warnings;
}
