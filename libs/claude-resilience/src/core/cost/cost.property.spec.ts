import { describe, expect, it } from '@jest/globals';
import { costOf } from './cost-of.js';
import { knownUsdOf, NO_COST, plusCost, plusCosts, sumOfCosts, unknownIn } from './cost-sum.js';
import { estimatedUsage, type MeteredRequest, type MeteredTokens, type MeteredUsage } from './metered-usage.js';
import { plusMoney, usdOf } from './money.js';
import { PlainCosts } from './plain-costs.js';
import { LIST_PRICES } from './price-table.js';
import { readPriceTable } from './price.options.js';

const PRICES = readPriceTable('prices', undefined, []);
const AT = Date.UTC(2026, 10, 22);
const ROUNDS = 3_000;

/** Chance that is the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seeded(20261122);
const oneOf = <const T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
const some = (most: number) => (random() < 0.3 ? 0 : Math.floor(random() ** 3 * most));
const MODELS = [...new Set(LIST_PRICES.map(({ model }) => model)), 'claude-opus-6', undefined];

function anyTokens(): MeteredTokens {
  return {
    inputTokens: some(1e6),
    cacheWrite5mTokens: some(1e6),
    cacheWrite1hTokens: some(1e6),
    cacheReadTokens: some(1e6),
    outputTokens: some(128_000),
  };
}

const anyRefusal = () => ({ when: oneOf('before_output', 'midway'), category: oneOf('bio', 'cyber', 'none', 'unlisted', undefined) }) as const; // oxfmt-ignore

function anyUsage(): MeteredUsage {
  const type = () => oneOf('message', 'fallback_message', 'advisor_message', 'compaction', 'other');
  const iterations = Array.from({ length: oneOf(0, 0, 1, 2, 4) }, () => ({
    ...anyTokens(),
    type: type(),
    model: oneOf(...MODELS),
    ...(random() < 0.3 && { refusal: anyRefusal() }),
  }));
  return {
    ...estimatedUsage(0),
    ...anyTokens(),
    webSearches: some(50),
    serviceTier: oneOf('standard', 'standard', 'batch', 'priority'),
    speed: oneOf('standard', 'standard', 'standard', 'fast', 'other'),
    geography: oneOf('anywhere', 'anywhere', 'us', 'other'),
    iterations,
    ...(random() < 0.2 && { fallbackCredit: oneOf('redeemed', 'not_applied') }),
    ...(random() < 0.2 && { refusal: anyRefusal() }),
  };
}

function anyPlainUsage(inputTokens: number): MeteredUsage {
  const { isEstimated, ...usage } = { ...estimatedUsage(inputTokens), outputTokens: some(128_000) };
  return {
    ...usage,
    cacheReadTokens: oneOf(0, 1, 7),
    ...(random() < 0.2 && { isEstimated }),
    serviceTier: oneOf('standard', 'standard', 'standard', 'batch', 'priority'),
    speed: oneOf('standard', 'standard', 'standard', 'fast'),
    geography: oneOf('anywhere', 'anywhere', 'us'),
  };
}

function anyRequest(): MeteredRequest {
  const usage = random() < 0.05 ? undefined : anyUsage();
  return { model: oneOf(...MODELS), platform: oneOf('anthropic', 'anthropic', 'bedrock', undefined), atMs: AT, usage };
}

describe('what is true of every cost (R34)', () => {
  it('it is a whole number of picodollars, never below 0, never endless; or unknown for a reason', () => {
    const seen = { exact: 0, estimated: 0, unknown: 0 };
    for (let n = 0; n < ROUNDS; n++) {
      const cost = costOf(anyRequest(), PRICES);
      seen[cost.certainty]++;
      if (cost.certainty === 'unknown') expect(cost.reason).toMatch(/^[a-z_]+$/);
      else expect(Number.isSafeInteger(cost.picoUsd) && cost.picoUsd >= 0).toBe(true);
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });

  it('the sum of the parts is the whole, in any order and however it is cut', () => {
    for (let n = 0; n < ROUNDS / 10; n++) {
      const requests = Array.from({ length: 1 + Math.floor(random() * 12) }, anyRequest);
      const whole = sumOfCosts(requests, PRICES);
      const cut = Math.floor(random() * requests.length);
      const [one, other] = [requests.slice(0, cut), requests.slice(cut)].map((part) => sumOfCosts(part, PRICES));
      expect(plusCosts(one ?? NO_COST, other ?? NO_COST)).toEqual(whole);
      expect(sumOfCosts(requests.toReversed(), PRICES)).toEqual(whole);
    }
  });

  it('requests that are known add up to the sum; of the others what has no price is counted, and never nothing', () => {
    for (let n = 0; n < ROUNDS / 10; n++) {
      const requests = Array.from({ length: 5 }, anyRequest);
      const each = requests.map((request) => costOf(request, PRICES));
      const whole = sumOfCosts(requests, PRICES);
      const known = each.filter(({ certainty }) => certainty !== 'unknown').reduce(plusCost, NO_COST);
      const unknown = each.filter(({ certainty }) => certainty === 'unknown').length;
      expect(unknownIn(whole)).toBeGreaterThanOrEqual(unknown);
      expect(unknownIn(whole) > 0).toBe(unknown > 0);
      const usd = usdOf(plusMoney(known.exact, known.estimated));
      if (unknown === 0) expect(knownUsdOf(whole)).toBe(usd);
      else expect(knownUsdOf(whole)).toBeGreaterThanOrEqual(usd);
    }
  });

  it('a request that is like others before costs what it would alone, whatever its day, its size and its place', () => {
    const days = LIST_PRICES.flatMap(({ fromMs }) => [fromMs - 1, fromMs, fromMs + 1]);
    const sizes = [0, 1, 99_999, 100_000, 100_001];
    const plain = new PlainCosts(PRICES);
    let known = 0;
    for (let n = 0; n < 5 * ROUNDS; n++) {
      const request = { ...anyRequest(), atMs: oneOf(AT, 0, ...days) };
      const usage = random() < 0.3 ? request.usage : anyPlainUsage(oneOf(...sizes));
      const cost = plain.of({ ...request, usage });
      if (cost !== undefined) expect(cost).toEqual(sumOfCosts([{ ...request, usage }], PRICES));
      known += cost === undefined ? 0 : 1;
    }
    expect(known).toBeGreaterThan(ROUNDS);
  });

  it('more tokens of a kind never cost less', () => {
    const kinds = Object.keys(anyTokens()) as (keyof MeteredTokens)[];
    for (let n = 0; n < ROUNDS; n++) {
      const request = { ...anyRequest(), usage: { ...anyUsage(), iterations: [] } };
      const kind = oneOf(...kinds);
      const more = { ...request, usage: { ...request.usage, [kind]: request.usage[kind] + 1 + some(1e5) } };
      const [less, cost] = [costOf(request, PRICES), costOf(more, PRICES)];
      if (less.certainty === 'unknown' || cost.certainty === 'unknown') continue;
      expect(cost.picoUsd).toBeGreaterThanOrEqual(less.picoUsd);
    }
  });

  it('a batch is half, to the picodollar', () => {
    for (let n = 0; n < ROUNDS; n++) {
      const usage = { ...anyUsage(), webSearches: 0, speed: 'standard' } as const;
      const request = { ...anyRequest(), usage: { ...usage, serviceTier: 'standard' } } as const;
      const whole = costOf(request, PRICES);
      const half = costOf({ ...request, usage: { ...usage, serviceTier: 'batch' } }, PRICES);
      if (whole.certainty === 'unknown') expect(half).toEqual(whole);
      else expect(half).toEqual({ ...whole, picoUsd: whole.picoUsd / 2 });
    }
  });

  it('what no request costs is unknown, not a rounded number', () => {
    const usage = { ...estimatedUsage(1e8, 1e8), cacheWrite1hTokens: 1e8, webSearches: 1e8 };
    const cost = costOf({ model: 'claude-opus-5-5', platform: 'anthropic', atMs: AT, usage }, PRICES);
    expect(cost).toEqual({ certainty: 'unknown', reason: 'amount' });
  });
});
