import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultName, FaultRule } from 'claude-api-simulator';
import {
  ClaudeResilienceService,
  type ClaudeMessageStream,
  type ClaudeStreamCallOptions,
} from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const PARAMS = {
  model: 'claude-sonnet-5-5',
  max_tokens: 1024,
  messages: [{ role: 'user' as const, content: 'Tell me about lighthouses.' }],
};
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const RETRY = {
  overloaded: AT_ONCE,
  serverError: AT_ONCE,
  connection: AT_ONCE,
  timeout: AT_ONCE,
  rateLimited: AT_ONCE,
};

async function start({ claude, ...rest }: AppOptions = {}) {
  const started = await startApp({
    random: new ScriptedRandom(0),
    claude: { baseURL: simulator.api.url, circuit: false, retry: RETRY, ...claude },
    ...rest,
  });
  return { ...started, claude: started.app.get(ClaudeResilienceService) };
}

type Claude = ClaudeResilienceService;

const wholeText = (claude: Claude) => claude.messages.stream(PARAMS).finalText();

async function read(claude: Claude, options?: ClaudeStreamCallOptions) {
  const types: string[] = [];
  let text = '';
  try {
    for await (const event of claude.messages.stream(PARAMS, options)) {
      types.push(event.type);
      if (event.type === 'claude_stream_restarted') text = '';
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
    }
    return { text, types, error: undefined };
  } catch (error) {
    return { text, types, error: error as { code: string; textSoFar: string | undefined } };
  }
}

const count = (types: readonly string[], type: string) => types.filter((other) => other === type).length;

describe('a healthy stream', () => {
  it('is the SDK’s own events, ends with a reason, and counts as one call', async () => {
    const { claude, events } = await start();
    const { types, text, error } = await read(claude);
    expect(error).toBeUndefined();
    expect(types[0]).toBe('message_start');
    expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
    expect(text.length).toBeGreaterThan(100);
    expect(events).toMatchObject([{ type: 'call.completed', outcome: 'served', attempts: 1 }]);
  });

  it('tells the tokens of all its requests, the broken one included', async () => {
    const { claude, events } = await start();
    await wholeText(claude);
    simulator.api.scenario.set([{ fault: 'stream_reset', afterEvents: 5, count: 1 }]);
    await wholeText(claude);
    const [whole, resumed] = events.flatMap((event) => (event.type === 'call.completed' ? [event.usage] : []));
    expect(whole).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
    expect(resumed?.inputTokens).toBeGreaterThan(2 * (whole?.inputTokens ?? 0));
  });

  it('text() is its text, piece by piece', async () => {
    const { claude } = await start();
    const pieces: string[] = [];
    for await (const piece of claude.messages.stream(PARAMS).text()) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(await wholeText(claude));
  });

  it('is sent when it is read, and read once', async () => {
    const { claude } = await start();
    const stream = claude.messages.stream(PARAMS);
    expect(simulator.api.requests.count()).toBe(0);
    await stream.finalText();
    await expect(stream.finalText()).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
  });

  it.each([
    [{ onBreak: 'ignore' }, /onBreak: one of resume, restart, fail/],
    [{ idleMs: 5 }, /idleMs: unknown option/],
  ])('options %j are refused', async (options, message) => {
    const { claude } = await start();
    expect(() => claude.messages.stream(PARAMS, options as never)).toThrow(message);
  });

  it.each([
    ['text()', (stream: ClaudeMessageStream) => stream.text().next()],
    ['finalText()', (stream: ClaudeMessageStream) => stream.finalText()],
  ])('%s cannot take back what it gave: none under restart, and nothing is sent', async (_name, readText) => {
    const { claude } = await start();
    const reading = readText(claude.messages.stream(PARAMS, { onBreak: 'restart' }));
    await expect(reading).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
    expect(simulator.api.requests.count()).toBe(0);
  });
});

/** Each way a stream breaks after it began with 200. */
const BREAKS: readonly (readonly [FaultName, Partial<FaultRule>])[] = [
  ['stream_error', {}],
  ['stream_eof', {}],
  ['stream_reset', {}],
] as const;

describe.each(BREAKS)('cut by %s', (fault, more) => {
  const cutAfter = (afterEvents: number) => simulator.api.scenario.set([{ fault, afterEvents, count: 1, ...more }]);

  it('before the first content: the reader never knows', async () => {
    const { claude } = await start();
    const whole = await wholeText(claude);
    cutAfter(0);
    const { text, types, error } = await read(claude);
    expect(error).toBeUndefined();
    expect(text).toBe(whole);
    expect([count(types, 'message_start'), count(types, 'claude_stream_resumed')]).toEqual([1, 0]);
  });

  it.each([1, 2, 7, 20])(
    'after %i pieces, resume: the whole text exactly once, and the reader is told',
    async (pieces) => {
      const { claude } = await start();
      const whole = await wholeText(claude);
      simulator.api.requests.clear();
      cutAfter(pieces);
      const { text, types, error } = await read(claude);
      expect(error).toBeUndefined();
      expect(text).toBe(whole);
      expect(simulator.api.requests.count()).toBe(2);
      expect([
        count(types, 'message_start'),
        count(types, 'claude_stream_resumed'),
        count(types, 'message_stop'),
      ]).toEqual([1, 1, 1]);
    },
  );

  it('twice: resumed twice', async () => {
    const { claude } = await start();
    const whole = await wholeText(claude);
    simulator.api.scenario.set([
      { fault, afterEvents: 5, count: 1, ...more },
      { fault, afterEvents: 60, count: 1, ...more },
    ]);
    expect(await read(claude)).toMatchObject({ text: whole, error: undefined });
  });

  it('fail: a typed error with the text so far; never a short text as success', async () => {
    const { claude, events } = await start();
    const whole = await wholeText(claude);
    cutAfter(5);
    const { text, error } = await read(claude, { onBreak: 'fail' });
    expect(error?.code).toMatch(/^CLAUDE_(OVERLOADED|CONNECTION)$/);
    expect(error).toMatchObject({ textSoFar: text, retryable: true });
    expect(whole.startsWith(text) && text.length > 0 && text.length < whole.length).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'call.completed', outcome: 'failed', attempts: 1 });
  });

  it('restart: a notice, and the whole text anew', async () => {
    const { claude } = await start();
    const whole = await wholeText(claude);
    cutAfter(5);
    const { text, types } = await read(claude, { onBreak: 'restart' });
    expect(text).toBe(whole);
    expect(count(types, 'claude_stream_restarted')).toBe(1);
  });
});

describe('on models that take the beginning of an answer', () => {
  it('the continuation is a begun answer, not a question', async () => {
    const { claude } = await start();
    const params = { ...PARAMS, model: 'claude-haiku-4-5' };
    const whole = await claude.messages.stream(params).finalText();
    simulator.api.requests.clear();
    simulator.api.scenario.set([{ fault: 'stream_reset', afterEvents: 9, count: 1 }]);
    expect(await claude.messages.stream(params).finalText()).toBe(whole);
    const [, second] = simulator.api.requests.list();
    expect((second!.body as { messages: { role: string }[] }).messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
    ]);
  });
});

describe('the ends that are none', () => {
  it('a reason without message_stop is enough: nothing of the answer is missing', async () => {
    const { claude } = await start();
    const whole = await wholeText(claude);
    simulator.api.scenario.set([{ fault: 'stream_eof_after_delta', count: 1 }]);
    expect(await read(claude)).toMatchObject({ text: whole, error: undefined });
  });

  it('silence ends when its limit says so, and is a timeout', async () => {
    const clock = new ManualClock();
    const { claude } = await start({ clock });
    simulator.api.scenario.set([{ fault: 'stream_silence', afterEvents: 3 }]);
    const reading = claude.messages.stream(PARAMS, { onBreak: 'fail' })[Symbol.asyncIterator]();
    for (let pieces = 0; pieces < 3;) if ((await reading.next()).value?.type === 'content_block_delta') pieces++;
    const timedOut = expect(reading.next()).rejects.toMatchObject({ code: 'CLAUDE_TIMEOUT' });
    await until(() => clock.nextTimerInMs === 30_000);
    await clock.advance(29_999);
    expect(clock.nextTimerInMs).toBe(1);
    await clock.advance(1);
    await timedOut;
    await until(() => simulator.api.requests.list()[0]?.status === 'aborted');
  });

  it.each(['hang', 'slow_headers'] as const)(
    '%s: an API that never begins is a timeout, tried once more',
    async (fault) => {
      const clock = new ManualClock();
      const { claude } = await start({ clock, claude: { stream: { firstEventMs: 5_000 } } });
      simulator.api.scenario.set([{ fault, ...(fault === 'slow_headers' && { delayMs: 3_600_000 }) }]);
      const reading = read(claude);
      for (const request of [1, 2]) {
        await simulator.api.requests.whenReceived(request);
        await until(() => clock.nextTimerInMs === 5_000);
        await clock.advance(4_999);
        expect(clock.nextTimerInMs).toBe(1);
        await clock.advance(1);
      }
      expect(await reading).toMatchObject({ text: '', types: [], error: { code: 'CLAUDE_TIMEOUT' } });
      expect(simulator.api.requests.count()).toBe(2);
    },
  );

  it('a refusal in the middle is no answer: typed, and not tried again', async () => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'stream_refusal', afterEvents: 4 }]);
    expect((await read(claude)).error).toMatchObject({ code: 'CLAUDE_CONTENT_POLICY' });
    expect(simulator.api.requests.count()).toBe(1);
  });

  it('events from the future pass', async () => {
    const { claude } = await start();
    const whole = await wholeText(claude);
    simulator.api.scenario.set([{ fault: 'stream_unknown_event', afterEvents: 2 }]);
    expect(await read(claude)).toMatchObject({ text: whole, error: undefined });
  });
});

describe('before anything is streamed', () => {
  it.each(['overloaded', 'rate_limited', 'bad_gateway_html', 'reset_before_headers'] as const)(
    '%s is retried unseen',
    async (fault) => {
      const { claude } = await start();
      const whole = await wholeText(claude);
      simulator.api.requests.clear();
      simulator.api.scenario.set([{ fault, count: 2, ...(fault === 'rate_limited' && { retryAfterSeconds: null }) }]);
      expect(await read(claude)).toMatchObject({ text: whole, error: undefined });
      expect(simulator.api.requests.count()).toBe(3);
    },
  );

  it('what cannot be mended is one request and a typed error', async () => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'invalid_request' }]);
    expect((await read(claude)).error).toMatchObject({ code: 'CLAUDE_INVALID_REQUEST' });
    expect(simulator.api.requests.count()).toBe(1);
  });
});

describe('the reader decides', () => {
  it('a slow one slows the API down, and is not late for it', async () => {
    const clock = new ManualClock();
    const { claude } = await start({ clock });
    const reading = claude.messages.stream(PARAMS)[Symbol.asyncIterator]();
    await reading.next();
    await clock.advance(300_000); // far over the limit for silence, but the silence is the reader's
    let last: string | undefined;
    for (let item = await reading.next(); item.done !== true; item = await reading.next()) last = item.value.type;
    expect(last).toBe('message_stop');
  });

  it('one who leaves stops the request', async () => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'stream_silence', afterEvents: 2 }]);
    for await (const event of claude.messages.stream(PARAMS)) if (event.type === 'content_block_delta') break;
    await until(() => simulator.api.requests.list()[0]?.status === 'aborted');
  });

  it('one who aborts gets a typed error, also while an event is on offer', async () => {
    const { claude } = await start();
    const controller = new AbortController();
    const reading = claude.messages.stream(PARAMS, { signal: controller.signal })[Symbol.asyncIterator]();
    await reading.next();
    controller.abort();
    await expect(
      (async () => {
        while ((await reading.next()).done !== true);
      })(),
    ).rejects.toMatchObject({ code: 'CLAUDE_CANCELLED' });
  });
});

describe('the circuit judges a stream by its end (R19-R22)', () => {
  it('200s that break off open it; then nothing is sent', async () => {
    const { claude } = await start({ claude: { circuit: 'classic', retry: { overloaded: { maxRetries: 0 } } } });
    simulator.api.scenario.set([{ fault: 'stream_error', afterEvents: 3 }]);
    for (let stream = 0; stream < 5; stream++) await read(claude, { feature: 'generation', onBreak: 'fail' });
    expect((await read(claude, { feature: 'generation' })).error).toMatchObject({ code: 'CLAUDE_CIRCUIT_OPEN' });
    expect(simulator.api.requests.count()).toBe(5);
  });
});
