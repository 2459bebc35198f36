import { beforeEach, describe, expect, it } from '@jest/globals';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { SubscriberTroubledEvent } from '../core/subscriber-event.js';
import { EventHub, type ClaudeEvent } from '../core/events.js';
import { ManualClock, settle } from '../testing/index.js';
import { EventDelivery } from './event-delivery.js';
import { MOST_UNSETTLED, MOST_WAITING } from './event-subscriber.js';

/** Somebody who works may take time: that of the clock alone. */
class WorkClock extends ManualClock {
  #workedMs = 0;
  override nowMs(): number {
    return super.nowMs() + this.#workedMs;
  }
  work(ms: number): void {
    this.#workedMs += ms;
  }
}

const eventOf = (n: number): ClaudeEvent =>
  ({ type: 'request.refused', feature: 'chat', correlationId: String(n), retryAfterMs: 0 }) as const;
const numberOf = (event: ClaudeEvent) => (event.type === 'request.refused' ? Number(event.correlationId) : -1);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

let hub: EventHub;
let clock: WorkClock;
let delivery: EventDelivery;
let troubles: SubscriberTroubledEvent[];
const emit = (...numbers: readonly number[]) => numbers.forEach((n) => hub.emit(eventOf(n)));

beforeEach(() => {
  clock = new WorkClock();
  hub = new EventHub(clock);
  delivery = new EventDelivery(hub, clock);
  troubles = [];
  hub.subscribe((event) => void (event.type === 'subscriber.troubled' && troubles.push(event)));
});

const heardBy = (name: string, also: (event: ClaudeEvent) => unknown = () => {}) => {
  const heard: number[] = [];
  const stop = delivery.add(name, (event) => {
    heard.push(numberOf(event));
    return also(event);
  });
  return { heard, stop };
};

describe('EventDelivery (R35)', () => {
  it('tells everybody of everything, in order, after whoever told has gone on', async () => {
    const [one, other] = [heardBy('one'), heardBy('other')];
    emit(1, 2, 3);
    expect(one.heard).toEqual([]);
    await Promise.resolve();
    expect(one.heard).toEqual([1, 2, 3]);
    expect(other.heard).toEqual([1, 2, 3]);
  });

  it.each<[what: string, fail: () => unknown, errorName: string]>([
    [
      'throws',
      () => {
        throw new TypeError('x');
      },
      'TypeError',
    ],
    [
      'throws nothing at all',
      () => {
        throw undefined;
      },
      'undefined',
    ],
    ['rejects', async () => Promise.reject(new RangeError('x')), 'RangeError'],
    ['rejects with a text', () => Promise.reject('odd'), 'string'],
  ])('one that %s harms nobody, and is told of', async (_what, fail, errorName) => {
    const bad = heardBy('bad', (event) => (event.type === 'subscriber.troubled' ? undefined : fail()));
    const good = heardBy('good');
    emit(1, 2);
    await settle();
    expect(good.heard.filter((n) => n > 0)).toEqual([1, 2]);
    expect(bad.heard.filter((n) => n > 0)).toEqual([1, 2]);
    expect(troubles).toEqual([{ type: 'subscriber.troubled', subscriber: 'bad', dropped: 0, failed: 1, errorName }]);
    bad.stop();
    expect(troubles.map(({ failed }) => failed)).toEqual([1, 1]);
  });

  it('one that fails at everything, also at hearing of that, makes no storm', async () => {
    heardBy('bad', () => {
      throw new Error('x');
    });
    emit(...upTo(50));
    await settle();
    expect(troubles).toHaveLength(1);
    await clock.advance(10_000);
    emit(50);
    await settle();
    expect(troubles.map(({ failed }) => failed)).toEqual([1, 51]);
  });

  it('one that blocks costs a call nothing but the first time, and keeps nobody from hearing', async () => {
    const turns: string[] = [];
    const blocking = heardBy('blocking', () => {
      clock.work(50);
      turns.push('blocking');
    });
    const quick = heardBy('quick', () => void turns.push('quick'));
    emit(1);
    await settle();
    await settle();
    turns.length = 0;
    emit(2);
    await Promise.resolve().then(() => turns.push('the call goes on'));
    await settle();
    expect(turns).toEqual(['quick', 'the call goes on', 'blocking']);
    expect([blocking.heard, quick.heard]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('however many there are to tell, everything else has its turn in between', async () => {
    const busy = heardBy('busy', () => clock.work(1));
    emit(...upTo(100));
    await Promise.resolve();
    expect(busy.heard).toHaveLength(5);
    while (busy.heard.length < 100) {
      const before = busy.heard.length;
      await settle();
      expect(busy.heard.length - before).toBeLessThanOrEqual(10);
    }
    expect(busy.heard).toEqual(upTo(100));
  });

  it('is fair when there is too much to tell: nobody stands last for ever', async () => {
    const all = upTo(4).map((n) => heardBy(String(n), () => clock.work(6)));
    emit(...upTo(10));
    for (let turn = 0; turn < 20; turn++) await settle();
    const counts = all.map(({ heard }) => heard.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  it('keeps the newest for whoever is behind, and tells how many it lost', async () => {
    const slow = heardBy('slow', () => clock.work(6));
    emit(...upTo(MOST_WAITING + 30));
    expect(delivery.droppedEvents).toBe(31); // its own trouble is an event, too
    while (slow.heard.length < MOST_WAITING) await settle();
    expect(slow.heard.slice(0, 3)).toEqual([31, 32, 33]);
    slow.stop();
    expect(troubles.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(31);
  });

  it('promises that stay open are no way around the bound', async () => {
    const open: (() => void)[] = [];
    const { heard } = heardBy('open', () => new Promise<void>((resolve) => open.push(resolve)));
    emit(...upTo(MOST_UNSETTLED + 3));
    await settle();
    expect(heard).toHaveLength(MOST_UNSETTLED);
    open[0]?.();
    await settle();
    expect(heard).toHaveLength(MOST_UNSETTLED + 1);
    emit(...upTo(MOST_WAITING + 10));
    await settle();
    expect(delivery.droppedEvents).toBeGreaterThan(0);
    for (const resolve of open) resolve();
    await settle();
    expect(heard.length).toBeGreaterThan(MOST_UNSETTLED * 1.5);
  });

  it('no subscriber can change what the others, or the call itself, see', async () => {
    const failure = { kind: 'overloaded' };
    const event = { ...eventOf(1), failure } as unknown as ClaudeEvent;
    heardBy('vandal', () => {
      failure.kind = 'timeout';
    });
    hub.emit(event);
    await settle();
    expect(failure.kind).toBe('overloaded');
    expect(troubles[0]?.errorName).toBe('TypeError');
  });

  it('freezes nothing that nobody hears', () => {
    const event = eventOf(1);
    hub.emit(event);
    expect(Object.isFrozen(event)).toBe(false);
  });

  it('who leaves hears no more, in the midst of a delivery, and not what was missed', async () => {
    const { heard, stop } = heardBy('leaves', (event) => void (numberOf(event) === 2 && stop()));
    const stays = heardBy('stays');
    emit(1, 2, 3, 4);
    await settle();
    expect(heard).toEqual([1, 2]);
    expect(stays.heard).toEqual([1, 2, 3, 4]);
    stop();
  });

  it('who joins hears of what is yet to come', async () => {
    let late: number[] = [];
    heardBy('early', (event) => {
      if (numberOf(event) === 1) late = heardBy('late').heard;
    });
    emit(1, 2);
    await settle();
    emit(3);
    await settle();
    expect(late).toEqual([3]);
  });

  it('runs in the context of whoever subscribed, and not of the call that it hears of', async () => {
    const scope = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    scope.run('subscriber', () => heardBy('one', () => void seen.push(scope.getStore())));
    heardBy('other', () => void seen.push(scope.getStore()));
    scope.run('call', () => emit(1));
    await settle();
    expect(seen).toEqual(['subscriber', undefined]);
  });

  it('what a subscriber makes happen is told, too, and cannot keep the process from all else', async () => {
    const { heard, stop } = heardBy('echo', (event) => {
      clock.work(0.5);
      emit(numberOf(event) + 1);
    });
    emit(0);
    await settle();
    await settle();
    expect(heard).toEqual(upTo(heard.length)); // and here we are
    expect(heard.length).toBeGreaterThan(5);
    stop();
  });

  it('hands out what waits at the end, and is over then', async () => {
    const slow = heardBy('slow', () => clock.work(100));
    emit(1, 2, 3);
    delivery.close();
    expect(slow.heard).toEqual([1, 2, 3]);
    emit(4);
    const { heard } = heardBy('too late');
    emit(5);
    await settle();
    expect(slow.heard).toEqual([1, 2, 3]);
    expect(heard).toEqual([]);
  });
});
