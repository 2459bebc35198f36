import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultName, FaultRule } from 'claude-api-simulator';
import { ClaudeResilienceService, type FailureKind } from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

/** Real HTTP, the real SDK; only time and chance are ours. */
async function start(options: AppOptions = {}) {
  const clock = new ManualClock();
  const { claude, ...rest } = options;
  const app = await startApp({
    clock,
    random: new ScriptedRandom(0.5),
    claude: { baseURL: simulator.api.url, circuit: false, ...claude },
    ...rest,
  });
  return { ...app, clock, claude: app.app.get(ClaudeResilienceService) };
}

describe('what is retried, and when (R2-R15)', () => {
  const RULES: readonly (readonly [FaultName, Partial<FaultRule>, readonly number[]])[] = [
    ['rate_limited', { retryAfterSeconds: 1, count: 1 }, [1_250]],
    ['rate_limited', { retryAfterSeconds: 30, count: 1 }, [30_250]],
    ['rate_limited', { retryAfterSeconds: null, count: 3 }, [1_250, 2_250, 4_250]],
    ['concurrency_limit', { count: 1 }, [1_250]],
    ['server_error', { count: 2 }, [2_250, 4_250]],
    ['bad_gateway_html', { count: 1 }, [2_250]],
    ['overloaded', { count: 2 }, [3_250, 6_250]],
    ['reset_before_headers', { count: 1 }, [1_250]],
    ['reset_mid_body', { count: 1 }, [1_250]],
    ['broken_json', { count: 1 }, [1_250]],
    ['html_ok', { count: 1 }, [2_250]],
    ['gateway_timeout', { count: 1 }, [250]],
  ];

  it.each(RULES)('%s %j: waits of %j ms, then served', async (fault, more, waits) => {
    const { claude, clock, nextEvent, events } = await start();
    simulator.api.scenario.set([{ fault, ...more }]);
    let retry = nextEvent('retry.scheduled');
    const message = claude.messages.create(PARAMS);
    for (const [made, waitMs] of waits.entries()) {
      expect((await retry).delayMs).toBe(waitMs);
      retry = nextEvent('retry.scheduled');
      await clock.advance(waitMs - 1);
      expect(clock.nextTimerInMs).toBe(1); // not a millisecond early
      expect(simulator.api.requests.count()).toBe(made + 1);
      await clock.advance(1);
    }
    expect((await message).role).toBe('assistant');
    expect(simulator.api.requests.count()).toBe(waits.length + 1);
    expect(events.filter(({ type }) => type === 'retry.scheduled')).toHaveLength(waits.length);
  });

  const PERMANENT: readonly (readonly [FaultName, FailureKind])[] = [
    ['invalid_request', 'invalid_request'],
    ['authentication', 'authentication'],
    ['billing', 'billing'],
    ['credit_balance', 'billing'],
    ['organization_spend_limit', 'billing'],
    ['workspace_spend_limit', 'billing'],
    ['enforced_spend_limit', 'billing'],
    ['contract_spend_limit', 'billing'],
    ['permission', 'permission'],
    ['organization_on_hold', 'permission'],
    ['not_found', 'not_found'],
    ['too_large_html', 'too_large'],
  ];

  it.each(PERMANENT)('%s: one request, and a typed error of kind %s', async (fault, kind) => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault }]);
    const failed = claude.messages.create(PARAMS);
    await expect(failed).rejects.toMatchObject({
      kind,
      code: `CLAUDE_${kind.toUpperCase()}`,
      attempts: 1,
      retryable: false,
    });
    expect(simulator.api.requests.count()).toBe(1);
  });

  it.each([
    ['rate_limited', 6],
    ['server_error', 4],
    ['overloaded', 4],
    ['reset_before_headers', 4],
  ] as const)('%s without end: %i requests, then a typed error', async (fault, requests) => {
    const { claude, clock, nextEvent } = await start();
    simulator.api.scenario.set([{ fault }]);
    const failed = claude.messages.create(PARAMS).catch((error: unknown) => error);
    for (let retry = 1; retry < requests; retry++) await clock.advance((await nextEvent('retry.scheduled')).delayMs);
    expect(await failed).toMatchObject({ attempts: requests, retryable: true });
    expect(simulator.api.requests.count()).toBe(requests);
  });

  it.each(['hang', 'stalled_body'] as const)(
    '%s: two requests, each ended by the same timeout (R13)',
    async (fault) => {
      const { claude, clock, nextEvent } = await start();
      simulator.api.scenario.set([{ fault }]);
      const failed = claude.messages.create(PARAMS, { timeoutMs: 2_000 }).catch((error: unknown) => error);
      const retry = nextEvent('retry.scheduled');
      await simulator.api.requests.whenReceived(1);
      await clock.advance(2_000);
      await clock.advance((await retry).delayMs);
      await simulator.api.requests.whenReceived(2);
      await clock.advance(2_000);
      expect(await failed).toMatchObject({ kind: 'timeout', attempts: 2 });
      expect(simulator.api.requests.count()).toBe(2);
    },
  );

  it('a wait that cannot end before the deadline is not begun (R14)', async () => {
    const { claude, clock } = await start();
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 30 }]);
    const failed = claude.messages.create(PARAMS, { deadlineMs: 30_000 });
    await expect(failed).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000, attempts: 1 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('the deadline ends an attempt that is under way', async () => {
    const { claude, clock } = await start();
    simulator.api.scenario.set([{ fault: 'hang' }]);
    const failed = claude.messages.create(PARAMS, { deadlineMs: 500 }).catch((error: unknown) => error);
    await simulator.api.requests.whenReceived(1);
    await clock.advance(500);
    expect(await failed).toMatchObject({ kind: 'timeout', attempts: 1 });
  });

  it('aborting during a wait ends it at once and sends nothing more (R15)', async () => {
    const { claude, clock, nextEvent } = await start();
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 60 }]);
    const controller = new AbortController();
    const retry = nextEvent('retry.scheduled');
    const failed = claude.messages.create(PARAMS, { signal: controller.signal }).catch((error: unknown) => error);
    await retry;
    const reason = new Error('the user left');
    controller.abort(reason);
    expect(await failed).toMatchObject({ kind: 'cancelled', cause: reason });
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(120_000);
    expect(simulator.api.requests.count()).toBe(1);
  });

  it('aborting during an attempt ends it, and the API sees the connection close', async () => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'slow_headers', delayMs: 3_600_000 }]);
    const controller = new AbortController();
    const failed = claude.messages.create(PARAMS, { signal: controller.signal }).catch((error: unknown) => error);
    await simulator.api.requests.whenReceived(1);
    controller.abort();
    expect(await failed).toMatchObject({ kind: 'cancelled' });
    await until(() => simulator.api.requests.list()[0]?.status === 'aborted');
  });

  it('an aborted signal sends nothing', async () => {
    const { claude } = await start();
    const failed = claude.messages.create(PARAMS, { signal: AbortSignal.abort() });
    await expect(failed).rejects.toMatchObject({ kind: 'cancelled' });
    expect(simulator.api.requests.count()).toBe(0);
  });

  it('a client with retries of its own sends no more than the rules say (R14)', async () => {
    const client = new Anthropic({ apiKey: 'sk-ant-own', baseURL: simulator.api.url, maxRetries: 5 });
    const retry = { overloaded: { maxRetries: 1, baseDelayMs: 0, jitterMs: 0 } };
    const app = await startApp({ claude: { client, retry } });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const failed = app.app.get(ClaudeResilienceService).messages.create(PARAMS);
    await expect(failed).rejects.toMatchObject({ kind: 'overloaded', attempts: 2 });
    expect(simulator.api.requests.count()).toBe(2);
  });

  it('on a real clock, 429 with retry-after 1 comes back after a second and not before', async () => {
    const app = await startApp({ claude: { baseURL: simulator.api.url } });
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 1, count: 1 }]);
    await app.app.get(ClaudeResilienceService).messages.create(PARAMS);
    const [first, second] = simulator.api.requests.list();
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(1_000);
  });
});

describe('messages.countTokens', () => {
  it('is under the same rules', async () => {
    const { claude, clock, nextEvent } = await start();
    simulator.api.scenario.set([{ fault: 'server_error', count: 1 }]);
    const retry = nextEvent('retry.scheduled');
    const counted = claude.messages.countTokens({ model: PARAMS.model, messages: PARAMS.messages });
    await clock.advance((await retry).delayMs);
    expect((await counted).input_tokens).toBeGreaterThan(0);
    expect(simulator.api.requests.list().map(({ path }) => path)).toEqual(Array(2).fill('/v1/messages/count_tokens'));
  });
});

describe('what a call may say about itself', () => {
  it.each([
    [
      { feature: 'nobody' },
      'CLAUDE_UNKNOWN_FEATURE',
      /"nobody".*known: summarisation, classification, generation, default/s,
    ],
    [
      { deadlineMs: -1, timeoutMs: 'soon' },
      'CLAUDE_INVALID_OPTIONS',
      /deadlineMs: milliseconds, above 0, got -1[^]*timeoutMs: milliseconds, above 0, got "soon"/,
    ],
    [{ priority: 'high' }, 'CLAUDE_INVALID_OPTIONS', /priority: one of "urgent", "normal", "background", got "high"/],
    [{ signal: 'x' }, 'CLAUDE_INVALID_OPTIONS', /signal: an AbortSignal, got "x"/],
    [{ deadline: 5 }, 'CLAUDE_INVALID_OPTIONS', /deadline: unknown option; known here: deadlineMs, defer, feature/],
  ])('%j is refused before anything is sent', async (options, code, message) => {
    const { claude } = await start();
    const failed = claude.messages.create(PARAMS, options as never);
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(simulator.api.requests.count()).toBe(0);
  });

  it.each([
    [undefined, /params: the parameters of the SDK's method, got undefined/],
    [{ ...PARAMS, stream: true }, /stream: messages.create answers whole messages, got true/],
    [
      { ...PARAMS, model: undefined },
      /model: a model id, in the parameters or in features.default.models, got undefined/,
    ],
  ])('parameters %j are refused before anything is sent', async (params, message) => {
    const { claude } = await start();
    const failed = claude.messages.create(params as never);
    await expect(failed).rejects.toMatchObject({
      code: 'CLAUDE_INVALID_OPTIONS',
      message: expect.stringMatching(message),
    });
    expect(simulator.api.requests.count()).toBe(0);
  });

  it('the model may be left to the feature', async () => {
    const { claude } = await start({ claude: { features: { summarisation: { models: ['claude-haiku-5-5'] } } } });
    const { model: _model, ...params } = PARAMS;
    await claude.messages.create(params, { feature: 'summarisation' });
    expect(simulator.api.requests.list()[0]?.model).toBe('claude-haiku-5-5');
  });
});
