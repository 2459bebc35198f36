import { describe, expect, it } from '@jest/globals';
import { continueParams } from './continue-params.js';

const ask = { role: 'user' as const, content: 'Tell me about lighthouses.' };
const params = (model: string) => ({ model, max_tokens: 100, messages: [ask] });

describe('going on where an answer ended, by the generation of the model', () => {
  it.each(['claude-opus-4-5', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5', 'claude-haiku-4-5-20251001'])(
    '%s takes the beginning of its answer',
    (model) => {
      expect(continueParams(params(model), 'A lighthouse is ')).toEqual({
        ...params(model),
        messages: [ask, { role: 'assistant', content: 'A lighthouse is' }],
      });
    },
  );

  it.each([
    'claude-opus-4-6',
    'claude-opus-4-8',
    'claude-sonnet-4-6',
    'claude-sonnet-5',
    'claude-sonnet-5-5',
    'claude-haiku-5-5',
    'claude-fable-5-2',
    'a-model-of-next-year',
  ])('%s is asked in words', (model) => {
    const { messages } = continueParams(params(model), 'A lighthouse is ');
    expect(messages.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(messages[1]?.content).toContain('A lighthouse is ');
  });

  it.each(['anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-haiku-4-5@20251001'])(
    '%s too, by its name elsewhere',
    (model) => {
      expect(continueParams(params(model), 'A').messages.at(-1)).toEqual({ role: 'assistant', content: 'A' });
    },
  );

  it('a thinking budget wants the thinking before the answer, which has not arrived: in words', () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1_024 };
    const { messages } = continueParams({ ...params('claude-haiku-4-5'), thinking }, 'A');
    expect(messages.at(-1)?.role).toBe('user');
  });

  it('leaves what it was given as it was', () => {
    const given = params('claude-sonnet-5-5');
    continueParams(given, 'x');
    expect(given.messages).toEqual([ask]);
  });
});
