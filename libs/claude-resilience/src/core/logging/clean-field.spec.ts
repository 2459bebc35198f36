import { describe, expect, it } from '@jest/globals';
import { cleanField, plainWord } from './clean-field.js';

describe('cleanField (R7, R35)', () => {
  it.each([
    ['plain', 'plain'],
    ['한국어 and עברית', '한국어 and עברית'],
    ['👩‍🔬', '👩‍🔬'],
    ['two\r\nlines', 'two lines'],
    ['\u001b[31mred\u001b[0m', ' [31mred [0m'],
    ['\u202eback\u2069', ' back '],
    ['key sk-ant-api03-x', 'key [key]'],
    ['key SK-ANT-api03-x', 'key [key]'],
    ['whsec_MfKQ9r8GKYqrTwjU', '[key]'],
    ['HTTPS://hooks.slack.com/services/T/B/x', '[key]'],
    ['Bearer abcdefghijklmnopqrstuvwxyz', 'Bearer [key]'],
    ['{"apiKey":"x"}', '{"apiKey":"[key]"}'],
    [7, 7],
    [true, true],
    [
      ['a\nb', 1],
      ['a b', 1],
    ],
  ])('%j is %j', (given, clean) => {
    expect(cleanField(given)).toEqual(clean);
  });

  it('cuts what is long, in whole characters', () => {
    const cut = cleanField(`${'x'.repeat(1_022)}😀😀`);
    expect(cut).toHaveLength(1_024);
    expect((cut as string).isWellFormed()).toBe(true);
    expect(cleanField(Array.from({ length: 99 }, () => 'x'))).toHaveLength(20);
  });

  it('cuts no key in two so that its beginning stays', () => {
    expect(cleanField(`${'x'.repeat(1_000)}sk-ant-api03-${'y'.repeat(90)}`)).not.toContain('sk-ant');
  });
});

it.each([
  ['end_turn', 'end_turn'],
  ['req_01K1pJyiLJSnLtFD98n9H3St', 'req_01K1pJyiLJSnLtFD98n9H3St'],
  ['claude-sonnet-5-5', 'claude-sonnet-5-5'],
  ['only the API says this', undefined],
  ['two\nlines', undefined],
  ['', undefined],
  ['x'.repeat(129), undefined],
  [undefined, undefined],
])('plainWord takes %j for %j (R7)', (given, word) => {
  expect(plainWord(given)).toBe(word);
});
