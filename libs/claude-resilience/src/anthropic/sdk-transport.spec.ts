import Anthropic, { type APIPromise } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator, type FaultName, type FaultRule } from 'claude-api-simulator';
import type { Attempt, ClaudeCall } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import type { SdkRequestOptions } from './request-options.js';
import { SdkTransport } from './sdk-transport.js';

const params = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'A word, please.' }],
};
/** The transport reads nothing else of the call. */
const call = { headersMs: 20_000, bodyMs: 5_000 } as ClaudeCall;

const attempt = (signal: AbortSignal, timeoutMs = 60_000, waitsFor: Attempt['waitsFor'] = () => {}): Attempt => ({
  number: 1,
  target: { model: params.model, platform: 'anthropic', bucket: '' },
  isReformulated: false,
  signal,
  timeoutMs,
  waitsFor,
  handOver: () => {},
});

class Asking<T> extends SdkTransport<T> {
  constructor(private readonly ask: (limits: SdkRequestOptions) => APIPromise<T>) {
    super();
  }

  protected override request(limits: SdkRequestOptions): APIPromise<T> {
    return this.ask(limits);
  }
}

/** Turns of the event loop, until something that another part of the process brings about has happened. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue() && turn < 200_000; turn++) await new Promise((resolve) => setImmediate(resolve));
}

let simulator: ClaudeSimulator;
beforeAll(async () => void (simulator = await ClaudeSimulator.start({ latencyMs: 0 })));
afterAll(() => simulator.stop());
beforeEach(() => {
  simulator.scenario.clear();
  simulator.requests.clear();
});

/** A user's own client, with retries that must not happen. */
function send(signal = new AbortController().signal, timeoutMs = 60_000, waitsFor?: Attempt['waitsFor']) {
  const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: simulator.url, maxRetries: 5 });
  const transport = new Asking((limits) => client.messages.create(params, limits));
  return transport.send(call, attempt(signal, timeoutMs, waitsFor));
}

describe('the SDK as a transport (R7, R14)', () => {
  it('brings the message, and the headers that matter', async () => {
    const reply = await send();
    expect(reply).toMatchObject({ ok: true, value: { type: 'message', role: 'assistant' } });
    expect(reply.headers).toMatchObject({
      'anthropic-ratelimit-requests-limit': expect.any(String),
      'request-id': expect.stringMatching(/^req_/),
    });
    expect(Object.keys(reply.headers ?? {})).not.toContain('anthropic-organization-id');
  });

  const SEEN: readonly (readonly [FaultName, Partial<FaultRule>, FailureFacts | object])[] = [
    ['invalid_request', {}, { from: 'response', status: 400, type: 'invalid_request_error' }],
    ['content_filter', {}, { from: 'response', status: 400, says: expect.stringContaining('content filtering') }],
    ['credit_balance', {}, { from: 'response', status: 400, says: expect.stringContaining('credit balance') }],
    ['organization_on_hold', {}, { from: 'response', status: 400, code: 'organization_on_hold' }],
    ['authentication', {}, { from: 'response', status: 401, type: 'authentication_error' }],
    ['billing', {}, { from: 'response', status: 402, type: 'billing_error' }],
    ['permission', {}, { from: 'response', status: 403, type: 'permission_error' }],
    ['not_found', {}, { from: 'response', status: 404, type: 'not_found_error' }],
    ['request_timeout', {}, { from: 'response', status: 408 }],
    ['too_large_html', {}, { from: 'response', status: 413 }],
    ['rate_limited', { retryAfterSeconds: 7 }, { from: 'response', status: 429, retryAfter: '7' }],
    ['rate_limited', { retryAfterSeconds: null }, { from: 'response', status: 429, type: 'rate_limit_error' }],
    ['enforced_spend_limit', {}, { from: 'response', status: 429, code: 'enforced_spend_limit_reached' }],
    ['server_error', {}, { from: 'response', status: 500, type: 'api_error' }],
    ['server_error', { headers: { 'x-should-retry': 'false' } }, { from: 'response', status: 500, mayRetry: false }],
    ['bad_gateway_html', {}, { from: 'response', status: 502 }],
    ['gateway_timeout', {}, { from: 'response', status: 504, type: 'timeout_error' }],
    [
      'overloaded',
      {},
      { from: 'response', status: 529, type: 'overloaded_error', requestId: expect.stringMatching(/^req_/) },
    ],
    ['refusal', {}, { from: 'refusal' }],
    ['broken_json', {}, { from: 'body', problem: 'broken' }],
    ['html_ok', {}, { from: 'body', problem: 'not_json' }],
    ['empty_ok', {}, { from: 'body', problem: expect.any(String) }],
    ['truncated_body', {}, { from: 'body', problem: 'broken' }],
    ['reset_mid_body', {}, { from: 'body', problem: 'broken' }],
    ['reset_before_headers', {}, { from: 'connection' }],
  ];

  it.each(SEEN)('%s %j: one request, described as %j', async (fault, more, facts) => {
    simulator.scenario.set([{ fault, ...more }]);
    expect(await send()).toMatchObject({ ok: false, facts });
    expect(simulator.requests.count()).toBe(1);
  });

  it.each(['hang', 'stalled_body'] as const)('%s: ends when its signal aborts', async (fault) => {
    simulator.scenario.set([{ fault }]);
    const controller = new AbortController();
    const sent = send(controller.signal);
    await simulator.requests.whenReceived(1);
    controller.abort();
    expect(await sent).toMatchObject({ ok: false, facts: { from: 'abort' } });
  });

  it.each<[fault: FaultName, told: unknown[][]]>([
    ['hang', [['headers', 20_000]]],
    [
      'stalled_body',
      [
        ['headers', 20_000],
        ['body', 5_000],
      ],
    ],
  ])('%s: says what it waits for, and how long at most: %j', async (fault, told) => {
    simulator.scenario.set([{ fault }]);
    const controller = new AbortController();
    const waits: unknown[][] = [];
    const sent = send(controller.signal, 60_000, (...wait) => void waits.push(wait));
    await simulator.requests.whenReceived(1);
    await until(() => waits.length === told.length);
    controller.abort();
    expect(await sent).toMatchObject({ ok: false, facts: { from: 'abort' } });
    expect(waits).toEqual(told);
  });

  it('says that nobody listens', async () => {
    const gone = await ClaudeSimulator.start();
    await gone.stop();
    const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: gone.url });
    const transport = new Asking((limits) => client.messages.create(params, limits));
    const signal = new AbortController().signal;
    const reply = await transport.send(call, attempt(signal));
    expect(reply).toMatchObject({ ok: false, facts: { from: 'connection', networkCode: 'ECONNREFUSED' } });
  });

  it('takes a plain promise of a client made for a test', async () => {
    const message = { type: 'message', content: [] };
    const transport = new Asking(() => Promise.resolve(message) as never);
    const signal = new AbortController().signal;
    const reply = await transport.send(call, attempt(signal));
    // It does not say what it took: that is not nothing.
    const metered = [{ model: params.model, usage: undefined }];
    expect(reply).toEqual({ ok: true, value: message, metered });
  });

  it('waits for the headers of a client that gives them after the answer', async () => {
    const headers = new Headers({ 'request-id': 'req_late', 'x-other': '1' });
    const asResponse = () => new Promise((resolve) => setImmediate(() => resolve({ headers })));
    const request = Object.assign(Promise.resolve({ type: 'message', content: [] }), { asResponse });
    const reply = await new Asking(() => request as never).send(call, attempt(new AbortController().signal));
    expect(reply).toMatchObject({ ok: true, headers: { 'request-id': 'req_late' } });
    expect(Object.keys(reply.headers ?? {})).toEqual(['request-id']);
  });

  it('a bug in what it was given is nobody else’s fault', async () => {
    const transport = new Asking(() => {
      throw new TypeError("Cannot read properties of undefined (reading 'model')");
    });
    const signal = new AbortController().signal;
    const reply = await transport.send(call, attempt(signal));
    expect(reply).toMatchObject({ ok: false, facts: { from: 'code' } });
  });
});
