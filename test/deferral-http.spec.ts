import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import {
  ClaudeDeferredHandler,
  ClaudeFallback,
  ClaudeQueue,
  ClaudeResilienceService,
  type ClaudeDeferredContext,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { MemoryRequestStore } from '../libs/claude-resilience/src/core/deferral/memory-request-store.js';
import { DeferredHandlers } from '../libs/claude-resilience/src/nest/deferred-handlers.js';
import { DeferredWorker } from '../libs/claude-resilience/src/nest/deferred-worker.js';
import { ClaudeRuntime } from '../libs/claude-resilience/src/runtime/claude-runtime.js';
import { struckStore, type Strike } from '../libs/claude-resilience/src/testing/struck-store.js';
import { claimedRequest } from '../libs/claude-resilience/src/testing/wanted-request.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions, type StartedApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const ASYNC = { prefer: 'respond-async' };

@Controller()
class Features {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async summarise(@Body() _body: { document: string }) {
    await this.claude.messages.create(PARAMS);
    return { summary: 'now' };
  }
}

@Injectable()
class Results {
  readonly seen: ClaudeDeferredContext[] = [];
  make: (context: ClaudeDeferredContext) => unknown = () => ({ summary: 'later' });

  @ClaudeDeferredHandler('summarisation')
  summary(_message: unknown, context: ClaudeDeferredContext) {
    this.seen.push(context);
    return this.make(context);
  }
}

const start = (claude: Partial<ClaudeResilienceOptions> = {}, more: Partial<AppOptions> = {}): Promise<StartedApp> =>
  startApp({
    claude: { baseURL: simulator.api.url, pacing: false, queue: { driver: 'memory' }, ...claude },
    controllers: [Features],
    providers: [Results],
    ...more,
  });

const withClock = async (claude: Partial<ClaudeResilienceOptions> = {}, more: Partial<AppOptions> = {}) => {
  const clock = new ManualClock();
  return { clock, ...(await start({ retryBudget: false, ...claude }, { clock, ...more })) };
};

const never = () => new Promise<never>(() => {});
const endedOf = ({ events }: StartedApp) => events.filter(({ type }) => type === 'request.ended');

/** What an SSE client gets, until it leaves or the server ends it. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const left = new AbortController();
  const response = await fetch(url, { headers, signal: left.signal });
  const seen = { text: '', isOver: false, status: response.status, leave: () => left.abort() };
  void (async () => {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) seen.text += part;
    seen.isOver = true;
  })().catch(() => (seen.isOver = true));
  return seen;
}

describe.each(['express', 'fastify'] as const)('following a request, on %s (R28)', (adapter) => {
  it('does not hold up a shutdown, not even by coming back while that waits for others', async () => {
    const { clock, app, url, post } = await withClock({}, { adapter });
    app.get(Results).make = never;
    const { body } = await post('/summaries', {}, ASYNC);
    await until(() => app.get(Results).seen.length === 1);
    const first = await listen(`${url}${body.eventsUrl}`);
    await until(() => first.text.includes('event: progress'));
    let isClosed = false;
    void app.close().then(() => (isClosed = true));
    await until(() => first.isOver);
    const second = await listen(`${url}${body.eventsUrl}`);
    await until(() => second.isOver);
    expect([second.status, isClosed]).toEqual([200, false]);
    await clock.advance(10_000);
    await until(() => isClosed);
  });

  it('costs nothing once the client has gone', async () => {
    const { clock, app, url, post, get } = await withClock({}, { adapter });
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    const before = clock.pendingTimers;
    const clients = await Promise.all(Array.from({ length: 5 }, () => listen(`${url}${body.eventsUrl}`)));
    await until(() => clients.every(({ text }) => text.includes('event: progress')));
    expect(clock.pendingTimers).toBeGreaterThan(before);
    for (const client of clients) client.leave();
    await until(() => clock.pendingTimers === before);
    await clock.advance(60_000);
    expect(clock.pendingTimers).toBe(before);
    expect((await get(body.statusUrl)).body).toMatchObject({ status: 'waiting' });
    // Node's client has opened a spare connection, and a server waits for one that was never used.
    app.getHttpServer().closeAllConnections();
  });

  it('says every 10 s that nothing has changed', async () => {
    const { clock, app, url, post } = await withClock({}, { adapter });
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    const client = await listen(`${url}${body.eventsUrl}`);
    await until(() => client.text.includes('event: progress'));
    expect(client.text.startsWith('retry: 3000\n\n')).toBe(true);
    await clock.advance(30_000);
    await until(() => client.text.split('event: progress').length === 5);
    client.leave();
  });

  it.each(['9007199254740991', '99999999999999999999', '-1', 'x', '1e3'])(
    'tells all to whoever claims to have seen number %s',
    async (seq) => {
      const { app, url, post } = await start({}, { adapter });
      app.get(ClaudeQueue).pause();
      const { body } = await post('/summaries', {}, ASYNC);
      const honest = await listen(`${url}${body.eventsUrl}`);
      const other = await listen(`${url}${body.eventsUrl}`, { 'last-event-id': `${body.requestId}:${seq}` });
      await until(() => honest.text.includes('event: progress') && other.text.includes('event: progress'));
      app.get(ClaudeQueue).resume();
      await until(() => honest.isOver && other.isOver);
      for (const { text } of [honest, other]) {
        expect(text.match(/^event: done$/gm)).toHaveLength(1);
        const last = /^id: (.*)\nevent: done$/m.exec(text)![1]!;
        const again = await fetch(`${url}${body.eventsUrl}`, { headers: { 'last-event-id': last } });
        expect(again.status).toBe(204);
      }
    },
  );
});

describe('cancelling by DELETE', () => {
  it('by many at a time is one end, told once, and each is told the same', async () => {
    const started = await start();
    const { app, post, delete: cancel } = started;
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    const answers = await Promise.all(Array.from({ length: 8 }, () => cancel(body.statusUrl)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(202);
    expect(endedOf(started)).toMatchObject([{ state: 'cancelled' }]);
    const { requests } = app.get(ClaudeResilienceService);
    const { requestId } = (await post('/summaries', {}, ASYNC)).body;
    await Promise.all([
      requests.cancel(requestId),
      requests.cancel(requestId),
      cancel(`/claude/requests/${requestId}`),
    ]);
    expect(endedOf(started)).toHaveLength(2);
  });

  it('ends a handler that hears nothing, at once: the next one is worked on', async () => {
    const { app, post, get, delete: cancel, nextEvent } = await start({ queue: { driver: 'memory', concurrency: 1 } });
    app.get(Results).make = never;
    const { body } = await post('/summaries', {}, ASYNC);
    await until(() => app.get(Results).seen.length === 1);
    app.get(Results).make = () => 'next';
    const other = await post('/summaries', {}, ASYNC);
    await cancel(body.statusUrl);
    expect(app.get(Results).seen[0]!.signal.aborted).toBe(true);
    await nextEvent('request.ended');
    expect((await get(other.body.statusUrl)).body).toMatchObject({ status: 'succeeded', result: 'next' });
    expect((await get(body.statusUrl)).body).toMatchObject({ status: 'cancelled' });
  });

  it('ends a call that the handler makes, too', async () => {
    const { app, post, delete: cancel } = await start();
    const outcomes: string[] = [];
    app.get(Results).make = async () => {
      simulator.api.scenario.add({ fault: 'hang', count: 1 });
      await app
        .get(ClaudeResilienceService)
        .messages.create(PARAMS, { defer: false })
        .catch((error: { code?: string }) => outcomes.push(error.code ?? ''));
    };
    const { body } = await post('/summaries', {}, ASYNC);
    await until(() => simulator.api.requests.list().length === 2);
    await cancel(body.statusUrl);
    await until(() => outcomes.length === 1);
    expect(outcomes).toEqual(['CLAUDE_CANCELLED']);
  });
});

describe('looking at a request', () => {
  it.each([
    ['as it was given', (tag: string) => tag, 304],
    ['made strong on its way', (tag: string) => tag.replace('W/', ''), 304],
    ['among others', (tag: string) => `"x", ${tag}`, 304],
    ['any', () => '*', 304],
    ['of something else', () => 'W/"x"', 200],
  ])('knows its tag %s', async (_how, known, status) => {
    const { app, post, get } = await start();
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    const tag = (await get(body.statusUrl)).headers.get('etag')!;
    expect((await get(body.statusUrl, { 'if-none-match': known(tag) })).status).toBe(status);
  });

  it.each([
    ['unreachable', { code: 'CLAUDE_REQUEST_STORE', trouble: 'unreachable', message: 'SECRET' }, 503],
    ['unreadable', { code: 'CLAUDE_REQUEST_CORRUPT', message: 'SECRET' }, 500],
  ])('is a problem in words for people when it is %s', async (_what, thrown, status) => {
    const strike: Strike & { -readonly [K in keyof Strike]: Strike[K] } = {};
    const store = struckStore(new MemoryRequestStore(), { before: (...given) => strike.before?.(...given) });
    const { app, post, get, delete: cancel } = await start({ queue: { store } });
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    strike.before = (word) => (word === 'get' ? Promise.reject(thrown) : undefined);
    for (const answer of [await get(body.statusUrl), await get(body.eventsUrl), await cancel(body.statusUrl)]) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(answer.body).toMatchObject({ code: thrown.code, message: expect.stringMatching(/^[A-Z].*\.$/) });
      expect(answer.text).not.toContain('SECRET');
    }
    strike.before = () => undefined;
    expect((await get(body.statusUrl)).status).toBe(200);
  });
});

describe('a handler', () => {
  it.each<[string, () => unknown]>([
    ['a BigInt', () => ({ n: 1n })],
    ['a circle', () => { const circle: { self?: unknown } = {}; circle.self = circle; return circle; }],
  ])('whose result has no JSON (%s) runs once, and the answer is kept for a redrive', async (_what, make) => {
    const { app, nextEvent } = await start();
    const claude = app.get(ClaudeResilienceService);
    app.get(Results).make = make;
    const ended = nextEvent('request.ended');
    const { requestId } = await claude.defer(PARAMS, { feature: 'summarisation' });
    expect(await ended).toMatchObject({ state: 'failed', attempts: 1, failure: { rule: 'deferred_result_is_no_json' } });
    app.get(Results).make = () => 'mended';
    const again = nextEvent('request.ended');
    await app.get(ClaudeQueue).redrive(requestId);
    expect(await again).toMatchObject({ state: 'succeeded' });
    expect([app.get(Results).seen.length, simulator.api.requests.list().length]).toEqual([2, 1]);
  }); // oxfmt-ignore

  it.each<[string, (context: ClaudeDeferredContext) => unknown]>([
    ['throws at once', () => { throw new Error('SECRET'); }],
    ['rejects', async () => Promise.reject(new Error('SECRET'))],
    ['rejects with nothing', async () => Promise.reject(undefined)],
    ['takes for ever', never],
  ])('that %s is asked again with the same answer', async (_what, make) => {
    const { clock, app, events } = await withClock({ deadlineMs: 30_000 });
    app.get(Results).make = make;
    await app.get(ClaudeResilienceService).defer(PARAMS, { feature: 'summarisation' });
    await until(() => app.get(Results).seen.length === 1);
    app.get(Results).make = () => 'mended';
    for (let n = 0; n < 100 && !events.some(({ type }) => type === 'request.ended'); n++) await clock.advance(1_000);
    expect(events.find(({ type }) => type === 'request.ended')).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(app.get(Results).seen[0]!.signal.aborted).toBe(true);
    expect(simulator.api.requests.list()).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('SECRET');
  }); // oxfmt-ignore

  it('is not asked in the name of a feature that is no longer there: that is a dead letter at once', async () => {
    const store = new MemoryRequestStore();
    const first = await withClock({ queue: { store, graceMs: 0 }, features: { extra: {} } });
    const answered = new Promise<void>((resolve) => {
      const storeAnswer = store.storeAnswer.bind(store);
      store.storeAnswer = async (...given) => (await storeAnswer(...given), first.app.get(ClaudeQueue).pause(), resolve());
    });
    const { requestId } = await first.app.get(ClaudeResilienceService).defer(PARAMS, { feature: 'extra' });
    await answered;
    const kept = (await store.get(requestId))!;
    expect(kept.state).toMatchObject({ answerJson: expect.any(String) });
    const again = new MemoryRequestStore();
    await again.enqueue({ ...kept, notBeforeMs: 0, deadlineMs: 9e12 }, Date.now());
    const claimed = (await again.claim({ nowMs: Date.now(), leaseMs: 60_000 }))!;
    const lease = { id: requestId, fencingNumber: claimed.state.fencingNumber };
    await again.storeAnswer(lease, '{"content":null}');
    await again.release(lease, Date.now());
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const { app } = await start({ queue: { store: again } });
    const dead = async () => (await app.get(ClaudeQueue).deadLetters()).requests;
    while ((await dead()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await dead()).toMatchObject([{ requestId, attempts: 1, failure: { kind: 'internal' } }]);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  }); // oxfmt-ignore
});

describe('a handler of what was cancelled before', () => {
  it('is not run', async () => {
    const { app } = await start();
    const claude = app.get(ClaudeResilienceService);
    const store = new MemoryRequestStore();
    const request = await claimedRequest(store, Date.now(), 60_000, { feature: 'summarisation' });
    const worker = new DeferredWorker(app.get(ClaudeRuntime), claude.messages, app.get(DeferredHandlers));
    const end = await worker.finish(request, '{"content":[]}', AbortSignal.abort());
    expect([end.ok, app.get(Results).seen]).toEqual([false, []]);
  });
});

describe('a handler that asks the API itself', () => {
  const atOnce = { baseDelayMs: 0, jitterMs: 0 };

  it('breeds no requests when it meets the rate limit, unless it asks for that', async () => {
    const { app } = await start({ retry: { rateLimited: atOnce } });
    const claude = app.get(ClaudeResilienceService);
    const codes: string[] = [];
    const asks = (defer?: true) => async () => {
      simulator.api.scenario.add({ fault: 'rate_limited', retryAfterSeconds: null, count: 6 });
      app.get(Results).make = () => 'done';
      await claude.messages
        .create(PARAMS, defer && { defer })
        .catch((error: { readonly code: string }) => codes.push(error.code));
      return 'done';
    };
    for (const defer of [undefined, true] as const) {
      app.get(Results).make = asks(defer);
      await claude.defer(PARAMS, { feature: 'summarisation' });
      await until(() => codes.length === (defer ? 2 : 1));
    }
    expect(codes).toEqual(['CLAUDE_RATE_LIMITED', 'CLAUDE_DEFERRED']);
  });
});

describe('what cannot be kept', () => {
  it('is refused before anything is promised', async () => {
    const { app } = await start();
    const claude = app.get(ClaudeResilienceService);
    const strange = { ...PARAMS, metadata: { user_id: 1n } } as never;
    await expect(claude.defer(strange)).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
    const late = claude.defer(PARAMS, { notBeforeMs: 5_000, deadlineMs: 5_000 });
    await expect(late).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
    expect(await app.get(ClaudeQueue).report()).toMatchObject({ waiting: { total: 0 } });
  });
});

describe('two processes on one store (R10)', () => {
  it('answer every request once, though one of them stops in the middle', async () => {
    const shared = new MemoryRequestStore();
    // Each closes what it was given; the other goes on.
    const store = () => new Proxy(shared, { get: (target, name) => (name === 'close' ? async () => {} : bound(target, name)) });
    const one = await start({ queue: { store: store(), pollMs: 50 } });
    const two = await start({ queue: { store: store(), pollMs: 50 } });
    const claude = one.app.get(ClaudeResilienceService);
    const ids: string[] = [];
    for (let n = 0; n < 40; n++) {
      ids.push((await claude.defer(PARAMS, { feature: 'summarisation' })).requestId);
      if (n === 20) void one.app.get(ClaudeQueue).resume();
    }
    await until(() => endedOf(one).length > 3);
    await one.app.close();
    const count = async () => (await shared.count('succeeded')).total;
    for (let n = 0; n < 2_000 && (await count()) < ids.length; n++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await count()).toBe(ids.length);
    const told = [...endedOf(one), ...endedOf(two)].map((event) => ('requestId' in event ? event.requestId : ''));
    expect([told.length, new Set(told).size]).toEqual([ids.length, ids.length]);
    expect(simulator.api.requests.list()).toHaveLength(ids.length);
  }); // oxfmt-ignore
});

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}
