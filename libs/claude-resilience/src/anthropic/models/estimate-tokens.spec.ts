import { describe, expect, it } from '@jest/globals';
import { estimateTokens } from './estimate-tokens.js';

const PDF = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'x'.repeat(300_000) } };
const NAMED_PDF = { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } };
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'x'.repeat(1_000_000) } };
const TEXT = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'word '.repeat(10_000) } };

const tokens = (content: unknown, model = 'claude-haiku-4-5') =>
  estimateTokens({ model, messages: [{ role: 'user', content: content as string }] });

describe('estimateTokens: rather too many than too few', () => {
  it.each([
    ['English, about 4 letters a token', 'word '.repeat(10_000), 12_500, 20_000],
    ['Japanese, about a token a character', '灯'.repeat(10_000), 10_000, 20_000],
    ['an image, however long its data', [IMAGE], 1_600, 1_700],
    ['ten pages of PDF', [PDF], 30_000, 31_000],
    ['a PDF that is only named', [NAMED_PDF], 30_000, 31_000],
    ['a text document', [TEXT], 12_500, 20_000],
  ])('%s', (_what, content, least, most) => {
    expect(tokens(content)).toBeGreaterThanOrEqual(least);
    expect(tokens(content)).toBeLessThanOrEqual(most);
  });

  it('counts about 30 % more since 4.7, and for a model that it does not know', () => {
    const classic = tokens('word '.repeat(10_000), 'claude-sonnet-4-6');
    for (const model of ['claude-opus-4-7', 'claude-sonnet-5', 'claude-haiku-5-5', 'next-year']) {
      expect(tokens('word '.repeat(10_000), model) / classic).toBeCloseTo(1.3, 2);
    }
  });

  it('counts the system prompt and the tools as well', () => {
    const bare = { model: 'claude-haiku-4-5', messages: [] };
    const schema = { type: 'object' as const, properties: { a: { description: 'x'.repeat(3_000) } } };
    expect(estimateTokens(bare)).toBe(0);
    expect(estimateTokens({ ...bare, system: 'x'.repeat(3_000) })).toBeGreaterThanOrEqual(1_000);
    expect(estimateTokens({ ...bare, tools: [{ name: 't', input_schema: schema }] })).toBeGreaterThanOrEqual(1_000);
  });
});
