import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';
import { ClaudeAlerts, ClaudeMetrics, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MemoryAlertSink } from '../../libs/claude-resilience/src/testing/memory-alert-sink.js';
import { PARAMS } from '../support/simulator.js';
import { closeApps, startApp, type StartedApp } from '../support/start-app.js';
import { eventually } from './support/eventually.js';
import { findPromtool } from './support/promtool.js';
import { PrometheusServer } from './support/prometheus-server.js';

const ROOT = resolve(import.meta.dirname, '../..');
const RULES = join(ROOT, 'deploy/prometheus/claude-rules.yml');
const TOKEN = 'a-token-of-24-characters';
const MODEL = PARAMS.model;
/** No turn within limits, no pause: what is counted is what matters here. */
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };

const promtool = findPromtool();

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

const dashboard = JSON.parse(readFileSync(join(ROOT, 'deploy/grafana/claude-dashboard.json'), 'utf8')) as Dashboard;
const QUERIES = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }, at) => ({ panel: `${title} ${at + 1}`, expr: asGrafanaSends(expr) })),
);

/** What Grafana asks for to fill a variable: values of a label. */
const VARIABLES = dashboard.templating.list.flatMap(({ name, definition }) => {
  const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition ?? '') ?? [];
  return definition === undefined ? [] : [{ name, selector: asGrafanaSends(selector), label }];
});

/** With all values of every variable, and the range of a few minutes. */
function asGrafanaSends(expr: string): string {
  return expr
    .replace(/\$__rate_interval/g, '1m')
    .replace(/\$__range/g, '5m')
    .replace(/\$(job|workflow|model)/g, '.*');
}

(promtool === undefined ? describe.skip : describe)('promtool (R35)', () => {
  it('finds the rules in order, and nothing wrong with them', () => {
    const { code, said } = promtool!(['check', 'rules', RULES]);
    expect([code, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('sees the alerts begin above their thresholds, hold, and end', () => {
    const { code, said } = promtool!(['test', 'rules', RULES.replace('.yml', '.test.yml')]);
    expect([code, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('reads every query of the dashboard', () => {
    const rules = QUERIES.map(({ expr }, at) => ({ record: `query${at}`, expr }));
    const directory = mkdtempSync(join(tmpdir(), 'claude-promtool-'));
    const file = join(directory, 'queries.yml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    const { code, said } = promtool!(['check', 'rules', file]);
    rmSync(directory, { recursive: true });
    expect([code, said]).toEqual([0, expect.stringContaining(`SUCCESS: ${QUERIES.length} rules found`)]);
    expect(QUERIES.length).toBeGreaterThan(30);
  });
});

describe('a run of an application (R35)', () => {
  let api: ClaudeSimulator;
  let started: StartedApp;
  beforeAll(async () => {
    api = await ClaudeSimulator.start({
      latencyMs: 0,
      stream: { delayMs: 0 },
      limits: { requestsPerMinute: 100_000, burst: 10_000, inputTokensPerMinute: 1e8, outputTokensPerMinute: 1e8 },
    });
    started = await startApp({
      claude: {
        baseURL: api.url,
        operator: { token: TOKEN },
        queue: { driver: 'memory' },
        retry: { overloaded: AT_ONCE, serverError: AT_ONCE },
        features: { chat: { circuit: false } },
        cost: { budgets: { overall: { perDayUsd: 1_000 } } },
        alerts: { sinks: [new MemoryAlertSink()], service: 'app', environment: 'test' },
      },
    });
  });
  afterAll(async () => {
    await closeApps();
    await api.stop();
  });

  /** Every kind of thing once, and so many plain calls. */
  const run = async (calls: number) => {
    const claude = started.app.get(ClaudeResilienceService);
    const chat = { feature: 'chat', workflow: 'chat' } as const;
    for (let call = 0; call < calls; call++) await claude.messages.create(PARAMS, chat);
    await claude.messages.stream(PARAMS, chat).finalText();
    api.scenario.add({ fault: 'overloaded', count: 1 });
    await claude.messages.create(PARAMS, chat);
    api.scenario.add({ fault: 'invalid_request', count: 1 });
    await claude.messages.create(PARAMS, chat).catch(() => {});
    const ended = started.nextEvent('request.ended');
    await claude.defer(PARAMS, chat);
    await ended;
  };

  (promtool === undefined ? it.skip : it)(
    'is a scrape that promtool finds nothing wrong with, hostile names and all',
    async () => {
      await run(3);
      const claude = started.app.get(ClaudeResilienceService);
      for (const workflow of [
        '<img src=x onerror=alert(1)>',
        'a"} 1\nclaude_up 1',
        'back\\slash',
        '\u0000\r\t',
        '\ud800',
      ]) {
        await claude.messages.create(PARAMS, { feature: 'chat', workflow });
      }
      const text = await started.app.get(ClaudeMetrics).prometheusText();
      expect(promtool!(['check', 'metrics'], text)).toEqual({ code: 0, said: '' });
      // It would have said something.
      expect(promtool!(['check', 'metrics'], '# TYPE claude_ms counter\nclaude_ms 1\n').code).toBe(3);
    },
  );

  (promtool === undefined ? it.skip : it)(
    'gives data to every query of the dashboard, in a real Prometheus',
    async () => {
      const now = Math.floor(Date.now() / 1_000);
      const server = await PrometheusServer.start(
        { url: `${started.url}/metrics`, token: TOKEN, job: 'app' },
        readFileSync(RULES, 'utf8'),
        history(now),
      );
      if (server === undefined) throw new Error('There is promtool, and no prometheus');
      try {
        expect(await server.query('claude_nothing_of_that_name')).toEqual([]);
        await run(1);
        await started.app.get(ClaudeAlerts).look();
        await eventually(20_000, async () => {
          const seen = await server.query('claude_deferred_request_duration_seconds_count{workflow="chat"}');
          expect(seen).toHaveLength(1);
        });
        // What grows from one scrape to the next: more than the alerts need to say anything.
        await run(60);
        const missing = async () => {
          const answers = await Promise.all(
            QUERIES.map(async ({ panel, expr }) => ({ panel, found: await server.query(expr) })),
          );
          return answers.filter(({ found }) => !found.some(({ value: [, text] }) => Number.isFinite(Number(text))));
        };
        await eventually(30_000, async () => expect(await missing()).toEqual([]));
        const values = await Promise.all(VARIABLES.map(({ selector, label }) => server.labelValues(selector, label)));
        expect(VARIABLES.map(({ name }, at) => [name, values[at]])).toEqual([
          ['job', ['app']],
          ['workflow', expect.arrayContaining(['chat'])],
          ['model', expect.arrayContaining([MODEL])],
        ]);
        const [answered] = await server.query(
          asGrafanaSends('sum(claude_requests_total{job="app", workflow="chat", outcome="ok"})'),
        );
        expect(Number(answered!.value[1])).toBeGreaterThan(60);
        const [retried] = await server.query('claude:retry_ratio:5m{workflow="chat"}');
        expect(Number(retried!.value[1])).toBeCloseTo(1 / 64, 1);
        expect(await server.query('up{job="app"} == 1')).toHaveLength(1);
      } finally {
        await server.stop();
      }
    },
    90_000,
  );
});

/** Eight hours in which the p95 was what it always is, one value a minute: the part of the rules that looks back. */
function history(nowSeconds: number): string {
  const lines: string[] = [];
  const series = {
    'claude:latency_p95:5m': `{job="app",workflow="chat",model="${MODEL}"}`,
    'claude:cost_usd:5m': '{job="app",workflow="chat"}',
  };
  for (const [name, labels] of Object.entries(series)) {
    lines.push(`# TYPE ${name} gauge`);
    for (let minute = 480; minute > 5; minute--) lines.push(`${name}${labels} 0.5 ${nowSeconds - minute * 60}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
