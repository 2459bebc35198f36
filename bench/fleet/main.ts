/**
 * How replicas share a limit: in virtual time over the real core, and with `--processes` as real processes on a real Redis;
 * with `--circuits`, how they go through an outage.
 * `npm run bench:fleet`
 */
import type { writeCircuits as WriteCircuits } from './write-circuits.js';
import type { watchProcesses as WatchProcesses } from './watch-processes.js';
import type { simulateFleet as SimulateFleet, FleetCase } from './simulate.js';

const readSources = '../../scripts/read-sources.mjs';
await import(readSources);
const name = './simulate.ts';
const { simulateFleet } = (await import(name)) as { simulateFleet: typeof SimulateFleet };

if (process.argv.includes('--processes')) {
  const watching = './watch-processes.ts';
  const { watchProcesses } = (await import(watching)) as { watchProcesses: typeof WatchProcesses };
  await watchProcesses((line) => process.stdout.write(`${line}\n`));
  process.exit();
}

if (process.argv.includes('--circuits')) {
  const writing = './write-circuits.ts';
  const { writeCircuits } = (await import(writing)) as { writeCircuits: typeof WriteCircuits };
  await writeCircuits((line) => process.stdout.write(`${line}\n`));
  process.exit();
}

const SIZES: readonly (readonly [replicas: number, limitPerSecond: number])[] = [
  [1, 50],
  [3, 50],
  [10, 100],
  [100, 500],
  [1_000, 1_000],
];
const cases = SIZES.flatMap(([replicas, limitPerSecond]): FleetCase[] =>
  replicas === 1
    ? [{ replicas, limitPerSecond, load: 'even' }]
    : [
        { replicas, limitPerSecond, load: 'even' },
        { replicas, limitPerSecond, load: 'uneven' },
      ],
);

const HEAD =
  '| replicas | limit /s | load | limit used | 429s | commands per call | bytes per beat | taken over after |';
process.stdout.write(`${HEAD}\n| --: | --: | --- | --: | --: | --: | --: | --: |\n`);
for (const given of cases) {
  const { replicas, limitPerSecond, load, ...found } = await simulateFleet(given);
  const after = found.takenOverAfterS === undefined ? '' : `${found.takenOverAfterS} s`;
  const cells = [
    replicas,
    limitPerSecond,
    load,
    `${(100 * found.limitUse).toFixed(1)} %`,
    found.refused429,
    found.commandsPerCall.toFixed(3),
    Math.round(found.bytesPerBeat),
    after,
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
