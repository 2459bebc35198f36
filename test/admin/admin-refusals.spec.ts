import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ClaudeCircuits } from 'nestjs-claude-resilience';
import { ANN, BEARER, IN_BROWSER, startAdmin, type AdminApp } from './admin-world.js';
import { closeApps } from '../support/start-app.js';

afterEach(closeApps);

const HOLD = { ...ANN, feature: 'summarisation' };
const PLACE = '/claude/admin/circuit/hold-open';
const JSON_BODY = { 'content-type': 'application/json' };

@Injectable()
class HasBadge implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>().headers['x-badge'] === 'blue';
  }
}

const send = ({ url }: AdminApp, headers: Record<string, string>, body: string | URLSearchParams) =>
  fetch(`${url}${PLACE}`, { method: 'POST', redirect: 'manual', headers, body });
const isUntouched = ({ app, events }: AdminApp) => {
  expect(app.get(ClaudeCircuits).state('summarisation').name).toBe('closed');
  expect(events.filter(({ type }) => type === 'admin.acted')).toEqual([]);
};

describe.each(['express', 'fastify'] as const)('who may not lay hands on anything, on %s (R36)', (adapter) => {
  it.each([
    ['nobody', {}, 401, 'CLAUDE_OPERATOR_TOKEN'],
    ['a wrong token', { authorization: 'Bearer the-token-of-the-operatorz' }, 401, 'CLAUDE_OPERATOR_TOKEN'],
    ['another scheme', { authorization: 'Basic dGhlLXRva2Vu' }, 401, 'CLAUDE_OPERATOR_TOKEN'],
    ['a made-up cookie', { cookie: 'claude_operator=x.y.z' }, 401, 'CLAUDE_OPERATOR_TOKEN'],
  ])('%s', async (_, headers, status, code) => {
    const app = await startAdmin({}, { adapter });
    const answer = await app.post(PLACE, HOLD, headers as Record<string, string>);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await app.get('/claude/admin', headers as Record<string, string>)).status).toBe(401);
    isUntouched(app);
  });

  it('anybody, until the application names a guard or a token', async () => {
    const app = await startAdmin({ operator: {} }, { adapter });
    const answer = await app.post(PLACE, HOLD, BEARER);
    expect([answer.status, answer.body.code]).toEqual([403, 'CLAUDE_OPERATOR_CLOSED']);
    isUntouched(app);
  });

  it('who has tried ten wrong tokens, for a minute, and with the right one, too', async () => {
    const app = await startAdmin({}, { adapter });
    for (let n = 0; n < 10; n++) {
      expect((await app.post(PLACE, HOLD, { authorization: `Bearer wrong-${n}` })).status).toBe(401);
    }
    const waits = await app.act('circuit/hold-open', HOLD);
    expect([waits.status, waits.headers.get('retry-after')]).toEqual([429, '60']);
    isUntouched(app);
    await app.clock.advance(60_000);
    expect((await app.act('circuit/hold-open', HOLD)).status).toBe(200);
  });

  it('a page of another site, by what browsers say of it', async () => {
    const app = await startAdmin({}, { adapter });
    const { cookie, formKey } = await app.signIn();
    const key = { cookie, 'x-claude-form-key': formKey, ...JSON_BODY };
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { origin: 'null', 'sec-fetch-site': 'cross-site', authorization: 'Basic dGhlLXRva2Vu' },
    ];
    for (const headers of foreign) {
      const answer = await send(app, { ...key, ...headers }, JSON.stringify(HOLD));
      expect([answer.status, headers]).toEqual([headers['authorization'] === undefined ? 403 : 401, headers]);
    }
    isUntouched(app);
    expect((await send(app, { ...key, origin: app.url }, JSON.stringify(HOLD))).status).toBe(200);
  });

  it('a session without the key of its forms, or with another’s', async () => {
    const app = await startAdmin({}, { adapter });
    const { cookie, formKey } = await app.signIn();
    const other = await app.signIn();
    const fields = { ...HOLD, confirmed: 'yes' };
    for (const key of ['', `${formKey}x`, other.formKey]) {
      expect((await send(app, { cookie }, new URLSearchParams({ ...fields, formKey: key }))).status).toBe(403);
      const json = await send(app, { cookie, 'x-claude-form-key': key, ...JSON_BODY }, JSON.stringify(HOLD));
      expect([json.status, ((await json.json()) as { code: string }).code]).toEqual([403, 'CLAUDE_OPERATOR_FORM']);
    }
    isUntouched(app);
    // A token sends no forms: those are for people, who have a session.
    expect((await send(app, BEARER, new URLSearchParams({ ...fields, formKey }))).status).toBe(403);
    expect((await send(app, { ...BEARER, 'content-type': 'text/plain' }, JSON.stringify(HOLD))).status).toBe(415);
    isUntouched(app);
    expect((await send(app, { cookie }, new URLSearchParams({ ...fields, formKey }))).status).toBe(303);
  });

  it('where guards of the application stand: nobody past them, and no form without the key', async () => {
    const app = await startAdmin({ operator: { guards: [HasBadge] } }, { adapter });
    const badge = { 'x-badge': 'blue' };
    expect((await app.post(PLACE, HOLD)).status).toBe(403);
    expect((await send(app, badge, new URLSearchParams({ ...HOLD, confirmed: 'yes' }))).status).toBe(403);
    const cross = { ...badge, ...JSON_BODY, 'sec-fetch-site': 'cross-site' };
    expect((await send(app, cross, JSON.stringify(HOLD))).status).toBe(403);
    isUntouched(app);
    expect((await app.post(PLACE, HOLD, badge)).status).toBe(200);
    const page = await fetch(`${app.url}/claude/dashboard`, { headers: { ...IN_BROWSER, ...badge } });
    expect(page.status).toBe(200);
  });

  it.each<[string, string, object, number, string]>([
    ['no such hand', 'circuit/weld', HOLD, 404, 'CLAUDE_ADMIN_UNKNOWN'],
    ['no such thing', 'constructor/prototype', HOLD, 404, 'CLAUDE_ADMIN_UNKNOWN'],
    ['no such feature', 'circuit/hold-open', { ...ANN, feature: 'nobody' }, 404, 'CLAUDE_UNKNOWN_FEATURE'],
    ['no such feature, of Object', 'circuit/release', { ...ANN, feature: '__proto__' }, 404, 'CLAUDE_UNKNOWN_FEATURE'],
    ['no such sink', 'sink/test', { ...ANN, sink: 'nobody' }, 404, 'CLAUDE_ALERT_SINK_UNKNOWN'],
    ['no such request', 'dead-letters/redrive', { ...ANN, requestId: 'nobody' }, 404, 'CLAUDE_REQUEST_NOT_FOUND'],
    ['no name', 'queue/pause', { reason: 'Why.' }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['no reason', 'queue/pause', { by: 'ann', reason: '  ' }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a name too long', 'queue/pause', { ...ANN, by: 'x'.repeat(101) }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a reason too long', 'queue/pause', { ...ANN, reason: 'x'.repeat(501) }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a line break in a reason', 'queue/pause', { ...ANN, reason: 'a\nb' }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a name that turns the line', 'queue/pause', { ...ANN, by: 'a\u202eb' }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a name that is no text', 'queue/pause', { ...ANN, by: { toString: 'ann' } }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a field too many', 'queue/pause', { ...ANN, forEver: true }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['31 days', 'circuit/hold-open', { ...HOLD, forMs: 31 * 86_400_000 }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['no time', 'circuit/hold-open', { ...HOLD, forMs: 0 }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a silence without end', 'alert/silence', ANN, 422, 'CLAUDE_ADMIN_INVALID'],
    ['no such rule', 'alert/silence', { ...ANN, rule: 'nobody', forMs: 1 }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['no labels', 'alert/silence', { ...ANN, labels: [], forMs: 1 }, 422, 'CLAUDE_ADMIN_INVALID'],
    ['which letters', 'dead-letters/discard', ANN, 422, 'CLAUDE_ADMIN_INVALID'],
    ['a list', 'queue/pause', [ANN], 422, 'CLAUDE_ADMIN_INVALID'],
  ])('tells what is wrong, and does nothing: %s', async (_, place, body, status, code) => {
    const app = await startAdmin({}, { adapter });
    const answer = await app.act(place, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    if (status === 422) expect(answer.body.issues.length).toBeGreaterThan(0);
    isUntouched(app);
  });

  it('names every bad field, and shows no long text that was sent', async () => {
    const app = await startAdmin({}, { adapter });
    const secret = 'sk-ant-'.padEnd(600, 'x');
    const { body, text } = await app.act('circuit/hold-open', { by: '', reason: secret, forMs: -1 });
    expect(body.issues.map((issue: string) => issue.split(':')[0])).toEqual(['by', 'reason', 'feature', 'forMs']);
    expect(text).not.toContain('sk-ant-');
  });

  it('where there is no queue, and where nobody looks', async () => {
    const app = await startAdmin({ queue: false, alerts: undefined as never }, { adapter });
    for (const [place, wish] of [
      ['queue/pause', ANN],
      ['dead-letters/redrive', { ...ANN, feature: 'summarisation' }],
      ['alert/silence', { ...ANN, forMs: 1 }],
      ['sink/test', { ...ANN, sink: 'pager' }],
    ] as const) {
      const answer = await app.act(place, wish);
      expect([place, answer.status, answer.body.code]).toEqual([place, 409, 'CLAUDE_ADMIN_REFUSED']);
    }
    expect((await app.get('/claude/admin/dead-letters', BEARER)).status).toBe(409);
    isUntouched(app);
  });

  it('stands where it is put, or nowhere', async () => {
    const moved = await startAdmin({ admin: { path: 'internal/hands' } }, { adapter });
    expect((await moved.post('/internal/hands/queue/pause', ANN, BEARER)).status).toBe(200);
    expect((await moved.act('queue/pause')).status).toBe(404);
    const none = await startAdmin({ admin: false }, { adapter });
    expect((await none.act('queue/pause')).status).toBe(404);
    expect((await none.get('/claude/admin', BEARER)).status).toBe(404);
  });
});
