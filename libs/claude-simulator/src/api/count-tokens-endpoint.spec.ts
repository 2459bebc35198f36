import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';

const PROMPT = { model: 'claude-sonnet-5-5', messages: [{ role: 'user' as const, content: 'Hello there' }] };

let simulator: ClaudeSimulator;
let client: Anthropic;
beforeEach(async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 22, 12));
  simulator = await ClaudeSimulator.start({ clock, limits: { requestsPerMinute: 1 } });
  client = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });
});
afterEach(() => simulator.stop());

it('counts as the message would be counted', async () => {
  const message = await client.messages.create({ ...PROMPT, max_tokens: 10 });
  expect((await client.messages.countTokens(PROMPT)).input_tokens).toBe(message.usage.input_tokens);
});

it('has a limit of its own, in requests only', async () => {
  await client.messages.countTokens(PROMPT);
  const { headers } = await client.messages.countTokens(PROMPT).asResponse();
  expect([...headers].filter(([name]) => name.startsWith('anthropic-ratelimit'))).toEqual([
    ['anthropic-ratelimit-requests-limit', '2000'],
    ['anthropic-ratelimit-requests-remaining', '1998'],
    ['anthropic-ratelimit-requests-reset', '2026-11-22T12:00:01Z'],
  ]);
});
