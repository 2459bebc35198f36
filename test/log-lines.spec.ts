import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaudeEvent } from 'nestjs-claude-resilience';
import { eventLine } from '../libs/claude-resilience/src/nest/event-line.js';
import { NEVER, sampleEvents } from './support/sample-events.js';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/logging.md'), 'utf8');
const KEY = 'sk-ant-api03-a-key-nobody-may-see';
const NAMES: readonly (readonly [what: string, name: string])[] = [
  ['HTML', '<img src=x onerror=alert(1)>'],
  ['a second line', 'first\nclaude.alert.fired'],
  ['a second line of JSON', 'first\r\n{"event":"claude.alert.fired"}'],
  ['colours', '\u001b[31mred\u001b[0m'],
  ['commands of terminals', '\u001b]0;title\u0007\u009b2J'],
  ['line ends of Unicode', 'a\u2028b\u2029c\u0085d'],
  ['text turned round', '\u202edorevo\u2066\u2069'],
  ['other control characters', '\u0000\b\t'],
  ['fields of JSON', '","event":"claude.alert.fired","x":"'],
  ['half a character', '\ud800'],
  ['a key', `a name with ${KEY} in it`],
  ['very much', 'long '.repeat(10_000)],
];

const MISCHIEF =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for, as they are and as JSON writes them
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\\u00[01]|\\[nrtb]/;

const linesOf = (samples: readonly ClaudeEvent[]) => samples.map((event) => eventLine(event, () => false));
const kinds = (text: string): readonly (readonly [type: string, samples: readonly ClaudeEvent[]])[] =>
  Object.entries(sampleEvents(text));

const between = (name: string) => PAGE.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? '';
const namesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** Fields that the page gives a common name. */
const GROUPS = new Map(
  [...between('groups').matchAll(/^\| _(\w+)_ +\| (.*) \|$/gm)].map(([, name = '', cell = '']) => [
    name,
    namesIn(cell),
  ]),
);

/** Rows of the table of the page, by event. */
const ROWS = new Map(
  [...between('lines').matchAll(/^\| `claude\.([\w.]+)` +\|(.*)\|(.*)\|$/gm)].map(
    ([, type, levels = '', fields = '']) => {
      const groups = [...fields.matchAll(/_(\w+)_/g)].flatMap(([, name = '']) => GROUPS.get(name) ?? [name]);
      return [type, { levels: namesIn(levels), fields: new Set([...namesIn(fields), ...groups]) }] as const;
    },
  ),
);

describe('lines of the log hold what the page lists, and nothing else (R35)', () => {
  it('has a row for every kind of event', () => {
    expect([...ROWS.keys()].sort()).toEqual([...kinds('x').map(([type]) => type), 'log.sampled'].sort());
  });

  it.each(kinds('word'))('%s', (type, samples) => {
    const lines = linesOf(samples);
    const fields = new Set(lines.flatMap(({ line }) => Object.keys(line)));
    expect(lines.every(({ line }) => line.event === `claude.${type}`)).toBe(true);
    expect([...fields].sort()).toEqual(['event', ...(ROWS.get(type)?.fields ?? [])].sort());
    expect(ROWS.get(type)?.levels).toEqual(expect.arrayContaining(lines.map(({ level }) => level)));
  });

  it.each(kinds('word'))('%s tells nothing that opens or quotes something', (_type, samples) => {
    expect(JSON.stringify(linesOf(samples))).not.toContain(NEVER);
  });
});

describe.each(NAMES)('a name with %s (R35)', (_what, name) => {
  it('breaks no line, moves no terminal and shows no key', () => {
    for (const [type, samples] of kinds(name)) {
      for (const { line } of linesOf(samples)) {
        const written = JSON.stringify(line);
        expect(written).not.toMatch(MISCHIEF);
        expect(written).not.toContain('sk-ant');
        expect(JSON.parse(written)).toMatchObject({ event: `claude.${type}` });
        for (const value of Object.values(line)) expect(String(value).length).toBeLessThanOrEqual(1_100);
      }
    }
  });
});

it('what should be a plain word of the API’s or of an error’s name is left out when it is not (R35)', () => {
  const said = 'only the API says this';
  const { 'call.completed': calls, 'fallback.failed': fallbacks } = sampleEvents(said);
  for (const { line } of linesOf([...calls, ...fallbacks])) {
    expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['requestId']));
    expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['stopReason']));
    expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['errorName']));
  }
});

it('figures of an advice are among its fields, and can replace none of them (R12, R35)', () => {
  const [given] = sampleEvents('word')['advice.given'];
  const { line } = eventLine({ ...given, evidence: { share: 0.5, topic: 'another' } }, () => false);
  expect(line).toMatchObject({ share: 0.5, topic: 'too_large' });
});

it('without a price there is no price: nobody reads that a call cost nothing (R34, R35)', () => {
  const [event] = sampleEvents('word')['call.completed'];
  const none = { dollars: 0, picoUsd: 0 };
  const unknown = { ...event, cost: { exact: none, estimated: none, unknown: { model: 1 } } };
  expect(eventLine(unknown, () => false).line).toMatchObject({ costUnknown: 1 });
  expect(eventLine(unknown, () => false).line).not.toHaveProperty('costUsd');
  expect(eventLine({ ...unknown, cost: { ...unknown.cost, unknown: {} } }, () => false).line).toMatchObject({
    costUsd: 0,
  });
});
