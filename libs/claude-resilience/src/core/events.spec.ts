import { describe, expect, it } from '@jest/globals';
import { ManualClock, settle } from '../testing/index.js';
import { EventHub, type ClaudeEvent, type ClaudeEventListener } from './events.js';

const event: ClaudeEvent = {
  type: 'fallback.answered',
  feature: 'chat',
  workflow: 'chat',
  correlationId: 'id-1',
  kind: 'overloaded',
};

describe('EventHub', () => {
  it('tells everybody, in the order of subscription', () => {
    const hub = new EventHub(new ManualClock());
    const heard: [string, ClaudeEvent][] = [];
    hub.subscribe((what) => heard.push(['first', what]));
    hub.subscribe((what) => heard.push(['second', what]));
    hub.emit(event);
    expect(heard).toEqual([
      ['first', event],
      ['second', event],
    ]);
  });

  it('needs nobody who listens', () => {
    expect(() => new EventHub(new ManualClock()).emit(event)).not.toThrow();
  });

  it.each<[what: string, listener: ClaudeEventListener]>([
    [
      'throws',
      () => {
        throw new Error('sink is down');
      },
    ],
    [
      'throws nothing at all',
      () => {
        throw undefined;
      },
    ],
    ['rejects', async () => Promise.reject(new Error('sink is down'))],
  ])('a listener that %s harms neither the call nor the others', async (_what, listener) => {
    const hub = new EventHub(new ManualClock());
    const heard: ClaudeEvent[] = [];
    hub.subscribe((what) => heard.push(what));
    hub.subscribe(listener);
    hub.subscribe((what) => heard.push(what));
    expect(() => hub.emit(event)).not.toThrow();
    await settle();
    expect(heard).toEqual([event, event]);
  });

  it('tells everybody when it was, by one look at each clock, or by that of whoever has just looked', async () => {
    const clock = new ManualClock(1_000);
    await clock.advance(5);
    let looks = 0;
    const counting = { nowMs: () => (looks++, clock.nowMs()), wallAt: (nowMs: number) => clock.wallAt(nowMs) };
    const hub = new EventHub(counting);
    const heard: number[][] = [];
    for (let n = 0; n < 3; n++) hub.subscribe((_event, wallMs, nowMs) => heard.push([wallMs, nowMs]));
    hub.emit(event);
    expect([looks, ...heard]).toEqual([1, [1_005, 5], [1_005, 5], [1_005, 5]]);
    hub.emit(event, 4);
    expect([looks, heard.at(-1)]).toEqual([1, [1_005, 4]]);
  });

  it('tells of the kinds that are asked for, and counts all of them', () => {
    const hub = new EventHub(new ManualClock());
    const heard: string[] = [];
    hub.subscribe(({ type }) => heard.push(type), ['queue.well', 'rollups.well']);
    for (const type of ['queue.well', 'rollups.well', 'queue.well'] as const) hub.emit({ type });
    hub.emit(event);
    expect([heard, hub.told]).toEqual([['queue.well', 'rollups.well', 'queue.well'], 4]);
  });

  it('stops telling who has left, also midway', () => {
    const hub = new EventHub(new ManualClock());
    const heard: string[] = [];
    const leave = hub.subscribe(() => {
      heard.push('once');
      leave();
    });
    hub.subscribe(() => heard.push('stays'));
    hub.emit(event);
    hub.emit(event);
    leave();
    expect(heard).toEqual(['once', 'stays', 'stays']);
  });
});
