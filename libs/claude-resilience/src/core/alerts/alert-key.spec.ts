import { describe, expect, it } from '@jest/globals';
import { alertKey } from './alert-key.js';

describe('the key of an alert (observability-and-waiting.md, 2.4)', () => {
  it('is service, environment, rule and the values of labels', () => {
    expect(alertKey('orders-api', 'prod', 'error_rate', { error_type: 'rate_limited' })).toBe(
      'orders-api:prod:error_rate:rate_limited',
    );
    const labels = { workflow: 'chat', error_type: 'timeout' };
    expect(alertKey('a', 'b', 'error_rate', labels)).toBe('a:b:error_rate:timeout:chat');
  });

  it.each([
    [
      { model: 'a:b', workflow: 'c' },
      { model: 'a', workflow: 'b:c' },
    ],
    [{ workflow: 'a:b' }, { workflow: 'a%3ab' }],
    [{ workflow: 'x'.repeat(300) }, { workflow: `${'x'.repeat(299)}y` }],
    [{ workflow: `${'é'.repeat(200)}a` }, { workflow: `${'é'.repeat(200)}b` }],
  ])('differs for %j and %j', (one, other) => {
    const keys = [one, other].map((labels) => alertKey('s', 'e', 'latency_p95', labels as Record<string, string>));
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('is at most 255 characters, printable, and always the same', () => {
    for (const length of [1, 200, 239, 240, 241, 254, 255, 256, 10_000]) {
      const labels = { workflow: '😀'.repeat(length) };
      const key = alertKey('service', 'env', 'retry_rate', labels);
      expect(key.length).toBeLessThanOrEqual(255);
      expect(key).toMatch(/^[!-~]+$/);
      expect(alertKey('service', 'env', 'retry_rate', labels)).toBe(key);
    }
    const exact = alertKey('s', 'e', 'budget', { workflow: 'x'.repeat(255 - 's:e:budget:'.length) });
    expect([exact.length, exact.includes('~')]).toEqual([255, false]);
  });
});
