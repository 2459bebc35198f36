import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Post, Res, UseInterceptors } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  ClaudeErrorClassificationInterceptor,
  ClaudeFallback,
  ClaudeResilienceModule,
  ClaudeResilienceService,
  ClaudeRetryInterceptor,
  type ClaudeEvent,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { defer, firstValueFrom, from, lastValueFrom, mergeMap, type Observable } from 'rxjs';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const ONCE = { maxRetries: 0 };
const NO_RETRIES = { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE };

async function start({ claude, ...rest }: AppOptions = {}) {
  const options = {
    baseURL: simulator.api.url,
    retry: NO_RETRIES,
    circuit: 'classic' as const,
    health: { details: true },
    ...claude,
  };
  const started = await startApp({ claude: options, ...rest });
  const client = new Anthropic({ apiKey: 'sk-ant-own', baseURL: simulator.api.url, maxRetries: 0 });
  const health = async () => (await started.get('/health/claude')).body.info.claude.features;
  return { ...started, client, health, claude: started.app.get(ClaudeResilienceService) };
}

const completed = (events: readonly ClaudeEvent[]) => events.filter(({ type }) => type === 'call.completed');

describe('calls inside calls', () => {
  it('a hung API opens the circuit also when the deadline comes before the timeout', async () => {
    const clock = new ManualClock();
    const { claude, events } = await start({ clock, claude: { deadlineMs: 1_000 } });
    simulator.api.scenario.set([{ fault: 'hang' }]);
    for (let call = 1; call <= 5; call++) {
      const failed = claude.run('generation', () => claude.messages.create(PARAMS)).catch((error: unknown) => error);
      await simulator.api.requests.whenReceived(call);
      await clock.advance(1_000);
      expect(await failed).toMatchObject({ kind: 'timeout' });
    }
    await expect(claude.run('generation', () => claude.messages.create(PARAMS))).rejects.toMatchObject({
      kind: 'circuit_open',
    });
    expect(completed(events)).toHaveLength(6);
  });

  it('calls of one handler share its time (R14)', async () => {
    @Controller()
    class Slow {
      constructor(readonly claude: ClaudeResilienceService) {}
      @Post('twice')
      @ClaudeFallback('default')
      async twice() {
        await this.claude.messages.create(PARAMS);
        await this.claude.messages.create(PARAMS);
        return 'never';
      }
    }
    const clock = new ManualClock();
    const { post, nextEvent } = await start({ clock, claude: { deadlineMs: 10_000, retry: {} }, controllers: [Slow] });
    simulator.api.scenario.set([
      { fault: 'rate_limited', retryAfterSeconds: 8, count: 1 },
      { fault: 'hang', skip: 1 },
    ]);
    const waits = nextEvent('retry.scheduled');
    const answer = post('/twice');
    await waits;
    await clock.advance(9_000);
    await simulator.api.requests.whenReceived(3);
    await clock.advance(1_000); // not ten more
    expect((await answer).status).toBe(504);
  });

  it('requests of the own client beside a service call are counted and told', async () => {
    const { claude, client, events } = await start();
    const ask = () =>
      claude.run('generation', async () => {
        await claude.messages.countTokens({ model: PARAMS.model, messages: PARAMS.messages });
        return client.messages.create(PARAMS);
      });
    simulator.api.scenario.set([{ fault: 'overloaded', when: { path: '/v1/messages' } }]);
    for (let call = 0; call < 5; call++) await expect(ask()).rejects.toMatchObject({ kind: 'overloaded' });
    await expect(ask()).rejects.toMatchObject({ kind: 'circuit_open' });
    expect(
      completed(events).filter((event) => 'failure' in event && event.failure?.kind === 'overloaded'),
    ).toHaveLength(5);
  });

  it('what outlives a run is on its own: neither its deadline nor its signal', async () => {
    const clock = new ManualClock();
    const { claude } = await start({ clock });
    let later: (() => void) | undefined;
    let kept: Promise<unknown> | undefined;
    await claude.run(
      'generation',
      () => {
        kept = new Promise<void>((resolve) => (later = resolve)).then(() => claude.messages.create(PARAMS));
        return 'done';
      },
      { deadlineMs: 1_000 },
    );
    await clock.advance(5_000);
    later?.();
    expect(await kept).toMatchObject({ role: 'assistant' });
  });

  it('a call ends with its own signal, and with that of what it is part of (R15)', async () => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'hang' }]);
    const outer = new AbortController();
    const own = new AbortController();
    let inner: Promise<unknown> | undefined;
    const run = claude.run(
      'generation',
      () => (inner = claude.messages.create(PARAMS, { signal: own.signal }).catch((error: unknown) => error)),
      { signal: outer.signal },
    );
    const ended = run.catch((error: unknown) => error);
    await simulator.api.requests.whenReceived(1);
    outer.abort();
    expect(await inner).toMatchObject({ kind: 'cancelled' });
    expect(await ended).toMatchObject({ kind: 'cancelled' });
  });

  it('a caller in a hurry is not held against the service', async () => {
    const clock = new ManualClock();
    const { claude, health } = await start({ clock });
    simulator.api.scenario.set([{ fault: 'hang', count: 6 }]);
    for (let call = 1; call <= 6; call++) {
      const failed = claude.messages
        .create(PARAMS, { feature: 'generation', deadlineMs: 20 })
        .catch((error: unknown) => error);
      await simulator.api.requests.whenReceived(call);
      await clock.advance(20);
      expect(await failed).toMatchObject({ kind: 'timeout', retryable: true });
    }
    expect((await health()).generation).toMatchObject({ circuit: 'closed', failures: 0 });
  });

  it('a timeout longer than a timer holds is no timeout at once', async () => {
    const { claude } = await start();
    expect(await claude.messages.create(PARAMS, { timeoutMs: 2 ** 33, deadlineMs: 2 ** 33 })).toMatchObject({
      role: 'assistant',
    });
  });
});

describe('decorated methods that answer with observables', () => {
  @Injectable()
  class Streams {
    readonly client = new Anthropic({ apiKey: 'sk-ant-own', baseURL: simulator.api.url, maxRetries: 0 });

    @ClaudeFallback('summarisation')
    of(_text: string): Observable<unknown> {
      return defer(() => from(this.client.messages.create(PARAMS)));
    }

    @ClaudeFallback('generation', { retry: true })
    again(): Observable<unknown> {
      return defer(() => from(this.client.messages.create(PARAMS).then(({ role }) => role)));
    }
  }

  async function opened() {
    const clock = new ManualClock();
    const started = await start({ clock, providers: [Streams] });
    const streams = started.app.get(Streams);
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    for (let call = 0; call < 5; call++) await lastValueFrom(streams.of('text'));
    return { ...started, clock, streams };
  }

  it('stay observables while the circuit is open', async () => {
    const { streams } = await opened();
    expect(await firstValueFrom(streams.of('text'))).toMatchObject({ summary: 'text', degraded: true });
    expect(simulator.api.requests.count()).toBe(5);
  });

  it('give the probe’s slot back when nobody listens any more, and take none before somebody does', async () => {
    const { streams, clock, claude } = await opened();
    simulator.api.scenario.clear();
    await clock.advance(60_000);
    streams.of('never subscribed');
    streams.of('left at once').subscribe().unsubscribe();
    expect(await claude.messages.create(PARAMS, { feature: 'summarisation' })).toMatchObject({ role: 'assistant' });
  });

  it('what a subscriber does with a value is not part of the feature', async () => {
    const { streams, claude, events } = await opened();
    await lastValueFrom(streams.of('text').pipe(mergeMap(() => claude.messages.create(PARAMS).catch(() => 'failed'))));
    expect(completed(events).at(-1)).toMatchObject({ call: { feature: 'default' } });
  });

  it('are awaited and repeated where that is asked for', async () => {
    const { app } = await start({
      providers: [Streams],
      claude: { retry: { overloaded: { baseDelayMs: 0, jitterMs: 0 } } },
    });
    simulator.api.scenario.set([{ fault: 'overloaded', count: 2 }]);
    expect(await (app.get(Streams).again() as unknown as Promise<unknown>)).toBe('assistant');
    expect(simulator.api.requests.count()).toBe(3);
  });
});

describe('decorated methods that call the SDK themselves', () => {
  @Injectable()
  class Direct {
    readonly client = new Anthropic({ apiKey: 'sk-ant-own', baseURL: simulator.api.url, maxRetries: 0 });

    @ClaudeFallback('summarisation')
    async of(_text: string): Promise<unknown> {
      return this.client.messages.create(PARAMS);
    }

    @ClaudeFallback('generation', { input: ({ missing }: { missing: { text: string } }) => missing.text })
    async withBadInput(_body: unknown): Promise<unknown> {
      return this.client.messages.create(PARAMS);
    }
  }

  it('tell what they met: a revoked key is no silent 200 (R4)', async () => {
    const { app, events } = await start({ providers: [Direct] });
    simulator.api.scenario.set([{ fault: 'authentication' }]);
    expect(await app.get(Direct).of('text')).toMatchObject({ degraded: true });
    expect(completed(events)).toMatchObject([{ outcome: 'failed', failure: { kind: 'authentication' } }]);
  });

  it('an input that cannot be had is a fallback that failed: the classified error follows (R26)', async () => {
    const { app } = await start({ providers: [Direct] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await expect(app.get(Direct).withBadInput({})).rejects.toMatchObject({ code: 'CLAUDE_OVERLOADED' });
  });

  it.each([
    ['summarisation', { paragraphs: ['a', 'b'] }],
    ['generation', { prompt: 'write me a poem' }],
    ['generation', 'write me a poem'],
  ])('a built-in fallback of %s invents nothing from %j', async (feature, input) => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await expect(claude.run(feature, () => claude.messages.create(PARAMS), { input })).rejects.toMatchObject({
      code: 'CLAUDE_OVERLOADED',
    });
  });
});

describe('among Nest’s other parts', () => {
  it('answers through @Res() and two owners of retrying are refused at bootstrap', async () => {
    @Controller()
    class Wrong {
      @Post('a')
      @ClaudeFallback('summarisation')
      async byHand(@Res() _response: unknown) {}

      @Post('b')
      @ClaudeFallback('summarisation')
      async passedOn(@Res({ passthrough: true }) _response: unknown) {}

      @Post('c')
      @UseInterceptors(ClaudeRetryInterceptor)
      @ClaudeFallback('summarisation')
      async repeated() {}

      @ClaudeFallback('summarisation')
      @ClaudeFallback('generation')
      async twice() {}
    }
    await expect(start({ controllers: [Wrong] })).rejects.toMatchObject({
      issues: [
        '@ClaudeFallback("summarisation") on Wrong.byHand: it answers through @Res() or @Next(), so a fallback could not; return the value, or use { passthrough: true }',
        '@ClaudeFallback("summarisation") on Wrong.repeated: ClaudeRetryInterceptor stands around it and sees only what the fallback left; use { retry: true } instead',
        '@ClaudeFallback("summarisation") on Wrong.twice: it has this decorator twice; keep one',
      ],
    });
  });

  it('a global classification interceptor does not overrule what a handler’s own says', async () => {
    @Controller()
    class Summaries {
      constructor(private readonly claude: ClaudeResilienceService) {}
      @Post('summaries')
      @ClaudeFallback('summarisation', { input: () => 'the original' })
      async summarise() {
        await this.claude.messages.create(PARAMS);
        return {};
      }
    }
    const { post } = await start({
      controllers: [Summaries],
      providers: [{ provide: APP_INTERCEPTOR, useClass: ClaudeErrorClassificationInterceptor }],
    });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await post('/summaries');
    expect(answer.headers.get('x-claude-outcome')).toBe('fallback');
    expect(answer.body).toMatchObject({ degraded: true });
  });

  it('forFeature needs no global module', async () => {
    @Module({
      imports: [ClaudeResilienceModule.forFeature({ chat: {} }), ClaudeResilienceModule.forFeature({ search: {} })],
    })
    class Features {}
    const testing = await Test.createTestingModule({
      imports: [
        ClaudeResilienceModule.forRoot({ apiKey: 'k', baseURL: simulator.api.url, isGlobal: false, logging: false }),
        Features,
      ],
    }).compile();
    const app = testing.createNestApplication();
    app.useLogger(false);
    await app.init();
    const claude = app.get(ClaudeResilienceService);
    for (const feature of ['chat', 'search']) {
      expect(await claude.messages.create(PARAMS, { feature })).toMatchObject({ role: 'assistant' });
    }
    await app.close();
  });
});
