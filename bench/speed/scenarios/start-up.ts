import { inChild } from '../harness/in-child.js';
import { Readings } from '../harness/readings.js';
import type { Scenario } from '../harness/scenario.js';
import { shuffled } from '../harness/shuffled.js';
import type { StartUp } from '../jobs/start-up.js';

const WAYS = [
  { name: 'Nest alone', isOurs: false },
  { name: 'Nest with the module', isOurs: true },
] as const;
const MIB = 2 ** 20;

export const startUp: Scenario = {
  name: 'start-up',
  async measure({ rounds, name: effort }) {
    const [ms, heapMiB, residentMiB] = [new Readings(), new Readings(), new Readings()];
    for (let round = 0; round < (effort === 'quick' ? 3 : rounds); round++) {
      for (const { name, isOurs } of shuffled(WAYS)) {
        const { result, close } = await inChild<StartUp>('start-up', isOurs);
        await close();
        ms.add(name, result.ms);
        heapMiB.add(name, result.heapBytes / MIB);
        residentMiB.add(name, result.residentBytes / MIB);
      }
    }
    return [
      {
        title: 'Starting an application',
        text:
          'From before the files of the module are read until the application is ready, in a new process each time. Nest ' +
          'itself and the SDK are read before, in both.',
        unit: 'figure',
        rows: [
          ...rowsOf(ms, 'ms'),
          ...rowsOf(heapMiB, 'MiB of heap, after a collection'),
          ...rowsOf(residentMiB, 'MiB of memory in all'),
        ],
        goals: [],
      },
    ];
  },
};

function rowsOf(readings: Readings, what: string) {
  return WAYS.map(({ name }) => ({ name: `${name}: ${what}`, figure: readings.of(name) }));
}
