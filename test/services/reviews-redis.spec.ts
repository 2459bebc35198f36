import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisConnection } from '../../libs/claude-resilience/src/redis/redis-connection.js';
import {
  RedisReviewList,
  type RedisReviewListOptions,
} from '../../libs/claude-resilience/src/redis/redis-review-list.js';
import { SystemRandom } from '../../libs/claude-resilience/src/system/system-random.js';
import { ManualClock } from '../../libs/claude-resilience/src/testing/manual-clock.js';
import { describeReviewList } from '../../libs/claude-resilience/src/testing/review-list.conformance.js';
import { freePort } from './support/free-port.js';
import { RedisServer } from './support/redis-server.js';

const server = await RedisServer.start('--appendfsync', 'no');
const url = server?.url ?? '';
const redis = new Redis(url, { lazyConnect: true });
afterAll(async () => {
  redis.disconnect();
  await server?.stop();
});

const key = (byte: number) => new Uint8Array(32).fill(byte);
const encryption = { keys: { k1: key(1) }, currentKeyId: 'k1' };
const ITEM = { feature: 'classification', correlationId: 'c-1', input: { text: 'SECRET text' } };

it('has a Redis to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? server !== undefined : true).toBe(true);
});

(server === undefined ? describe.skip : describe)('RedisReviewList (R24)', () => {
  const connections: RedisConnection[] = [];
  let lists = 0;
  const clock = new ManualClock();
  const open = async (options: RedisReviewListOptions = {}, prefix = `r${++lists}`) => {
    const connection = await RedisConnection.open({ connection: { url }, prefix });
    connections.push(connection);
    return new RedisReviewList(connection, clock, new SystemRandom(), options);
  };
  afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.close())));

  for (const [name, more] of [
    ['RedisReviewList', {}],
    ['RedisReviewList, sealed', { encryption }],
  ] as const) {
    describeReviewList({ describe, it, beforeEach, afterEach, expect }, name, async (parts) => {
      const connection = await RedisConnection.open({ connection: { url }, prefix: `r${++lists}` });
      connections.push(connection);
      return new RedisReviewList(connection, parts.clock, parts.random, { ...parts.options, ...more });
    });
  }

  it('is one list for all replicas: of many that resolve the same item at once, one does', async () => {
    const replicas = await Promise.all(Array.from({ length: 6 }, () => open({}, 'shared')));
    const { id } = await replicas[0]!.add(ITEM);
    expect(await replicas[3]!.list()).toHaveLength(1);
    const resolved = await Promise.all(replicas.map((list, at) => list.resolve(id, { by: `person ${at}` })));
    const winners = resolved.filter((item) => item !== undefined);
    expect(winners).toHaveLength(1);
    expect((await replicas[5]!.get(id))?.resolution).toEqual(winners[0]?.resolution);
  });

  it('sealed, nothing of a text is in Redis; with another key an item says what is wrong, and can be resolved', async () => {
    const sealed = await open({ encryption }, 'sealed');
    const { id } = await sealed.add(ITEM);
    await sealed.resolve((await sealed.add(ITEM)).id, { by: 'ann', note: 'SECRET note' });
    const stored = await Promise.all(
      ['inputs', 'resolutions', 'records'].map((name) => redis.hgetall(`{sealed:reviews}:${name}`)),
    );
    expect(Object.keys(stored[0]!)).toHaveLength(2);
    expect(JSON.stringify(stored)).not.toContain('SECRET');
    const other = await open({ encryption: { keys: { k2: key(2) }, currentKeyId: 'k2' } }, 'sealed');
    expect(await other.get(id)).toMatchObject({ input: null, problem: expect.stringContaining('input') });
    expect((await other.resolve(id))?.id).toBe(id);
  });

  it('keeps nothing of what is forgotten', async () => {
    const list = await open({ maxResolved: 0 }, 'gone');
    for (let n = 0; n < 5; n++) await list.resolve((await list.add(ITEM)).id, { by: 'ann' });
    expect(await redis.keys('{gone:reviews}:*')).toEqual(['{gone:reviews}:seq']);
  });

  it('names of keys that something else uses, and a full memory, are typed errors that repeat nothing', async () => {
    const list = await open({}, 'spoilt');
    await redis.set('{spoilt:reviews}:open', 'x');
    const error = await list.add(ITEM).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble: 'not_ours' });
    expect(JSON.stringify(error) + String(error)).not.toContain('SECRET');
    await redis.config('SET', 'maxmemory', '1');
    try {
      await expect((await open()).add(ITEM)).rejects.toMatchObject({ trouble: 'disk_full' });
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
  });

  it('a record that is damaged hides no other', async () => {
    const list = await open({}, 'odd');
    const { id } = await list.add(ITEM);
    await list.add({ ...ITEM, input: 2 });
    await redis.hset('{odd:reviews}:records', id, '1 unclassified 3 {half');
    expect((await list.list()).map(({ input }) => input)).toEqual([ITEM.input, 2]);
  });

  it('one that is not there is an error each time, not at the start', async () => {
    const connection = await RedisConnection.open({
      connection: { host: '127.0.0.1', port: await freePort() },
      prefix: 'x',
    });
    const list = new RedisReviewList(connection, clock, new SystemRandom());
    await expect(list.add(ITEM)).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble: 'unreachable' });
    await connection.close();
  });
});
