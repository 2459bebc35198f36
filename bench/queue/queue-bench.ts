import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Loop } from './loop.js';
import { RawLoop } from './raw-loop.js';
import { StoreLoop } from './store-loop.js';

interface Reading {
  readonly name: string;
  /** Microseconds for one job from end to end, of each round. */
  readonly perJobUs: readonly number[];
}

const HELP = `Usage: npm run bench:queue -- [--rounds 30] [--jobs 200] [--group 50] [--sync full]

Takes in, claims and completes jobs of 2 KB with results of 1 KB, with our SQLite store and with a loop of three prepared
statements on one table. Both on a file of their own in the same directory, WAL, the same "synchronous"; rounds interleaved,
the first of each left out. Prints medians, and the ratio raw / ours (1: as fast; the goal is at least 0.8).
`;

/** Bound by the disk where jobs come one by one, and by our own code where they share commits. */
export async function queueBench(args: readonly string[], print: (text: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      rounds: { type: 'string', default: '30' },
      jobs: { type: 'string', default: '200' },
      group: { type: 'string', default: '50' },
      sync: { type: 'string', default: 'full' },
    },
  });
  if (values.help === true) return print(HELP);
  const [rounds, jobs, group] = [values.rounds, values.jobs, values.group].map(Number) as [number, number, number];
  const sync = values.sync === 'normal' ? 'normal' : 'full';
  for (const size of [1, group]) {
    const [raw, ours] = await sideBySide(rounds, size === 1 ? jobs : jobs * 10, size, sync);
    const title = size === 1 ? 'one by one' : `in groups of ${size}`;
    print(`${title}, synchronous ${sync}, ${rounds} rounds:\n`);
    for (const reading of [raw, ours]) print(`  ${reading.name.padEnd(12)} ${inWords(reading.perJobUs)}\n`);
    print(`  ratio raw / ours: ${(median(raw.perJobUs) / median(ours.perJobUs)).toFixed(2)}\n`);
  }
}

async function sideBySide(rounds: number, jobs: number, group: number, sync: 'full' | 'normal') {
  const directory = mkdtempSync(join(tmpdir(), 'claude-bench-'));
  const loops: readonly Loop[] = [new RawLoop(directory, sync), new StoreLoop(directory, sync)];
  const times = loops.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const index of order) {
      const startedAtMs = performance.now();
      await loops[index]?.run(jobs, group);
      if (round > 0) times[index]?.push(((performance.now() - startedAtMs) * 1000) / jobs);
    }
  }
  for (const loop of loops) await loop.close();
  rmSync(directory, { recursive: true });
  const [raw, ours] = loops.map(({ name }, index): Reading => ({ name, perJobUs: times[index] ?? [] }));
  if (raw === undefined || ours === undefined) throw new Error('There are two loops');
  return [raw, ours] as const;
}

function inWords(perJobUs: readonly number[]): string {
  const sorted = [...perJobUs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const rate = Math.round(1e6 / median(perJobUs));
  const spread = `quartiles ${at(0.25).toFixed(0)} to ${at(0.75).toFixed(0)}`;
  return `${median(perJobUs).toFixed(0).padStart(6)} us a job (${spread}), ${rate} jobs/s`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
