import { describe, expect, it } from '@jest/globals';
import { readCostOptions } from './cost.options.js';
import { findPrice } from './find-price.js';
import { readPriceTable } from './price.options.js';

const CHEAP = { input: 1, cacheRead: 0.1, output: 5 };
const read = (given: unknown) => {
  const issues: string[] = [];
  const table = readPriceTable('cost.prices', given, issues);
  expect(issues).toEqual([]);
  return table;
};
const at = (table: ReturnType<typeof read>, model: string, day = '2026-11-22', promptTokens = 1) =>
  findPrice(table, model, promptTokens, Date.parse(day))?.price;

describe('prices of the application’s own (R34)', () => {
  it('a model that the list does not know', () => {
    const price = at(read({ 'claude-opus-6': CHEAP }), 'claude-opus-6');
    expect(price?.standard).toEqual({ ...CHEAP, cacheWrite5m: 1.25, cacheWrite1h: 2 });
    expect(price).toMatchObject({ source: 'configured', usFactor: 1.1 });
    expect(price?.fast).toBeUndefined();
  });

  it('another price for a model that it knows, every day, in each of its names', () => {
    const table = read({ 'claude-haiku-5-5': CHEAP });
    expect(at(table, 'claude-haiku-5-5')?.standard.output).toBe(5);
    expect(at(table, 'claude-haiku-5-5', '2026-11-22', 200_000)?.standard.output).toBe(5); // no band is left of the old one
    expect(at(table, 'claude-haiku-5-5@default', '2020-01-01')?.standard.output).toBe(5);
    expect(at(table, 'claude-opus-5-5')?.standard.output).toBe(20);
  });

  it('a price from a day on: until then the list goes on', () => {
    const table = read({ 'claude-opus-5-5': { ...CHEAP, from: '2026-12-01' } });
    expect(at(table, 'claude-opus-5-5', '2026-11-30T23:59:59Z')?.standard.output).toBe(20);
    expect(at(table, 'claude-opus-5-5', '2026-12-01')?.standard.output).toBe(5);
  });

  it('several days and bands', () => {
    const table = read({
      'my-deployment': [
        CHEAP,
        { ...CHEAP, output: 7, abovePromptTokens: 10 },
        { ...CHEAP, output: 6, from: '2027-01-01', fast: CHEAP, usFactor: 1.2 },
      ],
    });
    expect(at(table, 'my-deployment')?.standard.output).toBe(5);
    expect(at(table, 'my-deployment', '2026-11-22', 11)?.standard.output).toBe(7);
    expect(at(table, 'my-deployment', '2027-01-01', 11)).toMatchObject({ standard: { output: 6 }, usFactor: 1.2 });
  });

  it('an id as it stands wins over what it means', () => {
    const table = read({ 'eu.anthropic.claude-opus-5-5': CHEAP });
    expect(at(table, 'eu.anthropic.claude-opus-5-5')?.standard.output).toBe(5);
    expect(at(table, 'us.anthropic.claude-opus-5-5')?.standard.output).toBe(20);
  });

  // oxfmt-ignore
  it.each<[given: unknown, issue: RegExp]>([
    ['cheap',                                         /^cost\.prices: an object, got "cheap"$/],
    [{ m: 3 },                                        /^cost\.prices\.m: an object, got 3$/],
    [{ m: undefined },                                /^cost\.prices\.m: a price, got undefined$/],
    [{ m: [] },                                       /^cost\.prices\.m: at least one price/],
    [{ m: { input: 1, output: 5 } },                  /^cost\.prices\.m\.cacheRead: US dollars for a million tokens, got undefined$/],
    [{ m: { ...CHEAP, output: -1 } },                 /^cost\.prices\.m\.output: a number, at least 0/],
    [{ m: { ...CHEAP, output: NaN } },                /^cost\.prices\.m\.output: a number/],
    [{ m: { ...CHEAP, output: 1e7 } },                /at most 1000000/],
    [{ m: { ...CHEAP, outptu: 1 } },                  /^cost\.prices\.m\.outptu: unknown option/],
    [{ m: [CHEAP, { ...CHEAP, from: '1.12.2026' }] }, /^cost\.prices\.m\[1\]\.from: a day such as "2026-12-01"/],
    [{ m: { ...CHEAP, from: '2026-06-31' } },         /\.from: a day/],
    [{ m: { ...CHEAP, usFactor: 0.5 } },              /\.usFactor: a number, at least 1/],
    [{ m: { ...CHEAP, abovePromptTokens: 9 } },       /a price for prompts of every size/],
    [{ m: [CHEAP, CHEAP] },                           /one price for each day and size of prompt, got two/],
    [{ m: { ...CHEAP, fast: { input: 1 } } },         /^cost\.prices\.m\.fast\.cacheRead: /],
  ])('%j is refused', (given, issue) => {
    const issues: string[] = [];
    readPriceTable('cost.prices', given, issues);
    expect(issues.find((found) => issue.test(found)) ?? issues).toMatch(issue);
  });
});

describe('the section `cost`', () => {
  it('all of it has a default', () => {
    const issues: string[] = [];
    const { prices, budgets } = readCostOptions('cost', undefined, issues);
    expect(issues).toEqual([]);
    expect(prices.webSearchUsdPerThousand).toBe(10);
    expect(budgets).toEqual({ overall: undefined, workflows: new Map(), timeZone: 'UTC' });
  });

  it('names of ours that are misspelt, and fees below 0, are refused', () => {
    const issues: string[] = [];
    readCostOptions('cost', { price: {}, webSearchUsdPerThousand: -1 }, issues);
    expect(issues).toEqual([
      'cost.webSearchUsdPerThousand: a number, at least 0, at most 1000, got -1',
      'cost.price: unknown option; known here: budgets, prices, webSearchUsdPerThousand',
    ]);
  });
});
