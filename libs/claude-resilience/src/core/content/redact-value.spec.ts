import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redactText } from './redact-text.js';
import { LONGEST_KEPT_TEXT, redactValue } from './redact-value.js';

const copy = (value: unknown) => redactValue(value, redactText);

describe('a copy for people to read (R16)', () => {
  it('keeps the form, redacts every text', () => {
    const request = {
      model: 'claude-sonnet-5-5',
      max_tokens: 1024,
      stream: false,
      system: [{ type: 'text', text: 'Ask anna@example.com', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: 'I am +49 170 1234567' },
        { role: 'assistant', content: null },
      ],
      tools: [{ name: 'pay', input_schema: { type: 'object' } }],
    };
    const before = structuredClone(request);
    expect(copy(request)).toEqual({
      ...request,
      system: [{ type: 'text', text: 'Ask [email]', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: 'I am [phone]' },
        { role: 'assistant', content: null },
      ],
    });
    expect(request).toEqual(before);
  });

  it.each<[what: string, given: unknown, kept: unknown]>([
    [
      'an image',
      { type: 'base64', media_type: 'image/png', data: 'AAAAAA==' },
      { type: 'base64', media_type: 'image/png', data: '[4 bytes]' },
    ],
    ['a text document', { type: 'text', data: 'of a@b.de' }, { type: 'text', data: 'of [email]' }],
    [
      'encrypted thoughts',
      { type: 'redacted_thinking', data: 'AAAA' },
      { type: 'redacted_thinking', data: '[3 bytes]' },
    ],
    [
      'a signature',
      { type: 'thinking', thinking: 'a@b.de', signature: 'AAAA' },
      { type: 'thinking', thinking: '[email]', signature: '[3 bytes]' },
    ],
    ['a data URL', { url: 'data:image/png;base64,AAAAAAA=' }, { url: '[5 bytes]' }],
    ['bytes', [new Uint8Array(3), new ArrayBuffer(4)], ['[3 bytes]', '[4 bytes]']],
    [
      'a card as a number',
      { card: 4111111111111111, n: 12345, big: 4111111111111111n },
      { card: '[card]', n: 12345, big: '[card]' },
    ],
    ['a large harmless number', 1700000000000, 1700000000000],
    ['a key that is data', { 'a@b.de': 1, plain_key: 2 }, { '[email]': 1, plain_key: 2 }],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['what JSON does not know', [undefined, () => 1, Symbol('s'), NaN], [undefined, '[function]', '[symbol]', NaN]],
    [
      'an object that throws',
      {
        get text() {
          throw new Error('no');
        },
      },
      '[unreadable]',
    ],
  ])('%s', (_what, given, kept) => expect(copy(given)).toEqual(kept));

  it('does not follow circles, nor go deeper than it should', () => {
    const circle: Record<string, unknown> = { name: 'a' };
    circle['self'] = circle;
    expect(copy(circle)).toEqual({ name: 'a', self: '[circular]' });
    expect(copy([circle, circle])).toHaveLength(2);

    let deep: unknown = 'a@b.de';
    for (let level = 0; level < 10_000; level++) deep = { deep };
    expect(JSON.stringify(copy(deep))).toContain('"[deeper]"');
  });

  it('cuts a long text, and says how long it was', () => {
    const kept = copy('word '.repeat(10_000)) as string;
    expect(kept).toHaveLength(LONGEST_KEPT_TEXT + ' [cut: 50000 characters]'.length);
    expect(kept).toMatch(/ \[cut: 50000 characters\]$/);
  });

  it('half of a number at the end of what is read does not come through', () => {
    const card = '4111 1111 1111 1111';
    const long = `${'k9Qz'.repeat(49_975)} `; // becomes `[key]`, so that the end of what is read is kept
    for (let before = 0; before < 100; before += 9) {
      expect(copy(`${long}${' '.repeat(before)}${card} ${'x '.repeat(1_000)}`)).not.toContain('4111');
    }
  });

  it('a key like __proto__ is a key', () => {
    const kept = copy(JSON.parse('{"__proto__":{"isAdmin":"a@b.de"}}')) as object;
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    expect(Object.keys(kept)).toEqual(['__proto__']);
  });

  it('is bounded as a whole, whatever is given', () => {
    const texts = Array.from({ length: 100_000 }, (_, n) => ({ n, text: 'x'.repeat(1_000) }));
    expect(JSON.stringify(copy(texts)).length).toBeLessThan(700_000);
    expect(JSON.stringify(copy(Array.from({ length: 1_000_000 }, () => 0))).length).toBeLessThan(100_000);
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key${n}`, { n }]));
    expect(JSON.stringify(copy(many)).length).toBeLessThan(600_000);
    let shared: unknown = ['x'];
    for (let level = 0; level < 30; level++) shared = [shared, shared];
    expect(JSON.stringify(copy(shared)).length).toBeLessThan(600_000);
  });
});

describe('the application’s own hook', () => {
  it('is asked for every text', () => {
    expect(redactValue({ a: 'Anna', b: ['Bert'] }, (text) => text.replace(/Anna|Bert/, 'X'))).toEqual({
      a: 'X',
      b: ['X'],
    });
  });

  it.each<[what: string, hook: (text: string) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['gives nothing', () => undefined],
    ['gives a promise', (text) => Promise.resolve(text)],
    ['gives a promise that fails', () => Promise.reject(new Error('no'))],
    ['gives something else', (text) => ({ text })],
  ])('that %s leaks nothing', (_what, hook) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const kept = JSON.stringify(redactValue({ secret: 'top secret', value }, hook as never)) ?? '';
        expect(kept).toContain('[redacted]');
        expect(kept).not.toContain('top secret');
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
