import { connect, type Socket } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorOptions } from '../simulator.options.js';

const BODY = {
  model: 'claude-sonnet-5-5',
  max_tokens: 400,
  stream: true as const,
  messages: [{ role: 'user' as const, content: 'Tell me about bees' }],
};

let clock: ManualClock;
let simulator: ClaudeSimulator;
beforeEach(() => {
  clock = new ManualClock();
});
afterEach(() => simulator.stop());

async function start(options: SimulatorOptions = {}): Promise<Anthropic> {
  simulator = await ClaudeSimulator.start({ clock, ...options });
  return new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
}

/** Sends a request by hand. */
function request(body: object): Socket {
  const json = JSON.stringify(body);
  const head = [
    'POST /v1/messages HTTP/1.1',
    'host: x',
    'x-api-key: k',
    'anthropic-version: 2026-10-21',
    `content-length: ${Buffer.byteLength(json)}`,
  ];
  const socket = connect(simulator.port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n${json}`));
  socket.on('error', () => undefined);
  return socket;
}

describe('a client that leaves', () => {
  it('is noted with the time and the number of events', async () => {
    const client = await start({ stream: { delayMs: 100 } });
    const stream = await client.messages.create(BODY);
    for (let i = 0; i < 6; i += 1) {
      await clock.whenSleeping();
      clock.advance(100);
    }
    await clock.whenSleeping();
    clock.advance(40);
    stream.controller.abort();
    await simulator.requests.whenEnded(1);
    expect(simulator.requests.list()).toMatchObject([{ status: 'aborted', eventsSent: 7, leftAt: 640, fault: null }]);
  });

  it('by breaking out of the loop as well', async () => {
    const client = await start({ stream: { delayMs: 100 } });
    for await (const { type } of await client.messages.create(BODY)) {
      expect(type).toBe('message_start');
      break;
    }
    await simulator.requests.whenEnded(1);
    expect(simulator.requests.list()).toMatchObject([{ status: 'aborted', eventsSent: 1, leftAt: 0 }]);
  });

  it('is noticed in the turn of events that tells of it, and nothing is sent after that', async () => {
    await start({ stream: { delayMs: 100 } });
    const socket = request(BODY);
    await clock.whenSleeping();
    socket.destroy();
    await simulator.requests.whenEnded(1);
    // No turn has passed since: the log was told by the very event, not by a write that failed.
    expect(simulator.requests.list()).toMatchObject([{ status: 'aborted', eventsSent: 1, leftAt: 0 }]);
    clock.advance(60_000);
    await fetch(`${simulator.url}/_simulator/state`);
    expect(simulator.requests.list()).toMatchObject([{ status: 'aborted', eventsSent: 1, leftAt: 0 }]);
  });

  it('in the middle of a stream without pauses stops it', async () => {
    const client = await start({ answer: () => 'word '.repeat(100_000), stream: { chunk: 1 } });
    for await (const { type } of await client.messages.create({ ...BODY, max_tokens: 128_000 })) {
      if (type === 'content_block_delta') break;
    }
    await simulator.requests.whenEnded(1);
    const [{ status, eventsSent } = { status: 0, eventsSent: 0 }] = simulator.requests.list();
    expect(status).toBe('aborted');
    expect(eventsSent).toBeLessThan(100_000);
  });

  it('before the first byte has no events', async () => {
    const client = await start({ latencyMs: 500 });
    const caller = new AbortController();
    const answer = client.messages.create(BODY, { signal: caller.signal }).catch(() => 'gone');
    await clock.whenSleeping();
    clock.advance(100);
    caller.abort();
    expect(await answer).toBe('gone');
    await simulator.requests.whenEnded(1);
    expect(simulator.requests.list()).toMatchObject([{ status: 'aborted', eventsSent: null, leftAt: 100 }]);
  });

  it('after the last event has not left early', async () => {
    await start();
    const socket = request(BODY);
    await new Promise((resolve) => {
      let received = '';
      socket.on('data', (bytes) => {
        received += bytes.toString();
        if (received.includes('message_stop')) resolve(socket.destroy());
      });
    });
    expect(simulator.requests.list()).toMatchObject([{ status: 200, leftAt: null }]);
  });
});
