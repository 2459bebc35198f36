import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, type CanActivate } from '@nestjs/common';
import { ClaudeAdmin, ClaudeQueue, ClaudeResilienceService, ReviewList } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, type AppOptions } from './support/start-app.js';
import { startRoutedApp, type RoutedApp } from './support/routes-of.js';

const simulator = useSimulator();
afterEach(closeApps);

/**
 * Who may use a route without showing anything.
 * - `operators`: nobody; told so before anything is looked at
 * - `sign-in`: nobody without the token, which this route takes from a form
 * - `owner`: whoever the request belongs to; for everybody else there is none
 * - `own`: everybody, and each is told of what is theirs
 * - `word`: everybody is told one word
 */
type Rule = 'operators' | 'sign-in' | 'owner' | 'own' | 'word';

/** Every route of the module. One that is not here fails this test: somebody has to decide who may use it. */
const RULES: Readonly<Record<string, Rule>> = {
  'DELETE /claude/requests/:id': 'owner',
  'GET /claude/admin': 'operators',
  'GET /claude/admin/dead-letters': 'operators',
  'GET /claude/calls': 'operators',
  'GET /claude/calls/:correlationId': 'operators',
  'GET /claude/dashboard': 'operators',
  'GET /claude/dashboard.json': 'operators',
  'GET /claude/dashboard/events': 'operators',
  'GET /claude/notifications': 'own',
  'GET /claude/requests/:id': 'owner',
  'GET /claude/requests/:id/events': 'owner',
  'GET /claude/reviews': 'operators',
  'GET /claude/reviews/:id': 'operators',
  'GET /health/claude': 'word',
  'GET /metrics': 'operators',
  'POST /claude/admin/:thing/:hand': 'operators',
  'POST /claude/dashboard': 'sign-in',
  'POST /claude/reviews/:id': 'operators',
};

const TOKEN = 'the-token-of-the-operators';
const SECRET = 'The secret of ann';

@Injectable()
class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

/** Set-ups, and what strangers are answered on the routes of operators, and on the way in. */
const SETUPS: readonly (readonly [
  string,
  { readonly claude: NonNullable<AppOptions['claude']>; readonly refusal: number; readonly signIn: number },
])[] = [
  ['nothing but a key', { claude: {}, refusal: 403, signIn: 403 }],
  ['a token', { claude: { operator: { token: TOKEN } }, refusal: 401, signIn: 401 }],
  ['a guard', { claude: { operator: { guards: [Nobody] } }, refusal: 403, signIn: 403 }],
  ['a token and a guard', { claude: { operator: { token: TOKEN, guards: [Nobody] } }, refusal: 401, signIn: 403 }],
];

/** What can be switched on besides. */
const EVERYTHING: AppOptions['claude'] = {
  queue: { driver: 'memory', ownerOf: ({ headers }) => String(headers['x-user'] ?? '') || undefined },
  alerts: true,
  notices: { baseUrl: 'https://app.example', webhook: { secret: 'whsec_'.padEnd(50, 'A') } },
  cloudWatch: false,
  health: true,
  reviews: true,
  metrics: true,
  dashboard: true,
  admin: true,
  calls: true,
  requests: true,
  notifications: true,
};

/** What strangers try: nothing, a wrong token, a made-up cookie, another's name, a browser. */
const STRANGERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { authorization: 'Bearer wrong-token-of-strangers' },
  { cookie: 'claude_operator=zzzzzzzz.aaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
  { 'x-user': 'bob', 'x-forwarded-for': '127.0.0.1', 'x-http-method-override': 'GET' },
  { accept: 'text/html' },
];

/** Something is behind every route: what is refused would otherwise have been there. */
async function fill({ app, events }: RoutedApp) {
  const claude = app.get(ClaudeResilienceService);
  const hasQueue = events !== undefined && (await isThereA(() => app.get(ClaudeQueue).report()));
  await claude.messages.create(PARAMS).catch(() => {});
  const correlationId = events.flatMap((event) => ('call' in event ? [event.call.id] : [])).at(-1) ?? '';
  const review = await app.get(ReviewList).add({ feature: 'classification', correlationId, input: { text: SECRET } });
  await app.get(ClaudeAdmin).resetBaseline({ by: SECRET, reason: SECRET });
  if (!hasQueue) return { review: review.id, correlationId, request: 'none' };
  app.get(ClaudeQueue).pause();
  const messages = [{ role: 'user' as const, content: SECRET }];
  const { requestId } = await claude.defer({ ...PARAMS, messages }, { owner: 'ann', feature: 'summarisation' });
  return { review: review.id, correlationId, request: requestId };
}

const isThereA = (look: () => Promise<unknown>) =>
  look().then(
    () => true,
    () => false,
  );

const urlOf = (path: string, { review, correlationId, request }: Awaited<ReturnType<typeof fill>>) =>
  path
    .replace('/reviews/:id', `/reviews/${review}`)
    .replace(':correlationId', correlationId)
    .replace(':id', request)
    .replace(':thing/:hand', 'circuit/hold-open');

/** By JSON and by form: as programs and pages of others send it. */
function tries(method: string, headers: Readonly<Record<string, string>>): readonly RequestInit[] {
  if (method !== 'POST') return [{ method, headers }, ...(method === 'GET' ? [{ method: 'HEAD', headers }] : [])];
  const wish = { by: 'mallory', reason: 'Because.', feature: 'summarisation', token: 'wrong', confirmed: 'yes' };
  const json = { 'content-type': 'application/json', ...headers };
  return [
    { method, headers: json, body: JSON.stringify(wish) },
    { method, headers, body: new URLSearchParams(wish) },
  ];
}

async function expectRule(rule: Rule, answer: Response, refusal: number): Promise<void> {
  const text = await answer.text();
  expect(text).not.toContain(SECRET);
  expect(answer.headers.get('set-cookie')).toBeNull();
  switch (rule) {
    case 'operators':
    case 'sign-in':
      expect(answer.status).toBe(refusal);
      return;
    case 'owner':
      expect(answer.status).toBe(404);
      return;
    case 'own':
      expect([answer.status, text]).toEqual([200, text === '' ? '' : '{"notifications":[]}']);
      return;
    case 'word':
      expect(answer.status).toBe(200);
      if (text !== '') expect(JSON.parse(text)).toMatchObject({ details: { claude: { status: expect.any(String) } } });
      expect(text).not.toMatch(/circuit|retry|p95|summarisation|alert/);
      return;
    default:
      rule satisfies never;
  }
}

describe.each(['express', 'fastify'] as const)('who may use what, on %s (R36)', (platform) => {
  describe.each(SETUPS)('with %s', (_name, { claude, refusal, signIn }) => {
    it.each([
      ['as it comes', {}],
      ['with everything switched on', EVERYTHING],
    ])(
      '%s, strangers are refused wherever they should be',
      async (_what, more) => {
        const clock = new ManualClock();
        const app = await startRoutedApp(platform, {
          clock,
          claude: { ...more, ...claude, baseURL: simulator.api.url },
        });
        expect(app.routes).toEqual(Object.keys(RULES).toSorted());
        const things = await fill(app);
        const acted = () => app.events.filter(({ type }) => type === 'admin.acted').length;
        const before = acted();
        for (const [route, rule] of Object.entries(RULES)) {
          const [method = '', path = ''] = route.split(' ');
          for (const stranger of STRANGERS) {
            await clock.advance(60_000); // wrong tries of those before are forgiven
            for (const init of tries(method, stranger)) {
              const answer = await fetch(`${app.url}${urlOf(path, things)}`, { redirect: 'manual', ...init });
              await expectRule(rule, answer, rule === 'sign-in' ? signIn : refusal).catch((error: unknown) => {
                throw new Error(`${init.method} ${path} as ${JSON.stringify(stranger)}: ${answer.status}`, {
                  cause: error,
                });
              });
            }
          }
        }
        expect(acted()).toBe(before);
      },
      60_000,
    );
  });

  it('and ann has what is hers', async () => {
    const app = await startRoutedApp(platform, { claude: { ...EVERYTHING, baseURL: simulator.api.url } });
    const { request } = await fill(app);
    expect((await app.get(`/claude/requests/${request}`, { 'x-user': 'ann' })).status).toBe(200);
  });
});
