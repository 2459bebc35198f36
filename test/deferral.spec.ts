import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import {
  ClaudeCallError,
  ClaudeDeferredError,
  ClaudeDeferredHandler,
  ClaudeFallback,
  ClaudeQueue,
  ClaudeResilienceService,
  type ClaudeDeferredContext,
  type ClaudeOutcome,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { MemoryRequestStore } from '../libs/claude-resilience/src/core/deferral/memory-request-store.js';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions, type StartedApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const claudeOptions = (): ClaudeResilienceOptions => ({
  baseURL: simulator.api.url,
  pacing: false,
  retry: { overloaded: AT_ONCE, serverError: AT_ONCE, connection: AT_ONCE, timeout: AT_ONCE, rateLimited: AT_ONCE },
  queue: { driver: 'memory', ownerOf: ({ headers }: { headers: Record<string, string> }) => headers['x-user'] },
});

@Controller()
class Features {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async summarise(@Body() _body: { document: string }) {
    const { content } = await this.claude.messages.create(PARAMS);
    return { summary: content };
  }

  @Post('now-or-never')
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async nowOrNever(@Body() _body: { document: string }) {
    await this.claude.messages.create(PARAMS, { defer: false });
    return { summary: 'now' };
  }

  /** No fallback. */
  @Post('answers')
  @HttpCode(200)
  @ClaudeFallback('chat')
  async chat() {
    await this.claude.messages.create(PARAMS);
    return { text: 'now' };
  }
}

@Injectable()
class Results {
  readonly seen: ClaudeDeferredContext[] = [];
  fails = 0;

  @ClaudeDeferredHandler('summarisation')
  summary(message: { readonly content: readonly unknown[] }, context: ClaudeDeferredContext) {
    this.seen.push(context);
    if (this.fails-- > 0) throw new Error('SECRET of the handler');
    return { summary: 'later', blocks: message.content.length };
  }
}

const start = (claude: Partial<ClaudeResilienceOptions> = {}, more: Partial<AppOptions> = {}): Promise<StartedApp> =>
  startApp({
    claude: { ...claudeOptions(), features: { chat: {} }, ...claude },
    controllers: [Features],
    providers: [Results],
    ...more,
  });

const withoutId = ({ text }: { text: string }) => text.replace(/"correlationId":"[^"]*"/, '');

const withClock = async (claude: Partial<ClaudeResilienceOptions> = {}) => {
  const clock = new ManualClock();
  return { clock, ...(await start({ retryBudget: false, ...claude }, { clock })) };
};

const ASYNC = { prefer: 'wait=5, Respond-Async;x=1' };
const LIMITED = { fault: 'rate_limited', retryAfterSeconds: null } as const;

describe.each(['express', 'fastify'] as const)('a client that would rather be told later, on %s', (adapter) => {
  it('is answered 202 at once, and finds the result where it was told to look', async () => {
    const { app, post, get, nextEvent } = await start({}, { adapter });
    app.get(ClaudeQueue).pause();
    const taken = await post('/summaries', { document: 'x' }, ASYNC);
    expect([taken.status, taken.headers.get('x-claude-outcome'), taken.headers.get('preference-applied')]).toEqual([
      202,
      'deferred',
      'respond-async',
    ]);
    const { requestId, statusUrl, eventsUrl } = taken.body;
    expect(taken.body).toEqual({
      requestId: expect.stringMatching(/^[\w-]{22}$/),
      status: 'waiting',
      statusUrl: `/claude/requests/${requestId}`,
      eventsUrl: `/claude/requests/${requestId}/events`,
      message: 'Your request has been saved and will be answered as soon as possible.',
    });
    expect(taken.headers.get('location')).toBe(statusUrl);
    expect(taken.headers.get('retry-after')).toBe('2');
    expect(simulator.api.requests.list()).toHaveLength(0);

    const waiting = await get(statusUrl);
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([200, '2']);
    expect(waiting.body).toMatchObject({ requestId, status: 'waiting', position: 1, statusUrl, eventsUrl });
    const tag = waiting.headers.get('etag')!;
    expect((await get(statusUrl, { 'if-none-match': tag })).status).toBe(304);

    const ended = nextEvent('request.ended');
    app.get(ClaudeQueue).resume();
    await ended;
    const done = await get(statusUrl, { 'if-none-match': tag });
    expect(done.status).toBe(200);
    expect(done.headers.get('retry-after')).toBeNull();
    expect(done.body).toMatchObject({
      status: 'succeeded',
      message: 'Your result is ready.',
      result: { summary: 'later', blocks: 1 },
    });
    expect(done.text).not.toMatch(/claude-|msg_|anthropic/i);
    expect(app.get(Results).seen).toMatchObject([{ requestId, feature: 'summarisation', params: PARAMS }]);
  });

  it('follows it as server-sent events, from where it left off', async () => {
    const { app, url, post } = await start({}, { adapter });
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, { ...ASYNC, 'accept-language': 'de' });
    const first = await follow(`${url}${body.eventsUrl}`, { 'accept-language': 'de' });
    expect(await first.next()).toMatchObject({ event: 'accepted', data: { status: 'waiting' } });
    const queued = await first.next();
    expect(queued).toMatchObject({
      event: 'progress',
      data: { phase: 'queued', position: 1, message: 'Ihre Anfrage steht in der Warteschlange auf Platz 1.' },
    });
    await first.leave();
    app.get(ClaudeQueue).resume();
    const second = await follow(`${url}${body.eventsUrl}`, { 'last-event-id': queued.id });
    let last = await second.next();
    while (last.event === 'progress') last = await second.next();
    expect(last).toMatchObject({ event: 'done', data: { result: { summary: 'later' } } });
    expect(Number(last.id.split(':')[1])).toBeGreaterThan(Number(queued.id.split(':')[1]));
    expect(await second.ended).toBe(true);
    const again = await fetch(`${url}${body.eventsUrl}`, { headers: { 'last-event-id': last.id } });
    expect(again.status).toBe(204);
  });

  it('cancels by DELETE, again and again, and too late after the end', async () => {
    const { app, post, get, delete: cancel, nextEvent } = await start({}, { adapter });
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    for (let time = 0; time < 2; time++) {
      const answer = await cancel(body.statusUrl);
      expect([answer.status, answer.body]).toEqual([
        202,
        { requestId: body.requestId, status: 'cancelled', message: 'This request was cancelled.' },
      ]);
    }
    const other = await post('/summaries', {}, ASYNC);
    const ended = nextEvent('request.ended');
    app.get(ClaudeQueue).resume();
    expect(await ended).toMatchObject({ state: 'succeeded', requestId: other.body.requestId });
    const late = await cancel(other.body.statusUrl);
    expect([late.status, late.headers.get('content-type')]).toEqual([
      409,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(late.body).toMatchObject({ code: 'CLAUDE_REQUEST_CLOSED', status: 409 });
    expect((await get(body.statusUrl)).body).toMatchObject({ status: 'cancelled' });
    expect(simulator.api.requests.list()).toHaveLength(1);
  });

  it('names what went wrong by the id its caller gave, and says what became of a request that was there', async () => {
    const { app, get, nextEvent } = await start({}, { adapter });
    const missing = await get('/claude/requests/nothing', { 'x-correlation-id': 'of-the-caller-1' });
    expect(missing.body).toMatchObject({ correlationId: 'of-the-caller-1' });
    expect(missing.headers.get('cache-control')).toBe('no-store');
    const claude = app.get(ClaudeResilienceService);
    const ended = nextEvent('request.ended');
    const terms = { feature: 'chat', idempotencyKey: 'again' };
    await claude.defer(PARAMS, terms);
    await ended;
    expect(await claude.defer(PARAMS, terms)).toMatchObject({ status: 'succeeded' });
    const error: unknown = await claude.requests.cancel('a-secret-id').catch((thrown: unknown) => thrown);
    expect(`${JSON.stringify(error)} ${String(error)}`).not.toContain('a-secret-id');
    expect(error).toMatchObject({ code: 'CLAUDE_REQUEST_NOT_FOUND', id: 'a-secret-id' });
  });

  it('shows strangers what it shows for ids that do not exist', async () => {
    const { post, get, delete: cancel } = await start({}, { adapter });
    const { body } = await post('/summaries', {}, { ...ASYNC, 'x-user': 'ann' });
    const nobody = await get('/claude/requests/nothing');
    for (const headers of [{}, { 'x-user': 'bob' }]) {
      for (const answer of [
        await get(body.statusUrl, headers),
        await get(body.eventsUrl, headers),
        await cancel(body.statusUrl, headers),
      ]) {
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(withoutId(answer)).toBe(withoutId(nobody));
      }
    }
    expect((await get(body.statusUrl, { 'x-user': 'ann' })).status).toBe(200);
  });
});

describe('the API at its rate limit (R10)', () => {
  it('puts a call into the queue after five retries, instead of failing or a fallback, and answers it later', async () => {
    simulator.api.scenario.add({ ...LIMITED, count: 6 });
    const { app, post, get, nextEvent, events } = await start();
    app.get(ClaudeQueue).pause();
    const taken = await post('/summaries', { document: 'x' });
    expect([taken.status, taken.headers.get('x-claude-outcome'), taken.headers.get('preference-applied')]).toEqual([
      202,
      'deferred',
      null,
    ]);
    expect(simulator.api.requests.list()).toHaveLength(6);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['call.completed', 'request.deferred']));
    const ended = nextEvent('request.ended');
    app.get(ClaudeQueue).resume();
    expect(await ended).toMatchObject({ state: 'succeeded', attempts: 1 });
    expect((await get(taken.body.statusUrl)).body).toMatchObject({ result: { summary: 'later' } });
  });

  it.each([
    ['the call says no', '/now-or-never', {}, 200],
    ['the feature says no', '/summaries', { features: { chat: {}, summarisation: { defer: false } } }, 200],
    ['there is no queue', '/summaries', { queue: false }, 200],
    ['there is no queue, and nothing else', '/answers', { queue: false, features: { chat: {} } }, 503],
  ] as const)('falls back, or fails, when %s', async (_when, path, claude, status) => {
    simulator.api.scenario.add({ ...LIMITED });
    const { post, events } = await start(claude);
    expect((await post(path, { document: 'x' })).status).toBe(status);
    expect(events.some(({ type }) => type === 'request.deferred')).toBe(false);
  });

  it('leaves other failures to the fallback, unless the feature defers them', async () => {
    simulator.api.scenario.add({ fault: 'overloaded', count: 8 });
    const circuit = false as const;
    const plain = await start({ circuit });
    expect((await plain.post('/summaries', { document: 'x' })).headers.get('x-claude-outcome')).toBe('fallback');
    const deferring = await start({ circuit, features: { chat: {}, summarisation: { defer: ['overloaded'] } } });
    expect((await deferring.post('/summaries')).status).toBe(202);
  });

  it('keeps what went wrong first when the queue is full', async () => {
    simulator.api.scenario.add({ ...LIMITED });
    const { app, post, events } = await start({ queue: { driver: 'memory', maxOpen: 1 } });
    app.get(ClaudeQueue).pause();
    expect((await post('/answers')).status).toBe(202);
    expect((await post('/answers')).status).toBe(503);
    expect(events.filter(({ type }) => type === 'request.not_deferred')).toMatchObject([
      { errorCode: 'CLAUDE_REQUEST_QUEUE_FULL' },
    ]);
    // A preference is none that could not be met.
    simulator.api.scenario.clear();
    expect((await post('/summaries', {}, ASYNC)).status).toBe(200);
  });
});

describe('an application that defers by itself', () => {
  it('gets the same request for the same key of the same owner, and the result for all', async () => {
    const { app, nextEvent } = await start();
    const claude = app.get(ClaudeResilienceService);
    app.get(ClaudeQueue).pause();
    const terms = { feature: 'summarisation', owner: 'ann', idempotencyKey: 'k', priority: 'background' } as const;
    const one = await claude.defer(PARAMS, terms);
    expect(await claude.defer(PARAMS, terms)).toMatchObject({ requestId: one.requestId });
    const other = await claude.defer(PARAMS, { ...terms, owner: 'bob' });
    expect(other.requestId).not.toBe(one.requestId);
    expect(await app.get(ClaudeQueue).report()).toMatchObject({ state: 'paused', active: 0, waiting: { total: 2 } });
    const ended = nextEvent('request.ended');
    app.get(ClaudeQueue).resume();
    await ended;
    const watched: string[] = [];
    for await (const { type, request } of claude.requests.watch(other.requestId))
      watched.push(`${type} ${request.status}`);
    expect(watched.at(-1)).toBe('ended succeeded');
    expect(await claude.requests.get(one.requestId)).toMatchObject({
      status: 'succeeded',
      result: { summary: 'later' },
    });
    expect((await claude.requests.endedOf('ann')).map(({ requestId }) => requestId)).toEqual([one.requestId]);
    await expect(claude.requests.cancel(one.requestId)).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_CLOSED' });
    await expect(claude.requests.cancel('none')).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_NOT_FOUND' });
  });

  it('is told plainly that there is no queue, or what is wrong with its terms', async () => {
    const without = await start({ queue: false });
    await expect(without.app.get(ClaudeResilienceService).defer(PARAMS)).rejects.toThrow('give the module a `queue`');
    expect((await without.get('/claude/requests/x')).status).toBe(404);
    const { app } = await start();
    const wrong = { deadlineMs: 0, notBeforeMs: -1, notify: [{ channel: 'pigeon' }], owner: '' };
    const refusal = app.get(ClaudeResilienceService).defer(PARAMS, wrong as never);
    await expect(refusal).rejects.toThrow(/owner[^]*notify[^]*deadlineMs[^]*notBeforeMs/);
  });

  it('gets the text alone where no handler is, never models or ids', async () => {
    const { app, nextEvent } = await start();
    const claude = app.get(ClaudeResilienceService);
    const ended = nextEvent('request.ended');
    const { requestId } = await claude.defer(PARAMS, { feature: 'chat' });
    await ended;
    expect((await claude.requests.get(requestId))?.result).toEqual({ text: expect.any(String) });
  });

  it('sees in a run that a call inside was deferred: nothing is repeated, and nobody is judged', async () => {
    simulator.api.scenario.add({ ...LIMITED, count: 6 });
    const { app } = await start({ circuit: { failureThreshold: 1 } });
    app.get(ClaudeQueue).pause();
    const claude = app.get(ClaudeResilienceService);
    let runs = 0;
    const outcome: ClaudeOutcome<unknown> = await claude.run('summarisation', async () => {
      runs++;
      return claude.messages.create(PARAMS);
    });
    expect(outcome).toMatchObject({ status: 'deferred', requestId: expect.any(String) });
    expect([runs, simulator.api.requests.list().length]).toEqual([1, 6]);
  });

  it('catches a typed error that no logger can read the secret from', async () => {
    simulator.api.scenario.add({ ...LIMITED, count: 6 });
    const { app } = await start();
    app.get(ClaudeQueue).pause();
    const error: unknown = await app
      .get(ClaudeResilienceService)
      .messages.create(PARAMS)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClaudeDeferredError);
    expect(error).not.toBeInstanceOf(ClaudeCallError);
    const { requestId, code } = error as ClaudeDeferredError;
    expect(code).toBe('CLAUDE_DEFERRED');
    expect(`${JSON.stringify(error)} ${String(error)} ${(error as Error).stack}`).not.toContain(requestId);
  });
});

const wishesOf = ({ headers }: { headers: Record<string, string> }) =>
  headers['x-user'] === 'ann' ? ([{ channel: 'in_app', when: 'always' }] as const) : [];
const wrongWishes = () => [{ channel: 'pigeon' }] as never;

describe('who is told of the end (R28)', () => {
  it.each([
    ['what the application says of the request', {}, [{ channel: 'in_app', when: 'always' }]],
    ['what the call says', { defer: { notify: [] } }, []],
  ] as const)('is %s', async (_who, options, wishes) => {
    const kept: unknown[] = [];
    class Store extends MemoryRequestStore {
      override async enqueue(...given: Parameters<MemoryRequestStore['enqueue']>) {
        kept.push(given[0].notify);
        return super.enqueue(...given);
      }
    }
    @Controller()
    class Asking {
      constructor(private readonly claude: ClaudeResilienceService) {}
      @Post('ask')
      @ClaudeFallback('summarisation')
      async ask() {
        return this.claude.messages.create(PARAMS, options);
      }
    }
    const { post } = await start({ queue: { store: new Store(), notifyOf: wishesOf } }, { controllers: [Asking] });
    expect((await post('/ask', {}, { ...ASYNC, 'x-user': 'ann' })).status).toBe(202);
    expect(kept).toEqual([wishes]);
  });

  it('is asked for in a form that can work, or the call is answered at once', async () => {
    const { post, events } = await start({ queue: { driver: 'memory', notifyOf: wrongWishes } });
    expect((await post('/summaries', { document: 'x' }, ASYNC)).status).toBe(200);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'request.not_deferred', errorCode: 'CLAUDE_INVALID_OPTIONS' }),
    );
  });

  it('lists what ended for whoever it belongs to, and nothing to others', async () => {
    const { post, get, nextEvent } = await start();
    const ended = nextEvent('request.ended');
    const { body } = await post('/summaries', {}, { ...ASYNC, 'x-user': 'ann' });
    await ended;
    const { body: seen, headers } = await get('/claude/notifications', { 'x-user': 'ann' });
    expect(seen).toEqual({
      notifications: [
        {
          requestId: body.requestId,
          status: 'succeeded',
          message: 'Your result is ready.',
          statusUrl: body.statusUrl,
          endedAt: expect.any(String),
        },
      ],
    });
    expect(headers.get('cache-control')).toBe('private, no-cache');
    for (const user of [{}, { 'x-user': 'bob' }]) {
      expect((await get('/claude/notifications', user)).body).toEqual({ notifications: [] });
    }
  });
});

describe('what goes wrong with a deferred request', () => {
  it('does not pay twice when the handler fails: it is asked again with the same answer', async () => {
    const { clock, app, events } = await withClock();
    app.get(Results).fails = 1;
    const { requestId } = await app.get(ClaudeResilienceService).defer(PARAMS, { feature: 'summarisation' });
    await until(() => app.get(Results).seen.length === 1);
    while (!events.some(({ type }) => type === 'request.ended')) await clock.advance(1_000);
    expect(app.get(Results).seen).toHaveLength(2);
    expect(simulator.api.requests.list()).toHaveLength(1);
    expect(await app.get(ClaudeResilienceService).requests.get(requestId)).toMatchObject({
      status: 'succeeded',
      attempts: 2,
      result: { summary: 'later' },
    });
    expect(JSON.stringify(events)).not.toContain('SECRET');
  });

  it('is a dead letter when no repeating helps, told as a problem, and can be tried again', async () => {
    simulator.api.scenario.add({ fault: 'invalid_request', count: 1 });
    const { app, get, nextEvent, post } = await start();
    const ended = nextEvent('request.ended');
    const { body } = await post('/summaries', {}, ASYNC);
    expect(await ended).toMatchObject({ state: 'failed', failure: { kind: 'invalid_request' } });
    const failed = await get(body.statusUrl);
    expect(failed.status).toBe(200);
    expect(failed.body).toMatchObject({ status: 'failed', problem: { code: 'CLAUDE_INVALID_REQUEST', status: 422 } });
    const queue = app.get(ClaudeQueue);
    const { requests } = await queue.deadLetters();
    expect(requests).toMatchObject([{ requestId: body.requestId, failure: { kind: 'invalid_request' } }]);
    const again = nextEvent('request.ended');
    const { requestId } = await queue.redrive(body.requestId);
    expect(await again).toMatchObject({ state: 'succeeded', requestId });
    await expect(queue.redrive('none')).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_NOT_FOUND' });
  });

  it('waits out an open circuit without counting it as a try', async () => {
    const { clock, app, events } = await withClock({ circuit: { failureThreshold: 3, cooldownMs: 20_000 } });
    simulator.api.scenario.add({ fault: 'overloaded', count: 3 });
    const claude = app.get(ClaudeResilienceService);
    await claude.defer(PARAMS, { feature: 'summarisation' });
    while (!events.some(({ type }) => type === 'circuit.transitioned')) await clock.advance(10);
    const sent = simulator.api.requests.list().length;
    await clock.advance(15_000);
    expect(simulator.api.requests.list()).toHaveLength(sent);
    while (!events.some(({ type }) => type === 'request.ended')) await clock.advance(1_000);
    expect(events.find(({ type }) => type === 'request.ended')).toMatchObject({ state: 'succeeded' });
  });

  it('is the probe of its circuit, at the moment when one may go', async () => {
    const circuit = { failureThreshold: 3, cooldownMs: 20_000, whenOpen: 'refuse' } as const;
    const { clock, app, events } = await withClock({ circuit, queue: { driver: 'memory', pollMs: 3_600_000 } });
    simulator.api.scenario.add({ fault: 'overloaded', count: 3 });
    const claude = app.get(ClaudeResilienceService);
    const failing = claude.messages.create(PARAMS, { feature: 'chat', defer: false }).catch(() => {});
    while (!events.some(({ type }) => type === 'circuit.transitioned')) await clock.advance(10);
    await failing;
    const openedAtMs = clock.nowMs();
    await claude.defer(PARAMS, { feature: 'chat', priority: 'background' });
    await clock.advance(19_000 - (clock.nowMs() - openedAtMs));
    expect(simulator.api.requests.count()).toBe(3);
    await clock.advance(1_000);
    await until(() => simulator.api.requests.count() === 4);
    await until(() => events.some(({ type }) => type === 'request.ended'));
    const states = events.flatMap((event) => (event.type === 'circuit.transitioned' ? [event.to.name] : []));
    expect(states).toEqual(['open', 'half_open', 'closed']);
  });

  it('expires at its deadline, and says so', async () => {
    const { clock, app, get, post, nextEvent } = await withClock({ queue: { driver: 'memory', deadlineMs: 60_000 } });
    app.get(ClaudeQueue).pause();
    const { body } = await post('/summaries', {}, ASYNC);
    const ended = nextEvent('request.ended');
    await clock.advance(61_000);
    expect(await ended).toMatchObject({ state: 'expired', attempts: 0 });
    expect((await get(body.statusUrl)).body).toMatchObject({ status: 'expired', problem: { code: 'CLAUDE_TIMEOUT' } });
  });
});

/** Server-sent events, one at a time. */
async function follow(url: string, headers: Record<string, string> = {}) {
  const left = new AbortController();
  const response = await fetch(url, { headers, signal: left.signal });
  if (response.body === null || response.status !== 200) throw new Error(`${response.status} instead of events`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const { promise: ended, resolve } = Promise.withResolvers<boolean>();
  return {
    ended,
    leave: async () => {
      left.abort();
    },
    async next(): Promise<{ id: string; event: string; data: Record<string, unknown> }> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const frame = text.slice(0, end);
          text = text.slice(end + 2);
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];
          const data = field('data');
          if (data === undefined) continue;
          const event = { id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) };
          if (event.event === 'done') void reader.read().then(({ done }) => resolve(done));
          return event;
        }
        const { done, value } = await reader.read();
        if (done) throw new Error('The events have ended');
        text += value;
      }
    },
  };
}
