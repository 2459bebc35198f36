import { describe, expect, it } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { prefersLater } from './prefers-later.js';

const asked = (prefer: unknown, type = 'http') =>
  prefersLater({
    getType: () => type,
    switchToHttp: () => ({ getRequest: () => (prefer === 'no headers' ? {} : { headers: { prefer } }) }),
  } as unknown as ArgumentsHost);

describe('Prefer: respond-async (RFC 7240)', () => {
  it.each<[unknown, boolean]>([
    ['respond-async', true],
    ['Respond-Async', true],
    [' respond-async ;x=1', true],
    ['wait=5, respond-async', true],
    ['respond-async, wait=10', true],
    ['respond-async=""', true],
    [['wait=5', 'respond-async'], true],
    ['foo="a\\"b, c", respond-async', true],
    [undefined, false],
    ['', false],
    ['respond-asynchronously', false],
    ['no-respond-async', false],
    ['return=minimal', false],
    ['return=respond-async', false],
    ['foo="x, respond-async, y"', false],
    ['foo="x, respond-async, y', false],
    [7, false],
    ['no headers', false],
  ])('%j is heard: %s', (prefer, isHeard) => {
    expect(asked(prefer)).toBe(isHeard);
  });

  it('is a word of HTTP alone', () => {
    expect(asked('respond-async', 'rpc')).toBe(false);
  });
});
