import Anthropic, { type APIError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import type { FaultRule } from './fault-rule.js';

const REQUEST = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Summarise: Bees dance. They point to flowers. It works.' }],
};

const clock = new ManualClock(Date.UTC(2026, 10, 22, 12));
let simulator: ClaudeSimulator;
let client: Anthropic;

beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ clock });
  client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
});
afterAll(() => simulator.stop());

/** Plays one rule and gives what the SDK makes of it. */
async function play(rule: FaultRule): Promise<unknown> {
  simulator.scenario.set([rule]);
  simulator.requests.clear();
  return client.messages.create(REQUEST).catch((error: unknown) => error);
}

describe('faults that answer 200', () => {
  it('refusal: an empty message that says why', async () => {
    const message = (await play({ fault: 'refusal', category: 'bio', message: 'Not this.' })) as Anthropic.Message;
    expect(message).toMatchObject({
      type: 'message',
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: 'bio', explanation: 'Not this.' },
    });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
  });

  it('refusal: only of messages', async () => {
    simulator.scenario.set([{ fault: 'refusal' }]);
    await expect(client.models.retrieve('claude-opus-5')).resolves.toMatchObject({ id: 'claude-opus-5' });
  });

  it('broken_json: a raw SyntaxError', async () => {
    expect(await play({ fault: 'broken_json' })).toMatchObject({ name: 'SyntaxError' });
  });

  it('html_ok: the SDK hands out the page as if it were the message', async () => {
    expect(await play({ fault: 'html_ok' })).toMatch(/^<html>/);
  });

  it('empty_ok: the SDK hands out nothing', async () => {
    expect(await play({ fault: 'empty_ok' })).toBeUndefined();
  });
});

describe('faults of the connection', () => {
  it.each(['truncated_body', 'reset_mid_body'] as const)('%s: a raw TypeError after good headers', async (fault) => {
    expect(await play({ fault })).toMatchObject({ name: 'TypeError', message: 'terminated' });
    expect(simulator.requests.list()).toMatchObject([{ status: 200, fault }]);
  });

  it('reset_before_headers: a connection error', async () => {
    const error = (await play({ fault: 'reset_before_headers' })) as APIError;
    expect(error.constructor.name).toBe('APIConnectionError');
    expect(simulator.requests.list()).toMatchObject([{ status: 'reset' }]);
  });
});

describe('faults of time', () => {
  it('slow_headers: a healthy answer after 30 s of the clock', async () => {
    const answer = play({ fault: 'slow_headers' });
    await clock.whenSleeping();
    expect(simulator.requests.list()).toMatchObject([{ status: 'pending' }]);
    clock.advance(30_000);
    expect(await answer).toMatchObject({ type: 'message', stop_reason: 'end_turn' });
  });

  it('any fault can be late', async () => {
    const answer = play({ fault: 'server_error', delayMs: 5_000 });
    await clock.whenSleeping();
    clock.advance(5_000);
    expect(await answer).toMatchObject({ status: 500 });
  });

  it('hang: nothing until the caller gives up', async () => {
    simulator.scenario.set([{ fault: 'hang' }]);
    simulator.requests.clear();
    const caller = new AbortController();
    const answer = client.messages.create(REQUEST, { signal: caller.signal }).catch((error: unknown) => error);
    await simulator.requests.whenReceived(1);
    caller.abort();
    expect(((await answer) as Error).constructor.name).toBe('APIUserAbortError');
    expect(simulator.requests.list()).toMatchObject([{ status: 'hung' }]);
  });

  it('stalled_body: headers, then nothing until the caller gives up', async () => {
    simulator.scenario.set([{ fault: 'stalled_body' }]);
    const caller = new AbortController();
    const response = await client.messages.create(REQUEST, { signal: caller.signal }).asResponse();
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
    const body = response.text().catch((error: unknown) => error);
    caller.abort();
    expect(await body).toMatchObject({ name: 'AbortError' });
  });

  it('a caller who leaves during a delay is logged as such', async () => {
    simulator.scenario.set([{ fault: 'slow_headers', delayMs: 1_000 }]);
    simulator.requests.clear();
    const caller = new AbortController();
    const answer = client.messages.create(REQUEST, { signal: caller.signal }).catch(() => 'gone');
    await clock.whenSleeping();
    caller.abort();
    expect(await answer).toBe('gone');
    simulator.scenario.clear();
    // Each round trip gives the server the chance to notice that the first connection is gone.
    while (simulator.requests.list()[0]?.status === 'pending') await client.models.list();
    expect(simulator.requests.list()[0]?.status).toBe('aborted');
  });
});

describe('custom', () => {
  it('sends what the rule says: a text', async () => {
    const error = (await play({
      fault: 'custom',
      status: 418,
      headers: { 'X-Pot': 'tea' },
      body: 'short and stout',
    })) as APIError;
    expect(error).toMatchObject({ status: 418, type: null });
    expect(error.headers?.get('x-pot')).toBe('tea');
    expect(error.message).toContain('short and stout');
  });

  it('sends what the rule says: JSON', async () => {
    const body = { type: 'error', error: { type: 'api_error', message: 'odd', details: { error_code: 'brand_new' } } };
    expect(await play({ fault: 'custom', status: 520, body })).toMatchObject({ status: 520, errorCode: 'brand_new' });
  });
});

it('every profile that does not answer with an error, and is not for streams or batches only, is covered above', () => {
  const names = Object.entries(FAULT_PROFILES).filter(
    ([, { kind }]) => !['error', 'page', 'stream', 'expired'].includes(kind),
  );
  const covered = ['refusal', 'broken_json', 'html_ok', 'empty_ok', 'truncated_body', 'reset_mid_body'];
  covered.push('reset_before_headers', 'slow_headers', 'hang', 'stalled_body', 'custom');
  expect(names.map(([name]) => name).sort()).toEqual(covered.sort());
});
