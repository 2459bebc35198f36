import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Inject, Injectable, NotFoundException, Post, Scope } from '@nestjs/common';
import {
  ClaudeFallback,
  ClaudeFallbackHandler,
  ClaudeFallbackProvider,
  ClaudeResilienceService,
  ReviewList,
  SummarisationFallback,
  type ClaudeOutcome,
  type ClaudeResilienceOptions,
  type FallbackContext,
} from 'nestjs-claude-resilience';
import { concat, from, lastValueFrom, of, throwError, toArray, type Observable } from 'rxjs';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const claudeOptions = () => ({
  baseURL: simulator.api.url,
  pacing: false as const, // several failures after one another would be spaced
  retry: { overloaded: AT_ONCE, serverError: AT_ONCE, connection: AT_ONCE, timeout: AT_ONCE, rateLimited: AT_ONCE },
});

@Controller()
class Features {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async summarise(@Body() _body: { document: string }) {
    await this.claude.messages.create(PARAMS);
    return { summary: 'short' };
  }

  // The other order of decorators: what @Post leaves on the method must survive the wrapping.
  @ClaudeFallback('classification')
  @HttpCode(200)
  @Post('classifications')
  async classify(@Body() _body: { text: string }) {
    await this.claude.messages.create(PARAMS);
    return { label: 'invoice' };
  }

  @Post('drafts')
  @HttpCode(200)
  @ClaudeFallback('generation')
  async draft(@Body() _body: { template: string }) {
    await this.claude.messages.create(PARAMS);
    return { text: 'written' };
  }

  @Post('missing')
  @ClaudeFallback('summarisation')
  async missing(): Promise<never> {
    throw new NotFoundException('no such document');
  }
}

describe.each(['express', 'fastify'] as const)('built-in fallbacks over HTTP on %s (R23-R26, R29)', (adapter) => {
  const start = () => startApp({ adapter, claude: claudeOptions(), controllers: [Features] });

  it('served is served, and said so', async () => {
    const { post } = await start();
    const answer = await post('/summaries', { document: 'A long story.' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-claude-outcome')).toBe('served');
    expect(answer.body).toEqual({ summary: 'short' });
  });

  it.each([
    ['/summaries', { document: 'A long story.' }, { summary: 'A long story.', note: expect.any(String) }],
    ['/classifications', { text: 'Please pay.' }, { label: 'unclassified', reviewId: expect.any(String) }],
    [
      '/drafts',
      {
        template: 'Dear {{ name }}, your order {{order}} {{missing}} is on its way.',
        variables: { name: 'Ada', order: 7 },
      },
      { text: 'Dear Ada, your order 7 is on its way.' },
    ],
  ])('POST %s: 200 with the fallback’s own body', async (path, body, expected) => {
    const { post } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await post(path, body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-claude-outcome')).toBe('fallback');
    expect(answer.body).toEqual({
      ...expected,
      degraded: true,
      message: expect.stringContaining('simplified version'),
    });
  });

  it('errors that are none of ours pass as they are', async () => {
    const { post } = await start();
    const answer = await post('/missing');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ message: 'no such document' });
  });
});

describe('which failures a fallback answers', () => {
  it.each([
    ['overloaded', 200],
    ['server_error', 200],
    ['rate_limited', 200],
    ['reset_before_headers', 200],
    ['authentication', 200],
    ['permission', 200],
    ['not_found', 200],
    ['billing', 200],
    ['enforced_spend_limit', 200],
    ['gateway_timeout', 200],
    ['invalid_request', 422],
    ['content_filter', 422],
    ['refusal', 422],
    ['too_large_html', 413],
  ] as const)('%s: %i', async (fault, status) => {
    const { post } = await startApp({ claude: claudeOptions(), controllers: [Features] });
    simulator.api.scenario.set([{ fault, ...(fault === 'rate_limited' && { retryAfterSeconds: null }) }]);
    expect((await post('/summaries', { document: 'x' })).status).toBe(status);
  });

  it('the feature decides', async () => {
    const features = { summarisation: { fallbackOn: ['invalid_request'] as const } };
    const { post } = await startApp({ claude: { ...claudeOptions(), features }, controllers: [Features] });
    simulator.api.scenario.set([{ fault: 'invalid_request' }]);
    expect((await post('/summaries', { document: 'x' })).status).toBe(200);
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect((await post('/summaries', { document: 'x' })).status).toBe(503);
  });

  it('unclassified items are on a list that a person can read and resolve (R24)', async () => {
    const { app, post } = await startApp({ claude: claudeOptions(), controllers: [Features] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const { reviewId } = (await post('/classifications', { text: 'Please pay.' })).body as { reviewId: string };
    const reviews = app.get(ReviewList);
    expect(await reviews.list()).toMatchObject([
      { id: reviewId, feature: 'classification', input: { text: 'Please pay.' } },
    ]);
    expect(await reviews.resolve(reviewId)).toMatchObject({ id: reviewId });
    expect(await reviews.resolve(reviewId)).toBeUndefined();
    expect(await reviews.list()).toEqual([]);
  });
});

describe('fallbacks of the application’s own (R26)', () => {
  it('a marked provider replaces the built-in one, with its dependencies', async () => {
    @Injectable()
    class Archive {
      readonly last = 'the summary of yesterday';
    }

    @ClaudeFallbackProvider('summarisation')
    class ArchivedSummary extends ClaudeFallbackHandler<
      { document: string },
      { summary: string; context: FallbackContext }
    > {
      constructor(private readonly archive: Archive) {
        super();
      }
      answer(_input: { document: string }, context: FallbackContext) {
        return { summary: this.archive.last, context };
      }
    }

    const { post } = await startApp({
      claude: claudeOptions(),
      controllers: [Features],
      providers: [Archive, ArchivedSummary],
    });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect((await post('/summaries', { document: 'x' }, { 'x-correlation-id': 'order-4711-a' })).body).toMatchObject({
      summary: 'the summary of yesterday',
      context: { feature: 'summarisation', kind: 'overloaded', correlationId: 'order-4711-a' },
      degraded: true,
    });
  });

  it('a class in the options does the same, and may extend a built-in one', async () => {
    class Shouted extends SummarisationFallback {
      override answer(input: unknown) {
        const original = super.answer(input);
        return { ...original, summary: original.summary.toUpperCase() };
      }
    }
    const features = { summarisation: { fallback: Shouted } };
    const { post } = await startApp({ claude: { ...claudeOptions(), features }, controllers: [Features] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect((await post('/summaries', { document: 'quiet' })).body).toMatchObject({ summary: 'QUIET', degraded: true });
  });

  it('false means none', async () => {
    const features = { summarisation: { fallback: false } } as const;
    const { post } = await startApp({ claude: { ...claudeOptions(), features }, controllers: [Features] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await post('/summaries', { document: 'x' })).toMatchObject({
      status: 503,
      body: { code: 'CLAUDE_OVERLOADED' },
    });
  });

  it('one that fails itself gives the classified error, cause kept', async () => {
    class Broken extends ClaudeFallbackHandler {
      answer(): never {
        throw new RangeError('the fallback has secrets, too');
      }
    }
    const features = { summarisation: { fallback: Broken } };
    const { app, post, events } = await startApp({ claude: { ...claudeOptions(), features }, controllers: [Features] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await post('/summaries', { document: 'x' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'CLAUDE_OVERLOADED' } });
    expect(answer.text).not.toContain('secrets');
    expect(events).toContainEqual(expect.objectContaining({ type: 'fallback.failed', errorName: 'RangeError' }));
    const error = await app
      .get(ClaudeResilienceService)
      .run('summarisation', () => Promise.reject(new Anthropic.APIConnectionError({ message: 'gone' })))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CLAUDE_CONNECTION', cause: { name: 'APIConnectionError' } });
    expect((error as { revealCause(): Error }).revealCause().message).toBe('gone');
  });
});

async function startWithClient() {
  const { app, events } = await startApp({ claude: claudeOptions() });
  const client = new Anthropic({ apiKey: 'sk-ant-own', baseURL: simulator.api.url, maxRetries: 0 });
  return { claude: app.get(ClaudeResilienceService), client, events };
}

describe('run: the same around any function', () => {
  it('serves, retries what the function’s own client throws, and falls back', async () => {
    const { claude, client } = await startWithClient();
    const ask = (): Promise<ClaudeOutcome<string>> =>
      claude.run(
        'summarisation',
        async ({ signal, timeoutMs }) => (await client.messages.create(PARAMS, { signal, timeout: timeoutMs })).role,
        { input: 'the original' },
      );
    simulator.api.scenario.set([{ fault: 'overloaded', count: 2 }]);
    expect(await ask()).toMatchObject({ status: 'served', value: 'assistant', attempts: 3 });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await ask()).toMatchObject({
      status: 'fallback',
      value: { summary: 'the original', degraded: true },
      reason: 'overloaded',
      message: expect.stringContaining('simplified'),
      attempts: 4,
    });
  });

  it('a service call inside is retried and counted once, not twice', async () => {
    const { claude, events } = await startWithClient();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const outcome = await claude.run('summarisation', () => claude.messages.create(PARAMS), { input: 'the original' });
    expect(outcome).toMatchObject({ status: 'fallback', reason: 'overloaded' });
    expect(simulator.api.requests.count()).toBe(4);
    expect(events.filter(({ type }) => type === 'call.completed')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'attempt.failed')).toHaveLength(4);
  });

  it('the one probe of a half-open circuit passes from a run to the call inside it', async () => {
    const clock = new ManualClock();
    const retry = { timeout: { maxRetries: 0 } };
    const { app } = await startApp({ clock, claude: { ...claudeOptions(), circuit: 'classic', retry } });
    const claude = app.get(ClaudeResilienceService);
    const ask = () => claude.run('summarisation', () => claude.messages.create(PARAMS), { input: '' });
    simulator.api.scenario.set([{ fault: 'gateway_timeout', count: 5 }]);
    for (let call = 0; call < 5; call++) await ask();
    expect((await ask()).status).toBe('fallback');
    expect(simulator.api.requests.count()).toBe(5); // open
    await clock.advance(60_000);
    expect((await ask()).status).toBe('served');
  });

  it('a refusal found in a function’s result is a refusal', async () => {
    const { claude, client } = await startWithClient();
    simulator.api.scenario.set([{ fault: 'refusal' }]);
    const refused = claude.run('summarisation', () => client.messages.create(PARAMS));
    await expect(refused).rejects.toMatchObject({ code: 'CLAUDE_CONTENT_POLICY' });
  });

  it.each([
    [new TypeError('a bug'), { code: 'CLAUDE_INTERNAL', cause: expect.any(TypeError) }],
    [new NotFoundException('no document'), { message: 'no document', status: 404 }],
  ])('errors of the function’s own, %#', async (thrown, expected) => {
    const { claude } = await startWithClient();
    let runs = 0;
    const failed = claude.run('summarisation', () => {
      runs++;
      throw thrown;
    });
    await expect(failed).rejects.toMatchObject(expected);
    expect(runs).toBe(1);
  });
});

describe('@ClaudeFallback on any method of any provider', () => {
  const AMOUNT = Symbol('amount');

  @Injectable()
  class Digest {
    #calls = 0;
    constructor(
      private readonly claude: ClaudeResilienceService,
      @Inject(AMOUNT) private readonly amount: number,
    ) {}

    @ClaudeFallback('summarisation', { input: (_id: number, text: string) => text })
    async of(_id: number, _text: string): Promise<unknown> {
      this.#calls += this.amount;
      await this.claude.messages.create(PARAMS);
      return { summary: `call ${this.#calls}` };
    }

    @ClaudeFallback('summarisation')
    words(text: string): Observable<unknown> {
      return from(this.claude.messages.create(PARAMS).then(() => text.length));
    }
  }

  it.each([
    ['singleton', Scope.DEFAULT],
    ['request-scoped', Scope.REQUEST],
    ['transient', Scope.TRANSIENT],
  ] as const)('%s: wrapped, with the right `this`', async (_name, scope) => {
    const { app } = await startApp({
      claude: claudeOptions(),
      providers: [
        { provide: AMOUNT, useValue: 10 },
        { provide: Digest, useClass: Digest, scope },
      ],
    });
    const digest = await app.resolve(Digest);
    expect(await digest.of(1, 'a story')).toEqual({ summary: 'call 10' });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await digest.of(2, 'a story')).toMatchObject({ summary: 'a story', degraded: true });
    expect(await lastValueFrom(digest.words('a poem'))).toMatchObject({ summary: 'a poem', degraded: true });
    simulator.api.scenario.clear();
    expect(await lastValueFrom(digest.words('a poem'))).toBe(6);
  });

  it('made by a factory: given what Nest gives its own', async () => {
    const { app } = await startApp({
      claude: claudeOptions(),
      providers: [
        {
          provide: 'digest',
          inject: [ClaudeResilienceService],
          useFactory: (claude: ClaudeResilienceService) => new Digest(claude, 1),
        },
      ],
    });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await app.get<Digest>('digest').of(1, 'a story')).toMatchObject({ summary: 'a story', degraded: true });
  });

  it('made by hand, in a unit test: the plain method', async () => {
    const claude = { messages: { create: async () => ({}) } } as unknown as ClaudeResilienceService;
    expect(await new Digest(claude, 3).of(1, 'x')).toEqual({ summary: 'call 3' });
  });

  it('two applications in one process share nothing', async () => {
    const providers = [{ provide: AMOUNT, useValue: 1 }, Digest];
    const features = { summarisation: { fallback: false } } as const;
    const withFallback = await startApp({ claude: claudeOptions(), providers });
    const without = await startApp({ claude: { ...claudeOptions(), features }, providers });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await withFallback.app.get(Digest).of(1, 'x')).toMatchObject({ degraded: true });
    await expect(without.app.get(Digest).of(1, 'x')).rejects.toMatchObject({ code: 'CLAUDE_OVERLOADED' });
    expect(without.events.some(({ type }) => type === 'fallback.answered')).toBe(false);
  });

  it('an observable that has begun to answer is not answered twice', async () => {
    @Injectable()
    class Stream {
      @ClaudeFallback('summarisation')
      of(): Observable<unknown> {
        const body = { error: { type: 'overloaded_error' } };
        const overloaded = Anthropic.APIError.generate(529, body, undefined, new Headers());
        return concat(
          of('first'),
          throwError(() => overloaded),
        );
      }
    }
    const { app } = await startApp({ claude: claudeOptions(), providers: [Stream] });
    const seen: unknown[] = [];
    const ended = new Promise((resolve) =>
      app
        .get(Stream)
        .of()
        .subscribe({ next: (value) => seen.push(value), error: resolve }),
    );
    expect(await ended).toMatchObject({ code: 'CLAUDE_OVERLOADED' });
    expect(seen).toEqual(['first']);
  });
});

describe('methods that call the SDK themselves', () => {
  @Injectable()
  class Direct {
    readonly client = new Anthropic({ apiKey: 'sk-ant-own', baseURL: simulator.api.url, maxRetries: 0 });

    @ClaudeFallback('summarisation')
    async once(_text: string): Promise<unknown> {
      return (await this.client.messages.create(PARAMS)).role;
    }

    @ClaudeFallback('generation', { retry: true })
    async repeatable(_text: string): Promise<unknown> {
      return (await this.client.messages.create(PARAMS)).role;
    }

    @ClaudeFallback('classification')
    async broken(): Promise<unknown> {
      throw new TypeError('a bug');
    }
  }

  const start = async (more: ClaudeResilienceOptions = {}) =>
    (await startApp({ claude: { ...claudeOptions(), circuit: 'classic', ...more }, providers: [Direct] })).app.get(
      Direct,
    );

  it('are classified, answered by the fallback, and not repeated unless they say so', async () => {
    const direct = await start();
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    expect(await direct.once('text')).toMatchObject({ summary: 'text', degraded: true });
    expect(simulator.api.requests.count()).toBe(1);
    simulator.api.scenario.set([{ fault: 'overloaded', count: 2 }]);
    expect(await direct.repeatable('text')).toBe('assistant');
    expect(simulator.api.requests.count()).toBe(4);
  });

  it('are counted by the circuit: open after 5 failures, then not even called', async () => {
    const direct = await start();
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    for (let i = 0; i < 8; i++) expect(await direct.once('text')).toMatchObject({ degraded: true });
    expect(simulator.api.requests.count()).toBe(5);
  });

  it('are repeated as far as the budget of what nobody paces goes', async () => {
    const direct = await start({ retryBudget: { ratio: 0, perSecond: 0 } });
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    await expect(direct.repeatable('text')).rejects.toMatchObject({ code: 'CLAUDE_OVERLOADED' });
    expect(simulator.api.requests.count()).toBe(1);
  });

  it('their bugs are their own', async () => {
    await expect((await start()).broken()).rejects.toThrow(TypeError);
  });
});

it('values of an observable arrive one by one', async () => {
  @Injectable()
  class Stream {
    @ClaudeFallback('summarisation')
    of(): Observable<number> {
      return of(1, 2, 3);
    }
  }
  const { app } = await startApp({ claude: claudeOptions(), providers: [Stream] });
  expect(await lastValueFrom(app.get(Stream).of().pipe(toArray()))).toEqual([1, 2, 3]);
});
