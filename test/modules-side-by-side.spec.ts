import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Module } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import {
  ClaudeMetrics,
  ClaudeResilienceModule,
  ClaudeResilienceService,
  type ClaudeResilienceExtras,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Registry } from 'prom-client';
import { MemoryRollupStore } from '../libs/claude-resilience/src/core/metrics/memory-rollup-store.js';
import { ClaudeRuntime } from '../libs/claude-resilience/src/runtime/claude-runtime.js';
import { AlertReceiver } from '../libs/claude-resilience/src/testing/alert-receiver.js';
import { EverythingOn, type EverythingWish } from './support/everything-on.js';
import { LeftTimers } from './support/left-timers.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { telemetryBench, type TelemetryBench } from './support/telemetry-bench.js';
import { until } from './support/until.js';

const simulator = useSimulator();
let hook: AlertReceiver;
let bench: TelemetryBench;
let directory = '';
beforeAll(async () => {
  hook = await AlertReceiver.start({ status: 200 });
});
beforeEach(() => {
  bench = telemetryBench(3, 'DELTA');
  directory = mkdtempSync(join(tmpdir(), 'claude-everything-'));
  hook.received.length = 0;
});
afterEach(async () => {
  await closeApps();
  await bench.close();
  rmSync(directory, { recursive: true });
});
afterAll(() => hook.stop());

const start = (wish: Partial<EverythingWish> & Pick<EverythingWish, 'name'>) =>
  EverythingOn.start({
    apiUrl: simulator.api.url,
    directory,
    webhookUrl: hook.url,
    bench,
    registry: new Registry(),
    ...wish,
  });

/** `service kind rule` of each alert that the receiver was sent. */
const sent = () =>
  (hook.bodies as readonly { type: string; data: { service: string; alerts: readonly { rule: string }[] } }[]).flatMap(
    ({ type, data }) => data.alerts.map(({ rule }) => `${data.service} ${type} ${rule}`),
  );

const triggered = (texts: readonly string[]) => texts.filter((text) => text.includes('.trigger'));

const imported = (options: ClaudeResilienceOptions & ClaudeResilienceExtras) =>
  ClaudeResilienceModule.forRoot({ apiKey: 'k', baseURL: simulator.api.url, logging: false, ...options });

/** Served calls by workflow, of what OpenTelemetry collected since the last time. */
async function collected(): Promise<Readonly<Record<string, unknown>>> {
  const found = (await bench.metrics()).find(({ name }) => name === 'claude.requests')?.points ?? [];
  const served = found.filter(({ attributes }) => attributes['claude.outcome'] === 'ok');
  return Object.fromEntries(served.map(({ attributes, value }) => [attributes['claude.workflow'], value]));
}

describe('two applications of one process, with everything on (R35, R38)', () => {
  it('count for themselves, alert for themselves, and one goes on when the other ends', async () => {
    const store = new MemoryRollupStore();
    const one = await start({ name: 'one' });
    const two = await start({ name: 'two', rollups: { store } });
    await one.ask(3);
    await two.ask(1);
    simulator.api.scenario.add({ fault: 'authentication', count: 1 });
    await one.beRefused();
    await until(() => sent().length > 0 && one.alertLines.length > 0);
    await two.ask(1);

    expect(one.app.get(ClaudeMetrics).figures().ok).toBe(4);
    expect(two.app.get(ClaudeMetrics).figures().ok).toBe(4);
    expect(await collected()).toEqual({ one: 4, two: 4 });
    for (const [app, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const { name } = app.wish;
      expect([await app.scraped(name), await app.scraped(other.wish.name)]).toEqual([4, 0]);
      expect(app.served(app.heard)).toEqual([name, name, name, name]);
      expect(app.streamed).toEqual(app.heard);
      expect(app.routes).toEqual([...new Set(app.routes)]);
      expect(app.intervals).toEqual(['claude-resilience:rollups']);
    }
    expect(sent()).toEqual(['one claude.alert.trigger account_stopped']);
    expect(one.alertLines).toEqual(['claude.alert.trigger account_stopped']);
    expect(two.alertLines).toEqual([]);

    await one.app.close();
    await two.ask(1);
    expect([one.emfRequests, one.served(one.heard).length]).toEqual([4, 4]);
    expect(await collected()).toEqual({ two: 2 });
    expect(await two.scraped('two')).toBe(6);
    await two.app.close();
    expect(two.emfRequests).toBe(6);
    const kept = await store.read({ resolution: '5m', fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER });
    expect(new Set(kept.map(({ workflow }) => workflow))).toEqual(new Set(['two']));
    expect(await bench.metrics()).toEqual([]);
  }, 60_000);
});

describe('an application that is loaded five times, with everything on (R35, R38)', () => {
  const PATHS = ['/health/claude', '/metrics', '/claude/dashboard.json'];

  /** What one life of it says everywhere. */
  async function live(registry: Registry) {
    hook.received.length = 0;
    const on = await start({ name: 'shop', registry });
    await on.ask(2);
    simulator.api.scenario.add({ fault: 'authentication', count: 1 });
    await on.beRefused();
    await until(() => triggered(sent()).length > 0 && triggered(on.alertLines).length > 0);
    const statuses: number[] = [];
    for (const path of PATHS) statuses.push((await on.get(path)).status);
    const { routes, intervals, app } = on;
    const told = {
      statuses,
      routes,
      intervals,
      scraped: await on.scraped('shop'),
      metrics: registry.getMetricsAsArray().map(({ name }) => name),
      collected: await collected(),
      triggers: triggered(sent()),
      alertLines: triggered(on.alertLines),
      heard: on.served(on.heard),
      figures: app.get(ClaudeMetrics).figures().ok,
    };
    const runtime = new WeakRef(app.get(ClaudeRuntime));
    // Also what starts applications forgets it.
    await closeApps();
    expect([on.intervals, registry.getMetricsAsArray(), await bench.metrics()]).toEqual([[], [], []]);
    return { told: { ...told, emf: on.emfRequests, isStreamOver: on.isStreamOver }, runtime };
  }

  it('is each time as it was the first time, and leaves nothing in the process', async () => {
    const timers = new LeftTimers();
    const registry = new Registry();
    const before = { resources: resourcesByType(), listeners: listenersOfProcess() };
    const lives: Awaited<ReturnType<typeof live>>[] = [];
    for (let life = 1; life <= 5; life++) {
      lives.push(await live(registry));
      expect(timers.left).toEqual([]);
      expect(listenersOfProcess()).toEqual(before.listeners);
    }
    timers.stop();
    expect(timers.made).toBeGreaterThan(0);
    const [first, ...others] = lives.map(({ told }) => told);
    expect(first).toEqual({
      statuses: [200, 200, 200],
      routes: [...new Set(first?.routes)],
      intervals: ['claude-resilience:rollups'],
      scraped: 3,
      metrics: [...new Set(first?.metrics)],
      collected: { shop: 3 },
      triggers: ['shop claude.alert.trigger account_stopped'],
      alertLines: ['claude.alert.trigger account_stopped'],
      heard: ['shop', 'shop', 'shop'],
      figures: 3,
      emf: 3,
      isStreamOver: true,
    });
    for (const other of others) expect(other).toEqual(first);
    await until(() => isWithin(resourcesByType(), before.resources));
    collectGarbage();
    expect(lives.map(({ runtime }) => runtime.deref() === undefined)).toEqual([true, true, true, true, true]);
  }, 60_000);
});

describe('two imports of the module in one application (R35)', () => {
  it('that share routes, or are both global, stop the start', async () => {
    const claude = { baseURL: simulator.api.url };
    await expect(startApp({ claude, imports: [imported({})] })).rejects.toMatchObject({
      code: 'CLAUDE_INVALID_OPTIONS',
      issues: expect.arrayContaining([
        expect.stringContaining('isGlobal: true for one'),
        ...['health/claude', 'claude/reviews', 'metrics'].map((path) =>
          expect.stringContaining(`${path}: a route of one ClaudeResilienceModule`),
        ),
      ]),
    });
  });

  it('that do not are each for themselves, and both are gone at the end', async () => {
    @Injectable()
    class Asks {
      constructor(
        @Inject(ClaudeResilienceService) readonly claude: ClaudeResilienceService,
        @Inject(ClaudeMetrics) readonly metrics: ClaudeMetrics,
      ) {}
    }
    const second = imported({
      isGlobal: false,
      alerts: true,
      cloudWatch: { write() {} },
      health: { path: 'health/second' },
      metrics: { path: 'second-metrics' },
      reviews: false,
      dashboard: false,
      admin: false,
      calls: false,
      requests: false,
      notifications: false,
    });
    class AsksTheFirst extends Asks {}
    @Module({ imports: [second], providers: [Asks], exports: [Asks] })
    class SecondModule {}
    const timers = new LeftTimers();
    const { app, get } = await startApp({
      claude: { baseURL: simulator.api.url, alerts: true, cloudWatch: { write() {} } },
      imports: [SecondModule, ScheduleModule.forRoot()],
      providers: [AsksTheFirst],
    });
    const { claude, metrics } = app.get(Asks);
    await claude.messages.create(PARAMS);
    expect(metrics.figures().ok).toBe(1);
    expect(app.get(AsksTheFirst).metrics.figures().ok).toBe(0);
    expect((await get('/health/second')).status).toBe(200);
    expect(app.get(SchedulerRegistry).getIntervals()).toEqual(['claude-resilience:rollups']);
    await closeApps();
    timers.stop();
    expect(timers.left).toEqual([]);
  });
});

type Counts = Readonly<Record<string, number>>;

/** What keeps the process alive. */
function resourcesByType(): Counts {
  return countOf(process.getActiveResourcesInfo());
}

function listenersOfProcess(): Counts {
  return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}

function countOf(names: readonly string[]): Counts {
  const groups = Map.groupBy(names, (name) => name);
  return Object.fromEntries([...groups].map(([name, same]) => [name, same.length]));
}

const isWithin = (now: Counts, before: Counts): boolean =>
  Object.entries(now).every(([name, count]) => count <= (before[name] ?? 0));

/** Everything that nobody holds any more is gone after it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
