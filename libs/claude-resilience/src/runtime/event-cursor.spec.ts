import { describe, expect, it } from '@jest/globals';
import type { ClaudeEvent } from '../core/events.js';
import { EventCursor } from './event-cursor.js';

const eventOf = (n: number): ClaudeEvent =>
  ({ type: 'request.refused', feature: 'chat', correlationId: String(n), retryAfterMs: 0 }) as const;

function cursor(mostKept = 3) {
  const told = { lost: 0, over: 0 };
  const made = new EventCursor<ClaudeEvent>(
    mostKept,
    () => void told.lost++,
    () => void told.over++,
  );
  const put = (...numbers: readonly number[]) => numbers.forEach((n) => made.put(eventOf(n)));
  return { made, put, told };
}

describe('EventCursor (R35)', () => {
  it('has what came before anybody asked, and what comes after', async () => {
    const { made, put } = cursor();
    put(1);
    expect(await made.next()).toEqual({ done: false, value: eventOf(1) });
    const [second, third] = [made.next(), made.next()];
    put(2, 3, 4);
    expect(await second).toEqual({ done: false, value: eventOf(2) });
    expect(await third).toEqual({ done: false, value: eventOf(3) });
    expect(await made.next()).toEqual({ done: false, value: eventOf(4) });
  });

  it('keeps the newest, and says what it lost', async () => {
    const { made, put, told } = cursor(2);
    put(1, 2, 3, 4);
    expect(told.lost).toBe(2);
    expect(await made.next()).toEqual({ done: false, value: eventOf(3) });
  });

  it('leaving the loop ends it, once', async () => {
    const { made, put, told } = cursor();
    put(1, 2, 3);
    for await (const event of made) {
      expect(event).toEqual(eventOf(1));
      break;
    }
    put(4);
    await made.return();
    expect(told).toEqual({ lost: 0, over: 1 });
    expect(await made.next()).toEqual({ done: true, value: undefined });
  });

  it('what is kept may be read after the end; who waits is let go', async () => {
    const kept = cursor();
    kept.put(1);
    kept.made.end();
    kept.put(2);
    const heard: ClaudeEvent[] = [];
    for await (const event of kept.made) heard.push(event);
    expect(heard).toEqual([eventOf(1)]);

    const waiting = cursor();
    const nexts = [waiting.made.next(), waiting.made.next()];
    waiting.made.end();
    expect(await Promise.all(nexts)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });
});
