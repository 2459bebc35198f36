import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { ClaudeMetrics, ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ManualClock, MemoryFleet } from 'nestjs-claude-resilience/testing';
import { CLAUDE_METRICS, GEN_AI_METRICS } from '../libs/claude-resilience/src/opentelemetry/telemetry-names.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import {
  MAJORS,
  telemetryBench,
  type SeenMetric,
  type SeenPoint,
  type TelemetryBench,
} from './support/telemetry-bench.js';

const simulator = useSimulator();
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const RETRY = { overloaded: AT_ONCE, serverError: AT_ONCE };
const MODEL = { 'gen_ai.request.model': 'claude-sonnet-5-5' };
const GEN_AI = { ...MODEL, 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic' };

/** Of a client that is no server. */
const ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'A word.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
};

describe.each(MAJORS)('metrics, with OpenTelemetry JS %i.x (R35)', (major) => {
  let bench: TelemetryBench;
  beforeEach(() => {
    bench = telemetryBench(major);
  });
  afterEach(async () => {
    await closeApps();
    await bench.close();
  });

  async function start({ openTelemetry, ...more }: ClaudeResilienceOptions = {}, clock?: ManualClock) {
    const { meterProvider } = bench;
    const given = typeof openTelemetry === 'object' ? openTelemetry : {};
    const claude = {
      baseURL: simulator.api.url,
      pacing: false,
      retry: RETRY,
      openTelemetry: { meterProvider, traces: false, ...given },
      ...more,
    } as const;
    const started = await startApp({ claude, ...(clock && { clock }) });
    return { ...started, claude: started.app.get(ClaudeResilienceService) };
  }

  /** What each metric says now: by its name, its points. */
  async function seen(): Promise<Readonly<Record<string, readonly SeenPoint[]>>> {
    return Object.fromEntries((await bench.metrics()).map(({ name, points }: SeenMetric) => [name, points]));
  }

  it('a call that succeeds at its second attempt, in today’s names', async () => {
    const { claude } = await start();
    simulator.api.scenario.add({ fault: 'overloaded', count: 1 });
    const { usage } = await claude.messages.create(PARAMS, { workflow: 'digest' });
    const found = await seen();
    const workflow = { 'claude.workflow': 'digest' };
    const asked = { ...MODEL, ...workflow };
    const chat = { ...GEN_AI, ...workflow };
    expect(found['gen_ai.client.operation.duration']).toEqual([
      { attributes: chat, value: expect.objectContaining({ count: 1 }) },
    ]);
    expect(found['gen_ai.client.token.usage']).toEqual([
      {
        attributes: { ...chat, 'gen_ai.token.type': 'input' },
        value: expect.objectContaining({ count: 1, sum: usage.input_tokens }),
      },
      {
        attributes: { ...chat, 'gen_ai.token.type': 'output' },
        value: expect.objectContaining({ count: 1, sum: usage.output_tokens }),
      },
    ]);
    expect(found).not.toHaveProperty(['gen_ai.client.inference.duration']);
    expect(found['claude.requests']).toEqual([{ attributes: { ...asked, 'claude.outcome': 'ok' }, value: 1 }]);
    expect(found['claude.request.errors']).toEqual([
      { attributes: { ...asked, 'error.type': 'overloaded' }, value: 1 },
    ]);
    expect(found['claude.attempts']).toEqual([
      { attributes: { ...asked, 'error.type': 'overloaded' }, value: 1 },
      { attributes: asked, value: 1 },
    ]);
    expect(found['claude.retries']).toEqual([{ attributes: { ...asked, 'error.type': 'overloaded' }, value: 1 }]);
    expect(found['claude.tokens']).toEqual([
      { attributes: { ...asked, 'claude.token.direction': 'input' }, value: usage.input_tokens },
      { attributes: { ...asked, 'claude.token.direction': 'output' }, value: usage.output_tokens },
    ]);
    expect(found['claude.cost_usd']).toEqual([{ attributes: asked, value: expect.any(Number) }]);
    expect(found['claude.cost_usd']?.[0]?.value).toBeGreaterThan(0);
    expect(found['claude.inflight_requests']).toEqual([{ attributes: asked, value: 0 }]);
    expect(found['claude.request.duration']?.[0]?.attributes).toEqual({ ...asked, 'claude.outcome': 'ok' });
  });

  it('the same in the names that are proposed, none of today’s among them', async () => {
    const { claude } = await start({ openTelemetry: { semconv: 'next' } });
    const { usage } = await claude.messages.create(PARAMS);
    await claude.messages.stream(PARAMS).finalText();
    const found = await seen();
    expect(
      Object.keys(found)
        .filter((name) => name.startsWith('gen_ai.'))
        .sort(),
    ).toEqual([
      'gen_ai.client.inference.duration',
      'gen_ai.client.inference.operation.input_tokens',
      'gen_ai.client.inference.operation.output_tokens',
      'gen_ai.client.inference.time_to_first_chunk',
      'gen_ai.client.inference.usage.input_tokens',
      'gen_ai.client.inference.usage.output_tokens',
    ]);
    const attributes = { ...GEN_AI, 'claude.workflow': 'default' };
    expect(found['gen_ai.client.inference.usage.input_tokens']).toEqual([
      { attributes, value: 2 * usage.input_tokens },
    ]);
    expect(found['gen_ai.client.inference.duration']?.[0]?.value).toMatchObject({ count: 2 });
    expect(found['gen_ai.client.inference.time_to_first_chunk']?.[0]?.value).toMatchObject({ count: 1 });
  });

  it.each(['current', 'next'] as const)('every name that is documented is there: %s', async (semconv) => {
    const usage = {
      input_tokens: 5,
      output_tokens: 5,
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 9,
    };
    const { claude, app, nextEvent } = await start({
      openTelemetry: { semconv },
      queue: { driver: 'memory' },
      fleet: { store: new MemoryFleet(new ManualClock()) },
      retry: { ...RETRY, overloaded: { ...AT_ONCE, maxRetries: 1 } },
    });
    await claude.messages.stream(PARAMS).finalText();
    simulator.api.scenario.add({ fault: 'overloaded', count: 2 });
    await claude.run('summarisation', () => claude.messages.create(PARAMS), { input: { text: 'A text.' } });
    const ended = nextEvent('request.ended');
    await claude.defer(PARAMS);
    await ended;
    await startApp({
      claude: {
        client: {
          messages: { create: () => Promise.resolve({ ...ANSWER, model: 'claude-of-next-year', usage }) },
        } as never,
        openTelemetry: { meterProvider: bench.meterProvider, traces: false, semconv },
      },
    }).then(({ app: other }) => other.get(ClaudeResilienceService).messages.create(PARAMS));
    const documented = [...Object.values(GEN_AI_METRICS[semconv]), ...Object.values(CLAUDE_METRICS)];
    expect(Object.keys(await seen()).sort()).toEqual(documented.map(({ name }) => name).sort());
    expect(app.get(ClaudeMetrics).figures().fallback).toBe(1);
  });

  it('buckets are those that are advised', async () => {
    const { claude } = await start();
    await claude.messages.create(PARAMS);
    const found = await seen();
    const boundsOf = (name: string) =>
      (found[name]?.[0]?.value as { buckets: { boundaries: readonly number[] } } | undefined)?.buckets.boundaries;
    expect(boundsOf('gen_ai.client.operation.duration')).toEqual([
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]);
    expect(boundsOf('gen_ai.client.token.usage')?.slice(-1)).toEqual([67_108_864]);
    expect(boundsOf('claude.request.duration')?.slice(-1)).toEqual([600]);
  });

  it('a failure has an error of our closed set; what was given up or rejected is no duration', async () => {
    const { claude } = await start({
      circuit: { failureThreshold: 1, failureRatio: 0, whenOpen: 'refuse' },
      retry: { overloaded: { maxRetries: 0 } },
    });
    await claude.messages.create(PARAMS, { signal: AbortSignal.abort() }).catch(() => {});
    simulator.api.scenario.add({ fault: 'overloaded' });
    for (const _ of [1, 2]) await claude.messages.create(PARAMS).catch(() => {});
    const found = await seen();
    expect(found['gen_ai.client.operation.duration']?.map(({ attributes }) => attributes['error.type'])).toEqual([
      'overloaded',
    ]);
    expect(found['claude.requests']?.map(({ attributes, value }) => [attributes['claude.outcome'], value])).toEqual([
      ['cancelled', 1],
      ['error', 1],
      ['rejected', 1],
    ]);
    const states = found['claude.circuit.state']?.filter(
      ({ attributes }) => attributes['claude.circuit'] === 'default',
    );
    expect(states?.map(({ attributes, value }) => [attributes['claude.circuit.state'], value])).toEqual([
      ['closed', 0],
      ['open', 1],
      ['half_open', 0],
      ['forced_open', 0],
      ['forced_closed', 0],
    ]);
  });

  it('a run of calls inside counts the calls inside, once each; counts of tokens do not count', async () => {
    const { claude } = await start();
    await claude.run('classification', () => claude.messages.create(PARAMS));
    await claude.run('classification', () => 'an answer of its own');
    await claude.messages.countTokens({ model: PARAMS.model, messages: PARAMS.messages });
    const found = await seen();
    expect(found['claude.requests']?.map(({ attributes, value }) => [attributes, value])).toEqual([
      [{ ...MODEL, 'claude.workflow': 'classification', 'claude.outcome': 'ok' }, 1],
      [{ 'claude.workflow': 'classification', 'claude.outcome': 'ok' }, 1],
    ]);
  });

  it('workflows of any number stay within what an SDK keeps', async () => {
    const { claude } = await start();
    for (let i = 0; i < 120; i++) await claude.messages.create(PARAMS, { workflow: `w${i}` });
    const found = await seen();
    const workflows = found['claude.requests']?.map(({ attributes }) => attributes['claude.workflow']) ?? [];
    expect(workflows).toHaveLength(51);
    expect(found['claude.requests']?.find(({ attributes }) => attributes['claude.workflow'] === 'other')?.value).toBe(
      70,
    );
  });

  it('says what the module’s own figures say', async () => {
    const { claude, app } = await start();
    for (const fault of ['overloaded', 'server_error', 'invalid_request', 'refusal'] as const) {
      simulator.api.scenario.add({ fault, count: 1 });
      await claude.messages.create(PARAMS).catch(() => {});
    }
    const figures = app.get(ClaudeMetrics).figures();
    const found = await seen();
    const by = (name: string, attribute: string) =>
      Object.fromEntries((found[name] ?? []).map(({ attributes, value }) => [String(attributes[attribute]), value]));
    const { ok, error, errors, retries, attempts } = figures;
    expect(by('claude.requests', 'claude.outcome')).toEqual({ ok, error });
    expect(by('claude.request.errors', 'error.type')).toEqual(errors);
    expect(sum(by('claude.retries', 'error.type'))).toBe(retries);
    expect(sum(by('claude.attempts', 'error.type'))).toBe(attempts);
  });

  /** What is new since the last collection, and nothing that nobody observes any more. */
  async function onlyNew() {
    await bench.close();
    bench = telemetryBench(major, 'DELTA');
  }

  it('two modules of one process add up, tell their own state apart by attributes, and leave nothing behind', async () => {
    await onlyNew();
    const one = await start({ openTelemetry: { attributes: { 'claude.module': 'one' } } });
    const other = await start({ openTelemetry: { attributes: { 'claude.module': 'other' } } });
    const [third, fourth] = [await start(), await start()];
    for (const { claude } of [one, other, third, fourth]) await claude.messages.create(PARAMS);
    const { 'claude.requests': requests, 'claude.circuit.state': circuits } = await seen();
    expect(requests?.map(({ attributes, value }) => [attributes['claude.module'], value])).toEqual([
      ['one', 1],
      ['other', 1],
      [undefined, 2],
    ]);
    await closeApps();
    expect(circuits?.some(({ attributes }) => attributes['claude.module'] === 'one')).toBe(true);
    expect(await seen()).toEqual({});
  });

  it('a module that is loaded five times counts once, and leaves no callback and no timer', async () => {
    await onlyNew();
    for (let i = 0; i < 5; i++) {
      const clock = new ManualClock();
      const { claude } = await start({}, clock);
      await claude.messages.create(PARAMS);
      expect((await seen())['claude.requests']?.map(({ value }) => value)).toEqual([1]);
      await closeApps();
      expect(clock.pendingTimers).toBe(0);
    }
    expect(await seen()).toEqual({});
  });

  it('uses the global provider when it is given none, and says how many wait in the queue', async () => {
    metrics.setGlobalMeterProvider(bench.meterProvider);
    try {
      const { claude } = await startApp({
        claude: { baseURL: simulator.api.url, openTelemetry: true, queue: { driver: 'memory' } },
      }).then((started) => ({ ...started, claude: started.app.get(ClaudeResilienceService) }));
      await claude.defer(PARAMS, { notBeforeMs: 3_600_000 });
      const found = await seen();
      expect(found['claude.queue.depth']).toEqual([{ attributes: {}, value: 1 }]);
      expect(found['claude.deferred_requests']?.[0]?.value).toBe(1);
    } finally {
      metrics.disable();
    }
  });
});

function sum(values: Readonly<Record<string, unknown>>): number {
  return Object.values(values).reduce((total: number, value) => total + (value as number), 0);
}
