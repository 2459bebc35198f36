import { describe, expect, it } from '@jest/globals';
import { batchParams } from './batch-params.js';

const PARAMS = { model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: 'A word, please.' }] };

describe('batchParams (R12)', () => {
  it('leaves out how it is delivered, and nothing else', () => {
    const given = { ...PARAMS, stream: false, speed: 'fast', tools: [], service_tier: 'auto' };
    expect(batchParams(given)).toEqual({ ...PARAMS, tools: [], service_tier: 'auto' });
    expect(given).toHaveProperty('speed');
  });

  it.each([
    ['max_tokens', 0],
    ['fallbacks', 'default'],
    ['thread', { type: 'create' }],
    ['billing_policy', { bill_to: 'user_profile' }],
  ])('%s goes only alone', (name, value) => {
    expect(batchParams({ ...PARAMS, [name]: value })).toBeUndefined();
  });

  it('an empty field asks for nothing', () => {
    expect(batchParams({ ...PARAMS, fallbacks: null })).toEqual({ ...PARAMS, fallbacks: null });
  });
});
