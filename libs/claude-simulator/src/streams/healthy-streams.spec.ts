import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorOptions } from '../simulator.options.js';

const BODY = {
  model: 'claude-sonnet-5-5',
  max_tokens: 400,
  messages: [{ role: 'user' as const, content: 'Tell me about bees' }],
};

let simulator: ClaudeSimulator;
afterEach(() => simulator.stop());

async function start(options: SimulatorOptions = {}): Promise<Anthropic> {
  simulator = await ClaudeSimulator.start({ clock: new ManualClock(), ...options });
  return new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
}

async function eventsOf(client: Anthropic, more: object = {}): Promise<readonly Anthropic.RawMessageStreamEvent[]> {
  const events: Anthropic.RawMessageStreamEvent[] = [];
  for await (const event of await client.messages.create({ ...BODY, ...more, stream: true })) events.push(event);
  return events;
}

async function bytesOf(more: object = {}): Promise<string> {
  const headers = { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' };
  const body = JSON.stringify({ ...BODY, stream: true, ...more });
  return (await fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body })).text();
}

const TYPES_OF_TWO_WORDS = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
];

describe('the events', () => {
  it('come in order, with the usage at both ends', async () => {
    const client = await start({ answer: () => 'Bees dance.' });
    const events = await eventsOf(client);
    expect(events.map(({ type }) => type)).toEqual(TYPES_OF_TWO_WORDS);
    expect(events).toMatchObject([
      {
        message: {
          id: expect.stringMatching(/^msg_01/),
          role: 'assistant',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          usage: { input_tokens: 6, output_tokens: 1, service_tier: 'standard', cache_creation: expect.any(Object) },
        },
      },
      { index: 0, content_block: { type: 'text', text: '' } },
      { index: 0, delta: { type: 'text_delta', text: 'Bees' } },
      { index: 0, delta: { type: 'text_delta', text: ' dance.' } },
      { index: 0 },
      {
        delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null },
        usage: { input_tokens: 6, output_tokens: 3, output_tokens_details: { thinking_tokens: 0 } },
      },
      {},
    ]);
    // One more than the SDK shows: the ping.
    expect(simulator.requests.list()).toMatchObject([{ status: 200, eventsSent: 8, leftAt: null, fault: null }]);
  });

  it('are framed byte by byte like the real ones', async () => {
    await start({ answer: () => 'Bees dance.' });
    const frames = (await bytesOf()).split('\n\n');
    expect(frames.pop()).toBe('');
    const parsed = frames.map((frame) => /^event: (\w+)\ndata: (\{.*\})$/.exec(frame)?.slice(1) ?? [frame]);
    expect(parsed.map(([name]) => name)).toEqual([
      ...TYPES_OF_TWO_WORDS.slice(0, 2),
      'ping',
      ...TYPES_OF_TWO_WORDS.slice(2),
    ]);
    for (const [name, data = ''] of parsed) expect(JSON.parse(data)).toMatchObject({ type: name });
    expect(frames.filter((frame) => / +\}$/.test(frame)).length).toBeGreaterThan(0);
  });

  it.each<{ readonly what: string; readonly answer: string; readonly more: object; readonly end: object }>([
    { what: 'max_tokens', answer: 'one two three', more: { max_tokens: 2 }, end: { stop_reason: 'max_tokens' } },
    {
      what: 'a stop sequence',
      answer: 'one STOP two',
      more: { stop_sequences: ['STOP'] },
      end: { stop_reason: 'stop_sequence', stop_sequence: 'STOP' },
    },
  ])('end with $what', async ({ answer, more, end }) => {
    const client = await start({ answer: () => answer });
    expect((await eventsOf(client, more)).at(-2)).toMatchObject({ type: 'message_delta', delta: end });
  });

  it('of an empty answer have no block', async () => {
    const client = await start({ answer: () => '' });
    const types = (await eventsOf(client)).map(({ type }) => type);
    expect(types).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(await bytesOf()).toContain('event: ping\ndata: {"type": "ping"}\n\n');
  });

  it('of a refusal before any output have no block either', async () => {
    const client = await start({ scenario: [{ fault: 'refusal', category: 'bio', message: 'No.' }] });
    const events = await eventsOf(client);
    expect(events.map(({ type }) => type)).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(events[1]).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'bio', explanation: 'No.' } },
    });
    expect(await client.messages.stream(BODY).finalMessage()).toMatchObject({ content: [], stop_reason: 'refusal' });
  });
});

describe('a stream and a message', () => {
  it('are the same to the SDK, but for the id', async () => {
    const client = await start();
    const { id: _, ...message } = { ...(await client.messages.create(BODY)) };
    const { id, ...streamed } = await client.messages.stream(BODY).finalMessage();
    expect(id).toMatch(/^msg_01/);
    expect({ ...streamed }).toEqual({ ...message, parsed_output: null }); // `parsed_output` is the SDK's own
  });

  it('have the same text, whatever is asked and however it is cut', async () => {
    const client = await start({ limits: false, stream: { chunk: 7 } });
    const content = fc.string({ minLength: 1, unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 300 }), async (prompt, max_tokens) => {
        const body = { ...BODY, max_tokens, messages: [{ role: 'user' as const, content: prompt }] };
        const [whole, events] = await Promise.all([client.messages.create(body), eventsOf(client, body)]);
        const deltas = events.filter((event) => event.type === 'content_block_delta');
        const text = deltas.map(({ delta }) => (delta.type === 'text_delta' ? delta.text : '')).join('');
        expect(text).toBe(whole.content.map((block) => (block.type === 'text' ? block.text : '')).join(''));
      }),
      { numRuns: 25 },
    );
  });

  it.each([{ text: 'Grüße, 你好, 🐝🐝🐝!' }, { text: ' \n leading and trailing \n ' }])(
    '$text survives any chunk',
    async ({ text }) => {
      const client = await start({ answer: () => text, stream: { chunk: 1 } });
      expect(await client.messages.stream(BODY).finalText()).toBe(text);
    },
  );
});

/** All bytes of six streams, of which some break. */
async function recorded(seed: number): Promise<string> {
  await start({ seed, scenario: [{ fault: 'stream_eof', share: 0.5 }] });
  let bytes = '';
  for (let i = 0; i < 6; i += 1) bytes += await bytesOf();
  await simulator.stop();
  return bytes;
}

describe('the seed', () => {
  it('decides every byte', async () => {
    const first = await recorded(42);
    expect(await recorded(42)).toBe(first);
    expect(await recorded(43)).not.toBe(first);
  });
});

describe('headers', () => {
  it('are those of a stream, with a snapshot of the limits from its start', async () => {
    const answer = 'x'.repeat(40_000);
    const client = await start({ answer: () => answer, limits: { outputTokensPerMinute: 60_000 } });
    const body = { ...BODY, max_tokens: 20_000, stream: true as const };
    const { data, response, request_id } = await client.messages.create(body).withResponse();
    expect(request_id).toMatch(/^req_01/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'transfer-encoding': 'chunked',
      'anthropic-organization-id': expect.any(String),
      'anthropic-ratelimit-requests-remaining': '999',
      'anthropic-ratelimit-output-tokens-remaining': '60000',
    });
    for await (const event of data) expect(event).toHaveProperty('type');
    const next = await client.messages.create({ ...body, max_tokens: 1 }).asResponse();
    expect(next.headers.get('anthropic-ratelimit-output-tokens-remaining')).toBe('50000');
  });
});

describe('limits', () => {
  it('count a stream that was cut only as far as it went', async () => {
    const client = await start({
      answer: () => 'x'.repeat(100_000),
      stream: { chunk: 1_000 },
      limits: { outputTokensPerMinute: 60_000 },
      scenario: [{ fault: 'stream_eof', afterEvents: 40, count: 1 }],
    });
    await eventsOf(client, { max_tokens: 30_000 });
    const { headers } = await client.messages.create({ ...BODY, max_tokens: 1, stream: true }).asResponse();
    expect(headers.get('anthropic-ratelimit-output-tokens-remaining')).toBe('50000');
  });

  it('cap the streams at the same time, to their end', async () => {
    const client = await start({ concurrency: 1, scenario: [{ fault: 'stream_silence', count: 1 }] });
    const caller = new AbortController();
    const silent = await client.messages.create({ ...BODY, stream: true }, { signal: caller.signal });
    await expect(client.messages.create(BODY)).rejects.toMatchObject({ status: 429 });
    caller.abort();
    await simulator.requests.whenEnded(2);
    for await (const event of silent) expect(event).toHaveProperty('type');
    // One after the other they all find the place free.
    for (let i = 0; i < 5; i += 1) expect((await eventsOf(client)).length).toBeGreaterThan(10);
    expect(await client.messages.create(BODY)).toMatchObject({ type: 'message' });
  });
});
