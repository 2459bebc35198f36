import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Headers, Post } from '@nestjs/common';
import {
  ClaudeFallback,
  ClaudeQueue,
  ClaudeResilienceService,
  ClaudeTimelines,
  type CallTimeline,
} from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from '../support/simulator.js';
import { closeApps, startApp, type AppOptions } from '../support/start-app.js';
import { until } from '../support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const TOKEN = 'the-token-of-the-operators';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const PROMPT = 'A secret of the customer.';
const HOSTILE = '<img src=x onerror=alert(1)>';

@Controller()
class Summaries {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @ClaudeFallback('summarisation')
  async summarise(@Body() { document }: { document: string }, @Headers('x-workflow') workflow: string) {
    const messages = [{ role: 'user' as const, content: `${PROMPT} ${document}` }];
    const message = await this.claude.messages.create({ ...PARAMS, messages }, { workflow });
    return { summary: message.content.length };
  }
}

const start = (claude: AppOptions['claude'] = {}, adapter: 'express' | 'fastify' = 'express') =>
  startApp({
    adapter,
    controllers: [Summaries],
    claude: {
      baseURL: simulator.api.url,
      operator: { token: TOKEN },
      retry: { overloaded: { maxRetries: 2, baseDelayMs: 1, jitterMs: 0 } },
      ...claude,
    },
  });

const ask = async ({ post }: Awaited<ReturnType<typeof start>>, id: string, workflow = 'invoices') => {
  await post('/summaries', { document: 'A text.' }, { 'x-correlation-id': id, 'x-workflow': workflow });
};
const told = ({ steps }: CallTimeline) => steps.map(({ what, by, rule }) => [what, by, rule]);

describe.each(['express', 'fastify'] as const)('the timeline of one call, on %s (R36)', (adapter) => {
  it('tells attempts, waits, who decided by which rule, request ids, tokens and cost', async () => {
    const app = await start({}, adapter);
    simulator.api.scenario.add({ fault: 'overloaded', count: 2 });
    await ask(app, 'call-0001');
    const answer = await app.get('/claude/calls/call-0001', BEARER);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const timeline = answer.body as CallTimeline;
    expect(told(timeline)).toEqual([
      ['attempt_failed', 'diagnosis', 'overloaded'],
      ['waited', 'retry', 'retry.overloaded'],
      ['attempt_failed', 'diagnosis', 'overloaded'],
      ['waited', 'retry', 'retry.overloaded'],
      ['served', 'api', undefined],
    ]);
    const [failed, waited, , , served] = timeline.steps;
    expect(failed).toMatchObject({
      attempt: 1,
      model: PARAMS.model,
      kind: 'overloaded',
      status: 529,
      requestId: expect.stringMatching(/^req_/),
    });
    expect(waited).toMatchObject({ attempt: 1, kind: 'overloaded', waitMs: 1 });
    expect(served).toMatchObject({
      requestId: expect.stringMatching(/^req_/),
      tookMs: expect.any(Number),
      details: { attempts: 3, outputTokens: expect.any(Number), costUsd: expect.any(Number), stopReason: 'max_tokens' },
    });
    expect(timeline).toMatchObject({
      correlationId: 'call-0001',
      state: 'served',
      features: ['summarisation'],
      workflows: ['invoices'],
      leftOut: 0,
      totals: { requests: 3, retryWaitMs: 3, inputTokens: expect.any(Number), costUsd: served?.details?.['costUsd'] },
    });
    expect(answer.text).not.toContain(PROMPT);
  });

  it('a call that ends with a fallback, and the circuit that opened meanwhile', async () => {
    const app = await start({ circuit: { failureThreshold: 2, failureRatio: 0 } }, adapter);
    simulator.api.scenario.add({ fault: 'overloaded' });
    await ask(app, 'call-0002');
    const first = (await app.get('/claude/calls/call-0002', BEARER)).body as CallTimeline;
    expect(first.state).toBe('fallback');
    expect(told(first)).toEqual(
      expect.arrayContaining([
        ['circuit_changed', 'circuit', 'failures'],
        ['failed', expect.any(String), expect.any(String)],
        ['fallback_answered', 'fallback', undefined],
      ]),
    );
    await ask(app, 'call-0003');
    const second = (await app.get('/claude/calls/call-0003', BEARER)).body as CallTimeline;
    expect(told(second)).toEqual([
      ['failed', 'circuit', 'circuit_open'],
      ['fallback_answered', 'fallback', undefined],
    ]);
    expect(second.totals.requests).toBe(0);
  });

  it('a page for people, with names as text, and a way back', async () => {
    const app = await start({}, adapter);
    simulator.api.scenario.add({ fault: 'overloaded', count: 1 });
    await ask(app, 'call-0004', HOSTILE);
    const headers = { ...BEARER, accept: 'text/html' };
    const page = await app.get('/claude/calls/call-0004', headers);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page.text).not.toMatch(/<img|A secret of the customer/);
    expect(page.text).toContain('Request 1 failed: overload, 529');
    expect(page.text).toContain('<code>retry.overloaded</code>');
    expect(page.text).toMatch(/<dt>Tokens<\/dt>\s*<dd>[1-9]\d* in, [1-9]\d* out<\/dd>/);
    expect(page.text).toMatch(/<dt>Cost<\/dt>\s*<dd>\$0\.\d{4}<\/dd>/);
    const [, back = ''] = /<a href="([^"]+)">To the dashboard/.exec(page.text) ?? [];
    expect(new URL(back, `${app.url}/claude/calls/call-0004`).pathname).toBe('/claude/dashboard');
    const data = await app.get('/claude/calls/call-0004?format=json', headers);
    expect(data.body).toMatchObject({ correlationId: 'call-0004' });
  });

  it('the dashboard leads from a failure to its timeline', async () => {
    const app = await start({ retry: {} }, adapter);
    simulator.api.scenario.add({ fault: 'invalid_request', count: 1 });
    await ask(app, 'call:0005.x');
    const page = await app.get('/claude/dashboard', { ...BEARER, accept: 'text/html' });
    const [, link = ''] = /<a href="([^"]*calls[^"]*)">/.exec(page.text) ?? [];
    const path = new URL(link, `${app.url}/claude/dashboard`).pathname;
    const { body } = await app.get(path, BEARER);
    expect(body).toMatchObject({ correlationId: 'call:0005.x', state: 'failed' });
    expect(body.steps.at(-1)).toMatchObject({
      what: 'failed',
      by: 'diagnosis',
      details: { notRetried: 'not_retryable' },
    });
    const { calls } = (await app.get('/claude/calls', BEARER)).body;
    expect(calls).toEqual([expect.objectContaining({ correlationId: 'call:0005.x', state: 'failed' })]);
    expect(calls[0]).not.toHaveProperty('steps');
  });

  it('is for operators alone, and says what it does not know', async () => {
    const app = await start({}, adapter);
    await ask(app, 'call-0006');
    for (const path of ['/claude/calls', '/claude/calls/call-0006', '/claude/calls/nobody']) {
      expect([(await app.get(path)).status, path]).toEqual([401, path]);
      expect((await app.get(path, { authorization: 'Bearer wrong-token-of-strangers' })).status).toBe(401);
    }
    const unknown = await app.get('/claude/calls/nobody', BEARER);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'CLAUDE_CALL_UNKNOWN']);
    const page = await app.get(`/claude/calls/${encodeURIComponent(HOSTILE)}`, { ...BEARER, accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.text).not.toContain('<img');
    const closed = await start({ operator: {} }, adapter);
    expect((await closed.get('/claude/calls/call-0006', BEARER)).status).toBe(403);
  });

  it('stands where it is put, remembers as little as it is told, or nothing', async () => {
    const moved = await start({ calls: { path: 'internal/calls' } }, adapter);
    await ask(moved, 'call-0007');
    expect((await moved.get('/internal/calls/call-0007', BEARER)).status).toBe(200);
    expect((await moved.get('/claude/calls/call-0007', BEARER)).status).toBe(404);
    const none = await start({ timeline: false }, adapter);
    await ask(none, 'call-0008');
    expect((await none.get('/claude/calls/call-0008', BEARER)).body.message).toContain('`timeline` is false');
    expect(none.app.get(ClaudeTimelines).isOn).toBe(false);
  });
});

it('a deferred request is one story, from the queue to its end (R10)', async () => {
  const app = await start({ queue: { driver: 'memory' } });
  app.app.get(ClaudeQueue).pause();
  const headers = { 'x-correlation-id': 'call-0009', 'x-workflow': 'invoices', prefer: 'respond-async' };
  expect((await app.post('/summaries', { document: 'A text.' }, headers)).status).toBe(202);
  const timeline = () => app.app.get(ClaudeTimelines).of('call-0009');
  expect(timeline()).toMatchObject({
    state: 'deferred',
    steps: [{ what: 'deferred', by: 'queue', rule: 'asked_for' }],
  });
  app.app.get(ClaudeQueue).resume();
  await until(() => timeline()?.state === 'served');
  expect(timeline()?.steps.map(({ what }) => what)).toEqual(['deferred', 'served', 'ended']);
  expect(JSON.stringify(timeline())).not.toMatch(/requestId":"(?!req_)/);
});

it.each([
  [{ maxCalls: 9 }, 'timeline.maxCalls: an integer, at least 10, at most 100000, got 9'],
  [{ maxSteps: 1.5 }, 'timeline.maxSteps: an integer, at least 10, at most 1000, got 1.5'],
  [{ maxAge: 1 }, 'timeline.maxAge: unknown option; known here: maxCalls, maxSteps'],
  [7, 'timeline: true, false or an object, got 7'],
])('options that cannot work are named: %j', async (timeline, issue) => {
  await expect(start({ timeline: timeline as never })).rejects.toMatchObject({ issues: [issue] });
});
