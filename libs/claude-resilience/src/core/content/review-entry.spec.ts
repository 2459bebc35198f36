import { describe, expect, it } from '@jest/globals';
import { CONTENT_POLICY_DEFAULTS } from './content-policy.options.js';
import { reviewEntryOf, type DeclinedRequest } from './review-entry.js';

const WORDS = 'I am Anna, anna@example.com';
const REQUEST = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  system: 'Be kind.',
  messages: [
    { role: 'user', content: WORDS },
    { role: 'assistant', content: [{ type: 'text', text: 'Hello.' }] },
    { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }] },
  ],
};

const broken = (): string => {
  throw new Error('no');
};

function entryOf(more: Partial<DeclinedRequest> = {}, keepRequest = false) {
  return reviewEntryOf({
    call: { model: 'claude-sonnet-5-5' },
    failure: { rule: 'refusal', requestId: 'req_1' },
    request: REQUEST,
    attempts: 2,
    options: { ...CONTENT_POLICY_DEFAULTS, keepRequest },
    ...more,
  });
}

describe('an entry for the people who review (R16)', () => {
  it('holds facts, and no word of anybody', () => {
    const entry = entryOf({ failure: { rule: 'refusal', requestId: 'req_1', category: 'cyber' } });
    expect(entry).toEqual({
      kind: 'content_policy',
      rule: 'refusal',
      category: 'cyber',
      model: 'claude-sonnet-5-5',
      messages: 3,
      characters: 'Be kind.'.length + WORDS.length + 'Hello.'.length,
      attempts: 2,
      requestId: 'req_1',
    });
    expect(JSON.stringify(entry)).not.toMatch(/Anna|kind\.|Hello/);
  });

  it('holds the request when it should, redacted', () => {
    const { request } = entryOf({}, true);
    expect(request).toMatchObject({
      system: 'Be kind.',
      messages: [{ role: 'user', content: 'I am Anna, [email]' }, {}, {}],
    });
    expect(JSON.stringify(request)).not.toMatch(/anna@|AAAA/);
  });

  it('a screener’s label is redacted too', () => {
    const entry = entryOf({ failure: { rule: 'screened' }, reason: 'spam of a@b.de' });
    expect(entry).toMatchObject({ rule: 'screened', reason: 'spam of [email]' });
    expect(entry).not.toHaveProperty('requestId');
  });

  it.each<[what: string, request: unknown, measure: object]>([
    ['a text', 'abc', { messages: 0, characters: 3 }],
    ['an input of a function', { question: 'abc', tags: ['de'] }, { messages: 0, characters: 5 }],
    ['nothing', undefined, { messages: 0, characters: 0 }],
    [
      'a tool’s result',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: 'abc' }] }] },
      { messages: 1, characters: 3 },
    ],
    [
      'a system prompt of blocks',
      { system: [{ type: 'text', text: 'abc' }], messages: [] },
      { messages: 0, characters: 3 },
    ],
    ['bytes', new Uint8Array(1e6), { messages: 0, characters: 0 }],
    [
      'what throws',
      {
        get messages() {
          throw new Error('no');
        },
      },
      { messages: 0, characters: 0 },
    ],
  ])('%s', (_what, request, measure) => {
    expect(entryOf({ request, call: { model: undefined } }, true)).toMatchObject({ model: null, ...measure });
  });

  it('circles end', () => {
    const circle: unknown[] = ['abc'];
    circle.push(circle, circle);
    expect(entryOf({ request: { messages: circle } }).characters).toBeGreaterThan(2);
  });

  it('a hook that fails leaks nothing', () => {
    const entry = entryOf({ reason: 'spam', options: { keepRequest: true, redactText: broken } });
    expect(entry.reason).toBe('[redacted]');
    expect(JSON.stringify(entry)).not.toMatch(/Anna|Hello/);
  });
});
