import { describe, expect, it } from '@jest/globals';
import { MODEL_RULES, rulesOf } from './model-rules.js';
import { bucketOf } from './rate-limit-bucket.js';

describe('rulesOf', () => {
  it.each([
    ['claude-sonnet-5-5', 'claude-sonnet-5-5'],
    ['claude-sonnet-5', 'claude-sonnet-5'],
    ['claude-opus-4-5-20251101', 'claude-opus-4-5'],
    ['claude-sonnet-4-5-latest', 'claude-sonnet-4-5'],
    ['anthropic.claude-sonnet-5-5', 'claude-sonnet-5-5'],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['global.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
    ['claude-opus-5@default', 'claude-opus-5'],
    ['publishers/anthropic/models/claude-opus-5-5', 'claude-opus-5-5'],
    ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
  ])('%s is %s', (model, id) => {
    expect(rulesOf(model)?.id).toBe(id);
  });

  it.each([
    '',
    'claude-sonnet-6',
    'claude-sonnet-5-6',
    'claude-sonnet-5-5-turbo',
    'claude-opus-4',
    'claude-opus-4-20250514',
    'claude-opus-45',
    'my-claude-opus-5',
    'a-model-of-next-year',
    'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123',
  ])('does not know "%s"', (model) => {
    expect(rulesOf(model)).toBeUndefined();
  });

  it('finds every row by its own id', () => {
    expect(MODEL_RULES.map(({ id }) => rulesOf(id))).toEqual(MODEL_RULES);
  });
});

describe('bucketOf: what a 429 on one model says about another', () => {
  it.each([
    ['claude-opus-4-8', 'claude-opus-4-7'],
    ['claude-opus-4-6', 'us.anthropic.claude-opus-4-5-20251101-v1:0'],
    ['claude-sonnet-4-6', 'claude-sonnet-4-5'],
    ['claude-fable-5-2', 'claude-fable-5'],
  ])('%s shares with %s', (one, other) => {
    expect(bucketOf(one)).toBe(bucketOf(other));
  });

  it('keeps the others apart, each unknown model too', () => {
    const apart = [
      'claude-opus-5-5',
      'claude-opus-5',
      'claude-opus-4-8',
      'claude-sonnet-5-5',
      'claude-sonnet-5',
      'claude-sonnet-4-6',
      'claude-haiku-5-5',
      'claude-haiku-4-5',
      'claude-fable-5-2',
      'claude-mythos-5-2',
      'claude-sonnet-7',
      'claude-sonnet-8',
    ];
    expect(new Set(apart.map(bucketOf)).size).toBe(apart.length);
  });
});
