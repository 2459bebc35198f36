import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorOptions } from '../simulator.options.js';

const HI = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Hello there' }],
};

let simulator: ClaudeSimulator;
afterEach(() => simulator.stop());

/** The result of one item alone. */
async function resultOf(params: object, options: SimulatorOptions = {}) {
  simulator = await ClaudeSimulator.start({ clock: new ManualClock(), batches: { durationMs: 0 }, ...options });
  const { batches } = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 }).messages;
  const { id } = await batches.create({ requests: [{ custom_id: 'one', params: params as typeof HI }] });
  for await (const line of await batches.results(id)) return line.result;
  return undefined;
}

describe('an item of a batch', () => {
  it('gives a message as any other, at the batch tier', async () => {
    const result = await resultOf({ ...HI, stream: false }, { answer: () => 'Hi.' });
    expect(result).toMatchObject({
      type: 'succeeded',
      message: {
        id: expect.stringMatching(/^msg_01/),
        model: 'claude-sonnet-5-5',
        content: [{ type: 'text', text: 'Hi.' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 4, output_tokens: 1, service_tier: 'batch' },
      },
    });
  });

  it.each<[object, string, string]>([
    [{}, 'invalid_request_error', 'model: Field required'],
    [{ ...HI, messages: undefined }, 'invalid_request_error', 'messages: Field required'],
    [{ ...HI, model: 'claude-2' }, 'not_found_error', 'model: claude-2'],
    [{ ...HI, max_tokens: 0 }, 'invalid_request_error', 'max_tokens: must be greater than or equal to 1'],
    [{ ...HI, max_tokens: 9_999_999 }, 'invalid_request_error', 'max_tokens: 9999999 > 128000'],
    [{ ...HI, stream: true }, 'invalid_request_error', '"stream=True" is not supported in the Message Batches API'],
    [{ ...HI, speed: 'fast' }, 'invalid_request_error', 'speed: not supported in the Message Batches API'],
    [{ ...HI, speed: 'standard' }, 'invalid_request_error', 'speed: not supported'],
    [{ ...HI, fallbacks: [{ model: 'claude-opus-5' }] }, 'invalid_request_error', 'fallbacks: not supported'],
    [{ ...HI, temperature: 1 }, 'invalid_request_error', 'temperature: not supported in API version 2026-10-21'],
  ])('%j: an error of its own, not of the batch', async (params, type, message) => {
    expect(await resultOf(params)).toEqual({
      type: 'errored',
      error: {
        type: 'error',
        error: { type, message: expect.stringContaining(message), details: { error_visibility: 'user_facing' } },
        request_id: null,
      },
    });
  });

  it('is an api_error when the answerer fails', async () => {
    const result = await resultOf(HI, { answer: () => Promise.reject(new Error('out of ideas')) });
    expect(result).toMatchObject({ type: 'errored', error: { error: { type: 'api_error' } } });
    expect(JSON.stringify(result)).toContain('out of ideas');
  });
});
