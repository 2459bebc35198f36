import { describe, expect, it } from '@jest/globals';
import { OptionReader, show } from './option-reader.js';

const LONG_KEY = 'sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

function readerOf(given: unknown, path = 'section') {
  const issues: string[] = [];
  return { read: new OptionReader(path, given, issues), issues };
}

describe('a section', () => {
  it.each<[what: string, given: unknown]>([
    ['undefined', undefined],
    ['an object', {}],
    ['an object without a prototype', Object.create(null)],
  ])('%s is fine', (_what, given) => {
    const { read, issues } = readerOf(given);
    read.done();
    expect(issues).toEqual([]);
  });

  it.each<[given: unknown, shown: string]>([
    [null, 'null'],
    [5, '5'],
    ['classic', '"classic"'],
    [[1, 2], 'a list of 2'],
    [true, 'true'],
  ])('%j is not', (given, shown) => {
    const { read, issues } = readerOf(given);
    expect(read.integer('a', 7)).toBe(7);
    expect(issues).toEqual([`section: an object, got ${shown}`]);
    expect(readerOf(given, '').issues).toEqual([`options: an object, got ${shown}`]);
  });
});

type Reading = (read: OptionReader) => unknown;

describe('a value', () => {
  // oxfmt-ignore
  it.each<[what: string, given: unknown, reading: Reading, value: unknown]>([
    ['absent: the default',              {},               (read) => read.integer('a', 7, { min: 1 }),                    7],
    ['explicitly undefined: the default', { a: undefined }, (read) => read.integer('a', 7, { min: 1 }),                   7],
    ['zero is a value',                  { a: 0 },         (read) => read.integer('a', 7, { min: 0 }),                    0],
    ['at the lower end',                 { a: 1 },         (read) => read.integer('a', 7, { min: 1, max: 9 }),            1],
    ['at the upper end',                 { a: 9 },         (read) => read.integer('a', 7, { min: 1, max: 9 }),            9],
    ['milliseconds of 0',                { a: 0 },         (read) => read.milliseconds('a', 7),                           0],
    ['a fraction of a millisecond',      { a: 0.5 },       (read) => read.milliseconds('a', 7, { above: 0 }),             0.5],
    ['a share of 0',                     { a: 0 },         (read) => read.ratio('a', 0.5),                                0],
    ['a share of 100 %',                 { a: 1 },         (read) => read.ratio('a', 0.5),                                1],
    ['a factor',                         { a: 1.5 },       (read) => read.number('a', 2, { min: 1 }),                     1.5],
    ['one of',                           { a: 'x' },       (read) => read.oneOf('a', 'y', ['x', 'y']),                    'x'],
    ['none of',                          {},               (read) => read.oneOf('a', 'y', ['x', 'y']),                    'y'],
    ['false is a value',                 { a: false },     (read) => read.oneOf('a', true, [true, false]),                false],
    ['a text',                           { a: 'x' },       (read) => read.text('a'),                                      'x'],
    ['no text',                          {},               (read) => read.text('a'),                                      undefined],
    ['taken as it is',                   { a: null },      (read) => read.take('a'),                                      null],
  ])('%s', (_what, given, reading, value) => {
    const { read, issues } = readerOf(given);
    expect(reading(read)).toBe(value);
    read.done();
    expect(issues).toEqual([]);
  });

  // oxfmt-ignore
  it.each<[given: unknown, reading: Reading, fallback: unknown, issue: string]>([
    [0,          (read) => read.integer('a', 7, { min: 1 }),              7,         'an integer, at least 1, got 0'],
    [101,        (read) => read.integer('a', 7, { min: 0, max: 100 }),    7,         'an integer, at least 0, at most 100, got 101'],
    [1.5,        (read) => read.integer('a', 7),                          7,         'an integer, got 1.5'],
    ['5',        (read) => read.integer('a', 7),                          7,         'an integer, got "5"'],
    [null,       (read) => read.integer('a', 7),                          7,         'an integer, got null'],
    [5n,         (read) => read.integer('a', 7),                          7,         'an integer, got 5'],
    [NaN,        (read) => read.milliseconds('a', 7),                     7,         'milliseconds, at least 0, got NaN'],
    [Infinity,   (read) => read.milliseconds('a', 7),                     7,         'milliseconds, at least 0, got Infinity'],
    [0,          (read) => read.milliseconds('a', 7, { above: 0 }),       7,         'milliseconds, above 0, got 0'],
    [1.01,       (read) => read.ratio('a', 0.5),                          0.5,       'a ratio, at least 0, at most 1, got 1.01'],
    [-0.01,      (read) => read.ratio('a', 0.5),                          0.5,       'a ratio, at least 0, at most 1, got -0.01'],
    [0,          (read) => read.number('a', 2, { min: 1 }),               2,         'a number, at least 1, got 0'],
    ['z',        (read) => read.oneOf('a', 'y', ['x', 'y']),              'y',       'one of "x", "y", got "z"'],
    [1,          (read) => read.oneOf('a', true, [true, false]),          true,      'one of true, false, got 1'],
    [' ',        (read) => read.text('a'),                                undefined, 'a text that is not empty, got " "'],
    [7,          (read) => read.text('a'),                                undefined, 'a text that is not empty, got 7'],
  ])('%p is named, with what is allowed', (given, reading, fallback, issue) => {
    const { read, issues } = readerOf({ a: given });
    expect(reading(read)).toBe(fallback);
    expect(issues).toEqual([`section.a: ${issue}`]);
  });

  it('every problem is remembered, not only the first', () => {
    const { read, issues } = readerOf({ a: -1, b: 'x', c: 2, d: 4 }, '');
    read.integer('a', 1, { min: 0 });
    read.milliseconds('b', 1);
    read.ratio('c', 1);
    read.done();
    expect(issues.map((issue) => issue.split(':')[0])).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('done', () => {
  it('names what nobody asked for, and what is known', () => {
    const { read, issues } = readerOf({ maxRetrys: 3, known: 1 });
    read.integer('maxRetries', 1);
    read.take('known');
    read.done();
    expect(issues).toEqual(['section.maxRetrys: unknown option; known here: known, maxRetries']);
  });
});

describe('show', () => {
  it.each<[given: unknown, shown: string]>([
    ['a'.repeat(24), `"${'a'.repeat(24)}"`],
    ['a'.repeat(25), 'a text of 25 characters'],
    [LONG_KEY, `a text of ${LONG_KEY.length} characters`],
    [[LONG_KEY], 'a list of 1'],
    [{ key: LONG_KEY }, 'an object'],
    [new Error(LONG_KEY), 'an object'],
    [OptionReader, 'function OptionReader'],
    [() => LONG_KEY, 'function (anonymous)'],
    [Symbol('s'), 'Symbol(s)'],
    [undefined, 'undefined'],
    [null, 'null'],
    [-0.5, '-0.5'],
  ])('%p', (given, shown) => {
    expect(show(given)).toBe(shown);
  });
});
