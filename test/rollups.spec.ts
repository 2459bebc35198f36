import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import {
  ClaudeAlerts,
  ClaudeMetrics,
  ClaudeResilienceService,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock, settle } from 'nestjs-claude-resilience/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryRollupStore } from '../libs/claude-resilience/src/core/metrics/memory-rollup-store.js';
import type { RollupSlot } from '../libs/claude-resilience/src/core/metrics/rollup-slot.js';
import { FiguresRoom } from '../libs/claude-resilience/src/runtime/figures-room.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
const MINUTE_MS = 60_000;
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'claude-rollups-'));
});
afterEach(async () => {
  await closeApps();
  rmSync(directory, { recursive: true });
});

async function start(claude: ClaudeResilienceOptions = {}, clock = new ManualClock(), more: AppOptions = {}) {
  const retry = { overloaded: { maxRetries: 0 } };
  const options = { baseURL: simulator.api.url, pacing: false as const, circuit: false as const, retry, ...claude };
  const { app, events } = await startApp({ claude: options, clock, ...more });
  const service = app.get(ClaudeResilienceService);
  const metrics = app.get(ClaudeMetrics);
  const ask = async (calls: number, workflow = 'digest') => {
    for (let call = 0; call < calls; call++) await service.messages.create(PARAMS, { workflow }).catch(() => {});
  };
  const history = (resolution: '5m' | '1h') => metrics.history({ resolution, fromMs: 0, untilMs: clock.wallMs() + 1 });
  return { app, clock, events, metrics, ask, history };
}

/** Minute by minute, as time goes: each tick writes to a file before the next one. */
async function pass(clock: ManualClock, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) await clock.advance(MINUTE_MS);
}

describe('rollups on a schedule (R38)', () => {
  it('keep 5 minutes and hours in the file of the queue, and the next process goes on with them', async () => {
    const queue = { path: join(directory, 'claude.db') };
    const first = await start({ queue });
    await first.ask(3);
    await pass(first.clock, 61);
    expect(await first.history('1h')).toHaveLength(1);
    expect(await first.history('5m')).toMatchObject([
      { workflow: 'digest', model: PARAMS.model, isUnwell: false, figures: { ok: 3, judged: 3 } },
    ]);
    await first.ask(2);
    await first.app.close();

    const second = await start({ queue }, first.clock);
    const slots = await second.history('5m');
    expect(slots.map(({ figures }) => figures.ok)).toEqual([3, 2]);
    expect(await second.history('1h')).toMatchObject([{ figures: { ok: 3, outputTokens: expect.any(Number) } }]);
  });

  it('without a file they are kept in memory', async () => {
    const { ask, clock, history } = await start();
    await ask(1);
    await pass(clock, 6);
    expect(await history('5m')).toMatchObject([{ figures: { ok: 1 } }]);
  });

  it('a time in which a circuit was not closed teaches nothing', async () => {
    const { ask, clock, history } = await start({ circuit: { failureThreshold: 2, cooldownMs: MINUTE_MS } });
    simulator.api.scenario.add({ fault: 'overloaded', count: 2 });
    await ask(2, 'support');
    await pass(clock, 6);
    await ask(1, 'support');
    await pass(clock, 10);
    await ask(1, 'support');
    await pass(clock, 6);
    expect((await history('5m')).map(({ isUnwell, figures }) => [isUnwell, figures.judged])).toEqual([
      [true, 2],
      [true, 1],
      [false, 1],
    ]);
  });

  it('learn what is usual, keep it over a restart, and forget it when told to', async () => {
    const options = { rollups: { path: join(directory, 'metrics.db') } };
    const first = await start(options);
    const of = { workflow: 'digest', model: PARAMS.model };
    expect(first.metrics.latencyBaseline(of)).toMatchObject({ state: 'learning', slots: 0 });
    const { runtime } = first.app.get(FiguresRoom) as unknown as {
      readonly runtime: { readonly metrics: { hear(event: unknown): void } };
    };
    for (let slot = 0; slot < 61; slot++) {
      const call = { id: 'c', feature: 'default', ...of };
      for (let n = 0; n < 50; n++)
        runtime.metrics.hear({ type: 'call.completed', call, outcome: 'served', attempts: 1, durationMs: 1_000 });
      await pass(first.clock, 5);
    }
    const usual = { state: 'ready', median: expect.closeTo(1_000, -1.5) };
    await until(() => first.metrics.latencyBaseline(of).state === 'ready');
    expect(first.metrics.latencyBaseline(of)).toMatchObject(usual);
    await first.app.close();

    const second = await start(options, first.clock);
    expect(second.metrics.latencyBaseline(of)).toMatchObject(usual);
    await second.metrics.resetBaseline(of);
    expect(second.metrics.latencyBaseline(of)).toMatchObject({ state: 'learning', slots: 0 });
    await second.app.close();

    const third = await start(options, first.clock);
    expect(third.metrics.latencyBaseline(of)).toMatchObject({ state: 'learning', slots: 0 });
  });

  it('what fires is remembered over a restart, and told once', async () => {
    const options = { rollups: { path: join(directory, 'metrics.db') }, alerts: true };
    const first = await start(options);
    simulator.api.scenario.add({ fault: 'overloaded', count: 40 });
    await first.ask(40);
    await pass(first.clock, 2);
    const firing = () => first.events.filter(({ type }) => type === 'alert.fired').length;
    await until(() => firing() > 0);
    const keys = first.app
      .get(ClaudeAlerts)
      .view()
      .alerts.map(({ key }) => key);
    await first.app.close();

    const second = await start(options, first.clock);
    expect(
      second.app
        .get(ClaudeAlerts)
        .view()
        .alerts.map(({ key }) => key),
    ).toEqual(keys);
    await pass(second.clock, 2);
    expect(second.events.filter(({ type }) => type === 'alert.fired')).toEqual([]);
  });

  it('a store in trouble is told of once, and calls go on', async () => {
    const store = new FailingStore();
    const { ask, clock, events, metrics } = await start({ rollups: { store } });
    const told = () => events.flatMap(({ type }) => (type.startsWith('rollups.') ? [type] : []));
    await ask(1);
    await pass(clock, 12);
    expect(told()).toEqual(['rollups.trouble']);
    expect(metrics.figures().judged + 1).toBeGreaterThan(0);
    store.isBroken = false;
    await pass(clock, 2);
    expect(told()).toEqual(['rollups.trouble', 'rollups.well']);
    expect(await store.read({ resolution: '5m', fromMs: 0, untilMs: clock.wallMs() })).toHaveLength(1);
  });

  it.each([
    ['a number that is none', { keepHoursMs: -1 }, 'rollups.keepHoursMs'],
    ['what is no store', { store: {} }, 'rollups.store'],
    ['a name that is none', { paths: 'x' }, 'rollups.paths'],
  ])('%s is refused at the start', async (_what, rollups, field) => {
    await expect(start({ rollups: rollups as never })).rejects.toThrow(field);
  });

  it('where the application has a scheduler, they are a named interval of it, once, and gone at the end', async () => {
    const { app, ask, clock, history } = await start({}, new ManualClock(), { imports: [ScheduleModule.forRoot()] });
    const registry = app.get(SchedulerRegistry);
    expect(registry.getIntervals()).toEqual(['claude-resilience:rollups']);
    await ask(1);
    await pass(clock, 6);
    const timer = registry.getInterval('claude-resilience:rollups') as Readonly<Record<'_onTimeout', () => void>>;
    expect(await history('5m')).toEqual([]);
    timer['_onTimeout']();
    await settle();
    expect(await history('5m')).toHaveLength(1);
    await app.close();
    expect(registry.getIntervals()).toEqual([]);
  });

  it('an application without one has no timer left at its end', async () => {
    const { app, clock } = await start({ rollups: { path: join(directory, 'metrics.db') }, alerts: true });
    await pass(clock, 2);
    await app.close();
    expect([clock.pendingTimers, clock.unrefTimers]).toEqual([0, 0]);
  });
});

/** A store that fails until it is told otherwise. */
class FailingStore extends MemoryRollupStore {
  isBroken = true;

  override async put(slots: readonly RollupSlot[]): Promise<void> {
    if (this.isBroken) throw new Error('disk full');
    return super.put(slots);
  }
}
