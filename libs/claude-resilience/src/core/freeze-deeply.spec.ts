import { describe, expect, it } from '@jest/globals';
import { freezeDeeply } from './freeze-deeply.js';

describe('freezeDeeply', () => {
  it('freezes plain objects and lists at any depth', () => {
    const value = { failure: { kind: 'timeout' }, list: [{ model: 'm' }], none: undefined, bare: Object.create(null) };
    expect(freezeDeeply(value)).toBe(value);
    for (const part of [value, value.failure, value.list, value.list[0], value.bare]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('goes on behind what was frozen by others', () => {
    const inner = { n: 1 };
    freezeDeeply(Object.freeze({ inner }));
    expect(Object.isFrozen(inner)).toBe(true);
  });

  it('leaves everything else as it is: a signal can still abort', () => {
    const controller = new AbortController();
    const map = new Map();
    freezeDeeply({ signal: controller.signal, map, at: new Date(0) });
    controller.abort();
    expect(controller.signal.aborted).toBe(true);
    expect(Object.isFrozen(map)).toBe(false);
  });

  it('ends in a circle, too', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(() => freezeDeeply(value)).not.toThrow();
  });

  it.each([undefined, null, 'text', 3, true])('takes %p', (value) => {
    expect(freezeDeeply(value)).toBe(value);
  });
});
