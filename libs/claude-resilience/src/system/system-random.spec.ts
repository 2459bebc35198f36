import { describe, expect, it } from '@jest/globals';
import { SystemRandom } from './system-random.js';

describe('SystemRandom', () => {
  const random = new SystemRandom();

  it('draws from 0 to below 1, and not always the same', () => {
    const drawn = Array.from({ length: 1000 }, () => random.next());
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(900);
  });

  it('makes ids that are random UUIDs, and never the same', () => {
    const ids = Array.from({ length: 1000 }, () => random.id());
    expect(new Set(ids).size).toBe(1000);
    const wrong = ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id));
    expect(wrong).toEqual([]);
    // Every digit that is free takes every value.
    for (let place = 0; place < 36; place++) {
      const seen = new Set(ids.map((id) => id[place])).size;
      expect([place, seen]).toEqual([place, [8, 13, 14, 18, 23].includes(place) ? 1 : place === 19 ? 4 : 16]);
    }
  });

  it('makes secrets of 128 bits that are safe in a URL and never the same', () => {
    const secrets = Array.from({ length: 1000 }, () => random.secret());
    expect(new Set(secrets).size).toBe(1000);
    expect(secrets.every((secret) => /^[\w-]{22}$/.test(secret))).toBe(true);
    expect(new Set(secrets.map((secret) => Buffer.from(secret, 'base64url').length))).toEqual(new Set([16]));
  });
});
