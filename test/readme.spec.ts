import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '..', path), 'utf8');
const between = (text: string, name: string) => text.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0];

/** The example itself is run by the packed checks, in an empty Nest 12 and an empty Nest 11 application. */
it.each(['first-example', 'reference'])('both READMEs say the same: %s', (section) => {
  const ours = between(read('README.md'), section);
  expect(ours?.length).toBeGreaterThan(500);
  expect(between(read('libs/claude-resilience/README.md'), section)).toBe(ours);
});

it('names only scripts that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('README.md').matchAll(/npm (?:run )?(test|start|demo|[a-z]+(?=`))/g)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(['demo', 'test', 'start']));
  expect(named.filter((name) => name !== 'install' && name !== undefined && !(name in scripts))).toEqual([]);
});
