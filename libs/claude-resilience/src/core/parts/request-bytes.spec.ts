import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOver, MAX_REQUEST_BYTES } from './request-bytes.js';

const params = (content: string) => ({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content }] });
const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('bytesOver (R5)', () => {
  it('is what JSON takes in UTF-8, whatever the value', () => {
    const values = fc.object({
      maxDepth: 4,
      withDate: true,
      withObjectString: true,
      withNullPrototype: true,
      values: [fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, '\ud800', '\udc00\ud800', '\u2028"\\\b\t\n\f\r\u0000\u007f')], // oxfmt-ignore
    });
    fc.assert(
      fc.property(values, (value) => {
        const bytes = jsonBytes(value);
        expect(bytesOver(value, bytes - 1)).toBe(bytes);
        expect(bytesOver(value, bytes)).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['ASCII', 'x', 1],
    ['German', 'ü', 2],
    ['Chinese', '字', 3],
    ['quotes, each with its backslash', '"', 2],
  ])('tells to the byte whether a request of %s is over 32 MB', (_what, character, bytesEach) => {
    const room = MAX_REQUEST_BYTES - jsonBytes(params(''));
    const fits = character.repeat(Math.floor(room / bytesEach)) + 'x'.repeat(room % bytesEach);
    expect(bytesOver(params(fits), MAX_REQUEST_BYTES)).toBeUndefined();
    expect(bytesOver(params(`${fits}x`), MAX_REQUEST_BYTES)).toBe(MAX_REQUEST_BYTES + 1);
  });

  it('leaves what is no JSON to JSON: circles and depths end', () => {
    const circle: Record<string, unknown> = {};
    circle['again'] = { circle, list: [circle, circle] };
    let deep: unknown = 'x';
    for (let depth = 0; depth < 20_000; depth++) deep = [deep];
    expect([bytesOver(circle, 1_000), bytesOver(deep, MAX_REQUEST_BYTES)]).toEqual([undefined, undefined]);
  });
});
