import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ClaudeCircuits,
  ClaudeEvents,
  ClaudeInvalidOptionsError,
  ClaudeResilienceService,
  type ClaudeEvent,
  type ClaudeEventOf,
} from 'nestjs-claude-resilience';
import { settle } from 'nestjs-claude-resilience/testing';
import { closeApps, startApp } from './support/start-app.js';
import { useSimulator } from './support/simulator.js';

const simulator = useSimulator();
afterEach(closeApps);

const params = { model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0, maxRetries: 1 };

async function start() {
  const { app } = await startApp({
    claude: { apiKey: 'k', baseURL: simulator.api.url, retry: { overloaded: AT_ONCE } },
  });
  const claude = app.get(ClaudeResilienceService);
  const ask = (feature = 'summarisation') => claude.messages.create(params, { feature });
  return { app, claude, ask, events: app.get(ClaudeEvents) };
}

describe('ClaudeEvents (R35)', () => {
  it('by kind: a listener hears of its own, and nothing else', async () => {
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    const { events, ask } = await start();
    const heard: [kind: string, n: number][] = [];
    const stop = events.on('retry.scheduled', ({ kind, attempt }) => heard.push([kind, attempt]));
    await ask();
    await settle();
    expect(heard).toEqual([['overloaded', 1]]);
    stop();
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    await ask();
    await settle();
    expect(heard).toHaveLength(1);
  });

  it('has told of a call by the time its caller goes on', async () => {
    const { events, ask } = await start();
    const heard: string[] = [];
    events.on('call.completed', ({ outcome }) => heard.push(outcome));
    await ask();
    expect(heard).toEqual(['served']);
  });

  it.each<[what: string, listener: (event: ClaudeEvent) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('x');
      },
    ],
    ['rejects', () => Promise.reject(new Error('x'))],
    ['never settles', () => new Promise(() => {})],
    [
      'writes over what it hears',
      (event) => {
        (event as { type: string }).type = 'mine';
      },
    ],
    [
      'writes over the failure that decides on the retry',
      (event) => {
        if (event.type === 'attempt.failed') (event.failure as { retryable: boolean }).retryable = false;
      },
    ],
    [
      'writes over the call',
      (event) => {
        if (event.type === 'attempt.failed') (event.call.targets as unknown[]).length = 0;
      },
    ],
  ])('a subscriber that %s changes nothing: not the call, not what others hear', async (_what, listener) => {
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    const { events, ask } = await start();
    events.subscribe(listener);
    events.stream().subscribe(listener);
    const heard: string[] = [];
    events.subscribe(({ type }) => heard.push(type));
    expect((await ask()).content).toHaveLength(1);
    await settle();
    expect(heard.filter((type) => type !== 'subscriber.troubled')).toEqual([
      'attempt.failed',
      'retry.scheduled',
      'call.completed',
    ]);
  });

  it('a subscriber may call Claude: outside the call it heard of, with a permit of its own', async () => {
    const { events, claude, ask } = await start();
    const answers: unknown[] = [];
    const ids: string[] = [];
    events.on('call.completed', async ({ call }) => {
      ids.push(call.id);
      if (call.feature === 'summarisation') answers.push(await ask('classification'));
    });
    await claude.run('summarisation', () => ask(), { deadlineMs: 5_000 });
    while (ids.length < 2) await settle();
    expect(answers).toHaveLength(1);
    expect(new Set(ids).size).toBe(2);
  });

  it('one after the other, with for await; leaving the loop ends it', async () => {
    const { events, ask } = await start();
    const read = events.read({ types: ['call.completed', 'attempt.failed'] });
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    await ask();
    const heard: string[] = [];
    for await (const { type, call } of read) {
      heard.push(type);
      expect(call.feature).toBe('summarisation');
      if (type === 'call.completed') break;
    }
    expect(heard).toEqual(['attempt.failed', 'call.completed']);
    await ask();
    expect((await read.next()).value).toBeUndefined();
  });

  it('a reader that is behind has the newest, and is told what it missed', async () => {
    const { events, ask } = await start();
    const heard: ClaudeEventOf<'subscriber.troubled'>[] = [];
    events.on('subscriber.troubled', (event) => heard.push(event));
    const read = events.read({ types: ['call.completed'], buffer: 2 });
    for (let n = 0; n < 5; n++) await ask(n < 3 ? 'summarisation' : 'classification');
    expect(events.dropped).toBe(3);
    for (let n = 0; n < 2; n++) {
      const { value } = await read.next();
      expect(value?.call.feature).toBe('classification');
    }
    await read.return?.();
    await settle();
    expect(heard.map(({ subscriber, dropped }) => [subscriber, dropped])).toEqual([
      ['iterator', 1],
      ['iterator', 2],
    ]);
  });

  it('a signal ends the reading', async () => {
    const { events } = await start();
    const controller = new AbortController();
    const next = events.read({ signal: controller.signal }).next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await events.read({ signal: controller.signal }).next()).toEqual({ done: true, value: undefined });
  });

  it('ends with the application: nothing is told, nothing waits, nothing is held', async () => {
    const { app, events, ask } = await start();
    const heard: string[] = [];
    events.subscribe(({ type }) => heard.push(type));
    const completed = Promise.withResolvers<void>();
    events.stream().subscribe({ complete: completed.resolve });
    const [reading] = [events[Symbol.asyncIterator]()];
    await ask();
    expect((await reading.next()).value?.type).toBe('call.completed');
    const next = reading.next();
    await closeApps();
    expect(await next).toEqual({ done: true, value: undefined });
    await completed.promise;
    const before = heard.length;
    const hold = { by: 'a test', reason: 'x', forMs: 1_000 };
    app.get(ClaudeCircuits).forceOpen('summarisation', hold);
    events.subscribe(({ type }) => heard.push(type));
    app.get(ClaudeCircuits).forceOpen('classification', hold);
    await settle();
    expect(heard).toHaveLength(before);
  });

  it.each<[what: string, wrong: (events: ClaudeEvents) => unknown]>([
    ['buffer', (events) => events.read({ buffer: 0 })],
    ['types', (events) => events.read({ types: 'call.completed' as never })],
    ['listener', (events) => events.subscribe(undefined as never)],
    ['listener', (events) => events.on('call.completed', {} as never)],
  ])('says what is wrong with %s', async (what, wrong) => {
    const { events } = await start();
    expect(() => wrong(events)).toThrow(ClaudeInvalidOptionsError);
    expect(() => wrong(events)).toThrow(what);
  });
});
