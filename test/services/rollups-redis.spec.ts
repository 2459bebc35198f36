import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RollupSlot } from '../../libs/claude-resilience/src/core/metrics/rollup-slot.js';
import { SeriesCounts } from '../../libs/claude-resilience/src/core/metrics/series-counts.js';
import { RedisConnection } from '../../libs/claude-resilience/src/redis/redis-connection.js';
import { RedisRollupStore } from '../../libs/claude-resilience/src/redis/redis-rollup-store.js';
import { describeRollupStore } from '../../libs/claude-resilience/src/testing/rollup-store.conformance.js';
import { freePort } from './support/free-port.js';
import { RedisServer } from './support/redis-server.js';

const server = await RedisServer.start('--appendfsync', 'no');
const url = server?.url ?? '';
const redis = new Redis(url, { lazyConnect: true });
afterAll(async () => {
  redis.disconnect();
  await server?.stop();
});

const START_MS = Date.UTC(2026, 10, 22);
const FIVE_MS = 300_000;
const HOUR_MS = 3_600_000;
const ALL = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };

const slot = (source: string, startMs: number, ok: number, over: Partial<RollupSlot> = {}): RollupSlot => {
  const counts = SeriesCounts.empty();
  counts.ok = ok;
  for (let call = 0; call < ok; call++) counts.servedMs.add(100 + call);
  const json = JSON.parse(JSON.stringify(counts)) as RollupSlot['counts'];
  return { resolution: '5m', startMs, workflow: 'support', model: 'opus', source, counts: json, ...over };
};
const told = async (store: RedisRollupStore, resolution: '5m' | '1h') =>
  (await store.read({ resolution, ...ALL })).map(({ source, startMs, counts }) => [
    source,
    (startMs - START_MS) / FIVE_MS,
    counts.ok,
  ]);

it('has a Redis to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? server !== undefined : true).toBe(true);
});

(server === undefined ? describe.skip : describe)('RedisRollupStore (R38)', () => {
  const connections: RedisConnection[] = [];
  let stores = 0;
  const open = async (prefix = `p${++stores}`) => {
    const connection = await RedisConnection.open({ connection: { url }, prefix });
    connections.push(connection);
    return new RedisRollupStore(connection);
  };
  afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.close())));

  describeRollupStore({ describe, it, beforeEach, afterEach, expect }, 'RedisRollupStore', () => open());

  it('two hours after its end an hour is folded: parts, quantiles and marks of all replicas, once', async () => {
    const store = await open();
    await store.put([slot('a', START_MS, 3), slot('b', START_MS, 4, { isUnwell: true })]);
    await store.put([slot('a', START_MS + FIVE_MS, 1), slot('a', START_MS + HOUR_MS, 9)]);
    await store.put([slot('a', START_MS, 4, { resolution: '1h' })]);
    await store.tidy(START_MS + 3 * HOUR_MS - 1);
    expect(await told(store, '5m')).toHaveLength(4);
    await redis.flushall();
    // Anew, as the lock is for a minute.
    await store.put([slot('a', START_MS, 3), slot('b', START_MS, 4, { isUnwell: true })]);
    await store.put([slot('a', START_MS + FIVE_MS, 1), slot('a', START_MS + HOUR_MS, 9)]);
    await store.put([slot('a', START_MS, 4, { resolution: '1h' })]);
    await store.tidy(START_MS + 3 * HOUR_MS);
    expect(await told(store, '5m')).toEqual([
      ['all', 0, 7],
      ['all', 1, 1],
      ['a', 12, 9],
    ]);
    // Of b, which did not finish its hour, the parts.
    expect(await told(store, '1h')).toEqual([['all', 0, 8]]);
    const [hour] = await store.read({ resolution: '1h', ...ALL });
    expect(hour).toMatchObject({ isUnwell: true, counts: { servedMs: { count: 8, min: 100, max: 103 } } });
  });

  it('what is said of a folded hour again, or too late, is not counted twice', async () => {
    const store = await open();
    const slots = [slot('a', START_MS, 3), slot('b', START_MS, 4), slot('a', START_MS, 3, { resolution: '1h' })];
    await store.put(slots);
    await store.tidy(START_MS + 4 * HOUR_MS);
    const before = [await told(store, '5m'), await told(store, '1h')];
    await store.put(slots);
    await store.put((await store.read({ resolution: '1h', ...ALL })).slice());
    expect([await told(store, '5m'), await told(store, '1h')]).toEqual(before);
    expect(before).toEqual([[['all', 0, 7]], [['all', 0, 7]]]);
    expect(await store.removeBefore('5m', START_MS + HOUR_MS)).toBe(1);
    expect(await told(store, '5m')).toEqual([]);
  });

  it('of many replicas that tidy at once, one folds', async () => {
    const prefix = 'many';
    const replicas = await Promise.all(Array.from({ length: 8 }, () => open(prefix)));
    await Promise.all(replicas.map((store, at) => store.put([slot(`r${at}`, START_MS, 1)])));
    await Promise.all(replicas.map((store) => store.tidy(START_MS + 4 * HOUR_MS)));
    expect(await told(replicas[0]!, '5m')).toEqual([['all', 0, 8]]);
  });

  it('a slot that is damaged stays where it is, and hides no other', async () => {
    const store = await open('spoilt');
    await store.put([slot('a', START_MS, 3), slot('b', START_MS, 4)]);
    await redis.hset(`{spoilt:figures}:5m:${START_MS}`, '["support","opus","c"]', '.{half', 'nonsense', 'x');
    expect(await told(store, '5m')).toHaveLength(2);
    await store.tidy(START_MS + 4 * HOUR_MS);
    expect(await told(store, '5m')).toHaveLength(2);
  });

  it.each([
    ['another type under a key', (base: string) => redis.set(`${base}:5m:starts`, 'x'), 'not_ours'],
    ['a memory that is full', () => redis.config('SET', 'maxmemory', '1'), 'disk_full'],
  ] as const)('%s is a typed error that repeats nothing of it', async (_what, spoil, trouble) => {
    const prefix = `t${++stores}`;
    const store = await open(prefix);
    await spoil(`{${prefix}:figures}`);
    try {
      const error = await store.put([slot('SECRET', START_MS, 1)]).catch((refused: unknown) => refused);
      expect(error).toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble });
      expect(JSON.stringify(error) + String(error)).not.toContain('SECRET');
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
  });

  it('one that is not there is an error each time, not at the start', async () => {
    const connection = await RedisConnection.open({
      connection: { host: '127.0.0.1', port: await freePort() },
      prefix: 'x',
    });
    const reading = new RedisRollupStore(connection).read({ resolution: '5m', ...ALL });
    await expect(reading).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble: 'unreachable' });
    await connection.close();
  });
});
