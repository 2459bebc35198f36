import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator, type FaultName, type FaultRule } from 'claude-api-simulator';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { judgeMessage } from './judge-reply.js';
import { sendWithRefusalModels } from './refusal-fallback.js';

const DECLINES = 'claude-sonnet-5-5';
const FIRST = 'claude-opus-4-8';
const SECOND = 'claude-sonnet-5';
const PARAMS = {
  model: DECLINES,
  max_tokens: 1024,
  messages: [{ role: 'user' as const, content: 'A word, please.' }],
};

let simulator: ClaudeSimulator;
beforeAll(async () => void (simulator = await ClaudeSimulator.start({ latencyMs: 0, limits: false })));
afterAll(() => simulator.stop());
beforeEach(() => {
  simulator.scenario.clear();
  simulator.requests.clear();
});

const logged: string[] = [];
const log = (message: string) => void logged.push(message);

function client(fetch?: typeof globalThis.fetch) {
  return new Anthropic({
    apiKey: 'sk-ant-test',
    baseURL: simulator.url,
    maxRetries: 5,
    logger: { error: log, warn: log, info: log, debug: log },
    logLevel: 'warn',
    ...(fetch !== undefined && { fetch }),
  });
}

const options = (signal = new AbortController().signal) => ({ maxRetries: 0, timeout: 60_000, signal }) as const;
const send = (models: readonly string[], api = client()) => sendWithRefusalModels(api, PARAMS, models, options());
const on = (model: string, fault: FaultName): FaultRule => ({ fault, when: { model } });
const asked = () => simulator.requests.list().map(({ body }) => (body as { model: string }).model);

describe('other models for what one declines, through the SDK’s own middleware', () => {
  it('nobody else is asked when the model answers', async () => {
    expect(await send([FIRST])).toMatchObject({ type: 'message', model: DECLINES });
    expect(asked()).toEqual([DECLINES]);
  });

  it('the next model’s message comes back as one of its own, with the headers of its answer', async () => {
    simulator.scenario.set([on(DECLINES, 'refusal')]);
    const { data, response, request_id } = await send([FIRST, SECOND]).withResponse();
    expect(asked()).toEqual([DECLINES, FIRST]);
    expect(data).toMatchObject({ type: 'message', model: FIRST, stop_reason: 'end_turn' });
    expect(data.content.map(({ type }) => type)).toEqual(['text']);
    expect(data).toHaveProperty('_request_id', request_id);
    expect(response.headers.get('request-id')).toBe(request_id);
    // What was said can be sent back without the beta.
    const history = [...PARAMS.messages, { role: 'assistant' as const, content: data.content }, ...PARAMS.messages];
    expect(await client().messages.create({ ...PARAMS, model: FIRST, messages: history })).toMatchObject({
      model: FIRST,
    });
  });

  it('the refusal comes back when all of them decline', async () => {
    simulator.scenario.set([on(DECLINES, 'refusal'), on(FIRST, 'refusal'), on(SECOND, 'refusal')]);
    expect(await send([FIRST, SECOND])).toMatchObject({ stop_reason: 'refusal', model: SECOND, content: [] });
    expect(asked()).toEqual([DECLINES, FIRST, SECOND]);
  });

  it.each<FaultName>([
    'overloaded',
    'rate_limited',
    'not_found',
    'invalid_request',
    'server_error',
    'reset_before_headers',
  ])('a model that fails with %s is passed over', async (fault) => {
    simulator.scenario.set([on(DECLINES, 'refusal'), on(FIRST, fault)]);
    expect(await send([FIRST, SECOND])).toMatchObject({ model: SECOND, stop_reason: 'end_turn' });
    expect(asked()).toEqual([DECLINES, FIRST, SECOND]);

    expect(await send([FIRST])).toMatchObject({ model: DECLINES, stop_reason: 'refusal' });
  });

  it('an error of the first model stays that error, and nobody else is asked', async () => {
    simulator.scenario.set([on(DECLINES, 'overloaded')]);
    await expect(send([FIRST])).rejects.toMatchObject({ status: 529 });
    expect(asked()).toEqual([DECLINES]);
  });

  it('a caller who gives up while another model is asked ends it', async () => {
    simulator.scenario.set([on(DECLINES, 'refusal'), on(FIRST, 'hang')]);
    const controller = new AbortController();
    const sent = sendWithRefusalModels(client(), PARAMS, [FIRST, SECOND], options(controller.signal));
    const ended = expect(sent).rejects.toMatchObject({ name: 'APIUserAbortError' });
    await simulator.requests.whenReceived(2);
    controller.abort();
    await ended;
    expect(asked()).toEqual([DECLINES, FIRST]);
  });

  it('a refusal of all is judged as one of a single model (R3)', async () => {
    simulator.scenario.set([{ fault: 'refusal' }]);
    expect(judgeMessage(await send([FIRST]))).toMatchObject({ ok: false, facts: { from: 'refusal' } });
  });

  it('the credit of the refused request goes to the next', async () => {
    const sent: { body: Record<string, unknown>; betas: string | null }[] = [];
    const answers = [
      {
        ...answerOf(DECLINES),
        stop_reason: 'refusal',
        content: [],
        stop_details: { type: 'refusal', category: 'bio', explanation: null, fallback_credit_token: 'fct_1' },
      },
      answerOf(FIRST),
    ];
    const api = client(async (_url, init) => {
      sent.push({ body: JSON.parse(String(init?.body)), betas: new Headers(init?.headers).get('anthropic-beta') });
      return Response.json(answers[sent.length - 1], { headers: { 'request-id': `req_${sent.length}` } });
    });
    expect(await send([FIRST], api)).toMatchObject({ model: FIRST, _request_id: 'req_2' });
    expect(sent).toEqual([
      { body: PARAMS, betas: 'fallback-credit-2026-07-01' },
      {
        body: { ...PARAMS, model: FIRST, fallback_credit_token: { token: 'fct_1', mode: 'best_effort' } },
        betas: 'fallback-credit-2026-07-01',
      },
    ]);
  });

  it('a client without the beta endpoint is refused before anything is sent', () => {
    const { messages } = client();
    expect(() => sendWithRefusalModels({ messages }, PARAMS, [FIRST], options())).toThrow(ClaudeInvalidOptionsError);
    expect(asked()).toEqual([]);
  });

  it('the SDK logs nothing about any of it', () => {
    expect(logged).toEqual([]);
  });
});

function answerOf(model: string) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Yes.' }],
    stop_reason: 'end_turn',
  };
}
