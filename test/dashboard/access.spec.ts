import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { closeApps, startApp, type AppOptions } from '../support/start-app.js';

const TOKEN = 'the-token-of-the-operators';
const PAGE = '/claude/dashboard';
const IN_BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const BEARER = { authorization: `Bearer ${TOKEN}` };

afterEach(closeApps);

@Injectable()
class HasBadge implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>().headers['x-badge'] === 'blue';
  }
}

async function start(claude: AppOptions['claude'] = { operator: { token: TOKEN } }, options: AppOptions = {}) {
  const started = await startApp({ ...options, claude });
  const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${started.url}${PAGE}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...IN_BROWSER, ...headers },
      body: new URLSearchParams(fields),
    });
  /** What a browser has after the form. */
  const signIn = async () => (await send({ token: TOKEN })).headers.get('set-cookie')?.split(';')[0] ?? '';
  return { ...started, send, signIn };
}

describe.each(['express', 'fastify'] as const)('who may see the dashboard, on %s (R36)', (adapter) => {
  it.each(['', '.json', '/events', '?format=json'])('strangers see nothing: %s', async (suffix) => {
    const open = await start({}, { adapter });
    const closed = await start(undefined, { adapter });
    const guarded = await start({ operator: { guards: [HasBadge] } }, { adapter });
    for (const headers of [
      {},
      IN_BROWSER,
      { authorization: 'Bearer wrong-token-of-strangers' },
      { cookie: 'claude_operator=x' },
    ]) {
      const answers = await Promise.all([open, closed, guarded].map(({ get }) => get(`${PAGE}${suffix}`, headers)));
      expect(answers.map(({ status }) => status)).toEqual([403, 401, 403]);
      for (const { text } of answers) expect(text).not.toMatch(/s-verdict|summarisation/);
    }
  });

  it('an operator sees it by token, as page and as data, never from a cache', async () => {
    const { get } = await start(undefined, { adapter });
    const page = await get(PAGE, BEARER);
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    );
    expect(page.text).toContain('No data: nobody has asked Claude in the last 5 minutes');
    for (const [path, headers] of [
      [`${PAGE}.json`, {}],
      [`${PAGE}?format=json`, IN_BROWSER],
      [PAGE, { accept: 'application/json' }],
    ] as const) {
      const data = await get(path, { ...BEARER, ...headers });
      expect([data.status, data.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(data.body).toMatchObject({
        verdict: { severity: 'ok', topic: 'no_traffic' },
        features: [{ feature: 'summarisation', circuit: 'closed' }, {}, {}],
        charts: { hour: expect.any(Array) },
      });
    }
  });

  it('a browser signs in by a form, and out again', async () => {
    const { get, send, url } = await start(undefined, { adapter });
    const door = await get(PAGE, IN_BROWSER);
    expect([door.status, door.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    expect(door.text).toMatch(/<input\s+type="password"\s+id="token"/);
    const signedIn = await send({ token: TOKEN });
    expect([signedIn.status, new URL(signedIn.headers.get('location') ?? '', `${url}${PAGE}`).pathname]).toEqual([
      303,
      PAGE,
    ]);
    const setCookie = signedIn.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/^claude_operator=[\w.-]+; HttpOnly; SameSite=Strict; Max-Age=28800$/);
    expect(setCookie).not.toContain(TOKEN);
    const cookie = setCookie.split(';')[0] ?? '';
    const page = await get(PAGE, { ...IN_BROWSER, cookie });
    expect(page.status).toBe(200);
    const [, formKey = ''] = /name="formKey" value="([^"]+)"/.exec(page.text) ?? [];
    expect((await send({ signOut: 'yes' }, { cookie })).status).toBe(403);
    expect((await send({ signOut: 'yes', formKey: `${formKey}x` }, { cookie })).status).toBe(403);
    const out = await send({ signOut: 'yes', formKey }, { cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      303,
      'claude_operator=; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
  });

  it('is told when the token is wrong, and has to wait after ten of them; whoever is signed in has not', async () => {
    const { get, send, signIn } = await start(undefined, { adapter, clock: new ManualClock() });
    const cookie = await signIn();
    for (let n = 0; n < 10; n++) {
      const wrong = await send({ token: `wrong-${n}` });
      expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
      if (n === 0) expect(await wrong.text()).toContain('That is not the token.');
    }
    const waits = await send({ token: TOKEN });
    expect([waits.status, waits.headers.get('retry-after'), waits.headers.get('set-cookie')]).toEqual([
      429,
      '60',
      null,
    ]);
    expect((await get(PAGE, { ...IN_BROWSER, cookie })).status).toBe(200);
  });

  it('a session ends, and cannot be made up', async () => {
    const clock = new ManualClock();
    const { get, signIn } = await start(undefined, { adapter, clock });
    const cookie = await signIn();
    const statusOf = async (value: string) => (await get(`${PAGE}.json`, { cookie: value })).status;
    const [ends = '', secret = '', signature = ''] = cookie.split('.');
    const later = `claude_operator=${(Number.parseInt(ends.slice(16), 36) + 1).toString(36)}`;
    for (const forged of [
      `${later}.${secret}.${signature}`,
      `${ends}.${secret}x.${signature}`,
      `${ends}.${secret}.${signature.slice(0, -1)}`,
      `${ends}.${secret}`,
      'claude_operator=',
    ]) {
      expect(await statusOf(forged)).toBe(401);
    }
    expect(await statusOf(`other=1; ${cookie}; more=2`)).toBe(200);
    const elsewhere = await start({ operator: { token: `${TOKEN}-of-another` } }, { adapter, clock });
    expect((await elsewhere.get(`${PAGE}.json`, { cookie })).status).toBe(401);
    await clock.advance(8 * 3_600_000 - 1);
    expect(await statusOf(cookie)).toBe(200);
    await clock.advance(1);
    expect(await statusOf(cookie)).toBe(401);
  });

  it('a cookie alone changes nothing on any operator route: a page of somebody else’s could send it', async () => {
    const { signIn, url } = await start(undefined, { adapter });
    const cookie = await signIn();
    const resolve = (headers: Record<string, string>) =>
      fetch(`${url}/claude/reviews/x`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"by":"ann"}',
      });
    expect((await resolve({ cookie })).status).toBe(403);
    expect((await resolve({ cookie, 'x-claude-form-key': 'made-up' })).status).toBe(403);
    expect((await resolve(BEARER)).status).toBe(404);
  });

  it('guards of the application are enough, and forms need the key of the page all the same', async () => {
    const { get, send, url } = await start({ operator: { guards: [HasBadge] } }, { adapter });
    const badge = { 'x-badge': 'blue' };
    const page = await get(PAGE, { ...IN_BROWSER, ...badge });
    expect(page.status).toBe(200);
    expect(page.headers.get('set-cookie')).toMatch(/^claude_operator=/);
    expect((await send({ token: 'anything' })).status).toBe(403);
    const form = await fetch(`${url}/claude/reviews/x`, {
      method: 'POST',
      headers: badge,
      body: new URLSearchParams({ by: 'ann' }),
    });
    expect(form.status).toBe(403);
    expect(((await form.json()) as { code: string }).code).toBe('CLAUDE_OPERATOR_FORM');
  });

  it('stands where it is put, or nowhere', async () => {
    const moved = await start({ operator: { token: TOKEN }, dashboard: { path: 'internal/claude' } }, { adapter });
    expect((await moved.get('/internal/claude', BEARER)).status).toBe(200);
    expect((await moved.get('/internal/claude.json', BEARER)).status).toBe(200);
    expect((await moved.get(PAGE, BEARER)).status).toBe(404);
    const none = await start({ operator: { token: TOKEN }, dashboard: false }, { adapter });
    for (const suffix of ['', '.json', '/events'])
      expect((await none.get(`${PAGE}${suffix}`, BEARER)).status).toBe(404);
  });
});

it('50 read the page as it changes; one more has to wait until somebody leaves (R36)', async () => {
  const { get, url } = await start();
  const left = new AbortController();
  const events = `${url}${PAGE}/events`;
  const readers = await Promise.all(
    Array.from({ length: 50 }, () => fetch(events, { headers: BEARER, signal: left.signal })),
  );
  expect(readers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
  const refused = await get(`${PAGE}/events`, BEARER);
  expect([refused.status, refused.headers.get('retry-after'), refused.body.code]).toEqual([
    503,
    '30',
    'CLAUDE_DASHBOARD_FULL',
  ]);
  left.abort();
  // Of the 50 there is nothing left but what the server has not heard yet.
  let status = 503;
  while (status === 503) {
    const again = new AbortController();
    ({ status } = await fetch(events, { headers: BEARER, signal: again.signal }));
    again.abort();
  }
  expect(status).toBe(200);
});

it('the cookie is for TLS alone where the page came that way (R36)', async () => {
  const { send } = await start();
  const signedIn = await send({ token: TOKEN }, { 'x-forwarded-proto': 'https' });
  expect(signedIn.headers.get('set-cookie')).toMatch(/; Secure$/);
});
