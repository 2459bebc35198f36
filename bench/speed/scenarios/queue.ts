import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from '../../../test/services/support/redis-server.js';
import { BullmqLoop } from '../../queue/bullmq-loop.js';
import type { Loop } from '../../queue/loop.js';
import { RawLoop } from '../../queue/raw-loop.js';
import { StoreLoop } from '../../queue/store-loop.js';
import type { Effort } from '../harness/effort.js';
import { Readings } from '../harness/readings.js';
import type { Scenario } from '../harness/scenario.js';
import type { Section } from '../harness/section.js';
import { shuffled } from '../harness/shuffled.js';

/** Jobs that share a commit. */
const GROUP = 50;
const RAW = 'raw loop';

export const queue: Scenario = {
  name: 'queue',
  async measure(effort) {
    const directory = mkdtempSync(join(tmpdir(), 'claude-bench-'));
    const redis = await RedisServer.start('--appendfsync', 'always');
    const loops: readonly Loop[] = [
      new RawLoop(directory, 'full'),
      new StoreLoop(directory, 'full'),
      ...(redis === undefined ? [] : [new BullmqLoop(redis.url)]),
    ];
    const sections = [await compared(loops, 1, effort), await compared(loops, GROUP, effort)];
    for (const loop of loops) await loop.close();
    await redis?.stop();
    rmSync(directory, { recursive: true });
    return sections;
  },
};

async function compared(loops: readonly Loop[], group: number, effort: Effort): Promise<Section> {
  const jobs = (effort.name === 'quick' ? 10 : 100) * (group === 1 ? 1 : 10);
  const readings = new Readings();
  for (let round = -1; round < effort.rounds; round++) {
    for (const loop of shuffled(loops)) {
      const startedAtMs = performance.now();
      await loop.run(jobs, group);
      // The first round is a warm-up.
      if (round >= 0) readings.add(loop.name, ((performance.now() - startedAtMs) * 1_000) / jobs);
    }
  }
  return {
    title: `The queue, ${group === 1 ? 'one job after the other' : `${group} jobs at a time`}`,
    text:
      'Jobs of 2 KB with results of 1 KB, taken in, claimed and completed, each step on the disk before the next: our store ' +
      'on SQLite and a loop of three prepared statements, both WAL and `synchronous = full`. BullMQ runs on a Redis of its ' +
      'own with `appendfsync always`, where there is one on the machine; its jobs are fetched by hand.',
    unit: 'us a job',
    reference: RAW,
    rows: loops.map(({ name }) => ({ name, figure: readings.of(name), ratio: readings.ratio(name, RAW) })),
    goals: [],
  };
}
