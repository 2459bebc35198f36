import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';
import { eventually } from './support/eventually.js';
import { ReplicaProcess, untilTogether, watch, type ReplicaCounts } from './support/fleet-processes.js';
import { RedisServer } from './support/redis-server.js';

jest.setTimeout(900_000);

const server = await RedisServer.start('--appendfsync', 'no');
afterAll(() => server?.stop());

const LIMIT_PER_SECOND = 20;

/** More is asked than anybody may send: a turn may come so late that its answer does not. */
const failuresOf = ({ failed }: ReplicaCounts) => Object.keys(failed).filter((code) => code !== 'CLAUDE_TIMEOUT');

/**
 * A stretch of time in which the API refused nobody and its limit was used. On a busy machine a process may get no time for
 * its beats; then the next stretch is looked at, for as long as what a 429 has taught takes to be forgotten. Without sharing there would be none: three times the limit is asked for.
 */
async function wellUsed(api: ClaudeSimulator, forMs: number): Promise<void> {
  await eventually(240_000, async () => {
    const { admitted, refused } = await watch(api, forMs);
    const most = (LIMIT_PER_SECOND * forMs) / 1000;
    expect(refused).toBe(0);
    expect(admitted).toBeLessThanOrEqual(1.02 * most);
    expect(admitted).toBeGreaterThan(0.8 * most);
  });
}

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

  it('no 429, and the part of a dead one is used by the others', async () => {
    const { api, replicas } = await start('killed', [60, 12, 12]);
    await wellUsed(api, 5_000);
    await replicas[0]?.end();
    await untilTogether(replicas.slice(1));
    // They had two sevenths of the limit before.
    await wellUsed(api, 5_000);
    for (const { counts } of replicas) expect(failuresOf(counts)).toEqual([]);
  });

  it('Redis paused, killed and emptied: no call fails for it, and they find each other again', async () => {
    const { api, replicas } = await start('paused', [20, 20, 20]);
    redis.pause();
    await eventually(30_000, async () => expect(replicas.map(({ counts }) => counts.replicas)).toEqual([0, 0, 0]));
    await wellUsed(api, 3_000);
    redis.resume();
    await untilTogether(replicas);
    await redis.empty();
    await wellUsed(api, 3_000);
    await redis.kill();
    await eventually(30_000, async () => expect(replicas.map(({ counts }) => counts.replicas)).toEqual([0, 0, 0]));
    await wellUsed(api, 3_000);
    await redis.startAgain();
    await untilTogether(replicas);
    for (const { counts } of replicas) {
      expect(failuresOf(counts)).toEqual([]);
      expect(counts.trouble).toBeGreaterThanOrEqual(2);
    }
  });
});
