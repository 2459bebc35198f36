import { ClaudeSimulator } from 'claude-api-simulator';
import {
  ReplicaProcess,
  untilTogether,
  watch,
  type ReplicaCounts,
} from '../../test/services/support/fleet-processes.js';
import { RedisServer } from '../../test/services/support/redis-server.js';

const LIMIT_PER_SECOND = 20;
const LOADS = { even: [20, 20, 20], uneven: [45, 10, 5] };

/** Three processes, one limit, one Redis: one is killed, Redis is paused for 30 s, and emptied. About five minutes. */
export async function watchProcesses(print: (line: string) => void): Promise<void> {
  const redis = await RedisServer.start('--appendfsync', 'no');
  if (redis === undefined) return print('There is no redis-server on this machine.');
  try {
    for (const [name, loads] of Object.entries(LOADS)) await watchOne(redis, name, loads, print);
  } finally {
    await redis.stop();
  }
}

async function watchOne(redis: RedisServer, name: string, loads: readonly number[], print: (line: string) => void) {
  const limits = { requestsPerMinute: 60 * LIMIT_PER_SECOND, burst: LIMIT_PER_SECOND };
  const api = await ClaudeSimulator.start({ latencyMs: 300, limits });
  const replicas = loads.map((load) => new ReplicaProcess(redis.url, name, api, load));
  const tell = (what: string, { admitted, refused }: { admitted: number; refused: number }, seconds: number) =>
    print(`${name}: ${what}: ${(admitted / seconds / LIMIT_PER_SECOND).toFixed(3)} of the limit, ${refused} 429s`);
  try {
    await untilTogether(replicas);
    await watch(api, 20_000);
    const before = sumOf(replicas);
    tell(`three replicas, ${loads.join(' + ')} calls/s`, await watch(api, 30_000), 30);
    const after = sumOf(replicas);
    const perCall = (after.attempts - before.attempts) / (after.answered - before.answered);
    print(`${name}: ${perCall.toFixed(3)} requests per answered call`);
    await replicas.at(-1)?.end();
    tell('the 5 s after one was killed', await watch(api, 5_000), 5);
    tell('the 10 s after those', await watch(api, 10_000), 10);
    redis.pause();
    tell('Redis paused for 30 s', await watch(api, 30_000), 30);
    redis.resume();
    await untilTogether(replicas.slice(0, -1));
    tell('the 10 s after that', await watch(api, 10_000), 10);
    await redis.empty();
    tell('the 10 s after Redis was emptied', await watch(api, 10_000), 10);
    print(
      `${name}: calls that failed, but for their turn: ${JSON.stringify(replicas.map(({ counts }) => counts.failed))}`,
    );
  } finally {
    for (const replica of replicas) await replica.end();
    await api.stop();
  }
}

function sumOf(replicas: readonly ReplicaProcess[]): Pick<ReplicaCounts, 'attempts' | 'answered'> {
  return {
    attempts: replicas.reduce((sum, { counts }) => sum + counts.attempts, 0),
    answered: replicas.reduce((sum, { counts }) => sum + counts.answered, 0),
  };
}
