import { describe, expect, it } from '@jest/globals';
import { SystemRandom } from './system-random.js';

describe('SystemRandom', () => {
  const random = new SystemRandom();

  it('draws from 0 to below 1, and not always the same', () => {
    const drawn = Array.from({ length: 1000 }, () => random.next());
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(900);
  });

  it('makes ids that are safe in a URL and never the same', () => {
    const ids = Array.from({ length: 1000 }, () => random.id());
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
  });

  it('makes secrets of 128 bits that are safe in a URL and never the same', () => {
    const secrets = Array.from({ length: 1000 }, () => random.secret());
    expect(new Set(secrets).size).toBe(1000);
    expect(secrets.every((secret) => /^[\w-]{22}$/.test(secret))).toBe(true);
    expect(new Set(secrets.map((secret) => Buffer.from(secret, 'base64url').length))).toEqual(new Set([16]));
  });
});
