import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorOptions } from '../simulator.options.js';

const MODEL = 'claude-opus-4-5';
const ID = 'claude-opus-4-5-20251101';
const DAY_MS = 86_400_000;

let simulator: ClaudeSimulator;
afterEach(() => simulator.stop());

async function start(models: NonNullable<SimulatorOptions['models']> = {}) {
  const clock = new ManualClock(Date.UTC(2026, 10, 22));
  simulator = await ClaudeSimulator.start({ clock, models });
  const client = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });
  // By hand: the SDK warns of some models by itself.
  const ask = async (model: string): Promise<string> => {
    const headers = { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' };
    const body = JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] });
    const response = await fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { readonly type: string; readonly error?: { readonly type: string } };
    return answer.error === undefined ? answer.type : `${response.status} ${answer.error.type}`;
  };
  return { clock, client, ask };
}

describe('a model that retires', () => {
  it.each([[MODEL], [ID]])('named as %s, is deprecated, then a 404 from that very moment', async (named) => {
    const { clock, client, ask } = await start({ [named]: { retiresAt: '2026-11-23T00:00:00Z' } });
    expect(await client.models.retrieve(MODEL)).toMatchObject({
      id: ID,
      lifecycle: 'deprecated',
      deprecated_at: '2026-11-22T00:00:00Z',
      retires_at: '2026-11-23T00:00:00Z',
    });
    clock.advance(DAY_MS - 1);
    expect([await ask(MODEL), await ask(ID)]).toEqual(['message', 'message']);
    clock.advance(1);
    expect([await ask(MODEL), await ask(ID)]).toEqual(['404 not_found_error', '404 not_found_error']);
    const counted = client.messages.countTokens({ model: ID, messages: [{ role: 'user', content: 'Hi' }] });
    await expect(counted).rejects.toMatchObject({ status: 404 });
    expect(await ask('claude-opus-4-6')).toBe('message');
  });

  it('stays in the catalogue, for those who ask for retired ones', async () => {
    const { clock, client } = await start({ [MODEL]: { retiresAt: '2026-11-23T00:00:00Z' } });
    const listed = async (...lifecycle: ('active' | 'deprecated' | 'retired')[]): Promise<readonly string[]> =>
      (await client.models.list(lifecycle.length === 0 ? {} : { lifecycle })).data.map(({ id }) => id);
    expect(await listed()).toContain(ID);
    expect(await listed('deprecated')).toEqual([ID, 'claude-sonnet-4-5-20250929']);
    clock.advance(DAY_MS);
    expect(await client.models.retrieve(ID)).toMatchObject({
      lifecycle: 'retired',
      deprecated_at: '2026-11-22T00:00:00Z',
      retires_at: '2026-11-23T00:00:00Z',
    });
    expect(await listed()).not.toContain(ID);
    expect(await listed('retired')).toEqual([ID]);
    expect(await listed('retired', 'deprecated')).toEqual([ID, 'claude-sonnet-4-5-20250929']);
    await expect(client.models.list({ lifecycle: ['gone' as never] })).rejects.toMatchObject({ status: 400 });
  });

  it('may do so before the start', async () => {
    const { ask } = await start({ [MODEL]: { retiresAt: '2020-01-01T00:00:00Z' } });
    expect(await ask(MODEL)).toBe('404 not_found_error');
  });
});

describe('the dates of the model table', () => {
  it('hold: Sonnet 4.5 goes on 2026-11-30', async () => {
    const { clock, ask } = await start();
    clock.advance(8 * DAY_MS - 1);
    expect(await ask('claude-sonnet-4-5')).toBe('message');
    clock.advance(1);
    expect(await ask('claude-sonnet-4-5')).toBe('404 not_found_error');
  });

  it('unless the options say otherwise', async () => {
    const { clock, client, ask } = await start({
      'claude-sonnet-4-5': { retiresAt: null },
      'claude-opus-5': { retiresAt: '2026-12-24T18:30:00.500Z' },
    });
    expect(await client.models.retrieve('claude-opus-5')).toMatchObject({ retires_at: '2026-12-24T18:30:01Z' });
    clock.advance(300 * DAY_MS);
    expect(await ask('claude-sonnet-4-5')).toBe('message');
    expect(await client.models.retrieve('claude-sonnet-4-5')).toMatchObject({ lifecycle: 'active', retires_at: null });
  });
});
