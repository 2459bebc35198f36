import Anthropic from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator, type FaultName, type FaultRule } from 'claude-api-simulator';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attempt, ClaudeCall } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { LongMessageTransport } from './long-message-transport.js';

const params = {
  model: 'claude-sonnet-5-5',
  max_tokens: 512,
  messages: [{ role: 'user' as const, content: 'Tell me about lighthouses.' }],
};
const call = { headersMs: 20_000, bodyMs: 5_000 } as ClaudeCall;
const IDLE_MS = 30_000;

const frames = (events: readonly { readonly type: string }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const block = (index: number, start: object, ...deltas: object[]) => [
  { type: 'content_block_start', index, content_block: start },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];

async function* twoEvents() {
  yield { type: 'message_start', message: { type: 'message', role: 'assistant', content: [], usage: {} } };
  yield {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 1 },
  };
}

let simulator: ClaudeSimulator;
beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ latencyMs: 0, limits: false, stream: { delayMs: 0 } });
});
afterAll(() => simulator.stop());
beforeEach(() => {
  simulator.scenario.clear();
  simulator.requests.clear();
});

const clientOf = (baseURL: string) => new Anthropic({ apiKey: 'sk-ant-test', baseURL, maxRetries: 0 });

function send(
  baseURL = simulator.url,
  waitsFor: Attempt['waitsFor'] = () => {},
  signal = new AbortController().signal,
) {
  const client = clientOf(baseURL);
  const transport = new LongMessageTransport(
    (options) => client.messages.create({ ...params, stream: true }, options),
    IDLE_MS,
  );
  const target = { model: params.model, platform: 'anthropic', bucket: '' };
  const attempt = {
    number: 1,
    target,
    isReformulated: false,
    signal,
    timeoutMs: 900_000,
    waitsFor,
    handOver: () => {},
  };
  return transport.send(call, attempt);
}

describe('a whole message, sent as a stream', () => {
  it('is the one that a plain request gives, ids and all', async () => {
    const plain = await clientOf(simulator.url).messages.create(params);
    const long = await send();
    expect(long).toMatchObject({ ok: true });
    const { value } = long as { value: Anthropic.Message };
    const { _request_id: requestId } = value as { _request_id?: string };
    // Ids are each request's own.
    expect({ ...value, id: plain.id }).toEqual(plain);
    expect(requestId).toMatch(/^req_/);
    expect(Object.keys(value).sort()).toEqual(Object.keys(plain).sort());
    expect(long.headers?.['request-id']).toBe(requestId);
    expect(simulator.requests.list().map(({ body }) => (body as { stream?: boolean }).stream)).toEqual([
      undefined,
      true,
    ]);
  });

  const FAULTS: readonly (readonly [FaultName, Partial<FaultRule>, FailureFacts | object])[] = [
    ['overloaded', {}, { from: 'response', status: 529, type: 'overloaded_error' }],
    ['rate_limited', { retryAfterSeconds: 7 }, { from: 'response', status: 429, retryAfter: '7' }],
    ['reset_before_headers', {}, { from: 'connection' }],
    ['html_ok', {}, { from: 'body', problem: 'not_json' }],
    ['stream_error', { afterEvents: 3 }, { from: 'response', type: 'overloaded_error' }],
    ['stream_error', { afterEvents: 0 }, { from: 'response', type: 'overloaded_error' }],
    ['stream_eof', { afterEvents: 0 }, { from: 'body', problem: 'broken' }],
    ['stream_eof', { afterEvents: 3 }, { from: 'body', problem: 'broken' }],
    ['stream_reset', { afterEvents: 3 }, { from: 'body', problem: 'broken' }],
    ['stream_refusal', { afterEvents: 3 }, { from: 'refusal' }],
  ];
  it.each(FAULTS)('%s %j: never half a message, described as %j', async (fault, more, facts) => {
    simulator.scenario.set([{ fault, ...more }]);
    expect(await send()).toMatchObject({ ok: false, facts });
    expect(simulator.requests.count()).toBe(1);
  });

  it.each<[FaultName, Partial<FaultRule>]>([
    ['stream_eof_after_delta', {}],
    ['stream_unknown_event', { afterEvents: 2 }],
  ])('%s: nothing of the message is missing', async (fault, more) => {
    const whole = await send();
    simulator.scenario.set([{ fault, ...more }]);
    const { value } = whole as { value: Anthropic.Message };
    expect(await send()).toMatchObject({ ok: true, value: { content: value.content, usage: value.usage } });
  });

  it('ends when its signal aborts, in the middle of silence', async () => {
    simulator.scenario.set([{ fault: 'stream_silence', afterEvents: 3 }]);
    const controller = new AbortController();
    const sent = send(
      simulator.url,
      (limit) => {
        if (limit === 'silence') controller.abort();
      },
      controller.signal,
    );
    expect(await sent).toMatchObject({ ok: false, facts: { from: 'abort' } });
  });

  it('takes a plain promise of a client made for a test', async () => {
    const transport = new LongMessageTransport(() => Promise.resolve(twoEvents()) as never, IDLE_MS);
    const attempt = { signal: new AbortController().signal, timeoutMs: 1, target: {} } as Attempt;
    expect(await transport.send(call, attempt)).toMatchObject({ ok: true, value: { stop_reason: 'end_turn' } });
  });
});

describe('what no simulator writes', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  async function scripted(answer: (response: ServerResponse) => void): Promise<string> {
    server = createServer((request, response) => request.resume().on('end', () => answer(response)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const SSE = { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' };

  it('thinking, tools with their input in pieces, citations: what they amount to', async () => {
    const usage = { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 4 };
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], stop_reason: null, stop_sequence: null, usage }; // oxfmt-ignore
    const citation = { type: 'char_location', cited_text: 'x', document_index: 0 };
    const url = await scripted((response) => {
      response.writeHead(200, SSE).end(
        frames([
          { type: 'message_start', message } as { type: string },
          ...block(0, { type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking: 'Hm' }, { type: 'thinking_delta', thinking: 'm.' }, { type: 'signature_delta', signature: 'sig' }), // oxfmt-ignore
          { type: 'ping' },
          ...block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Line\n' }, { type: 'text_delta', text: 'two\u2028é' }, { type: 'citations_delta', citation }), // oxfmt-ignore
          ...block(2, { type: 'tool_use', id: 't1', name: 'look', input: {} }, { type: 'input_json_delta', partial_json: '{"a":' }, { type: 'input_json_delta', partial_json: '[1,2]}' }), // oxfmt-ignore
          { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 77, input_tokens: 10 } } as { type: string }, // oxfmt-ignore
          { type: 'message_stop' },
        ]),
      );
    });
    const reply = (await send(url)) as { ok: boolean; value: Anthropic.Message };
    const expected = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [
        { type: 'thinking', thinking: 'Hmm.', signature: 'sig' },
        { type: 'text', text: 'Line\ntwo\u2028é', citations: [citation] },
        { type: 'tool_use', id: 't1', name: 'look', input: { a: [1, 2] } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 77, cache_read_input_tokens: 4 },
    };
    expect(JSON.parse(JSON.stringify(reply.value))).toEqual(expected);
    expect(reply.value).toEqual(expected);
  });

  it('says what it waits for; a ping is a sign of life', async () => {
    const url = await scripted((response) => {
      response.writeHead(200, SSE).write(frames([{ type: 'ping' }, { type: 'ping' }]));
    });
    const waits: unknown[][] = [];
    const controller = new AbortController();
    const sent = send(
      url,
      (...wait) => {
        waits.push(wait);
        if (waits.length === 4) controller.abort();
      },
      controller.signal,
    );
    expect(await sent).toMatchObject({ ok: false });
    expect(waits).toEqual([['headers', 20_000], ['first_event', IDLE_MS], ['silence', IDLE_MS], ['silence', IDLE_MS]]); // oxfmt-ignore
  });

  it('an event that is no JSON is a broken body, and nothing of it is kept', async () => {
    const url = await scripted((response) => {
      response.writeHead(200, SSE).end('event: message_start\ndata: {"type": what the prompt said\n\n');
    });
    expect(await send(url)).toMatchObject({ ok: false, facts: { from: 'body', problem: 'broken' } });
  });
});

describe('when it is needed', () => {
  const limits = { startedAtMs: 1_000, deadlineAtMs: 901_000, timeoutMs: 900_000 };
  it.each([
    [{}, true],
    [{ timeoutMs: 300_000 }, false],
    [{ timeoutMs: 300_001 }, true],
    [{ deadlineAtMs: 301_000 }, false],
    [{ headersMs: 200_000 }, true], // its body may take longer
    [{ headersMs: 200_000, bodyMs: 300_000 }, false],
    [{ headersMs: 300_001, bodyMs: 5_000 }, true],
  ])('%j: %s', (own, isNeeded) => {
    expect(LongMessageTransport.isNeededFor({ ...limits, ...own } as ClaudeCall)).toBe(isNeeded);
  });
});
