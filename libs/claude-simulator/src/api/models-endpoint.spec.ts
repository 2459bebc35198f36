import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import { MODEL_TABLE } from '../models/model-table.js';

const IDS = MODEL_TABLE.map(({ id }) => id);

let simulator: ClaudeSimulator;
let client: Anthropic;
beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ clock: new ManualClock(Date.UTC(2026, 10, 22)) });
  client = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });
});
afterAll(() => simulator.stop());

describe('GET /v1/models', () => {
  it('lists them all, newest first', async () => {
    const page = await client.models.list();
    expect({
      ids: page.data.map(({ id }) => id),
      first: page.first_id,
      last: page.last_id,
      more: page.has_more,
    }).toEqual({
      ids: IDS,
      first: IDS.at(0),
      last: IDS.at(-1),
      more: false,
    });
  });

  it.each([1, 4, 7, 1_000])('is paged by the SDK, %i at a time', async (limit) => {
    const ids: string[] = [];
    for await (const model of client.models.list({ limit })) ids.push(model.id);
    expect(ids).toEqual(IDS);
  });

  it('goes backwards as well', async () => {
    const page = await client.models.list({ limit: 2, before_id: IDS[5]! });
    expect([page.data.map(({ id }) => id), page.has_more]).toEqual([IDS.slice(3, 5), true]);
  });

  it.each([{ limit: 0 }, { limit: 1_001 }, { after_id: 'nobody' }])('refuses %j', async (params) => {
    await expect(client.models.list(params)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
  });
});

describe('GET /v1/models/:id', () => {
  it('describes a model', async () => {
    expect(await client.models.retrieve('claude-sonnet-5-5')).toMatchObject({
      type: 'model',
      id: 'claude-sonnet-5-5',
      display_name: 'Claude Sonnet 5.5',
      line: 'sonnet',
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      max_input_tokens: 1_000_000,
      max_tokens: 128_000,
      capabilities: { thinking: { types: { between_tools: { supported: true }, disabled: { supported: false } } } },
    });
  });

  it('knows short names and says when a model goes', async () => {
    expect(await client.models.retrieve('claude-sonnet-4-5')).toMatchObject({
      id: 'claude-sonnet-4-5-20250929',
      lifecycle: 'deprecated',
      retires_at: '2026-11-30T00:00:00Z',
    });
  });

  it.each(['claude-2', '%', 'a/b'])('%s: 404', async (id) => {
    await expect(client.models.retrieve(id)).rejects.toMatchObject({ status: 404, type: 'not_found_error' });
  });
});
