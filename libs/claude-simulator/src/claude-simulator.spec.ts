import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from './claude-simulator.js';
import { ManualClock } from './clock/manual-clock.js';
import type { SimulatorOptions } from './simulator.options.js';

const REQUEST = {
  model: 'claude-sonnet-5-5',
  max_tokens: 400,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

const clientOf = (simulator: ClaudeSimulator): Anthropic =>
  new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });

describe('start', () => {
  it('listens on a free port of the loopback interface', async () => {
    const [a, b] = await Promise.all([ClaudeSimulator.start(), ClaudeSimulator.start()]);
    expect(a.url).toBe(`http://127.0.0.1:${a.port}`);
    expect(a.port).not.toBe(b.port);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('answers with nothing configured', async () => {
    const simulator = await ClaudeSimulator.start();
    expect(await clientOf(simulator).messages.create(REQUEST)).toMatchObject({
      type: 'message',
      stop_reason: 'end_turn',
    });
    await simulator.stop();
  });

  it('says so when the port is taken', async () => {
    const first = await ClaudeSimulator.start();
    await expect(ClaudeSimulator.start({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
  });

  it('names every bad option', async () => {
    const options = {
      port: -1,
      seed: 0.5,
      apiKeys: [''],
      answer: 'yes',
      latencyMs: { medianMs: 1 },
      limits: { requestsPerMinute: 0, bursts: 1 },
      rateLimitHeaders: 1,
      concurrency: 0,
      batches: { durationMs: -1, cancelMs: 0.5, expiresAfterMs: '1', retries: 1 },
      stream: { chunk: 0, delayMs: -1, pingEveryMs: 0, words: true },
      continuationOverlap: -1,
      models: {
        'claude-x': { retiresAt: null },
        'claude-opus-5': { retiresAt: 'soon' },
        'claude-haiku-4-5': {},
        'claude-haiku-5-5': 'now',
      },
      scenario: [{ fault: 'none' }],
      clock: {},
      maxLoggedRequests: 0,
      colour: 'red',
    };
    const error = (await ClaudeSimulator.start(options as unknown as SimulatorOptions).catch((e: unknown) => e)) as {
      readonly issues: readonly string[];
    };
    expect(error).toMatchObject({ name: 'InvalidInputError', code: 'SIMULATOR_INVALID_INPUT' });
    expect(error.issues.map((issue) => issue.split(':')[0]).sort()).toEqual(
      [
        ...Object.keys(options).filter((name) => !['batches', 'limits', 'models', 'scenario', 'stream'].includes(name)),
        'batches.cancelMs',
        'batches.durationMs',
        'batches.expiresAfterMs',
        'batches.retries',
        'limits.bursts',
        'limits.requestsPerMinute',
        'models.claude-haiku-4-5.retiresAt',
        'models.claude-haiku-5-5',
        'models.claude-opus-5.retiresAt',
        'models.claude-x',
        'scenario[0].fault',
        'stream.chunk',
        'stream.delayMs',
        'stream.pingEveryMs',
        'stream.words',
      ].sort(),
    );
  });

  it('lets an explicit undefined mean the default', async () => {
    const options = { port: undefined, seed: undefined, limits: undefined } as unknown as SimulatorOptions;
    const simulator = await ClaudeSimulator.start(options);
    expect(simulator.port).toBeGreaterThan(0);
    await simulator.stop();
  });
});

describe('stop', () => {
  it('ends hung requests and sleeping ones, and may be called again', async () => {
    const clock = new ManualClock();
    const simulator = await ClaudeSimulator.start({
      clock,
      scenario: [{ fault: 'hang', count: 1 }, { fault: 'slow_headers', count: 1 }, { fault: 'stalled_body' }],
    });
    const client = clientOf(simulator);
    const hung = client.messages.create(REQUEST).catch((error: unknown) => error);
    await simulator.requests.whenReceived(1);
    const slow = client.messages.create(REQUEST).catch((error: unknown) => error);
    await clock.whenSleeping();
    const stalled = await client.messages.create(REQUEST).asResponse();
    await simulator.stop();
    expect(await hung).toMatchObject({ message: 'Connection error.' });
    expect(await slow).toMatchObject({ message: 'Connection error.' });
    await expect(stalled.text()).rejects.toMatchObject({ name: 'TypeError' });
    await expect(simulator.stop()).resolves.toBeUndefined();
  });
});

/** Statuses, ids and texts of 30 requests in a row under a partial storm. */
async function storm(seed: number): Promise<readonly unknown[]> {
  const simulator = await ClaudeSimulator.start({
    seed,
    clock: new ManualClock(),
    scenario: [{ fault: 'overloaded', share: 0.3 }],
  });
  const client = clientOf(simulator);
  const seen: unknown[] = [];
  for (let i = 0; i < 30; i += 1) {
    const answer = client.messages.create({ ...REQUEST, messages: [{ role: 'user', content: `Question ${i}` }] });
    seen.push(await answer.catch((error: { requestID: string }) => error.requestID));
  }
  await simulator.stop();
  return seen;
}

describe('the seed', () => {
  it('decides everything', async () => {
    const first = await storm(42);
    expect(await storm(42)).toEqual(first);
    expect(await storm(43)).not.toEqual(first);
  });
});

it('two simulators share nothing', async () => {
  const [calm, stormy] = await Promise.all([
    ClaudeSimulator.start({ clock: new ManualClock() }),
    ClaudeSimulator.start({
      clock: new ManualClock(),
      scenario: [{ fault: 'overloaded' }],
      limits: { requestsPerMinute: 1 },
    }),
  ]);
  await clientOf(stormy)
    .messages.create(REQUEST)
    .catch(() => undefined);
  expect(await clientOf(calm).messages.create(REQUEST)).toMatchObject({ type: 'message' });
  expect([calm.requests.count(), stormy.requests.count()]).toEqual([1, 1]);
  await Promise.all([calm.stop(), stormy.stop()]);
});
