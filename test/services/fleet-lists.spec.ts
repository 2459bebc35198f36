import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ClaudeMetrics,
  ClaudeResilienceService,
  ReviewList,
  type ClaudeResilienceExtras,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import type { RollupSlot } from '../../libs/claude-resilience/src/core/metrics/rollup-slot.js';
import { FiguresRoom } from '../../libs/claude-resilience/src/runtime/figures-room.js';
import { PARAMS, useSimulator } from '../support/simulator.js';
import { closeApps, startApp } from '../support/start-app.js';
import { eventually } from './support/eventually.js';
import { RedisServer } from './support/redis-server.js';

const simulator = useSimulator();
const server = await RedisServer.start('--appendfsync', 'no');
afterEach(closeApps);
afterAll(() => server?.stop());

const TOKEN = 'a-token-of-24-characters';
const MINUTE_MS = 60_000;
/** 10 000 USD for a million tokens: each of them is a cent. */
const CENT_A_TOKEN = { 'claude-sonnet-5-5': { input: 10_000, cacheRead: 10_000, output: 10_000 } };
const ITEM = { feature: 'classification', correlationId: 'c-1', input: { text: 'Please pay.' } };

const send = (url: string, path: string, init: RequestInit = {}) =>
  fetch(`${url}/claude/reviews${path}`, {
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  });

it('has a Redis to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? server !== undefined : true).toBe(true);
});

(server === undefined ? describe.skip : describe)('three replicas on one Redis', () => {
  let clock = new ManualClock();
  let prefix = '';
  let worlds = 0;
  beforeEach(async () => {
    clock = new ManualClock();
    await clock.advance(6 * 60 * MINUTE_MS);
    prefix = `world${++worlds}`;
  });

  async function replica(
    more: ClaudeResilienceOptions & ClaudeResilienceExtras = {},
    connection = { url: server?.url ?? '' },
  ) {
    const claude = { baseURL: simulator.api.url, pacing: false as const, fleet: { connection, prefix }, ...more };
    const { app, events, url } = await startApp({ claude: { ...claude, operator: { token: TOKEN } }, clock });
    const service = app.get(ClaudeResilienceService);
    return {
      app,
      events,
      url,
      ask: (workflow = 'digest') => service.messages.create(PARAMS, { workflow }),
      metrics: app.get(ClaudeMetrics),
      reviews: app.get(ReviewList),
      figures: app.get(FiguresRoom),
      spentUsd: () => app.get(ClaudeMetrics).budgets()[0]?.spentUsd ?? 0,
    };
  }
  const replicas = async (more?: ClaudeResilienceOptions) =>
    [await replica(more), await replica(more), await replica(more)] as const;
  /** As beats go by. */
  const inTime = (check: () => void | Promise<void>) =>
    eventually(20_000, async () => {
      await clock.advance(1_000);
      await check();
    });

  it('share a budget: what one spends stops the others, and one that starts later; its event is told once (R34)', async () => {
    const options = {
      cost: { prices: CENT_A_TOKEN, budgets: { overall: { perDayUsd: 0.01, whenSpent: 'stop' as const } } },
    };
    const [a, b, c] = await replicas(options);
    await inTime(() =>
      expect(a.events.concat(b.events, c.events).filter(({ type }) => type === 'fleet.trouble')).toEqual([]),
    );
    await a.ask();
    const spent = a.spentUsd();
    expect(spent).toBeGreaterThan(0.01);
    await inTime(() => expect([b.spentUsd(), c.spentUsd()]).toEqual([spent, spent]));
    for (const { ask } of [b, c]) await expect(ask()).rejects.toMatchObject({ failure: { rule: 'budget_spent' } });
    const told = () => [a, b, c].flatMap(({ events }) => events.filter(({ type }) => type === 'budget.spent'));
    await inTime(() => expect(told()).toHaveLength(1));
    await a.app.close();
    const late = await replica(options);
    expect(late.spentUsd()).toBeCloseTo(spent, 6);
    await expect(late.ask()).rejects.toMatchObject({ failure: { rule: 'budget_spent' } });
    for (let beat = 0; beat < 15; beat++) await clock.advance(1_000);
    expect([...told(), ...late.events.filter(({ type }) => type === 'budget.spent')]).toHaveLength(1);
  });

  it.each<[what: string, strike: () => Promise<void> | void, mend: () => Promise<void> | void]>([
    ['emptied', async () => server?.empty(), () => {}],
    ['killed, and started again', async () => server?.kill(), async () => server?.startAgain()],
    ['paused, and resumed', () => server?.pause(), () => server?.resume()],
  ])(
    'Redis %s: what was spent stays spent, and what was spent meanwhile is added once (R34)',
    async (_what, strike, mend) => {
      const [a, b] = await replicas({ cost: { prices: CENT_A_TOKEN, budgets: { overall: { perDayUsd: 1_000 } } } });
      await a.ask();
      const once = a.spentUsd();
      await inTime(() => expect(b.spentUsd()).toBeCloseTo(once, 6));
      await strike();
      try {
        for (const { ask } of [a, b, b]) await ask();
        for (let beat = 0; beat < 5; beat++) await clock.advance(1_000);
        expect(a.spentUsd()).toBeGreaterThanOrEqual(2 * once - 1e-6);
        expect(b.spentUsd()).toBeGreaterThanOrEqual(3 * once - 1e-6);
      } finally {
        await mend();
      }
      await inTime(() => {
        expect(a.spentUsd()).toBeCloseTo(4 * once, 5);
        expect(b.spentUsd()).toBeCloseTo(4 * once, 5);
      });
      for (let beat = 0; beat < 5; beat++) await clock.advance(1_000);
      expect([a.spentUsd(), b.spentUsd()]).toEqual([expect.closeTo(4 * once, 5), expect.closeTo(4 * once, 5)]);
    },
    60_000,
  );

  it('have one list of reviews: added on one, read on another, resolved on a third (R24)', async () => {
    const [a, b, c] = await replicas();
    const { id } = await a.reviews.add(ITEM);
    const page = (await (await send(b.url, '')).json()) as { reviews: unknown[]; open: unknown };
    expect(page).toMatchObject({ reviews: [{ id, input: ITEM.input }], open: { total: 1 } });
    const resolved = await send(c.url, `/${id}`, { method: 'POST', body: JSON.stringify({ by: 'ann' }) });
    expect(resolved.status).toBe(200);
    expect(await a.reviews.get(id)).toMatchObject({ resolution: { by: 'ann' } });
    expect((await send(a.url, `/${id}`, { method: 'POST', body: JSON.stringify({ by: 'bob' }) })).status).toBe(409);
    const told = [a, b, c].map(({ events }) => events.filter(({ type }) => type === 'review.resolved').length);
    expect(told).toEqual([0, 0, 1]);
  });

  it('have one history: each adds its part, also when it ends (R38)', async () => {
    const [a, b, c] = await replicas();
    for (const { ask } of [a, a, b]) await ask();
    await clock.advance(5 * MINUTE_MS);
    const history = async () => c.metrics.history({ resolution: '5m', fromMs: 0, untilMs: clock.wallMs() + 1 });
    await eventually(10_000, async () => {
      // One that was at it already goes by the time at which it began.
      for (const { figures } of [a, b, c]) await figures.tick();
      expect(await history()).toMatchObject([{ figures: { ok: 3 } }]);
    });
    await a.ask();
    await a.app.close();
    const after = await history();
    expect(after.map(({ figures }) => figures.ok).reduce((sum, ok) => sum + ok, 0)).toBe(4);
    const late = await replica();
    const found = await late.metrics.history({ resolution: '5m', fromMs: 0, untilMs: clock.wallMs() + 1 });
    expect(found.map(({ figures }) => figures.ok)).toEqual(after.map(({ figures }) => figures.ok));
  });

  it('learn what is usual from what all have counted, and a reset reaches all, once (R31, R38)', async () => {
    const [a, b, c] = await replicas();
    const learnt: RollupSlot[] = [];
    const resets: unknown[] = [];
    const { baselines } = c.figures;
    baselines.add = (slots) => void learnt.push(...slots);
    baselines.reset = (reset) => void resets.push(reset);
    await a.ask();
    await b.ask();
    await clock.advance(5 * MINUTE_MS);
    for (let time = 0; time < 3; time++) for (const { figures } of [a, b]) await figures.tick();
    const reset = await a.figures.reset({ workflow: 'digest' });
    await c.ask();
    await clock.advance(5 * MINUTE_MS);
    for (let time = 0; time < 3; time++) await c.figures.tick();
    expect(resets).toEqual([reset]);
    expect(new Set(learnt.map(({ source }) => source)).size).toBe(3);
  });

  it('a Redis that is down stops no start; what needs it says so; and it is found when it is there', async () => {
    const own = await RedisServer.start('--appendfsync', 'no');
    if (own === undefined) throw new Error('There was one before');
    try {
      await own.kill();
      const { ask, reviews, figures, metrics } = await replica({}, { url: own.url });
      await ask();
      const all = { resolution: '5m', fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER } as const;
      await expect(reviews.add(ITEM)).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble: 'unreachable' });
      await expect(metrics.history(all)).rejects.toMatchObject({ trouble: 'unreachable' });
      await clock.advance(5 * MINUTE_MS);
      await own.startAgain();
      await eventually(10_000, () => reviews.add(ITEM));
      await figures.tick();
      expect(await metrics.history(all)).toMatchObject([{ figures: { ok: 1 } }]);
    } finally {
      await closeApps();
      await own.stop();
    }
  }, 30_000);

  it.each<[what: string, more: ClaudeResilienceOptions]>([
    ['without fleet', { fleet: false }],
    [
      'when they are to be kept elsewhere',
      { fleet: { connection: { url: server?.url ?? '' }, prefix: 'apart', keepLists: false } },
    ],
  ])('%s, every replica has its own', async (_what, more) => {
    const [a, b] = await replicas(more);
    await a.reviews.add(ITEM);
    expect((await b.reviews.countOpen()).total).toBe(0);
    await a.ask();
    await clock.advance(5 * MINUTE_MS);
    for (const { figures } of [a, b]) await figures.tick();
    expect(await b.metrics.history({ resolution: '5m', fromMs: 0, untilMs: clock.wallMs() + 1 })).toEqual([]);
  });
});
