import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

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
  const named = [...read('README.md').matchAll(/npm (?:run )?(test|start|demo|[a-z]+(?=`))/g)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(['demo', 'test', 'start']));
  expect(named.filter((name) => name !== 'install' && name !== undefined && !(name in scripts))).toEqual([]);
});

const PAGES = [
  'README.md',
  'libs/claude-resilience/README.md',
  'docs/content-policy.md',
  'docs/long-documents.md',
  'docs/models.md',
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
