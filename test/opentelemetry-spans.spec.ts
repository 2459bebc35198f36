import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ClaudeRuntime } from '../libs/claude-resilience/src/runtime/claude-runtime.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { MAJORS, telemetryBench, type SeenSpan, type TelemetryBench } from './support/telemetry-bench.js';

const simulator = useSimulator();
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const OURS = 'claude.call';
const THEIRS = 'anthropic.messages.create';

describe.each(MAJORS)('spans, with OpenTelemetry JS %i.x (R35)', (major) => {
  let bench: TelemetryBench;
  beforeEach(() => {
    bench = telemetryBench(major);
  });
  afterEach(async () => {
    await closeApps();
    await bench.close();
  });

  async function start(more: ClaudeResilienceOptions = {}) {
    const { meterProvider, tracerProvider } = bench;
    const started = await startApp({
      claude: {
        baseURL: simulator.api.url,
        pacing: false,
        retry: { overloaded: AT_ONCE, serverError: AT_ONCE },
        openTelemetry: { meterProvider, tracerProvider },
        ...more,
      },
    });
    return { ...started, claude: started.app.get(ClaudeResilienceService) };
  }

  const named = (name: string) => bench.spans().filter((span) => span.name === name);
  const only = (name: string): SeenSpan => {
    const found = named(name);
    expect(found).toHaveLength(1);
    return found[0]!;
  };

  it('one INTERNAL span around a call, the SDK’s span of each attempt below it, tokens only there', async () => {
    const { claude } = await start();
    simulator.api.scenario.add({ fault: 'overloaded', count: 1 });
    await claude.messages.create(PARAMS, { workflow: 'digest' });
    const call = only(OURS);
    expect(call).toMatchObject({
      kind: SpanKind.INTERNAL,
      scope: 'nestjs-claude-resilience',
      parentSpanId: undefined,
      status: { code: SpanStatusCode.UNSET },
      events: [
        {
          name: 'claude.retry',
          attributes: { 'claude.attempt': 1, 'error.type': 'overloaded', 'claude.delay_ms': 0 },
        },
      ],
    });
    expect(call.attributes).toEqual({
      'claude.attempts': 2,
      'claude.circuit.state': 'closed',
      'claude.correlation_id': expect.any(String),
      'claude.fallback': false,
      'claude.feature': 'default',
      'claude.model': 'claude-sonnet-5-5',
      'claude.operation': 'create',
      'claude.outcome': 'ok',
      'claude.workflow': 'digest',
    });
    const attempts = named(THEIRS);
    expect(attempts.map(({ parentSpanId, traceId }) => [parentSpanId, traceId])).toEqual([
      [call.spanId, call.traceId],
      [call.spanId, call.traceId],
    ]);
    expect(attempts[1]?.attributes).toHaveProperty(['gen_ai.usage.output_tokens']);
  });

  it.each([
    ['overloaded', 'overloaded', 4],
    ['invalid_request', 'invalid_request', 1],
    ['refusal', 'content_policy', 2],
  ] as const)('%s fails it by our word, and says nothing of the API’s text', async (fault, kind, attempts) => {
    const { claude } = await start();
    simulator.api.scenario.add({ fault, ...(fault !== 'refusal' && { message: 'UPSTREAM TEXT' }) });
    const secret = { ...PARAMS, messages: [{ role: 'user' as const, content: 'SECRET PROMPT' }] };
    await claude.messages.create(secret).catch(() => {});
    const call = only(OURS);
    expect(call.status).toEqual({ code: SpanStatusCode.ERROR, message: `CLAUDE_${kind.toUpperCase()}` });
    expect(call.attributes).toMatchObject({
      'claude.outcome': 'error',
      'error.type': kind,
      'claude.attempts': attempts,
    });
    expect(JSON.stringify(call)).not.toMatch(/SECRET|UPSTREAM/);
  });

  it('a call that is given up has neither a status nor an error', async () => {
    const { claude } = await start();
    const giveUp = new AbortController();
    simulator.api.scenario.add({ fault: 'hang' });
    const asked = simulator.api.requests.whenReceived(1);
    const answer = claude.messages.create(PARAMS, { signal: giveUp.signal }).catch(() => {});
    await asked;
    giveUp.abort();
    await answer;
    const call = only(OURS);
    expect(call.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(call.attributes).toMatchObject({ 'claude.outcome': 'cancelled', 'claude.attempts': 1 });
    expect(call.attributes).not.toHaveProperty(['error.type']);
  });

  it('an open circuit rejects it: no attempt, no span of the SDK', async () => {
    const { claude } = await start({
      circuit: { failureThreshold: 1, failureRatio: 0, whenOpen: 'refuse' },
      retry: { overloaded: { maxRetries: 0 } },
    });
    simulator.api.scenario.add({ fault: 'overloaded' });
    for (const _ of [1, 2]) await claude.messages.create(PARAMS).catch(() => {});
    expect(named(OURS).map(({ attributes }) => [attributes['claude.outcome'], attributes['claude.attempts']])).toEqual([
      ['error', 1],
      ['rejected', 0],
    ]);
    expect(named(OURS)[1]?.attributes).toMatchObject({ 'claude.circuit.state': 'open', 'error.type': 'circuit_open' });
    expect(named(THEIRS)).toHaveLength(1);
  });

  it('a stream’s span lasts until its end, is a child of the reader’s, and is ended once when the reader leaves', async () => {
    const { claude } = await start();
    const tracer = bench.tracerProvider.getTracer('app');
    const outer = tracer.startSpan('reader');
    await context.with(trace.setSpan(context.active(), outer), async () => {
      for await (const event of claude.messages.stream(PARAMS)) {
        if (event.type !== 'message_stop') expect(named(OURS)).toHaveLength(0);
        expect(trace.getActiveSpan()).toBe(outer);
      }
    });
    outer.end();
    expect(only(OURS)).toMatchObject({ parentSpanId: outer.spanContext().spanId });
    expect(only(OURS).attributes).toMatchObject({ 'claude.operation': 'stream', 'claude.outcome': 'ok' });
    expect(only(THEIRS).parentSpanId).toBe(only(OURS).spanId);

    for await (const _ of claude.messages.stream(PARAMS)) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(named(OURS)).toHaveLength(2);
    expect(named(OURS)[1]).toMatchObject({ status: { code: SpanStatusCode.UNSET } });
    expect(named(OURS)[1]?.attributes).toMatchObject({ 'claude.outcome': 'cancelled' });
    expect(named(THEIRS)).toHaveLength(2);
  });

  it('a stream that breaks for good fails its one span', async () => {
    const { claude } = await start();
    simulator.api.scenario.add({ fault: 'stream_error', message: 'UPSTREAM TEXT' });
    await claude.messages
      .stream(PARAMS, { onBreak: 'fail' })
      .finalText()
      .catch(() => {});
    expect(only(OURS)).toMatchObject({ status: { code: SpanStatusCode.ERROR, message: 'CLAUDE_OVERLOADED' } });
    expect(JSON.stringify(only(OURS))).not.toContain('UPSTREAM');
  });

  it('a run has a span around those of the calls inside, and a fallback is part of it', async () => {
    const { claude } = await start({ retry: { overloaded: { maxRetries: 0 } } });
    simulator.api.scenario.add({ fault: 'overloaded' });
    const outcome = await claude.run('classification', () => claude.messages.create(PARAMS), {
      input: { text: 'x', labels: ['a'] },
    });
    const [inner, outer] = named(OURS);
    expect(named(OURS)).toHaveLength(2);
    expect(outer?.attributes).toMatchObject({
      'claude.operation': 'run',
      'claude.feature': 'classification',
      'claude.outcome': outcome.status === 'fallback' ? 'fallback' : 'error',
    });
    expect(inner?.parentSpanId).toBe(outer?.spanId);
    expect(only(THEIRS).parentSpanId).toBe(inner?.spanId);
  });

  it('what comes from the queue is a trace of its own, found by the correlation id', async () => {
    const { claude, nextEvent } = await start({ queue: { driver: 'memory' } });
    const ended = nextEvent('request.ended');
    const outer = bench.tracerProvider.getTracer('app').startSpan('request');
    const request = await context.with(trace.setSpan(context.active(), outer), () => claude.defer(PARAMS));
    await ended;
    const call = only(OURS);
    expect(call.parentSpanId).toBeUndefined();
    expect(call.traceId).not.toBe(outer.spanContext().traceId);
    expect(call.attributes).toMatchObject({ 'claude.deferred': true, 'claude.outcome': 'ok' });
    expect(JSON.stringify(call)).not.toContain(request.requestId);
  });

  it('ids for logs are those of the call while it is told of, and none outside', async () => {
    const { claude, app } = await start();
    const runtime = app.get(ClaudeRuntime);
    const seen: unknown[] = [];
    runtime.events.subscribe(({ type }) => type === 'call.completed' && seen.push(runtime.traceIds()));
    await claude.messages.create(PARAMS);
    const { traceId, spanId } = only(OURS);
    expect(seen).toEqual([{ traceId, spanId }]);
    expect(runtime.traceIds()).toBeUndefined();
  });

  it('lines of the log have these ids, as OpenTelemetry calls them (R35)', async () => {
    const { claude, app } = await start({ logging: true });
    const lines: unknown[] = [];
    app.useLogger({ log: (line) => lines.push(line), warn() {}, error() {} });
    await claude.messages.create(PARAMS);
    app.useLogger(false);
    const { traceId, spanId } = only(OURS);
    const ids = { trace_id: traceId, span_id: spanId };
    expect(lines).toContainEqual(expect.objectContaining({ event: 'claude.call.completed', ...ids }));
  });

  it('says once in the log that the application’s providers are out of reach', async () => {
    const global = globalThis as Record<symbol, unknown>;
    const key = Symbol.for('opentelemetry.js.api.1');
    const ours = global[key];
    const warnings: unknown[] = [];
    const warn = Logger.prototype.warn;
    Logger.prototype.warn = (line: unknown) => void warnings.push(line);
    try {
      for (const registered of [ours, { version: '1.4.0', metrics: {} }]) {
        global[key] = registered;
        await start({ logging: true, openTelemetry: true });
      }
    } finally {
      global[key] = ours;
      Logger.prototype.warn = warn;
    }
    expect(warnings).toEqual([expect.objectContaining({ event: 'telemetry.unheard' })]);
  });

  it.each([
    ['a tracer', { tracerProvider: { getTracer: () => ({ startSpan: fails }) }, metrics: false }],
    ['a meter', { traces: false, meterProvider: { getMeter: () => new Proxy({}, { get: () => () => FAILING }) } }],
  ])('a call goes on when %s throws', async (_, openTelemetry) => {
    const { claude } = await start({ openTelemetry: { ...openTelemetry } });
    await expect(claude.messages.create(PARAMS)).resolves.toMatchObject({ type: 'message' });
  });
});

function fails(): never {
  throw new Error('of the application’s telemetry');
}

const FAILING = { add: fails, record: fails, addCallback() {}, removeCallback() {} };
