import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { ClaudeFleetError } from '../../libs/claude-resilience/src/core/fleet/fleet-error.js';
import type { FleetBeat } from '../../libs/claude-resilience/src/core/fleet/fleet.port.js';
import { RedisFleet } from '../../libs/claude-resilience/src/redis/redis-fleet.js';
import { describeFleet } from '../../libs/claude-resilience/src/testing/fleet.conformance.js';
import { freePort } from './support/free-port.js';
import { RedisServer } from './support/redis-server.js';

const server = await RedisServer.start('--appendfsync', 'no');
afterAll(() => server?.stop());

const NOTHING = { wants: {}, holds: {}, leases: [], adds: {}, addsId: 0, sums: [], since: '' };

(server === undefined ? describe.skip : describe)('RedisFleet (R8)', () => {
  const url = server?.url ?? '';
  let fleets = 0;
  const open = () => RedisFleet.open({ connection: { url }, prefix: `f${++fleets}` });
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  describeFleet(
    { describe, it, beforeEach, afterEach, expect },
    'RedisFleet',
    async () => {
      const fleet = await open();
      const prefix = `{f${fleets}:fleet}`;
      return { fleet, passMs: (ms: number) => pass(prefix, ms) };
    },
    ({ fleet }) => fleet.close(),
  );

  /** Everything that ends at a time ends so much earlier: nothing here waits. */
  async function pass(prefix: string, ms: number): Promise<void> {
    for (const name of ['members', 'gone', 'note-ends', 'sum-ends', 'shown-ends']) {
      const ends = await redis.zrange(`${prefix}:${name}`, '0', '-1', 'WITHSCORES');
      for (let at = 0; at < ends.length; at += 2) {
        await redis.zadd(`${prefix}:${name}`, Number(ends[at + 1]) - ms, ends[at] ?? '');
      }
    }
    for (const [name, lease] of Object.entries(await redis.hgetall(`${prefix}:leases`))) {
      const [untilMs = '', ...holder] = lease.split(' ');
      await redis.hset(`${prefix}:leases`, name, [Number(untilMs) - ms, ...holder].join(' '));
    }
  }

  it('a beat is one command, and the store ends empty of what was held', async () => {
    const fleet = await open();
    const beat = (replica: string, more: Partial<FleetBeat> = {}) => fleet.beat({ ...NOTHING, replica, ...more });
    await beat('a', { wants: { limit: 1 } });
    const before = await commands();
    for (let n = 0; n < 20; n++) await beat('a', { wants: { limit: n }, news: `{"n":${n}}`, leases: ['job'] });
    // INFO itself is one.
    expect((await commands()) - before).toBe(21);
    await fleet.leave('a');
    const prefix = `{f${fleets}:fleet}`;
    for (const key of ['members', 'held', 'totals', 'news', 'leases']) {
      expect(await redis.exists(`${prefix}:${key}`)).toBe(0);
    }
    await fleet.close();
  });

  it('a store that was emptied begins anew, and says so', async () => {
    const fleet = await open();
    const { upTo } = await fleet.beat({ ...NOTHING, replica: 'a', news: '{}', wants: { limit: 1 } });
    await server?.empty();
    const view = await fleet.beat({
      ...NOTHING,
      replica: 'a',
      since: upTo,
      wants: { limit: 1 },
      holds: { limit: 0.25 },
    });
    expect(view).toMatchObject({ isWhole: true, isKnown: false, shares: { limit: 0.25 } });
    await fleet.close();
  });

  it.each([
    ['another type under a key', (base: string) => redis.set(`${base}:held`, 'x')],
    ['a text where a number was', (base: string) => redis.hset(`${base}:sums`, 'cspent', 'lots')],
    ['half a JSON', (base: string) => redis.hset(`${base}:held`, 'a', '{"limits":')],
    ['a list where a record was', (base: string) => redis.hset(`${base}:held`, 'a', '[1,2]')],
  ])('%s is a typed error that repeats nothing of it', async (_what, spoil) => {
    const fleet = await open();
    await fleet.beat({ ...NOTHING, replica: 'b', wants: { limit: 1 } });
    const base = `{f${fleets}:fleet}`;
    await redis.del(`${base}:held`);
    await spoil(base);
    const asked = fleet.beat({ ...NOTHING, replica: 'a', wants: { limit: 1 }, sums: ['spent'] });
    await expect(asked).rejects.toThrow(ClaudeFleetError);
    await fleet.close();
  });

  it('one that is not there is an error at every beat, not at the start; and found when it is there', async () => {
    const fleet = await RedisFleet.open({ connection: { host: '127.0.0.1', port: await freePort() }, prefix: 'x' });
    await expect(fleet.beat({ ...NOTHING, replica: 'a' })).rejects.toMatchObject({ code: 'CLAUDE_FLEET' });
    await fleet.close();
  });

  async function commands(): Promise<number> {
    const info = await redis.info('commandstats');
    const counts = [...info.matchAll(/^cmdstat_(\w+).*?calls=(\d+)/gm)];
    return counts
      .filter(([, name]) => ['evalsha', 'eval', 'info'].includes(name ?? ''))
      .reduce((sum, [, , calls]) => sum + Number(calls), 0);
  }
});
