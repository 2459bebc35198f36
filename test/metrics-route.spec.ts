import { afterEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException, Injectable, type CanActivate } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Gauge, Registry, type OpenMetricsContentType } from 'prom-client';
import {
  ClaudeInvalidOptionsError,
  ClaudeMetrics,
  ClaudeResilienceModule,
  ClaudeResilienceService,
  type ClaudeResilienceExtras,
} from 'nestjs-claude-resilience';
import { loadPromClient } from '../libs/claude-resilience/src/prometheus/load-prom-client.js';
import { METRICS } from '../libs/claude-resilience/src/prometheus/metric-set.js';
import { PrometheusExporter } from '../libs/claude-resilience/src/prometheus/prometheus-exporter.js';
import { DeferralRoom } from '../libs/claude-resilience/src/runtime/deferral-room.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const TOKEN = 'a-token-of-24-characters';
const AS_OPERATOR = { authorization: `Bearer ${TOKEN}` };

function start(extras: ClaudeResilienceExtras = { operator: { token: TOKEN } }, options: AppOptions = {}) {
  return startApp({ ...options, claude: { baseURL: simulator.api.url, pacing: false, ...options.claude, ...extras } });
}

/** Lines of a scrape that are of one metric, its help left out. */
const linesOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name));

const missing = () => Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }));
const namesIn = (registry: Pick<Registry, 'getMetricsAsArray'>) => registry.getMetricsAsArray().map(({ name }) => name);

@Injectable()
class NobodyGuard implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException();
  }
}

describe.each(['express', 'fastify'] as const)('GET /metrics on %s (R35)', (adapter) => {
  it('answers an operator in the format of Prometheus, and never from a cache', async () => {
    const { app, get } = await start(undefined, { adapter });
    await app.get(ClaudeResilienceService).messages.create(PARAMS, { workflow: 'digest' });
    const { status, headers, text } = await get('/metrics', AS_OPERATOR);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(
      /^text\/plain; (version=0\.0\.4; charset=utf-8|charset=utf-8; version=0\.0\.4)$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    const series = 'workflow="digest",model="claude-sonnet-5-5"';
    expect(linesOf(text, 'claude_requests_total')).toEqual([
      `claude_requests_total{${series},outcome="ok"} 1`,
      `claude_requests_total{${series},outcome="error"} 0`,
      `claude_requests_total{${series},outcome="cancelled"} 0`,
      `claude_requests_total{${series},outcome="rejected"} 0`,
    ]);
    expect(text).toContain(`claude_request_duration_seconds_bucket{${series},outcome="ok",le="+Inf"} 1\n`);
    for (const { name, type } of Object.values(METRICS)) expect(text).toContain(`\n# TYPE ${name} ${type}\n`);
  });

  it('refuses everybody as long as nobody is named, and whoever is not', async () => {
    const closed = await start({}, { adapter });
    const answer = await closed.get('/metrics', AS_OPERATOR);
    expect([answer.status, answer.body.code]).toEqual([403, 'CLAUDE_OPERATOR_CLOSED']);
    const open = await start(undefined, { adapter });
    expect((await open.get('/metrics')).status).toBe(401);
    expect((await open.get('/metrics', { authorization: 'Bearer a-token-that-is-wrong' })).text).not.toContain(
      'claude_',
    );
  });

  it('can be moved, guarded and switched off', async () => {
    const moved = await start(
      { operator: { token: TOKEN }, metrics: { path: 'internal/claude-metrics' } },
      { adapter },
    );
    expect((await moved.get('/internal/claude-metrics', AS_OPERATOR)).status).toBe(200);
    expect((await moved.get('/metrics', AS_OPERATOR)).status).toBe(404);
    const guarded = await start({ operator: { token: TOKEN }, metrics: { guards: [NobodyGuard] } }, { adapter });
    expect((await guarded.get('/metrics', AS_OPERATOR)).status).toBe(403);
    const none = await start({ operator: { token: TOKEN }, metrics: false }, { adapter });
    expect((await none.get('/metrics', AS_OPERATOR)).status).toBe(404);
  });

  it('says what to install when prom-client is not there', async () => {
    const { app, get } = await start(undefined, { adapter });
    const exporter = new PrometheusExporter(
      () => Promise.reject(new Error('nobody is asked')),
      () => loadPromClient(missing),
    );
    app.get(PrometheusExporter).text = () => exporter.text();
    const { status, headers, body } = await get('/metrics', AS_OPERATOR);
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([503, 'application/problem+json']);
    expect(body).toMatchObject({
      code: 'CLAUDE_METRICS_UNAVAILABLE',
      detail: expect.stringContaining('npm install prom-client@15'),
    });
    await expect(exporter.text()).rejects.toMatchObject({
      code: 'CLAUDE_INVALID_OPTIONS',
      issues: [expect.stringContaining('npm install prom-client@15')],
    });
  });

  it('writes names that are hostile so that they end nothing and mean nothing', async () => {
    const { app, get } = await start(undefined, { adapter });
    const claude = app.get(ClaudeResilienceService);
    const names = [
      '<img src=x onerror=alert(1)>',
      'a"} 1\nclaude_up 1',
      'back\\slash',
      'tab\tand\rreturn',
      '\ud800 alone',
    ];
    for (const workflow of names) await claude.messages.create(PARAMS, { workflow });
    const { text } = await get('/metrics', AS_OPERATOR);
    const told = linesOf(text, 'claude_requests_total').filter((line) => line.includes('outcome="ok"'));
    expect(told.map((line) => /workflow="((?:[^"\\]|\\.)*)"/.exec(line)?.[1])).toEqual([
      '<img src=x onerror=alert(1)>',
      String.raw`a\"} 1\nclaude_up 1`,
      String.raw`back\\slash`,
      'tab\ufffdand\ufffdreturn',
      '\ufffd alone',
    ]);
    expect(linesOf(text, 'claude_up ')).toEqual([]);
  });
});

describe('a scrape while the store of the queue is in trouble (R35)', () => {
  it('says so, and everything else', async () => {
    const { app, get } = await start(undefined, { claude: { queue: { driver: 'memory' } } });
    const { text: before } = await get('/metrics', AS_OPERATOR);
    expect(linesOf(before, 'claude_queue_')).toEqual([
      'claude_queue_depth 0',
      'claude_queue_active_requests 0',
      'claude_queue_oldest_age_seconds 0',
      'claude_queue_up 1',
    ]);
    app.get(DeferralRoom).store.count = () => Promise.reject(new Error('no such table: sk-ant-secret'));
    const { status, text } = await get('/metrics', AS_OPERATOR);
    expect([status, linesOf(text, 'claude_queue_')]).toEqual([
      200,
      ['claude_queue_active_requests 0', 'claude_queue_up 0'],
    ]);
    expect(text).not.toContain('sk-ant');
    expect(text).toContain('claude_circuit_state{circuit=');
  });
});

describe('ClaudeMetrics.registerIn (R35)', () => {
  const names = Object.values(METRICS).map(({ name }) => name);

  it("puts the metrics beside the application's own, once, and takes them out when it is closed", async () => {
    const registry = new Registry();
    new Gauge({ name: 'app_own', help: 'Its own.', registers: [registry] }).set(7);
    for (let reload = 0; reload < 5; reload++) {
      const { app } = await start();
      app.get(ClaudeMetrics).registerIn(registry);
      app.get(ClaudeMetrics).registerIn(registry);
      await app.get(ClaudeResilienceService).messages.create(PARAMS, { workflow: 'digest' });
      expect(namesIn(registry)).toEqual(['app_own', ...names]);
      const text = await registry.metrics();
      expect(text).toContain('app_own 7');
      expect(text).toMatch(/claude_requests_total\{workflow="digest",[^}]*outcome="ok"\} 1\n/);
      await closeApps();
      expect(namesIn(registry)).toEqual(['app_own']);
    }
  });

  it('adds two modules of one process up, tells their states once, and keeps the one when the other goes', async () => {
    const registry = new Registry();
    const apps = [await start(), await start()];
    for (const { app } of apps) {
      app.get(ClaudeMetrics).registerIn(registry);
      await app.get(ClaudeResilienceService).messages.create(PARAMS, { workflow: 'digest' });
    }
    const counted = async () => {
      const text = await registry.metrics();
      return [linesOf(text, 'claude_info'), linesOf(text, 'claude_requests_total')].flat();
    };
    const [info, ...requests] = await counted();
    expect(info).toMatch(/^claude_info\{version="\d+\.\d+\.\d+"\} 1$/);
    expect(requests).toHaveLength(4);
    expect(requests[0]).toMatch(/outcome="ok"\} 2$/);
    await apps[0]!.app.close();
    expect((await counted())[1]).toMatch(/outcome="ok"\} 1$/);
    await apps[1]!.app.close();
    expect(namesIn(registry)).toEqual([]);
  });

  it('refuses a registry in which a name is taken, and leaves it as it was', async () => {
    const registry = new Registry();
    registry.registerMetric(new Gauge({ name: 'claude_info', help: "Somebody else's.", registers: [] }));
    const { app } = await start();
    expect(() => app.get(ClaudeMetrics).registerIn(registry)).toThrow(ClaudeInvalidOptionsError);
    expect(namesIn(registry)).toEqual(['claude_info']);
  });

  it('survives a reset of the registry, and speaks OpenMetrics where the registry does', async () => {
    const registry: Registry<OpenMetricsContentType> = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const { app } = await start();
    const leave = app.get(ClaudeMetrics).registerIn(registry);
    await app.get(ClaudeResilienceService).messages.create(PARAMS, { workflow: 'digest' });
    registry.resetMetrics();
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = await registry.metrics();
      expect(text).toContain('# TYPE claude_requests counter\n');
      expect(text).toMatch(/\nclaude_requests_total\{workflow="digest",[^}]*outcome="ok"\} 1\n/);
      expect(text).toMatch(/# EOF\n$/);
    }
    leave();
    expect(namesIn(registry)).toEqual([]);
  });

  it('gives its text where there is no HTTP', async () => {
    const testing = await Test.createTestingModule({
      imports: [ClaudeResilienceModule.forRoot({ apiKey: 'sk-ant-test-key', logging: false })],
    }).compile();
    await testing.init();
    expect(await testing.get(ClaudeMetrics).prometheusText()).toContain('# TYPE claude_requests_total counter');
    await testing.close();
  });
});
