import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeAdmin, ClaudeAlerts, ClaudeCircuits } from 'nestjs-claude-resilience';
import { ADMIN_FORMS, issueInWords, wishOfForm } from '../../libs/claude-resilience/src/http/admin/admin-forms.js';
import { ADMIN_ACTIONS } from '../../libs/claude-resilience/src/core/admin/admin-act.js';
import { placeOf } from '../../libs/claude-resilience/src/http/admin/place-of.js';
import { ANN, IN_BROWSER, startAdmin, TOKEN } from './admin-world.js';
import { closeApps } from '../support/start-app.js';

afterEach(closeApps);

const HOSTILE = '<img src=x onerror=alert(1)>';
const AS_TEXT = '&lt;img src=x onerror=alert(1)&gt;';

/** Every form of a page: where it leads, and what it carries. */
function formsOf(page: string) {
  return [...page.matchAll(/<form method="post"(?: action="([^"]*)")?[^>]*>([^]*?)<\/form>/g)].map(
    ([, action = '', inner = '']) => ({
      action,
      fields: Object.fromEntries(
        [...inner.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      ) as Record<string, string>,
    }),
  );
}

describe.each(['express', 'fastify'] as const)('hands from the dashboard, on %s (R36)', (adapter) => {
  it('are asked for a name and a reason before anything is done, and shown afterwards', async () => {
    const app = await startAdmin({}, { adapter });
    const { cookie } = await app.signIn();
    const page = async () => (await app.get('/claude/dashboard', { ...IN_BROWSER, cookie })).text;
    const button = formsOf(await page()).find(
      ({ action, fields }) => action.endsWith('/circuit/hold-open') && fields['feature'] === 'summarisation',
    );
    if (button === undefined) throw new Error('There is no such button.');
    // As a browser resolves it, from where the page is.
    const place = new URL(button.action, `${app.url}/claude/dashboard`).pathname;
    expect(place).toBe('/claude/admin/circuit/hold-open');
    const asked = await app.form(place, button.fields, { cookie });
    const question = await asked.text();
    expect([asked.status, asked.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(asked.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(question).toContain('Nothing is sent for this feature');
    expect(app.app.get(ClaudeCircuits).state('summarisation').name).toBe('closed');
    const [form] = formsOf(question);
    expect(form?.fields).toEqual({
      formKey: button.fields['formKey'],
      confirmed: 'yes',
      feature: 'summarisation',
      forMinutes: '',
      by: '',
      reason: '',
    });
    const wrong = await app.form(place, { ...form?.fields, by: HOSTILE, reason: '', forMinutes: 'soon' }, { cookie });
    const again = await wrong.text();
    expect([wrong.status, formsOf(again)[0]?.fields['by']]).toEqual([422, AS_TEXT]);
    expect(again).toMatch(
      /role="alert"[^]*Why: it is needed, a text of up to 500[^]*For how many minutes: a number above 0/,
    );
    expect(app.app.get(ClaudeCircuits).state('summarisation').name).toBe('closed');
    const done = await app.form(place, { ...form?.fields, ...ANN, forMinutes: '30' }, { cookie });
    expect([done.status, new URL(done.headers.get('location') ?? '', `${app.url}${place}`).pathname]).toEqual([
      303,
      '/claude/dashboard',
    ]);
    expect(app.app.get(ClaudeCircuits).state('summarisation').name).toBe('forced_open');
    const shown = await page();
    expect(shown).toContain('Held a circuit open');
    expect(shown).toContain('Rehearsal.');
    expect(formsOf(shown).find(({ action }) => action.endsWith('/circuit/release'))?.fields).toMatchObject({
      feature: 'summarisation',
      holder: 'ann',
    });
    expect(app.events.at(-1)).toMatchObject({
      type: 'admin.acted',
      by: 'ann',
      untilMs: app.clock.wallMs() + 1_800_000,
    });
  });

  it('lead to every hand there is, each from a page of its own', async () => {
    const app = await startAdmin({}, { adapter });
    await app.act('alert/silence', { ...ANN, forMs: 60_000 });
    await app.act('circuit/hold-open', { ...ANN, feature: 'summarisation' });
    const { cookie, formKey } = await app.signIn();
    const page = await app.get('/claude/dashboard', { ...IN_BROWSER, cookie });
    const places = formsOf(page.text).map(({ action }) => action);
    const hidden = new Set(['queue.resume', 'alert.dismiss']); // there where there is something to resume, or to end
    const wanted = ADMIN_ACTIONS.filter((action) => !hidden.has(action)).map(
      (action) => `../claude/admin/${placeOf(action)}`,
    );
    expect(places).toEqual(expect.arrayContaining(wanted));
    for (const action of ADMIN_ACTIONS) {
      const asked = await app.form(`/claude/admin/${placeOf(action)}`, { formKey }, { cookie });
      const text = await asked.text();
      expect([asked.status, action]).toEqual([200, action]);
      expect(text).toContain(`<h1>${ADMIN_FORMS[action].title}</h1>`);
    }
    expect(app.events.filter(({ type }) => type === 'admin.acted')).toHaveLength(2);
  });

  it('a page that is read by token has none', async () => {
    const app = await startAdmin({}, { adapter });
    const { text } = await app.get('/claude/dashboard', { authorization: `Bearer ${TOKEN}` });
    expect(text).toContain('Sign in with a browser for the buttons');
    expect(formsOf(text)).toEqual([]);
  });

  it('names are text on the page, in the question and in what was done', async () => {
    const app = await startAdmin({}, { adapter });
    const { cookie, formKey } = await app.signIn();
    const wish = { by: HOSTILE, reason: `${HOSTILE}"'&` };
    expect((await app.act('circuit/hold-open', { ...wish, feature: 'summarisation' })).status).toBe(200);
    expect((await app.act('alert/silence', { ...wish, labels: { [HOSTILE]: HOSTILE }, forMs: 60_000 })).status).toBe(
      200,
    );
    expect((await app.act('alert/dismiss', { ...wish, key: HOSTILE })).status).toBe(200);
    expect((await app.act('baseline/reset', { ...wish, workflow: HOSTILE, model: HOSTILE })).status).toBe(200);
    const question = await app.form(
      '/claude/admin/circuit/hold-open',
      { formKey, feature: HOSTILE, by: HOSTILE, 'label.<blink>': HOSTILE },
      { cookie },
    );
    const unknown = { formKey, confirmed: 'yes', ...wish, feature: HOSTILE };
    const refused = await app.form('/claude/admin/circuit/hold-open', unknown, { cookie });
    expect(refused.status).toBe(404);
    const page = await app.get('/claude/dashboard', { ...IN_BROWSER, cookie });
    const pages = [page.text, await question.text(), await refused.text()];
    for (const text of pages) {
      expect(text).toContain(AS_TEXT);
      expect(text).not.toMatch(/<img|<blink>/);
    }
    const { acts } = (await app.get('/claude/dashboard.json', { authorization: `Bearer ${TOKEN}` })).body;
    expect(acts).toHaveLength(4);
    expect(acts[0]).toMatchObject({ action: 'baseline.reset', by: HOSTILE, target: `${HOSTILE}, ${HOSTILE}` });
  });

  it('tells people in a browser what is the matter, and leads back', async () => {
    const app = await startAdmin({}, { adapter });
    const { cookie, formKey } = await app.signIn();
    const place = '/claude/admin/circuit/hold-open';
    const anonymous = await app.form(place, { feature: 'summarisation' });
    expect([anonymous.status, anonymous.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    const text = await anonymous.text();
    const [, back = ''] = /<a href="([^"]+)">To the dashboard/.exec(text) ?? [];
    expect(new URL(back, `${app.url}${place}`).pathname).toBe('/claude/dashboard');
    const foreign = await app.form(place, { formKey, ...ANN }, { cookie, 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, await foreign.text()]).toEqual([403, expect.stringContaining('a page of another site')]);
  });
});

it('a slash too many leads to the page that its links and its cookie are for (R36)', async () => {
  const app = await startAdmin();
  const fields = {
    method: 'POST',
    redirect: 'manual',
    headers: IN_BROWSER,
    body: new URLSearchParams({ token: TOKEN }),
  } as const;
  const first = await fetch(`${app.url}/claude/dashboard/`, fields);
  expect([first.status, first.headers.get('set-cookie')]).toEqual([307, null]);
  const there = new URL(first.headers.get('location') ?? '', `${app.url}/claude/dashboard/`);
  expect(there.pathname).toBe('/claude/dashboard');
  expect((await fetch(there, fields)).status).toBe(303);
  const { cookie } = await app.signIn();
  const page = await fetch(`${app.url}/claude/dashboard/`, { redirect: 'manual', headers: { ...IN_BROWSER, cookie } });
  expect([page.status, page.headers.get('location'), await page.text()]).toEqual([307, '../dashboard', '']);
  expect((await fetch(`${app.url}/claude/dashboard/`, { headers: IN_BROWSER })).status).toBe(401);
});

it('a label of an alert is a label of its silence (R37)', async () => {
  const app = await startAdmin();
  const { cookie, formKey } = await app.signIn();
  const fields = {
    formKey,
    confirmed: 'yes',
    ...ANN,
    rule: 'error_rate',
    'label.workflow': 'invoices',
    forMinutes: '1.5',
  };
  expect((await app.form('/claude/admin/alert/silence', fields, { cookie })).status).toBe(303);
  const untilMs = app.clock.wallMs() + 90_000;
  expect(app.app.get(ClaudeAlerts).view().silences).toMatchObject([{ labels: { workflow: 'invoices' }, untilMs }]);
  expect(app.app.get(ClaudeAdmin).recent()).toMatchObject([{ target: 'error_rate, workflow=invoices', untilMs }]);
});

it.each([
  [{ formKey: 'k', confirmed: 'yes', by: 'ann', holder: ' ' }, { by: 'ann' }],
  [{ forMinutes: '2' }, { forMs: 120_000 }],
  [{ forMinutes: 'soon' }, { forMs: Number.NaN }],
  [{ 'label.a': '1', 'label.b': '' }, { labels: { a: '1' } }],
])('reads the form %j as %j', (fields, wish) => {
  expect(wishOfForm(fields as unknown as Record<string, string>)).toEqual(wish);
});

it.each([
  ['by: it is needed', 'Who are you: it is needed'],
  ['forMs: milliseconds, got NaN', 'For how many minutes: a number above 0, at most 43 200, which are 30 days.'],
  ['feature: a text', 'Feature: a text'],
  ['nobody: knows', 'nobody: knows'],
  ['No feature is called "x".', 'No feature is called "x".'],
])('says %j as %j', (issue, words) => {
  expect(issueInWords('circuit.hold_open', issue)).toBe(words);
});

it('moved together, as docs/dashboard.md says, a session is good for all of them (R36)', async () => {
  const app = await startAdmin({
    dashboard: { path: 'internal/dashboard' },
    admin: { path: 'internal/admin' },
    calls: { path: 'internal/calls' },
  });
  const at = `${app.url}/internal/dashboard`;
  const signedIn = await app.form('/internal/dashboard', { token: TOKEN });
  // Without a path of its own a cookie is for the folder of what set it.
  expect(signedIn.headers.get('set-cookie')).not.toMatch(/path=/i);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await (await fetch(at, { headers: { ...IN_BROWSER, cookie } })).text();
  const places = formsOf(page).map(({ action }) => new URL(action, at).pathname);
  expect(places.filter((place) => place !== '/internal/dashboard')).not.toEqual([]);
  for (const place of places) expect(place).toMatch(/^\/internal\//);
});
