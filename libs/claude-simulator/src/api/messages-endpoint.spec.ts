import Anthropic, { type APIError } from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorOptions } from '../simulator.options.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const BODY = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Hello there' }],
};

let simulator: ClaudeSimulator;
afterEach(() => simulator.stop());

async function start(options: SimulatorOptions = {}) {
  const clock = new ManualClock(NOON_MS);
  simulator = await ClaudeSimulator.start({ clock, ...options });
  const client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
  return { clock, client, ask: (more: object = {}) => client.messages.create({ ...BODY, ...more }) };
}

/** The error of a call that must fail. */
async function problem(call: Promise<unknown>): Promise<APIError> {
  const outcome = await call.catch((error: unknown) => error);
  expect(outcome).toHaveProperty('status');
  return outcome as APIError;
}

describe('a message', () => {
  it('has every field of the API, nullable ones too', async () => {
    const { ask } = await start({ answer: () => 'Hi.' });
    expect({ ...(await ask()) }).toEqual({
      id: expect.stringMatching(/^msg_01/),
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [{ type: 'text', text: 'Hi.', citations: null }],
      container: null,
      diagnostics: null,
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 1,
        output_tokens_details: { thinking_tokens: 0 },
        server_tool_use: null,
        service_tier: 'standard',
        speed: 'standard',
        inference_geo: 'global',
      },
    });
  });

  it.each([
    { answer: 'one two three', asked: { max_tokens: 2 }, text: 'one two ', stop: 'max_tokens', sequence: null },
    {
      answer: 'one STOP two',
      asked: { stop_sequences: ['two', 'STOP'] },
      text: 'one ',
      stop: 'stop_sequence',
      sequence: 'STOP',
    },
    { answer: 'one two', asked: { stop_sequences: ['three'] }, text: 'one two', stop: 'end_turn', sequence: null },
  ])('stops with $stop', async ({ answer, asked, text, stop, sequence }) => {
    const { ask } = await start({ answer: () => answer });
    const message = await ask(asked);
    expect(message).toMatchObject({ content: [{ text }], stop_reason: stop, stop_sequence: sequence });
  });

  it('may say nothing at all', async () => {
    const { ask } = await start({ answer: () => '' });
    expect(await ask()).toMatchObject({ content: [], stop_reason: 'end_turn' });
  });

  it('is written by the answerer from the request', async () => {
    const { ask } = await start({ answer: async ({ model, messages }) => `${model}: ${String(messages[0]?.content)}` });
    expect(await ask()).toMatchObject({ content: [{ text: 'claude-sonnet-5-5: Hello there' }] });
  });

  it('is a 500 when the answerer fails', async () => {
    const { ask } = await start({
      answer: () => {
        throw new Error('out of ideas');
      },
    });
    expect(await problem(ask())).toMatchObject({
      status: 500,
      type: 'api_error',
      apiMessage: expect.stringContaining('out of ideas'),
    });
  });

  it('names the dated snapshot when asked by its short name', async () => {
    const { ask } = await start();
    expect((await ask({ model: 'claude-haiku-4-5' })).model).toBe('claude-haiku-4-5-20251001');
  });

  it('comes after the latency, by the clock', async () => {
    const { clock, ask } = await start({ latencyMs: 1_500 });
    const answer = ask();
    await clock.whenSleeping();
    clock.advance(1_500);
    expect(await answer).toMatchObject({ type: 'message' });
  });
});

describe('headers', () => {
  it('tell who asked, and what is left of the limits', async () => {
    const { client } = await start({ answer: () => 'x'.repeat(40_000), limits: { outputTokensPerMinute: 60_000 } });
    const { response, request_id } = await client.messages.create({ ...BODY, max_tokens: 20_000 }).withResponse();
    expect(request_id).toMatch(/^req_01/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'anthropic-organization-id': expect.any(String),
      'anthropic-workspace-id': expect.stringMatching(/^wrkspc_/),
      'anthropic-ratelimit-requests-remaining': '999',
      'anthropic-ratelimit-output-tokens-limit': '60000',
      'anthropic-ratelimit-output-tokens-remaining': '50000',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-22T12:00:10Z',
    });
  });

  it.each<[string, SimulatorOptions]>([
    ['switched off', { rateLimitHeaders: false }],
    ['without limits', { limits: false }],
  ])('have no limits when %s', async (_name, options) => {
    const { ask } = await start(options);
    const response = await (ask() as ReturnType<Anthropic['messages']['create']>).asResponse();
    expect([...response.headers.keys()].filter((name) => name.startsWith('anthropic-ratelimit'))).toEqual([]);
  });
});

describe('limits', () => {
  it('answer 429 with the limiter, the wait and the headers, then let in again', async () => {
    const { clock, ask } = await start({ limits: { requestsPerMinute: 2 } });
    await ask();
    await ask();
    const error = await problem(ask());
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error', details: null });
    expect(error.apiMessage).toContain('2 requests per minute');
    expect(Object.fromEntries(error.headers ?? [])).toMatchObject({
      'retry-after': '30',
      'x-should-retry': 'true',
      'anthropic-ratelimit-requests-limit': '2',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-22T12:01:00Z',
    });
    clock.advance(29_999);
    expect(await problem(ask())).toMatchObject({ status: 429 });
    clock.advance(1);
    expect(await ask()).toMatchObject({ type: 'message' });
  });

  it('are those of the model class', async () => {
    const { ask } = await start({ limits: { requestsPerMinute: 1 } });
    await ask({ model: 'claude-opus-4-8' });
    expect(await problem(ask({ model: 'claude-opus-4-7' }))).toMatchObject({ status: 429 });
    expect(await ask({ model: 'claude-opus-5' })).toMatchObject({ type: 'message' });
  });

  it('cap the connections, without a header that would help', async () => {
    const { clock, ask } = await start({ concurrency: 1, latencyMs: 100 });
    const first = ask();
    await clock.whenSleeping();
    const error = await problem(ask());
    expect(error.apiMessage).toBe('Number of concurrent connections has exceeded your rate limit');
    expect([...(error.headers?.keys() ?? [])].filter((name) => /ratelimit|retry/.test(name))).toEqual([]);
    clock.advance(100);
    await first;
    const third = ask();
    await clock.whenSleeping();
    clock.advance(100);
    expect(await third).toMatchObject({ type: 'message' });
  });
});
