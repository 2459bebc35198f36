import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';
import { eventually } from './support/eventually.js';
import { ReplicaProcess, untilTogether, watch } from './support/fleet-processes.js';
import { RedisServer } from './support/redis-server.js';

jest.setTimeout(120_000);

const server = await RedisServer.start('--appendfsync', 'no');
afterAll(() => server?.stop());

const LIMIT_PER_SECOND = 20;

/** Figures of a quiet machine: `npm run bench:fleet -- --processes`. Here stands what must hold on a busy one, too. */
(server === undefined ? describe.skip : describe)('three processes under one limit of the API (R8)', () => {
  const redis = server as RedisServer;
  const running: { end(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const { end } of running.splice(0).toReversed()) await end();
  });

  async function start(prefix: string, loads: readonly number[]) {
    const limits = { requestsPerMinute: 60 * LIMIT_PER_SECOND, burst: LIMIT_PER_SECOND };
    const api = await ClaudeSimulator.start({ latencyMs: 100, limits });
    running.push({ end: () => api.stop() });
    const replicas = loads.map((load) => new ReplicaProcess(redis.url, prefix, api, load));
    for (const replica of replicas) running.push({ end: () => replica.end() });
    await untilTogether(replicas);
    // The limit is known when each was answered, and its parts when each has met the others since.
    await eventually(20_000, async () => expect(replicas.every(({ counts }) => counts.answered > 5)).toBe(true));
    await watch(api, 4_000);
    return { api, replicas };
  }

  it('no 429, one request a call, and the part of a dead one is used by the others', async () => {
    const { api, replicas } = await start('killed', [40, 10, 10]);
    const { admitted, refused } = await watch(api, 6_000);
    expect(refused).toBe(0);
    expect(admitted).toBeLessThanOrEqual(1.02 * 6 * LIMIT_PER_SECOND);
    expect(admitted).toBeGreaterThan(0.8 * 6 * LIMIT_PER_SECOND);
    await replicas[0]?.end();
    await untilTogether(replicas.slice(1));
    await watch(api, 2_000);
    const after = await watch(api, 5_000);
    expect(after.refused).toBe(0);
    // Two thirds of the load died; what is left wants all of the limit, which was not theirs.
    expect(after.admitted).toBeGreaterThan(0.8 * 5 * LIMIT_PER_SECOND);
    for (const { counts } of replicas) {
      expect(counts.failed).toEqual({});
      expect(counts.attempts).toBeGreaterThanOrEqual(counts.answered);
    }
  });

  it('Redis paused, killed and emptied: no call fails for it, and they find each other again', async () => {
    const { api, replicas } = await start('paused', [10, 10, 10]);
    redis.pause();
    await eventually(30_000, async () => expect(replicas.map(({ counts }) => counts.replicas)).toEqual([0, 0, 0]));
    const alone = await watch(api, 3_000);
    expect([alone.refused, alone.admitted > 0.8 * 3 * LIMIT_PER_SECOND]).toEqual([0, true]);
    redis.resume();
    await untilTogether(replicas);
    await redis.empty();
    const emptied = await watch(api, 3_000);
    expect([emptied.refused, emptied.admitted > 0.8 * 3 * LIMIT_PER_SECOND]).toEqual([0, true]);
    await redis.kill();
    await eventually(30_000, async () => expect(replicas.map(({ counts }) => counts.replicas)).toEqual([0, 0, 0]));
    await redis.startAgain();
    await untilTogether(replicas);
    for (const { counts } of replicas) {
      expect(counts.failed).toEqual({});
      expect(counts.trouble).toBe(2);
    }
  });
});
