import { describe, expect, it } from '@jest/globals';
import { settle } from '../testing/index.js';
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
    const hub = new EventHub();
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
    expect(() => new EventHub().emit(event)).not.toThrow();
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
    const hub = new EventHub();
    const heard: ClaudeEvent[] = [];
    hub.subscribe((what) => heard.push(what));
    hub.subscribe(listener);
    hub.subscribe((what) => heard.push(what));
    expect(() => hub.emit(event)).not.toThrow();
    await settle();
    expect(heard).toEqual([event, event]);
  });

  it('stops telling who has left, also midway', () => {
    const hub = new EventHub();
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
