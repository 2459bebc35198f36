import { afterEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ClaudeResilienceModule, ReviewList, type ClaudeResilienceExtras } from 'nestjs-claude-resilience';
import { ClaudeRequestStoreError } from '../libs/claude-resilience/src/core/deferral/request-store-errors.js';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';

afterEach(closeApps);

const TOKEN = 'a-token-of-24-characters';
const ITEM = { feature: 'classification', correlationId: 'c-1', input: { text: 'Please pay.' } };
const ANN = { by: 'ann', label: 'invoice', note: 'It says so twice.' };

async function start(extras: ClaudeResilienceExtras = { operator: { token: TOKEN } }, options: AppOptions = {}) {
  const started = await startApp({ ...options, claude: { ...options.claude, ...extras } });
  const send = async (path: string, init: RequestInit = {}, token: string | undefined = TOKEN) => {
    const headers = { ...(token !== '' && { authorization: `Bearer ${token}` }), ...init.headers };
    const response = await fetch(`${started.url}${path}`, { ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
  };
  const resolve = (id: string, body: unknown) =>
    send(`/claude/reviews/${id}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  return { ...started, reviews: started.app.get(ReviewList), send, resolve };
}

const asJson = (item: unknown) => JSON.parse(JSON.stringify(item)) as unknown;

const problem = (status: number, code: string) => ({
  status,
  body: {
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code,
    message: expect.any(String),
  },
});

describe.each(['express', 'fastify'] as const)('human review over HTTP on %s (R24)', (adapter) => {
  it('shows what is open, by kind, page by page, never from a cache', async () => {
    const { send, reviews } = await start(undefined, { adapter });
    const first = await reviews.add(ITEM);
    const second = await reviews.add({ ...ITEM, kind: 'content_policy' });
    const whole = await send('/claude/reviews');
    expect(whole).toMatchObject({ status: 200, body: { reviews: [first, second].map(asJson) } });
    expect(whole.body).toEqual({
      reviews: [first, second].map(asJson),
      open: { total: 2, byKind: { unclassified: 1, content_policy: 1 }, oldestAddedAt: first.addedAt.toISOString() },
    });
    expect(whole.headers.get('cache-control')).toBe('no-store');
    const page = await send('/claude/reviews?limit=1');
    expect(page.body['reviews']).toEqual([asJson(first)]);
    const next = await send(`/claude/reviews?limit=1&after=${String(page.body['next'])}`);
    expect([next.body['reviews'], next.body['next']]).toEqual([[asJson(second)], undefined]);
    expect((await send('/claude/reviews?kind=content_policy')).body['reviews']).toEqual([asJson(second)]);
    expect((await send('/claude/reviews?state=resolved')).body['reviews']).toEqual([]);
    const one = await send(`/claude/reviews/${first.id}`);
    expect([one.status, one.body, one.headers.get('cache-control')]).toEqual([200, asJson(first), 'no-store']);
  });

  it('takes a resolution once, the same one as often as it comes, and tells the application', async () => {
    const { resolve, reviews, send, events } = await start(undefined, { adapter });
    const { id } = await reviews.add(ITEM);
    const first = await resolve(id, ANN);
    expect(first).toMatchObject({ status: 200, body: { id, resolution: ANN, resolvedAt: expect.any(String) } });
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect((await resolve(id, ANN)).body).toEqual(first.body);
    expect(await resolve(id, { ...ANN, label: 'offer' })).toMatchObject(problem(409, 'CLAUDE_REVIEW_RESOLVED'));
    expect(await resolve(id, { by: 'ann' })).toMatchObject(problem(409, 'CLAUDE_REVIEW_RESOLVED'));
    const resolved = await send('/claude/reviews?state=resolved');
    expect(resolved.body).toMatchObject({ reviews: [first.body], open: { total: 0 } });
    const told = events.filter(({ type }) => type === 'review.resolved');
    expect(told).toEqual([
      {
        type: 'review.resolved',
        reviewId: id,
        kind: 'unclassified',
        feature: 'classification',
        correlationId: 'c-1',
        by: 'ann',
        label: 'invoice',
      },
    ]);
  });

  it.each<[what: string, body: unknown]>([
    ['nothing', undefined],
    ['no name', { label: 'invoice' }],
    ['a list', [ANN]],
    ['a text', 'ann'],
    ['a number for a name', { by: 7 }],
    ['a field of its own', { ...ANN, admin: true }],
    ['a note without end', { ...ANN, note: 'x'.repeat(4001) }],
  ])('refuses a body with %s', async (_what, body) => {
    const { resolve, reviews } = await start(undefined, { adapter });
    const { id } = await reviews.add(ITEM);
    const answer = await resolve(id, body);
    // Text that is no JSON object is turned away by the body parser of the platform.
    expect([400, 422]).toContain(answer.status);
    if (typeof body === 'object') {
      expect(answer).toMatchObject(problem(422, 'CLAUDE_REVIEW_INVALID'));
      expect(answer.body['issues']).not.toHaveLength(0);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    expect(await reviews.list()).toHaveLength(1);
  });

  it('says no to what is not there, and to questions nobody can answer', async () => {
    const { send, resolve } = await start(undefined, { adapter });
    expect(await send('/claude/reviews/nobody')).toMatchObject(problem(404, 'CLAUDE_REVIEW_NOT_FOUND'));
    expect(await resolve('nobody', ANN)).toMatchObject(problem(404, 'CLAUDE_REVIEW_NOT_FOUND'));
    const questions = [
      'limit=0',
      'limit=201',
      'limit=ten',
      'limit=1&limit=2',
      'kind=all',
      'state=lost',
      'after=1',
      'page=2',
    ];
    for (const query of questions) {
      expect(await send(`/claude/reviews?${query}`)).toMatchObject(problem(422, 'CLAUDE_REVIEW_INVALID'));
    }
  });

  it('asks for the token of operators, and has nothing to say without it', async () => {
    const { send, reviews } = await start(undefined, { adapter });
    const { id } = await reviews.add(ITEM);
    for (const path of ['/claude/reviews', `/claude/reviews/${id}`, '/claude/reviews?limit=x']) {
      const answer = await send(path, {}, '');
      expect(answer).toMatchObject(problem(401, 'CLAUDE_OPERATOR_TOKEN'));
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="operators"');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    const wrong = await send('/claude/reviews', {}, `${TOKEN}x`);
    expect(wrong).toMatchObject(problem(401, 'CLAUDE_OPERATOR_TOKEN'));
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const post = await send(`/claude/reviews/${id}`, { method: 'POST' }, 'another-token-here');
    expect(post.status).toBe(401);
    expect(await reviews.list()).toHaveLength(1);
    for (const authorization of [`bearer ${TOKEN}`, `BEARER  ${TOKEN} `]) {
      expect((await send('/claude/reviews', { headers: { authorization } }, '')).status).toBe(200);
    }
    for (const authorization of [TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}, Bearer ${TOKEN}`, 'Bearer ']) {
      expect((await send('/claude/reviews', { headers: { authorization } }, '')).status).toBe(401);
    }
  });

  it('refuses everybody as long as nobody is named, and says so', async () => {
    const { send } = await start({}, { adapter });
    const answer = await send('/claude/reviews');
    expect(answer).toMatchObject(problem(403, 'CLAUDE_OPERATOR_CLOSED'));
    expect(answer.body['message']).toContain('guards or a token');
  });
});

describe('the door for operators', () => {
  it('lets nobody guess: after ten wrong tokens an address waits, whatever it sends; nobody else does', async () => {
    const clock = new ManualClock();
    const { send } = await start(undefined, { clock });
    for (let n = 0; n < 10; n++) expect((await send('/claude/reviews', {}, `wrong-${n}`)).status).toBe(401);
    for (const token of ['wrong-again', TOKEN]) {
      const answer = await send('/claude/reviews', {}, token);
      expect(answer).toMatchObject(problem(429, 'CLAUDE_OPERATOR_WAIT'));
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    await clock.advance(59_999);
    expect((await send('/claude/reviews')).headers.get('retry-after')).toBe('1');
    await clock.advance(1);
    expect((await send('/claude/reviews')).status).toBe(200);
  });

  it('holds nothing against those who show no token: a browser asks once without', async () => {
    const { send } = await start();
    for (let n = 0; n < 20; n++) await send('/claude/reviews', {}, '');
    expect((await send('/claude/reviews')).status).toBe(200);
  });

  @Injectable()
  class HasBadge implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
      return headers['x-badge'] === 'blue';
    }
  }
  const badge = { headers: { 'x-badge': 'blue' } };
  const never: CanActivate = {
    canActivate() {
      throw new ForbiddenException('not today');
    },
  };

  it('may be guarded by the application instead, for all routes or for one', async () => {
    for (const extras of [{ operator: { guards: [HasBadge] } }, { reviews: { guards: [HasBadge] } }]) {
      const { send } = await start(extras);
      expect((await send('/claude/reviews', {}, '')).status).toBe(403);
      expect((await send('/claude/reviews', badge, '')).status).toBe(200);
    }
  });

  it('opens when everything that is named says yes', async () => {
    const both = await start({ operator: { guards: [HasBadge], token: TOKEN } });
    expect((await both.send('/claude/reviews', badge, '')).status).toBe(401);
    expect((await both.send('/claude/reviews')).status).toBe(403);
    expect((await both.send('/claude/reviews', badge)).status).toBe(200);
    const three = await start({ operator: { guards: [HasBadge], token: TOKEN }, reviews: { guards: [never] } });
    expect((await three.send('/claude/reviews', badge)).status).toBe(403);
  });

  it('is not opened by an empty list of guards', async () => {
    const { send } = await start({ operator: { guards: [] }, reviews: { guards: [] } });
    expect((await send('/claude/reviews')).status).toBe(403);
  });

  it('takes the token from a factory, beside guards that stand still', async () => {
    const startAsync = async (token: string | undefined, beside: ClaudeResilienceExtras = {}) => {
      const module = ClaudeResilienceModule.forRootAsync({
        ...beside,
        useFactory: () => ({
          apiKey: 'sk-ant-test-key',
          logging: false,
          ...(token !== undefined && { operator: { token } }),
        }),
      });
      const app = (await Test.createTestingModule({ imports: [module] }).compile()).createNestApplication();
      app.useLogger(false);
      try {
        await app.listen(0, '127.0.0.1');
        const asked = async (headers: Record<string, string>) =>
          (await fetch(`${await app.getUrl()}/claude/reviews`, { headers })).status;
        const authorization = `Bearer ${TOKEN}`;
        return [await asked({}), await asked({ authorization }), await asked({ authorization, ...badge.headers })];
      } finally {
        await app.close();
      }
    };
    expect(await startAsync(TOKEN)).toEqual([401, 200, 200]);
    expect(await startAsync(TOKEN, { operator: { guards: [HasBadge] } })).toEqual([401, 403, 200]);
    expect(await startAsync(undefined, { operator: { token: TOKEN } })).toEqual([401, 200, 200]);
    expect(await startAsync(undefined)).toEqual([403, 403, 403]);
    await expect(startAsync(TOKEN, { operator: { token: TOKEN } })).rejects.toThrow('operator.token: once');
    await expect(startAsync('short')).rejects.toThrow('operator.token: 16 to 512');
  });

  it.each<[wrong: ClaudeResilienceExtras, said: string]>([
    [{ operator: { token: 'too-short' } }, 'operator.token: 16 to 512'],
    [{ operator: { token: 'sixteen chars and' } }, 'operator.token: 16 to 512'],
    [{ operator: { token: '' } }, 'operator.token: 16 to 512'],
    [{ operator: { guards: [7 as never] } }, 'operator.guards: a list of guards'],
    [{ operator: { tokens: TOKEN } as never }, 'operator.tokens: unknown option'],
    [{ operator: 'open' as never }, 'operator: an object'],
    [{ reviews: { guards: HasBadge as never } }, 'reviews.guards: a list of guards'],
    [{ reviews: { paths: 'x' } as never }, 'reviews.paths: unknown option'],
  ])('says what is wrong with its options: %j', async (extras, said) => {
    const error: unknown = await start(extras).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS', message: expect.stringContaining(said) });
    expect(String(error)).not.toContain('too-short');
  });

  it('stands where it is put, or nowhere; and is of one application', async () => {
    const moved = await start({ operator: { token: TOKEN }, reviews: { path: 'internal/reviews' } });
    const without = await start({ operator: { token: TOKEN }, reviews: false });
    expect((await moved.send('/internal/reviews')).status).toBe(200);
    expect((await moved.send('/claude/reviews')).status).toBe(404);
    expect((await without.send('/claude/reviews')).status).toBe(404);
  });
});

it('a list in trouble is told in our words', async () => {
  const { send, app } = await start();
  const list: { page: unknown } = app.get(ReviewList);
  list.page = () => Promise.reject(new ClaudeRequestStoreError('disk_full', '/secret/path', 'the disk is full'));
  const answer = await send('/claude/reviews');
  expect(answer).toMatchObject(problem(503, 'CLAUDE_REVIEW_LIST_DOWN'));
  expect([JSON.stringify(answer.body).includes('secret'), answer.headers.get('retry-after')]).toEqual([false, '5']);
});
