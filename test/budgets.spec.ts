import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ClaudeMetrics,
  ClaudeResilienceService,
  type BudgetEvent,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const HOUR_MS = 3_600_000;
/** 10 000 USD for a million tokens: each of them is a cent. */
const CENT_A_TOKEN = { 'claude-sonnet-5-5': { input: 10_000, cacheRead: 10_000, output: 10_000 } };

async function start(more: ClaudeResilienceOptions, clock = new ManualClock()) {
  const { app, events } = await startApp({
    claude: { baseURL: simulator.api.url, pacing: false, ...more },
    clock,
  });
  const claude = app.get(ClaudeResilienceService);
  const ask = (workflow = 'digest') => claude.messages.create(PARAMS, { workflow });
  const told = () =>
    events.filter((event): event is BudgetEvent => event.type === 'budget.warned' || event.type === 'budget.spent');
  return { app, clock, claude, ask, told, events, metrics: app.get(ClaudeMetrics) };
}

describe('budgets (R34)', () => {
  it('warn once at a share of it and once when it is spent, and nothing is held back', async () => {
    const first = await start({ cost: { prices: CENT_A_TOKEN } });
    await first.ask();
    const { costUsd } = first.metrics.figures();
    expect(costUsd).toBeGreaterThan(0);

    const budget = { perHourUsd: costUsd * 2.5, warnAtRatio: 0.5 };
    const { ask, told, metrics } = await start({ cost: { prices: CENT_A_TOKEN, budgets: { overall: budget } } });
    for (let call = 0; call < 5; call++) await ask();
    expect(told().map(({ type, period }) => [type, period])).toEqual([
      ['budget.warned', 'hour'],
      ['budget.spent', 'hour'],
    ]);
    expect(metrics.budgets()).toMatchObject([{ period: 'hour', limitUsd: costUsd * 2.5, unknown: 0 }]);
    expect(metrics.budgets()[0]?.spentUsd).toBeCloseTo(costUsd * 5, 9);
  });

  it('stop, if they are to: a typed failure, nothing is sent, and the next hour is free', async () => {
    const budgets = { workflows: { digest: { perHourUsd: 0.01, whenSpent: 'stop' as const } } };
    const { ask, clock, events, metrics } = await start({ cost: { prices: CENT_A_TOKEN, budgets } });
    await clock.advance(HOUR_MS / 2);
    await ask();
    const sent = simulator.api.requests.count();
    await expect(ask()).rejects.toMatchObject({
      code: 'CLAUDE_BILLING',
      failure: { rule: 'budget_spent', retryAfterMs: HOUR_MS / 2, isHeld: true },
      attempts: 0,
    });
    expect(simulator.api.requests.count()).toBe(sent);
    await ask('another');
    expect(metrics.figures(5, { workflow: 'digest' })).toMatchObject({ ok: 1, error: 0, rejected: 1 });
    expect(events.filter(({ type }) => type === 'account.stopped')).toEqual([]);

    await clock.advance(HOUR_MS / 2);
    await expect(ask()).resolves.toBeDefined();
  });

  it('of all stop every workflow; counting tokens is free', async () => {
    const budgets = { overall: { perDayUsd: 0.01, whenSpent: 'stop' as const } };
    const { ask, claude } = await start({ cost: { prices: CENT_A_TOKEN, budgets } });
    await ask('one');
    await expect(ask('other')).rejects.toMatchObject({ code: 'CLAUDE_BILLING' });
    const { max_tokens: _, ...countable } = PARAMS;
    await expect(claude.messages.countTokens(countable)).resolves.toBeDefined();
  });

  it('a model without a price is counted, and is no zero', async () => {
    const { claude, metrics } = await start({ cost: { budgets: { overall: { perHourUsd: 1 } } } });
    await claude.messages.create({ ...PARAMS, model: 'claude-unheard-of-9' }).catch(() => {});
    await claude.messages.create(PARAMS);
    const { costUsd, unpriced, ok } = metrics.figures();
    expect(unpriced).toBe(ok - 1);
    expect(costUsd).toBeGreaterThan(0);
  });

  describe('over a restart', () => {
    let directory = '';
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'claude-budget-'));
    });
    afterEach(async () => {
      await closeApps();
      rmSync(directory, { recursive: true });
    });

    it('what was spent stays spent, and nobody is told of it again', async () => {
      const options = {
        cost: { prices: CENT_A_TOKEN, budgets: { overall: { perDayUsd: 0.01, whenSpent: 'stop' as const } } },
        rollups: { path: join(directory, 'metrics.db') },
      };
      const clock = new ManualClock();
      await clock.advance(6 * HOUR_MS);
      const first = await start(options, clock);
      await first.ask();
      expect(first.told()).toHaveLength(1);
      await first.app.close();

      const second = await start(options, clock);
      await expect(second.ask()).rejects.toMatchObject({ failure: { rule: 'budget_spent' } });
      expect(second.told()).toEqual([]);
      expect(second.metrics.budgets()).toMatchObject(
        first.metrics.budgets().map(({ spentUsd }) => ({ spentUsd: expect.closeTo(spentUsd, 6) })),
      );
    });
  });
});
