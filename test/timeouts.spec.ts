import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LongMessageTransport } from '../libs/claude-resilience/src/anthropic/long-message-transport.js';
import type { ClaudeCall } from '../libs/claude-resilience/src/core/call.js';
import { sendWithinLimits } from '../libs/claude-resilience/src/core/timeout/send-within-limits.js';
import { PARAMS } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };
const PING = 'event: ping\ndata: {"type":"ping"}\n\n';
const USAGE = { input_tokens: 1, output_tokens: 1 };
const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: PARAMS.model, content: [], stop_reason: null, stop_sequence: null, usage: USAGE }; // oxfmt-ignore
const START = frame({ type: 'message_start', message: MESSAGE }, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }); // oxfmt-ignore
const PIECE = frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } });

function frame(...events: readonly { readonly type: string; readonly [field: string]: unknown }[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** An API that does nothing of its own: the test writes every byte. */
let server: Server;
let url: string;
const requests: { readonly response: ServerResponse; isClosed: boolean }[] = [];
beforeEach(async () => {
  requests.length = 0;
  server = createServer((request, response) => {
    const entry = { response, isClosed: false };
    response.on('close', () => (entry.isClosed = true));
    request.resume().on('end', () => requests.push(entry));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await closeApps();
  server.closeAllConnections();
  server.close();
});

const LIMITS: ClaudeResilienceOptions = {
  headersMs: 20_000,
  bodyMs: 5_000,
  timeoutMs: 60_000,
  deadlineMs: 200_000,
  stream: { firstEventMs: 15_000, idleMs: 10_000, totalMs: 50_000, onBreak: 'fail' },
};

interface Ended {
  readonly error: { readonly kind: string; readonly attempts: number; readonly failure: { readonly rule: string } };
  readonly atMs: number;
}

/** The end of something that must not end before its time. */
function watch(clock: ManualClock, work: Promise<unknown>) {
  const ended: Ended[] = [];
  work.then(
    (value) => ended.push({ error: { kind: `served ${String(value)}` } as Ended['error'], atMs: clock.nowMs() }),
    (error: Ended['error']) => ended.push({ error, atMs: clock.nowMs() }),
  );
  return ended;
}

/** The first request has come: what it is answered with. */
async function respond(): Promise<ServerResponse> {
  await until(() => requests.length === 1);
  return requests[0]!.response;
}

async function start(claude: ClaudeResilienceOptions = LIMITS) {
  const clock = new ManualClock();
  const retry = { timeout: { maxRetries: 0 } };
  const { app } = await startApp({ clock, claude: { baseURL: url, circuit: false, retry, ...claude } });
  const { messages, run } = bound(app.get(ClaudeResilienceService));
  /** Moves to a moment, when the wait that ends then has begun; not a millisecond earlier does it end. */
  const endsAt = async (ended: readonly Ended[], atMs: number, rule: string) => {
    await until(() => clock.nextTimerInMs === atMs - clock.nowMs());
    await clock.advance(atMs - 1 - clock.nowMs());
    expect(ended).toEqual([]);
    await clock.advance(1);
    await until(() => ended.length === 1);
    expect(ended).toMatchObject([{ error: { kind: 'timeout', attempts: 1, failure: { rule } }, atMs }]);
    await until(() => requests.every(({ isClosed }) => isClosed));
    expect([requests.length, clock.pendingTimers]).toEqual([1, 0]);
  };
  return { clock, messages, run, endsAt };
}

const bound = (claude: ClaudeResilienceService) => ({ messages: claude.messages, run: claude.run.bind(claude) });

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

describe('a whole message: each part ends by its own limit, to the millisecond (R13, R14)', () => {
  it('headers never come', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, messages.create(PARAMS));
    await respond();
    await endsAt(ended, 20_000, 'headers_timeout');
  });

  it('headers come, and the body stalls', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, messages.create(PARAMS));
    const response = await respond();
    await clock.advance(7_000);
    response.writeHead(200, JSON_TYPE).write('{"type":"message",');
    await endsAt(ended, 12_000, 'body_stalled');
  });

  it('the body trickles: bytes do not buy time', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, messages.create(PARAMS));
    const response = await respond();
    response.writeHead(200, JSON_TYPE).write('{"type":"message",');
    await until(() => clock.nextTimerInMs === 5_000);
    for (let second = 1; second < 5; second++) {
      await clock.advance(1_000);
      response.write(`"field${second}":${second},`);
    }
    await endsAt(ended, 5_000, 'body_stalled');
  });

  it.each([
    ['headers', 'headers_timeout'],
    ['body', 'body_stalled'],
  ])('without limits of their own, timeoutMs ends both: %s', async (part, rule) => {
    const { clock, messages, endsAt } = await start({ timeoutMs: 60_000 });
    const ended = watch(clock, messages.create(PARAMS));
    const response = await respond();
    await clock.advance(40_000);
    if (part === 'body') {
      response.writeHead(200, JSON_TYPE).write('{');
      await clock.advance(5_000);
    }
    await endsAt(ended, 60_000, rule);
  });

  it('a feature has limits of its own, and counting tokens has them too', async () => {
    const { clock, messages, endsAt } = await start({
      ...LIMITS,
      features: { classification: { headersMs: 900 } },
    });
    const ended = watch(clock, messages.countTokens(PARAMS, { feature: 'classification' }));
    await respond();
    await endsAt(ended, 900, 'headers_timeout');
  });

  it('a caller’s own timeoutMs and deadlineMs come first when they are shorter', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, messages.create(PARAMS, { timeoutMs: 3_000 }));
    await respond();
    await endsAt(ended, 3_000, 'headers_timeout');
    requests.length = 0;
    const late = watch(clock, messages.create(PARAMS, { deadlineMs: 2_000 }));
    await respond();
    await endsAt(late, 5_000, 'deadline');
  });

  it('a slow answer within its limits is an answer', async () => {
    const { clock, messages } = await start();
    const served = messages.create(PARAMS);
    const response = await respond();
    await clock.advance(19_999);
    response.writeHead(200, JSON_TYPE).write('{"type":"message",');
    await until(() => clock.nextTimerInMs === 5_000);
    await clock.advance(4_999);
    response.end('"content":[],"stop_reason":"end_turn"}');
    expect(await served).toMatchObject({ stop_reason: 'end_turn' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('a function of the application’s has the attempt’s time: nobody knows what it waits for', async () => {
    const { clock, run } = await start({ ...LIMITS, features: { mail: {} } });
    const ended = watch(
      clock,
      run('mail', () => new Promise(() => {})),
    );
    await clock.advance(59_999);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(ended).toMatchObject([{ error: { kind: 'timeout', failure: { rule: 'attempt_timeout' } }, atMs: 60_000 }]);
  });
});

describe('a stream: first event, silence, the whole (R13, R14)', () => {
  it('headers never come: no event either', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, readAll(messages.stream(PARAMS)));
    await respond();
    await endsAt(ended, 15_000, 'stream_never_began');
  });

  it('headers have a shorter limit', async () => {
    const { clock, messages, endsAt } = await start({ ...LIMITS, headersMs: 4_000 });
    const ended = watch(clock, readAll(messages.stream(PARAMS)));
    await respond();
    await endsAt(ended, 4_000, 'headers_timeout');
  });

  it('headers come late, and the first event never: one limit for both', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, readAll(messages.stream(PARAMS)));
    const response = await respond();
    await clock.advance(9_000);
    response.writeHead(200, SSE).flushHeaders();
    await endsAt(ended, 15_000, 'stream_never_began');
  });

  it('it begins, and falls silent', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, readAll(messages.stream(PARAMS)));
    const response = await respond();
    await clock.advance(14_000);
    response.writeHead(200, SSE).write(START + PIECE);
    await endsAt(ended, 24_000, 'stream_silent');
  });

  it('it trickles on: the whole has an end', async () => {
    const { clock, messages, endsAt } = await start();
    const ended = watch(clock, readAll(messages.stream(PARAMS)));
    const response = await respond();
    response.writeHead(200, SSE).write(START + PIECE);
    for (let piece = 0; piece < 5; piece++) {
      await until(() => clock.nextTimerInMs === 10_000);
      await clock.advance(9_000);
      response.write(PIECE);
    }
    await endsAt(ended, 50_000, 'deadline');
  });
});

describe('a long message, sent as a stream because Node’s fetch gives up after 300 s', () => {
  const CALL = { ...LIMITS, startedAtMs: 0, deadlineAtMs: 1_000_000, timeoutMs: 900_000, headersMs: 400_000, signal: undefined } as unknown as ClaudeCall; // oxfmt-ignore

  async function send() {
    const clock = new ManualClock();
    const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: url, maxRetries: 0 });
    const transport = new LongMessageTransport(
      (options) => client.messages.create({ ...PARAMS, stream: true }, options),
      30_000,
    );
    const sending = {
      number: 1,
      target: { model: PARAMS.model, platform: 'anthropic', bucket: '' },
      isReformulated: false,
    };
    const ended: unknown[] = [];
    void sendWithinLimits(transport, CALL, sending, clock, { handedOver: () => {} }, (reply) => reply).then(
      (result) => {
        ended.push({ atMs: clock.nowMs(), ...(result.ok ? { ok: true } : { facts: result.facts }) });
      },
    );
    await until(() => requests.length === 1);
    const { response } = requests[0]!;
    const endsAt = async (atMs: number, limit: string) => {
      await until(() => clock.nextTimerInMs === atMs - clock.nowMs());
      await clock.advance(atMs - 1 - clock.nowMs());
      expect(ended).toEqual([]);
      await clock.advance(1);
      expect(ended).toEqual([{ atMs, facts: { from: 'timeout', limit } }]);
      await until(() => requests[0]!.isClosed);
      expect(clock.pendingTimers).toBe(0);
    };
    return { clock, response, ended, endsAt };
  }

  it('headers never come', async () => {
    const { endsAt } = await send();
    await endsAt(400_000, 'headers');
  });

  it('no first event', async () => {
    const { clock, response, endsAt } = await send();
    await clock.advance(100_000);
    response.writeHead(200, SSE).flushHeaders();
    await endsAt(130_000, 'first_event');
  });

  it('silence', async () => {
    const { clock, response, endsAt } = await send();
    response.writeHead(200, SSE).write(START);
    await until(() => clock.nextTimerInMs === 30_000);
    await clock.advance(20_000);
    response.write(PING);
    await endsAt(50_000, 'silence');
  });

  it('pings keep it alive, to the end of the attempt and no longer', async () => {
    const { clock, response, endsAt } = await send();
    response.writeHead(200, SSE).write(START);
    for (let ping = 0; ping < 35; ping++) {
      await until(() => clock.nextTimerInMs === 30_000);
      await clock.advance(25_000);
      response.write(PING);
    }
    await endsAt(900_000, 'silence');
  });

  it('an answer after ten minutes of pings is an answer', async () => {
    const { clock, response, ended } = await send();
    response.writeHead(200, SSE).write(START);
    for (let ping = 0; ping < 24; ping++) {
      await until(() => clock.nextTimerInMs === 30_000);
      await clock.advance(25_000);
      response.write(PING);
    }
    response.end(PIECE + frame({ type: 'content_block_stop', index: 0 }, { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: USAGE }, { type: 'message_stop' })); // oxfmt-ignore
    await until(() => ended.length === 1);
    expect(ended).toEqual([{ atMs: 600_000, ok: true }]);
    expect(clock.pendingTimers).toBe(0);
  });
});
