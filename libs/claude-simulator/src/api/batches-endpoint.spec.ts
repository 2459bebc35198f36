import Anthropic, { type APIError } from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorOptions } from '../simulator.options.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const UNKNOWN = 'msgbatch_01unknown';

let simulator: ClaudeSimulator;
afterEach(() => simulator.stop());

async function start(options: SimulatorOptions = {}) {
  const clock = new ManualClock(NOON_MS);
  simulator = await ClaudeSimulator.start({ clock, ...options });
  const client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
  return { clock, client, batches: client.messages.batches };
}

const items = (...customIds: string[]): Anthropic.Messages.BatchCreateParams.Request[] =>
  customIds.map((custom_id) => ({
    custom_id,
    params: { model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: `Hello ${custom_id}` }] },
  }));

async function collect(lines: AsyncIterable<Anthropic.Messages.MessageBatchIndividualResponse>) {
  const types: Record<string, string> = {};
  for await (const { custom_id, result } of lines) types[custom_id] = result.type;
  return types;
}

const NONE = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };

describe('a batch', () => {
  it('begins in progress, with every field of the API', async () => {
    const { batches } = await start();
    expect({ ...(await batches.create({ requests: items('a', 'b') })) }).toEqual({
      id: expect.stringMatching(/^msgbatch_01/),
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { ...NONE, processing: 2 },
      created_at: '2026-11-22T12:00:00.000Z',
      expires_at: '2026-11-23T12:00:00.000Z',
      ended_at: null,
      cancel_initiated_at: null,
      archived_at: null,
      results_url: null,
    });
  });

  it('shows no progress until all of it has ended, on the simulator’s clock', async () => {
    const { clock, batches } = await start({ batches: { durationMs: 10_000 } });
    const { id } = await batches.create({ requests: items('a', 'b') });
    clock.advance(9_999);
    const { data: running, response } = await batches.retrieve(id).withResponse();
    expect(running).toMatchObject({ processing_status: 'in_progress', request_counts: { ...NONE, processing: 2 } });
    expect(response.headers.get('retry-after')).toBe('10');
    clock.advance(1);
    expect(await batches.retrieve(id)).toMatchObject({
      processing_status: 'ended',
      ended_at: '2026-11-22T12:00:10.000Z',
      request_counts: { ...NONE, succeeded: 2 },
      results_url: `${simulator.url}/v1/messages/batches/${id}/results`,
    });
  });

  it('that takes no time is over by the first look, not before', async () => {
    const { batches } = await start({ batches: { durationMs: 0 } });
    const created = await batches.create({ requests: items('a') });
    expect(created.processing_status).toBe('in_progress');
    expect((await batches.retrieve(created.id)).processing_status).toBe('ended');
  });

  it('answers every look alike, and works only once', async () => {
    let answers = 0;
    const { batches } = await start({ batches: { durationMs: 0 }, answer: () => `Answer ${(answers += 1)}` });
    const { id } = await batches.create({ requests: items('a', 'b', 'c') });
    const read = async () => (await fetch(`${simulator.url}/v1/messages/batches/${id}/results`, KEY)).text();
    const [first, second] = await Promise.all([read(), read()]);
    expect(second).toBe(first);
    expect(answers).toBe(3);
  });
});

const KEY = { headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' } };

describe('results', () => {
  it('come as JSON lines, in an order of their own that the seed decides', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `item-${index}`);
    const order = async (seed: number) => {
      const { batches } = await start({ batches: { durationMs: 0 }, seed });
      const { id } = await batches.create({ requests: items(...ids) });
      const types = await collect(await batches.results(id));
      await simulator.stop();
      return Object.keys(types);
    };
    const first = await order(7);
    expect(first).not.toEqual(ids);
    expect(first.toSorted()).toEqual(ids.toSorted());
    expect(await order(7)).toEqual(first);
    expect(await order(8)).not.toEqual(first);
  });

  it('are a file of their own type', async () => {
    const { batches } = await start({ batches: { durationMs: 0 } });
    const { id } = await batches.create({ requests: items('a') });
    const response = await fetch((await batches.retrieve(id)).results_url!, KEY);
    expect(response.headers.get('content-type')).toBe('application/x-jsonl');
    expect(response.headers.get('request-id')).toMatch(/^req_01/);
  });

  it('are not there before the end, nor after 29 days', async () => {
    const { clock, client, batches } = await start();
    const { id } = await batches.create({ requests: items('a') });
    const results = () => client.get(`/v1/messages/batches/${id}/results`);
    await expect(results()).rejects.toMatchObject({ status: 404, type: 'not_found_error' });
    clock.advance(29 * 24 * HOUR_MS);
    await expect(results()).rejects.toMatchObject({ status: 404, type: 'not_found_error' });
    expect(await batches.retrieve(id)).toMatchObject({ archived_at: '2026-12-21T12:00:00.000Z', results_url: null });
  });
});

describe('the end before the end', () => {
  it('a cancelled batch keeps what was done, and takes a while', async () => {
    const { clock, batches } = await start({ batches: { durationMs: 4_000, cancelMs: 500 } });
    const { id } = await batches.create({ requests: items('a', 'b', 'c', 'd') });
    clock.advance(2_000);
    expect(await batches.cancel(id)).toMatchObject({
      processing_status: 'canceling',
      cancel_initiated_at: '2026-11-22T12:00:02.000Z',
      request_counts: { ...NONE, processing: 4 },
    });
    clock.advance(499);
    // Once more: no error, and no later date.
    expect(await batches.cancel(id)).toMatchObject({ cancel_initiated_at: '2026-11-22T12:00:02.000Z' });
    clock.advance(1);
    expect(await batches.retrieve(id)).toMatchObject({
      processing_status: 'ended',
      ended_at: '2026-11-22T12:00:02.500Z',
      request_counts: { ...NONE, succeeded: 2, canceled: 2 },
    });
    expect(await collect(await batches.results(id))).toEqual({
      a: 'succeeded',
      b: 'succeeded',
      c: 'canceled',
      d: 'canceled',
    });
  });

  it('a cancellation can come too late to cancel anything', async () => {
    const { clock, batches } = await start({ batches: { durationMs: 1_000, cancelMs: 500 } });
    const { id } = await batches.create({ requests: items('a') });
    clock.advance(1_000);
    await expect(batches.cancel(id)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect((await batches.retrieve(id)).request_counts).toEqual({ ...NONE, succeeded: 1 });
  });

  it('what has not been processed in time expires', async () => {
    const { clock, batches } = await start({ batches: { durationMs: 48 * HOUR_MS } });
    const { id } = await batches.create({ requests: items('a', 'b', 'c', 'd') });
    clock.advance(24 * HOUR_MS);
    expect(await batches.retrieve(id)).toMatchObject({
      processing_status: 'ended',
      ended_at: '2026-11-23T12:00:00.000Z',
      request_counts: { ...NONE, succeeded: 2, expired: 2 },
    });
  });

  it('only what has ended can be deleted, and is gone then', async () => {
    const { clock, batches } = await start();
    const { id } = await batches.create({ requests: items('a') });
    await expect(batches.delete(id)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
    clock.advance(2_000);
    expect({ ...(await batches.delete(id)) }).toEqual({ id, type: 'message_batch_deleted' });
    await expect(batches.retrieve(id)).rejects.toMatchObject({ status: 404, type: 'not_found_error' });
    expect((await batches.list()).data).toEqual([]);
  });
});

describe('the list', () => {
  it('has the newest first, and says of each how it stands', async () => {
    const { clock, batches } = await start();
    const old = await batches.create({ requests: items('a') });
    clock.advance(2_000);
    const young = await batches.create({ requests: items('a') });
    expect(await batches.list()).toMatchObject({
      data: [
        { id: young.id, processing_status: 'in_progress', request_counts: { processing: 1 } },
        { id: old.id, processing_status: 'ended', request_counts: { succeeded: 1 } },
      ],
      has_more: false,
      first_id: young.id,
      last_id: old.id,
    });
  });

  it('is paged, forwards and backwards', async () => {
    const { batches } = await start();
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.unshift((await batches.create({ requests: items('a') })).id);
    const seen: string[] = [];
    for await (const { id } of batches.list({ limit: 3 })) seen.push(id);
    expect(seen).toEqual(ids);
    const page = await batches.list({ limit: 2, before_id: ids[4]! });
    expect([page.data.map(({ id }) => id), page.has_more]).toEqual([ids.slice(2, 4), true]);
  });

  it('is empty at first', async () => {
    const { batches } = await start();
    expect(await batches.list()).toMatchObject({ data: [], has_more: false, first_id: null, last_id: null });
  });

  it.each([{ limit: 0 }, { limit: 1_001 }, { after_id: UNKNOWN }, { before_id: UNKNOWN }])(
    'refuses %j',
    async (query) => {
      const { batches } = await start();
      await expect(batches.list(query)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
    },
  );
});

describe('what the API refuses', () => {
  const hi = items('a')[0]!.params;
  it.each<[object, string]>([
    [{}, 'requests: Field required'],
    [{ requests: 'all' }, 'requests: Input should be a valid list'],
    [{ requests: [] }, 'requests: List should have at least 1 item after validation, not 0'],
    [{ requests: items('a'), priority: 1 }, 'priority: Extra inputs are not permitted'],
    [{ requests: ['a'] }, 'requests.0: Input should be a valid dictionary'],
    [{ requests: [{ params: hi }] }, 'requests.0.custom_id: Field required'],
    [{ requests: [{ custom_id: 7, params: hi }] }, 'requests.0.custom_id: Input should be a valid string'],
    [{ requests: items('a', 'x'.repeat(65)) }, 'requests.1.custom_id: String should have at most 64 characters'],
    [{ requests: items('') }, 'requests.0.custom_id: String should match pattern'],
    [{ requests: items('a b') }, 'requests.0.custom_id: String should match pattern'],
    [{ requests: items('a\n') }, 'requests.0.custom_id: String should match pattern'],
    [{ requests: items('a', 'b', 'a') }, "custom_id's must be unique within a batch. Duplicate custom_id found: a"],
    [{ requests: [{ custom_id: 'a' }] }, 'requests.0.params: Field required'],
    [{ requests: [{ custom_id: 'a', params: 'hi' }] }, 'requests.0.params: Input should be a valid dictionary'],
    [{ requests: [{ custom_id: 'a', params: hi, body: 1 }] }, 'requests.0.body: Extra inputs are not permitted'],
  ])('%j: %s', async (body, message) => {
    const { batches } = await start();
    const error: unknown = await batches.create(body as never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(String(error)).toContain(JSON.stringify(message).slice(1, -1));
    expect((await batches.list()).data).toEqual([]);
  });

  it('one item more than 100,000, and not those', async () => {
    const { client, batches } = await start();
    const many = (count: number) =>
      client.post('/v1/messages/batches', {
        body: { requests: Array.from({ length: count }, (_, n) => ({ custom_id: `i${n}`, params: {} })) },
      });
    await expect(many(100_001)).rejects.toMatchObject({ status: 400 });
    await many(100_000);
    expect((await batches.list()).data).toMatchObject([{ request_counts: { processing: 100_000 } }]);
  });

  it.each<[string, (batches: Anthropic.Messages.Batches) => Promise<unknown>]>([
    ['retrieve', (batches) => batches.retrieve(UNKNOWN)],
    ['cancel', (batches) => batches.cancel(UNKNOWN)],
    ['results', (batches) => batches.results(UNKNOWN)],
    ['delete', (batches) => batches.delete(UNKNOWN)],
  ])('%s of an unknown batch: 404', async (_name, call) => {
    const { batches } = await start();
    await expect(call(batches)).rejects.toMatchObject({
      status: 404,
      type: 'not_found_error',
      requestID: expect.stringMatching(/^req_01/),
    });
  });

  it.each([
    ['PUT', ''],
    ['POST', '/x'],
    ['GET', '/x/cancel'],
    ['GET', '/x/y'],
  ])('%s %s: 404', async (method, below) => {
    await start();
    const response = await fetch(`${simulator.url}/v1/messages/batches${below}`, { method, ...KEY });
    expect([response.status, await response.json()]).toMatchObject([404, { error: { type: 'not_found_error' } }]);
  });

  it('strangers, and more than 1,000 requests a minute', async () => {
    const { clock, client, batches } = await start({ apiKeys: ['sk-test'] });
    const stranger = client.withOptions({ apiKey: 'sk-other' });
    await expect(stranger.messages.batches.list()).rejects.toMatchObject({ status: 401 });
    for (let n = 0; n < 1_000; n += 1) await fetch(`${simulator.url}/v1/messages/batches`, OWN_KEY);
    const error: unknown = await batches.list().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error' });
    expect((error as APIError).headers?.get('retry-after')).toBe('1');
    clock.advance(1_000);
    await expect(batches.list()).resolves.toMatchObject({ data: [] });
    // Messages have limits of their own.
    await expect(client.messages.create(hi)).resolves.toMatchObject({ type: 'message' });
  });
});

const OWN_KEY = { headers: { ...KEY.headers, 'x-api-key': 'sk-test' } };

it('every request is in the log', async () => {
  const { batches } = await start();
  const { id } = await batches.create({ requests: items('a') });
  await batches.retrieve(id);
  expect(simulator.requests.list()).toMatchObject([
    { method: 'POST', path: '/v1/messages/batches', status: 200, body: { requests: [{ custom_id: 'a' }] } },
    { method: 'GET', path: `/v1/messages/batches/${id}`, status: 200 },
  ]);
});
