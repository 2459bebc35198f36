import { describe, expect, it } from '@jest/globals';
import { budgetStop, noteSpending, NO_SPENDING, type BudgetState } from './budget.js';
import { forecastOf } from './budget-figures.js';
import { readBudgets, type BudgetsOptions } from './budget.options.js';
import { NO_COST, plusCost, type CostSum } from './cost-sum.js';

const MIDNIGHT = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const usd = (dollars: number): CostSum =>
  plusCost(NO_COST, { certainty: 'exact', picoUsd: Math.round(dollars * 1e12) });
const guessed = (dollars: number): CostSum => plusCost(NO_COST, { certainty: 'estimated', picoUsd: dollars * 1e12 });
const UNKNOWN = plusCost(NO_COST, { certainty: 'unknown', reason: 'model' });

/** Books by hand, and remembers what was told. */
function start(options: BudgetsOptions) {
  const issues: string[] = [];
  const budgets = readBudgets('cost.budgets', options, issues);
  expect(issues).toEqual([]);
  let state: BudgetState = NO_SPENDING;
  const told: string[] = [];
  return {
    told,
    state: () => state,
    spend(workflow: string, cost: CostSum, atMs: number) {
      const noted = noteSpending(state, { workflow, cost, atMs }, budgets);
      // As after a restart, each time.
      state = JSON.parse(JSON.stringify(noted.state)) as BudgetState;
      told.push(...noted.notices.map(({ level, period, workflow: whose }) => `${whose ?? 'all'} ${period} ${level}`));
      return noted.notices;
    },
    stop: (workflow: string, atMs: number) => budgetStop(state, workflow, atMs, budgets),
  };
}

describe('budgets (R34)', () => {
  it('warns once at 80 %, tells once that all is spent, and begins anew with the next hour', () => {
    const { spend, told } = start({ overall: { perHourUsd: 10 } });
    spend('a', usd(7.99), MIDNIGHT);
    expect(told).toEqual([]);
    spend('b', usd(0.01), MIDNIGHT + MINUTE);
    expect(told.splice(0)).toEqual(['all hour warning']);
    spend('a', usd(1.99), MIDNIGHT + 2 * MINUTE);
    expect(told).toEqual([]);
    spend('a', usd(0.01), MIDNIGHT + 3 * MINUTE);
    expect(told.splice(0)).toEqual(['all hour spent']);
    spend('a', usd(50), MIDNIGHT + HOUR - 1);
    expect(told).toEqual([]);
    spend('a', usd(8), MIDNIGHT + HOUR);
    expect(told).toEqual(['all hour warning']);
  });

  it('what is spent at one stroke is not warned about first', () => {
    const { spend } = start({ workflows: { a: { perHourUsd: 1, perDayUsd: 20 } } });
    expect(spend('a', usd(17), MIDNIGHT + 2 * HOUR)).toEqual([
      { level: 'spent', workflow: 'a', period: 'hour', limitUsd: 1, spentUsd: 17, unknown: 0, startMs: MIDNIGHT + 2 * HOUR, endMs: MIDNIGHT + 3 * HOUR }, // oxfmt-ignore
      { level: 'warning', workflow: 'a', period: 'day', limitUsd: 20, spentUsd: 17, unknown: 0, startMs: MIDNIGHT, endMs: MIDNIGHT + 24 * HOUR, forecastUsd: 204 }, // oxfmt-ignore
    ]);
  });

  it('each workflow has its own, and all together theirs; the others have none', () => {
    const { spend, told, state } = start({ overall: { perDayUsd: 5 }, workflows: { a: { perDayUsd: 2 } } });
    spend('a', usd(2), MIDNIGHT);
    spend('b', usd(2), MIDNIGHT);
    spend('__proto__', usd(1), MIDNIGHT);
    expect(told).toEqual(['a day spent', 'all day warning', 'all day spent']);
    expect(Object.keys(state().workflows)).toEqual(['a']);
  });

  it('the share is exact where doubles are not: 0.8 of 3, in tenths', () => {
    const { spend, told } = start({ overall: { perDayUsd: 3 } });
    for (let n = 0; n < 23; n++) spend('a', usd(0.1), MIDNIGHT);
    expect(told).toEqual([]);
    spend('a', usd(0.1), MIDNIGHT);
    expect(told).toEqual(['all day warning']);
  });

  it('another share', () => {
    const { spend, told } = start({ overall: { perDayUsd: 10, warnAtRatio: 0.5 } });
    spend('a', usd(5), MIDNIGHT);
    expect(told).toEqual(['all day warning']);
  });

  it('what is guessed counts, what is unknown is told beside it', () => {
    const { spend } = start({ overall: { perDayUsd: 10 } });
    spend('a', UNKNOWN, MIDNIGHT);
    expect(spend('a', guessed(8), MIDNIGHT)).toMatchObject([{ spentUsd: 8, unknown: 1 }]);
  });

  it('a clock that goes back tells nothing twice', () => {
    const { spend, told } = start({ overall: { perHourUsd: 10 } });
    spend('a', usd(9), MIDNIGHT + HOUR);
    spend('a', usd(0.5), MIDNIGHT);
    spend('a', usd(0.4), MIDNIGHT + HOUR + MINUTE);
    expect(told).toEqual(['all hour warning']);
  });

  it('a clock that was years ahead and is put right does not stop anything for years', () => {
    const { spend, stop, state } = start({ overall: { perDayUsd: 10, whenSpent: 'stop' } });
    spend('a', usd(20), Date.UTC(2099, 0, 1));
    expect(stop('a', Date.UTC(2099, 0, 1))).toBeDefined();
    expect(stop('a', MIDNIGHT)).toBeUndefined();
    spend('a', usd(1), MIDNIGHT);
    expect(state().overall).toMatchObject({
      day: { startMs: MIDNIGHT, spent: { exact: { dollars: 1 } } },
      hoursUsd: [1],
    });
  });

  it('the day of a place ends at its midnight', () => {
    const { spend, told } = start({ overall: { perDayUsd: 10 }, timeZone: 'Europe/Berlin' });
    spend('a', usd(8), MIDNIGHT + 22 * HOUR);
    spend('a', usd(8), MIDNIGHT + 23 * HOUR);
    expect(told).toEqual(['all day warning', 'all day warning']);
  });
});

describe('a budget that stops', () => {
  const stopping = { whenSpent: 'stop' } as const;

  it('one that only warns stops nobody', () => {
    const { spend, stop } = start({ overall: { perDayUsd: 1 } });
    spend('a', usd(5), MIDNIGHT);
    expect(stop('a', MIDNIGHT)).toBeUndefined();
  });

  it('stops when all is spent, and until the hour is over', () => {
    const { spend, stop } = start({ workflows: { a: { perHourUsd: 1, ...stopping } } });
    expect(stop('a', MIDNIGHT)).toBeUndefined();
    spend('a', usd(0.99), MIDNIGHT);
    expect(stop('a', MIDNIGHT)).toBeUndefined();
    spend('a', usd(0.01), MIDNIGHT);
    expect(stop('a', MIDNIGHT + 20 * MINUTE)).toMatchObject({ workflow: 'a', period: 'hour', limitUsd: 1, spentUsd: 1, retryAfterMs: 40 * MINUTE }); // oxfmt-ignore
    expect(stop('b', MIDNIGHT)).toBeUndefined();
    expect(stop('a', MIDNIGHT + HOUR)).toBeUndefined();
  });

  it('of several the one that lasts longest is told', () => {
    const { spend, stop } = start({ overall: { perDayUsd: 1, ...stopping }, workflows: { a: { perHourUsd: 1, ...stopping } } }); // oxfmt-ignore
    spend('a', usd(1), MIDNIGHT);
    expect(stop('a', MIDNIGHT)).toMatchObject({ workflow: undefined, period: 'day', retryAfterMs: 24 * HOUR });
    expect(stop('b', MIDNIGHT)).toMatchObject({ period: 'day' });
  });
});

describe('the forecast', () => {
  it('goes by the day before once that was seen from its beginning', () => {
    const { spend, state } = start({ overall: { perDayUsd: 1_000 } });
    const forecast = (atMs: number) => {
      const { overall } = state();
      return overall && forecastOf(overall, atMs);
    };
    const aDay = (day: number, fromHour: number, perHour: (hour: number) => number) => {
      for (let hour = fromHour; hour < 24; hour++) spend('a', usd(perHour(hour)), MIDNIGHT + (day * 24 + hour) * HOUR);
    };
    aDay(0, 6, () => 1); // begun in the morning: no measure for the next
    spend('a', usd(1), MIDNIGHT + 24 * HOUR);
    expect(forecast(MIDNIGHT + 36 * HOUR)).toBe(2);
    aDay(1, 1, (hour) => (hour < 12 ? 1 : 3)); // 12 and 36
    spend('a', usd(24), MIDNIGHT + 48 * HOUR);
    expect(forecast(MIDNIGHT + 60 * HOUR)).toBe(24 + 36 * 2);
  });

  it('a day without any spending between is no measure', () => {
    const { spend, state } = start({ overall: { perDayUsd: 1_000 } });
    spend('a', usd(1), MIDNIGHT);
    spend('a', usd(1), MIDNIGHT + 48 * HOUR);
    expect(state().overall?.dayBeforeUsd).toBeUndefined();
  });
});

// oxfmt-ignore
describe('options that cannot work', () => {
  it.each<[given: unknown, issue: string]>([
    ['10',                                      'cost.budgets: an object, got "10"'],
    [{ overall: {} },                           'cost.budgets.overall: perHourUsd, perDayUsd or both, got an object with neither'],
    [{ overall: { perHourUsd: 0 } },            'cost.budgets.overall.perHourUsd: a number, above 0, at most 1000000000000, got 0'],
    [{ overall: { perDayUsd: '5' } },           'cost.budgets.overall.perDayUsd: a number, above 0, at most 1000000000000, got "5"'],
    [{ overall: { perDayUsd: 5, warnAt: 1 } },  'cost.budgets.overall.warnAt: unknown option; known here: perDayUsd, perHourUsd, warnAtRatio, whenSpent'],
    [{ overall: { perDayUsd: 5, whenSpent: 'cry' } }, 'cost.budgets.overall.whenSpent: one of "warn", "stop", got "cry"'],
    [{ workflows: [] },                         'cost.budgets.workflows: budgets by workflow, got a list of 0'],
    [{ workflows: { a: { perDayUsd: 5, warnAtRatio: 0 } } }, 'cost.budgets.workflows.a.warnAtRatio: a ratio, above 0, at most 1, got 0'],
    [{ timeZone: 'Mars/Olympus' },              'cost.budgets.timeZone: a time zone such as "Europe/Berlin", got "Mars/Olympus"'],
  ])('%j', (given, issue) => {
    const issues: string[] = [];
    readBudgets('cost.budgets', given, issues);
    expect(issues).toEqual([issue]);
  });
});
