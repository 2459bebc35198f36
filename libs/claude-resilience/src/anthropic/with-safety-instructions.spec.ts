import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';
import { SAFETY_INSTRUCTIONS, withSafetyInstructions } from './with-safety-instructions.js';

const PARAMS = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'A word, please.' }],
};
const cached: Anthropic.TextBlockParam = { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } };
const added: Anthropic.TextBlockParam = { type: 'text', text: SAFETY_INSTRUCTIONS };

type System = Anthropic.MessageCreateParams['system'];

let simulator: ClaudeSimulator;
beforeAll(async () => void (simulator = await ClaudeSimulator.start({ latencyMs: 0 })));
afterAll(() => simulator.stop());

describe('the one reformulated attempt (R18)', () => {
  it.each<[what: string, system: System, reformulated: System]>([
    ['none', undefined, SAFETY_INSTRUCTIONS],
    ['an empty one', '', SAFETY_INSTRUCTIONS],
    ['a text', 'Be kind.', `Be kind.\n\n${SAFETY_INSTRUCTIONS}`],
    ['blocks', [cached], [cached, added]],
    ['no blocks', [], [added]],
  ])('a system prompt that is %s, as the API takes it', async (_what, system, reformulated) => {
    const params = Object.freeze({
      ...PARAMS,
      ...(system !== undefined && { system: Object.freeze(system) as never }),
    });
    const again = withSafetyInstructions(params);
    expect(again).toEqual({ ...PARAMS, system: reformulated });
    const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: simulator.url, maxRetries: 0 });
    expect(await client.messages.create(again)).toMatchObject({ type: 'message' });
  });
});
