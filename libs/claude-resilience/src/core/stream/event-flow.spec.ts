import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { EventFlow } from './event-flow.js';
import { HandOverHand } from './hand-over-hand.js';
import { FreshSplice } from './splice.js';
import type { StreamEvent, StreamNotice } from './stream-event.js';
import { StreamProgress } from './stream-progress.js';
import { StreamTally } from './stream-tally.js';
import { StreamTransport, type EventIterator } from './stream-transport.port.js';
import { StreamWatch } from './stream-watch.js';

const IDLE_MS = 10_000;
const text = (words: string): StreamEvent => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: words },
});
const ping: StreamEvent = { type: 'ping' };
const stop: StreamEvent = { type: 'message_stop' };
const refusal: StreamEvent = {
  type: 'message_delta',
  delta: { stop_reason: 'refusal', stop_details: { category: 'x' } },
};

/** What a server sends, burst by burst; an error is thrown where it stands. */
class Bursts {
  readonly #here: (StreamEvent | Error)[] = [];
  read = 0;
  waits = 0;

  constructor(private readonly bursts: readonly (readonly (StreamEvent | Error)[])[]) {}

  nextAtHand(): StreamEvent | undefined {
    const next = this.#here.shift();
    if (next instanceof Error) throw next;
    if (next !== undefined) this.read++;
    return next;
  }

  async next(): Promise<IteratorResult<StreamEvent, undefined>> {
    const burst = this.bursts[this.waits++];
    if (burst === undefined) return { done: true, value: undefined };
    this.#here.push(...burst);
    return { done: false, value: this.nextAtHand() as StreamEvent };
  }
}

class Silent extends StreamTransport<StreamEvent> {
  async open(): Promise<never> {
    throw new Error('it is open');
  }
  describe(): { readonly from: 'code' } {
    return { from: 'code' };
  }
}

function start(...bursts: readonly (readonly (StreamEvent | Error)[])[]) {
  return startWith(new Bursts(bursts));
}

function startWith<I extends EventIterator<StreamEvent>>(events: I) {
  const clock = new ManualClock();
  const sink = new HandOverHand<StreamEvent | StreamNotice>();
  const progress = new StreamProgress();
  const call = { deadlineAtMs: Infinity, fairTimeoutMs: 0 };
  const watch = new StreamWatch(call, clock, new AbortController().signal);
  const tally = new StreamTally(new Silent(), { model: 'm', platform: 'anthropic', bucket: '' }, clock);
  watch.begin('first_event', IDLE_MS);
  const room = { splice: new FreshSplice<StreamEvent>(), progress, sink, idleMs: IDLE_MS, tally, watch };
  const ended = new EventFlow<StreamEvent>(events, room).run();
  return { clock, events, sink, progress, ended };
}

describe('the events of one request', () => {
  it('that are here are passed without a wait', async () => {
    const { sink, events, ended } = start([text('a'), ping, text('b')], [text('c'), stop]);
    for (const event of [text('a'), text('b'), text('c'), stop]) {
      expect(await sink.take()).toEqual({ done: false, value: event });
    }
    expect(await ended).toEqual({ ok: true, value: undefined });
    expect(events.waits).toBe(2);
  });

  it('are read one ahead of the reader, and count as delivered when he has them', async () => {
    const { clock, sink, events, progress } = start([text('a'), text('b'), text('c'), stop]);
    for (const [read, delivered] of [
      [1, ''],
      [2, 'a'],
      [3, 'ab'],
    ] as const) {
      await clock.advance(IDLE_MS * 2); // a slow reader: nobody is late
      expect([events.read, progress.text]).toEqual([read, delivered]);
      await sink.take();
    }
  });

  it.each([
    ['end', [text('a')], 'cut_off'],
    ['end with the last event', [text('a'), stop, text('b')], { ok: true }],
    ['are refused', [text('a'), refusal], { ok: false, facts: { from: 'refusal', category: 'x' } }],
  ])('%s', async (_what, burst, end) => {
    const { sink, ended } = start(burst);
    expect(await sink.take()).toMatchObject({ value: text('a') });
    void sink.take();
    const seen = await ended;
    if (typeof end === 'string') expect(seen).toBe(end);
    else expect(seen).toMatchObject(end);
  });

  it('break: what was here before is delivered first', async () => {
    const { sink, ended, progress } = start([text('a'), text('b'), new Error('broken')]);
    const seen = expect(ended).rejects.toThrow('broken');
    await sink.take();
    await sink.take();
    await seen;
    expect(progress.text).toBe('ab');
  });

  it('of an iterator that gives no promises are events, too', async () => {
    const all = [text('a'), text('b'), stop];
    const { sink, ended } = startWith({ next: () => ({ done: false, value: all.shift() }) } as never);
    for (const event of [text('a'), text('b'), stop]) expect(await sink.take()).toMatchObject({ value: event });
    expect(await ended).toMatchObject({ ok: true });
  });

  it('are not read on once the reader has left', async () => {
    const { sink, events, ended, progress } = start([text('a'), text('b'), text('c')]);
    await sink.take();
    sink.leave();
    expect(await ended).toMatchObject({ ok: false, facts: { from: 'abort' } });
    expect([events.read, progress.text]).toEqual([2, 'a']);
  });
});
