import { simulateCircuits, type CircuitCase } from './simulate-circuits.js';

const CASES: readonly CircuitCase[] = [
  { replicas: 1, perSecond: 1, isFleet: false },
  { replicas: 10, perSecond: 1, isFleet: false },
  { replicas: 10, perSecond: 1, isFleet: true },
  { replicas: 100, perSecond: 1, isFleet: false },
  { replicas: 100, perSecond: 1, isFleet: true },
  { replicas: 1_000, perSecond: 0.2, isFleet: true },
];

const HEAD = [
  'replicas',
  'calls/s each',
  'they hear each other',
  'all know after',
  'failed requests each',
  'probes a minute',
  'half are back after',
  'all are back after',
  'bytes per beat',
];

/** An outage of five minutes, as a table. */
export async function writeCircuits(write: (line: string) => void): Promise<void> {
  write(`| ${HEAD.join(' | ')} |`);
  write(`| ${HEAD.map(() => '--:').join(' | ')} |`);
  for (const given of CASES) {
    const found = await simulateCircuits(given);
    const cells = [
      given.replicas,
      given.perSecond,
      given.isFleet ? 'yes' : 'no',
      inSeconds(found.knownAfterS),
      found.failedEach.toFixed(1),
      found.probesPerMinute.toFixed(1),
      inSeconds(found.halfBackAfterS),
      inSeconds(found.backAfterS),
      Math.round(found.bytesPerBeat),
    ];
    write(`| ${cells.join(' | ')} |`);
  }
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'not yet' : `${seconds} s`;
}
