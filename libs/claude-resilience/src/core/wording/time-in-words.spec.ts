import { describe, expect, it } from '@jest/globals';
import { CLAUDE_CATALOGUES } from './catalogue/catalogues.js';
import { TimeInWords } from './time-in-words.js';

type Locale = keyof typeof CLAUDE_CATALOGUES;
const timesOf = (locale: Locale) => new TimeInWords(locale, CLAUDE_CATALOGUES[locale]);

describe('waiting times', () => {
  // oxfmt-ignore
  it.each<[locale: Locale, second: string, seconds: string, minutes: string]>([
    ['en', 'in about a second',                    'in about 42 seconds',        'in about 2 minutes'],
    ['de', 'in etwa einer Sekunde',                'in etwa 42 Sekunden',        'in etwa 2 Minuten'],
    ['fr', 'dans environ une seconde',             'dans environ 42 secondes',   'dans environ 2 minutes'],
    ['es', 'dentro de aproximadamente un segundo', 'dentro de unos 42 segundos', 'dentro de unos 2 minutos'],
    ['ja', '約1秒後',                              '約42秒後',                   '約2分後'],
  ])('%s: %s, %s, %s', (locale, ...words) => {
    const times = timesOf(locale);
    expect([times.when(1), times.when(41_001), times.when(89_001)]).toEqual(words);
  });

  it.each([undefined, 3_600_001, Infinity, NaN])('%s ms: nothing to promise', (ms) => {
    expect(timesOf('en').when(ms)).toBeUndefined();
  });

  it('what is over is as near as can be', () => {
    expect(timesOf('en').when(-5)).toBe('in about a second');
  });

  it('a language with more plurals has them', () => {
    const when = {
      seconds: { one: 'через {count} секунду', few: 'через {count} секунды', other: 'через {count} секунд' },
      minutes: { other: 'через {count} минут' },
    } as const;
    const russian = new TimeInWords('ru', { when });
    expect([1, 3, 5, 21, 44, 89].map((seconds) => russian.when(seconds * 1000))).toEqual([
      'через 1 секунду',
      'через 3 секунды',
      'через 5 секунд',
      'через 21 секунду',
      'через 44 секунды',
      'через 89 секунд',
    ]);
    expect(russian.when(120_000)).toBe('через 2 минут');
  });
});

describe('days of return', () => {
  // oxfmt-ignore
  it.each<[locale: Locale, first: string, second: string]>([
    ['en', 'September 1, 2026',      'December 2, 2026'],
    ['de', '1. September 2026',      '2. Dezember 2026'],
    ['fr', '1er septembre 2026',     '2 décembre 2026'],
    ['es', '1 de septiembre de 2026', '2 de diciembre de 2026'],
    ['ja', '2026年9月1日',            '2026年12月2日'],
  ])('%s: %s, %s', (locale, ...days) => {
    const times = timesOf(locale);
    expect([times.day(Date.UTC(2026, 8, 1)), times.day(Date.UTC(2026, 11, 2))]).toEqual(days);
  });

  // oxfmt-ignore
  it.each<[moment: string, day: string]>([
    ['2026-09-01T00:00:00Z', 'September 1, 2026'],
    ['2026-09-01T09:59:59Z', 'September 1, 2026'],
    ['2026-09-01T10:00:00Z', 'September 2, 2026'],
  ])('%s is told as %s: no calendar is ahead of it', (moment, day) => {
    expect(timesOf('en').day(Date.parse(moment))).toBe(day);
  });

  it.each([undefined, NaN, Infinity, -Infinity, 8.64e15 + 1, 1e300])('%s is no day', (wallMs) => {
    expect(timesOf('fr').day(wallMs)).toBeUndefined();
  });
});
