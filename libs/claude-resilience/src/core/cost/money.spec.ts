import { describe, expect, it } from '@jest/globals';
import { MOST_PICO_USD, NO_MONEY, plusMoney, plusPicoUsd, usdOf, type Money } from './money.js';

const CENT = 1e10;

describe('sums of money (R34)', () => {
  it.each<[what: string, sum: Money, picoUsd: number, result: Money]>([
    ['nothing and nothing', NO_MONEY, 0, { dollars: 0, picoUsd: 0 }],
    ['up to a dollar', { dollars: 0, picoUsd: 1e12 - 1 }, 1, { dollars: 1, picoUsd: 0 }],
    ['over a dollar', { dollars: 3, picoUsd: 9e11 }, 2e11 + 5, { dollars: 4, picoUsd: 1e11 + 5 }],
    ['several dollars at once', { dollars: 1, picoUsd: 5 }, 7e12, { dollars: 8, picoUsd: 5 }],
    [
      'the most there is on top of the most of a dollar',
      { dollars: 0, picoUsd: 999_999_999_999 },
      MOST_PICO_USD,
      { dollars: 9008, picoUsd: 199_254_740_990 },
    ],
  ])('%s', (_what, sum, picoUsd, result) => expect(plusPicoUsd(sum, picoUsd)).toEqual(result));

  it('ten million times a tenth of a cent is 10,000 dollars, where doubles drift', () => {
    let money = NO_MONEY;
    let double = 0;
    for (let n = 0; n < 10_000_000; n++) {
      money = plusPicoUsd(money, CENT / 10);
      double += 0.001;
    }
    expect(money).toEqual({ dollars: 10_000, picoUsd: 0 });
    expect(double).not.toBe(10_000);
  });

  it('survives JSON, and sums of sums are the same in any order', () => {
    const amounts = [1, 999_999_999_999, CENT, 5_500, 3e12 + 1, MOST_PICO_USD];
    const whole = amounts.reduce(plusPicoUsd, NO_MONEY);
    for (let cut = 0; cut <= amounts.length; cut++) {
      const parts = [amounts.slice(0, cut), amounts.slice(cut)].map((part) => part.reduce(plusPicoUsd, NO_MONEY));
      const [one = NO_MONEY, other = NO_MONEY] = JSON.parse(JSON.stringify(parts)) as Money[];
      expect(plusMoney(one, other)).toEqual(whole);
      expect(plusMoney(other, one)).toEqual(whole);
    }
    expect(usdOf(whole)).toBeCloseTo(9011.2092547, 6);
  });
});
