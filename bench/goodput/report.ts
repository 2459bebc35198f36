import type { Figures } from './figures.js';
import type { Simulated } from './simulate.js';

const COLUMNS = [
  'rps',
  'policy',
  'success %',
  'of oracle',
  'of reachable',
  'wasted',
  'p50 s',
  'p95 s',
  'recovery s',
  'lost',
  'waiting',
  'trips (false)',
];

const NOTHING: Pick<Simulated, 'phases' | 'tripsAtMs'> = { phases: [], tripsAtMs: [] };

/** The middle one of each figure. */
export function medianOf(runs: readonly Simulated[]): Figures {
  const names = Object.keys(runs[0]?.figures ?? {}) as (keyof Figures)[];
  const middle = (name: keyof Figures) => {
    const values = runs.map(({ figures }) => figures[name]).sort((a, b) => a - b);
    return values[(values.length - 1) >> 1] ?? NaN;
  };
  return Object.fromEntries(names.map((name) => [name, middle(name)])) as unknown as Figures;
}

export function headOfTable(): string {
  return `${lineOf(COLUMNS)}\n${lineOf(COLUMNS.map((title) => '-'.repeat(title.length)))}\n`;
}

/** What figures are compared with. */
export interface Yardsticks {
  /** Of the client that knows everything before. */
  readonly oracle: Figures;
  /** Of the one that knows only what the service and the account can take. */
  readonly reachable: Figures;
}

export function rowOf(perSecond: number, policy: string, figures: Figures, { oracle, reachable }: Yardsticks): string {
  return `${lineOf([
    String(perSecond),
    policy,
    (100 * figures.successRatio).toFixed(1),
    (figures.successRatio / oracle.successRatio).toFixed(3),
    (figures.successRatio / reachable.successRatio).toFixed(3),
    figures.wastedPerSuccess.toFixed(2),
    seconds(figures.p50Ms),
    seconds(figures.p95Ms),
    seconds(figures.recoveryMs),
    String(figures.lost),
    String(figures.waiting),
    `${figures.trips} (${figures.falseTrips})`,
  ])}\n`;
}

export function traceTable(
  policy: string,
  { phases, tripsAtMs }: Pick<Simulated, 'phases' | 'tripsAtMs'> = NOTHING,
): string {
  const titles = ['min', 'phase', 'calls', 'in time %', 'p50 s', '200', '429', '529', '500', 'hung'];
  const rows = phases.map(({ phase, fromMs, calls, inTime, p50Ms, requests }) => [
    (fromMs / 60_000).toFixed(1),
    phase,
    String(calls),
    ((100 * inTime) / calls).toFixed(1),
    (p50Ms / 1000).toFixed(1),
    String(requests.answered),
    String(requests.limited),
    String(requests.overloaded),
    String(requests.failed),
    String(requests.hung),
  ]);
  const trips = tripsAtMs.map((atMs) => (atMs / 60_000).toFixed(2)).join(', ');
  return `\n${policy}; circuit opened at min: ${trips || 'never'}\n${[titles, ...rows].map((row) => row.map((cell) => cell.padStart(9)).join('')).join('\n')}\n`;
}

function seconds(ms: number): string {
  return ms === Infinity ? 'never' : (ms / 1000).toFixed(1);
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell, column) => cell.padEnd(Math.max(COLUMNS[column]?.length ?? 0, column === 1 ? 12 : 0))).join(' | ')} |`;
}
