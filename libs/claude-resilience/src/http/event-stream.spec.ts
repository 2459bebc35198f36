import { describe, expect, it } from '@jest/globals';
import { ManualClock, settle } from '../testing/manual-clock.js';
import { eventStream, type ServerSentEvent } from './event-stream.js';

/** Events that come when they are told to. */
function source() {
  const waiting: ((result: IteratorResult<ServerSentEvent>) => void)[] = [];
  const at = { asked: 0, returned: 0 };
  const events: AsyncIterable<ServerSentEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        at.asked++;
        return new Promise((resolve) => waiting.push(resolve));
      },
      return: async () => {
        at.returned++;
        return { done: true, value: undefined };
      },
    }),
  };
  return {
    at,
    events,
    tell: (n: number) => waiting.shift()?.({ done: false, value: { id: `a:${n}`, name: 'progress', data: { n } } }),
    end: () => waiting.shift()?.({ done: true, value: undefined }),
  };
}

const frame = (n: number) => `id: a:${n}\nevent: progress\ndata: {"n":${n}}\n\n`;

async function begun() {
  const clock = new ManualClock();
  const from = source();
  const stream = eventStream(from.events, clock);
  const seen: string[] = [];
  stream.on('data', (chunk: Buffer | string) => seen.push(String(chunk)));
  await settle();
  return { clock, ...from, stream, seen };
}

const failing = async function* (): AsyncGenerator<ServerSentEvent> {
  yield { id: 'a:1', name: 'progress', data: {} };
  throw new Error('gone');
};

describe('server-sent events (R28)', () => {
  it('begin with when to come back, and end when the source does', async () => {
    const at = await begun();
    at.tell(1);
    await settle();
    at.end();
    await settle();
    expect(at.seen).toEqual(['retry: 3000\n\n', frame(1)]);
    expect([at.stream.readableEnded, at.at.returned <= 1, at.clock.pendingTimers]).toEqual([true, true, 0]);
  });

  it('say every 15 s that they are there, counted from the last word', async () => {
    const at = await begun();
    await at.clock.advance(14_999);
    expect(at.seen).toHaveLength(1);
    await at.clock.advance(1);
    expect(at.seen.at(-1)).toBe(': keep-alive\n\n');
    await at.clock.advance(10_000);
    at.tell(1);
    await settle();
    await at.clock.advance(14_999);
    expect(at.seen.slice(2)).toEqual([frame(1)]);
    await at.clock.advance(45_001);
    expect(at.seen.slice(3)).toEqual(Array.from({ length: 4 }, () => ': keep-alive\n\n'));
    expect(at.clock.pendingTimers).toBe(1);
    at.end();
    await settle();
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('put all of the data on one line, whatever it holds', async () => {
    const clock = new ManualClock();
    const text = 'a\nb\r\nc\u2028d\n\nevent: done';
    const one = async function* () {
      yield { id: 'a:1', name: 'done', data: { text } };
    };
    const seen = (await eventStream(one(), clock).toArray()).join('');
    const lines = seen.split(/\r\n|\r|\n/);
    expect(lines.filter((line) => line.startsWith('event: '))).toEqual(['event: done']);
    expect(JSON.parse(lines.find((line) => line.startsWith('data: '))!.slice(6))).toEqual({ text });
  });

  it('ask for the next event only when the last was taken', async () => {
    const clock = new ManualClock();
    let made = 0;
    let isClosed = false;
    const endless = async function* () {
      try {
        for (;;) yield { id: `a:${++made}`, name: 'progress', data: { text: 'x'.repeat(10_000) } };
      } finally {
        isClosed = true;
      }
    };
    const stream = eventStream(endless(), clock);
    stream.read(0);
    for (let n = 0; n < 100; n++) await settle();
    const first = made;
    expect(first).toBeLessThan(20);
    for (let n = 0; n < 10; n++) {
      stream.read();
      await settle();
    }
    expect(made).toBeGreaterThan(first);
    expect(made).toBeLessThan(first + 30);
    stream.destroy();
    await settle();
    expect([isClosed, clock.pendingTimers]).toEqual([true, 0]);
  });

  it('let the source go when their reader has gone, however long that is silent', async () => {
    const at = await begun();
    at.stream.destroy();
    await settle();
    expect([at.at.returned, at.clock.pendingTimers]).toEqual([1, 0]);
  });

  it('fail as the source does, and leave nothing behind', async () => {
    const clock = new ManualClock();
    await expect(eventStream(failing(), clock).toArray()).rejects.toThrow('gone');
    expect(clock.pendingTimers).toBe(0);
  });
});
