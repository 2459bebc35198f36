import { describe, expect, it } from '@jest/globals';
import { findPrice } from './find-price.js';
import { LIST_PRICES } from './price-table.js';
import { readPriceTable } from './price.options.js';
import { pricedModel, type PricedModel } from './priced-model.js';

const LIST = readPriceTable('prices', undefined, []);
const on = (day: string) => Date.parse(day);
const NOW = on('2026-11-22');
const ratesOn = (model: string, day: string, promptTokens = 1, table = LIST) =>
  Object.values(findPrice(table, model, promptTokens, on(day))?.price.standard ?? {});

describe('the price list (R34)', () => {
  // oxfmt-ignore
  it.each<[model: string, input: number, for5m: number, for1h: number, read: number, output: number]>([
    ['claude-fable-5-2',  8,    10,    16,   0.20, 40],
    ['claude-opus-5-5',   4,    5,     8,    0.20, 20],
    ['claude-sonnet-5-5', 2,    2.5,   4,    0.10, 10],
    ['claude-haiku-5-5',  0.1,  0.125, 0.2,  0.01, 0.5],
    ['claude-fable-5-1',  10,   12.5,  20,   0.25, 50],
    ['claude-mythos-5-1', 10,   12.5,  20,   0.25, 50],
    ['claude-fable-5',    10,   12.5,  20,   1,    50],
    ['claude-mythos-5',   10,   12.5,  20,   1,    50],
    ['claude-opus-5',     5,    6.25,  10,   0.5,  25],
    ['claude-opus-4-8',   5,    6.25,  10,   0.5,  25],
    ['claude-opus-4-7',   5,    6.25,  10,   0.5,  25],
    ['claude-opus-4-6',   5,    6.25,  10,   0.5,  25],
    ['claude-opus-4-5',   5,    6.25,  10,   0.5,  25],
    ['claude-sonnet-5',   2,    2.5,   4,    0.2,  10],
    ['claude-sonnet-4-6', 3,    3.75,  6,    0.3,  15],
    ['claude-sonnet-4-5', 3,    3.75,  6,    0.3,  15],
    ['claude-haiku-4-5',  1,    1.25,  2,    0.1,  5],
  ])('%s: %d, %d, %d, %d, %d', (model, ...rates) => expect(ratesOn(model, '2026-11-22')).toEqual(rates));

  it.each(['claude-mythos-5-2', 'claude-mythos-preview', 'claude-opus-6', 'gpt-6', ''])('%j has none', (model) =>
    expect(findPrice(LIST, model, 1, NOW)).toBeUndefined(),
  );

  it('with every discount and surcharge each price is a whole number of picodollars a token', () => {
    for (const { standard, fast, usFactor = 1 } of LIST_PRICES) {
      for (const usd of [...Object.values(standard), ...Object.values(fast ?? {})]) {
        for (const factor of [1, 0.5, usFactor, usFactor * 0.5]) {
          expect(Math.abs(usd * 1e6 * factor - Math.round(usd * 1e6 * factor))).toBeLessThan(1e-6);
        }
      }
    }
  });

  it('writes are 1.25 and 2 times the input, whatever the model', () => {
    for (const { standard } of LIST_PRICES) {
      expect(standard.cacheWrite5m).toBeCloseTo(standard.input * 1.25, 9);
      expect(standard.cacheWrite1h).toBeCloseTo(standard.input * 2, 9);
    }
  });
});

describe('prices that change', () => {
  it.each<[day: string, cacheRead: number]>([
    ['2026-08-01', 0.2], // before it was there: the first price
    ['2026-09-28', 0.2],
    ['2026-10-06T23:59:59.999Z', 0.2],
    ['2026-10-07', 0.1],
    ['2027-10-07', 0.1],
  ])('a cache read of Sonnet 5.5 on %s', (day, cacheRead) =>
    expect(ratesOn('claude-sonnet-5-5', day)[3]).toBe(cacheRead),
  );

  it('Haiku 5.5 has a band for large prompts, and no other model', () => {
    expect(ratesOn('claude-haiku-5-5', '2026-11-22', 100_000)).toEqual([0.1, 0.125, 0.2, 0.01, 0.5]);
    expect(ratesOn('claude-haiku-5-5', '2026-11-22', 100_001)).toEqual([0.5, 0.625, 1, 0.05, 2.5]);
    expect(LIST_PRICES.filter(({ abovePromptTokens }) => abovePromptTokens > 0)).toHaveLength(1);
  });
});

describe('names of models', () => {
  // oxfmt-ignore
  it.each<[id: string, meant: PricedModel | undefined]>([
    ['claude-opus-5-5',                                   { model: 'claude-opus-5-5', isForeign: false }],
    ['claude-sonnet-4-5-20250929',                        { model: 'claude-sonnet-4-5', isForeign: false }],
    ['claude-haiku-4-5-20251001',                         { model: 'claude-haiku-4-5', isForeign: false }],
    ['claude-sonnet-4-5-20260101',                        undefined], // no such snapshot
    ['claude-opus-5-5-20260922',                          undefined],
    ['anthropic.claude-opus-4-8',                         { model: 'claude-opus-4-8', isForeign: true }],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0',      { model: 'claude-sonnet-4-5', isForeign: true }],
    ['global.anthropic.claude-opus-4-6-v1',               { model: 'claude-opus-4-6', isForeign: true }],
    ['mars.anthropic.claude-opus-4-6-v1',                 undefined],
    ['claude-sonnet-4-5@20250929',                        { model: 'claude-sonnet-4-5', isForeign: true }],
    ['claude-sonnet-4-5@20250930',                        undefined],
    ['claude-opus-5@default',                             { model: 'claude-opus-5', isForeign: true }],
    ['publishers/anthropic/models/claude-sonnet-5',       { model: 'claude-sonnet-5', isForeign: true }],
    ['proxy/claude-opus-5-5',                             undefined],
    ['my-deployment',                                     undefined],
    ['arn:aws:bedrock:us-east-1:1:application-inference-profile/x', undefined],
    ['',                                                  undefined],
  ])('%j', (id, meant) => expect(pricedModel(id)).toEqual(meant));

  it('one that is longer than any is none, and is not looked at for long', () =>
    expect(pricedModel(`claude-${'-1'.repeat(500_000)}`)).toBeUndefined());
});
