import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readCircuitOptions } from '../libs/claude-resilience/src/core/circuit/circuit.options.js';
import { QUEUE_RULES } from '../libs/claude-resilience/src/core/deferral/queue.options.js';
import { PACING_DEFAULTS } from '../libs/claude-resilience/src/core/pacing/pacing.options.js';

const inRoot = (path: string) => resolve(import.meta.dirname, '..', path);
const read = (path: string) => readFileSync(inRoot(path), 'utf8');
const between = (text: string, name: string) => text.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0];

/** The example itself is run by the packed checks, in an empty Nest 12 and an empty Nest 11 application. */
it.each(['first-example', 'reference'])('both READMEs say the same: %s', (section) => {
  const ours = between(read('README.md'), section);
  expect(ours?.length).toBeGreaterThan(500);
  expect(between(read('libs/claude-resilience/README.md'), section)).toBe(ours);
});

it('names only scripts that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('README.md').matchAll(/npm (?:run )?(test|start|demo|[a-z:]+(?=`))/g)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(['demo', 'test', 'start', 'bench:goodput']));
  expect(named.filter((name) => name !== 'install' && name !== undefined && !(name in scripts))).toEqual([]);
});

const PAGES = [
  'README.md',
  'libs/claude-resilience/README.md',
  'docs/admin.md',
  'docs/advice.md',
  'docs/batches.md',
  'docs/client.md',
  'docs/cloudwatch.md',
  'docs/content-policy.md',
  'docs/costs.md',
  'docs/dashboard.md',
  'docs/datadog.md',
  'docs/deferred-requests.md',
  'docs/health.md',
  'docs/logging.md',
  'docs/long-documents.md',
  'docs/models.md',
  'docs/monitoring.md',
  'docs/operating.md',
  'docs/opentelemetry.md',
  'docs/pacing-and-circuits.md',
  'docs/scaling.md',
];
/** As hosts of repositories make them from headings. */
const anchorsIn = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

it.each(PAGES)('links lead somewhere: %s', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const dead = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(inRoot(target)) || (anchor !== undefined && !anchorsIn(read(target)).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(0);
  expect(dead.map(([link]) => link)).toEqual([]);
});

it.each(PAGES)('pages that are named exist: %s', (page) => {
  const named = [...read(page).matchAll(/`(docs\/[\w-]+\.md)`/g)].flatMap(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(inRoot(path)))).toEqual([]);
});

/** Rows of a page's tables that begin with a name in backticks: the cells after it, without backticks and blanks. */
function rowsOf(page: string): ReadonlyMap<string, readonly string[]> {
  const rows = read(page).matchAll(/^\| `(\w+)` +\| (.+) \|$/gm);
  return new Map([...rows].map(([, name = '', cells = '']) => [name, cells.replace(/[` ]/g, '').split('|')]));
}

const asWritten = (value: unknown) => (value === Infinity ? 'none' : String(value));
const written = (cell: number, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, rowsOf('docs/pacing-and-circuits.md').get(name)?.[cell]]));

it('the defaults of pacing are those of the code', () => {
  const defaults = Object.entries(PACING_DEFAULTS).map(([name, value]) => [name, asWritten(value)]);
  expect(written(0, Object.keys(PACING_DEFAULTS))).toEqual(Object.fromEntries(defaults));
});

it.each(['adaptive', 'classic'] as const)(
  'the options of a circuit, and what %s makes of them, are those of the code',
  (name) => {
    /** Told in words: they follow from others. */
    const IN_WORDS = ['halfOpenSuccesses', 'probeIntervalMs', 'probeLeaseMs', 'maxHalfOpenMs'];
    const resolved = Object.entries(readCircuitOptions('', name, 60_000, []));
    const names = resolved.map(([option]) => option);
    const inCode = resolved.map(([option, value]) => [option, value === Infinity ? 'false' : asWritten(value)]);
    const inTable = written(name === 'adaptive' ? 0 : 1, names);
    const told = IN_WORDS.map((option) => [option, inTable[option] ?? 'missing']);
    expect(inTable).toEqual({ ...Object.fromEntries(inCode), ...Object.fromEntries(told) });
    expect(told.flat()).not.toContain('missing');
  },
);

it('the defaults of the queue are those of the code', () => {
  const rows = rowsOf('docs/deferred-requests.md');
  const defaults = Object.entries(QUEUE_RULES).map(([name, value]) => [name, String(value)]);
  const inTable = Object.fromEntries(Object.keys(QUEUE_RULES).map((name) => [name, rows.get(name)?.[0]]));
  expect(inTable).toEqual(Object.fromEntries(defaults));
});
