import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Notice } from '../libs/claude-resilience/src/core/notices/notice.js';
import { WebhookNoticeSender } from '../libs/claude-resilience/src/webhook/webhook-notice-sender.js';
import { ManualClock } from '../libs/claude-resilience/src/testing/manual-clock.js';
import { until } from './support/until.js';

const KEY = Buffer.alloc(32, 7);
const OLD_KEY = Buffer.alloc(24, 9);
const secretOf = (key: Buffer) => `whsec_${key.toString('base64')}`;
const REQUEST_ID = 'Zm9yIHlvdXIgZXllcyBvbmx5';
const STATUS_URL = `https://app.example.org/claude/requests/${REQUEST_ID}`;
const never = new AbortController().signal;

let server: Server;
interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let received: Received[] = [];
const first = (): Received => received[0]!;
let answer: (response: ServerResponse, path: string) => void;
const clock = () => new ManualClock(Date.UTC(2026, 10, 22, 12));
const urlOf = (path = '/hook') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const noticeTo = (to: string, over: Partial<Notice> = {}): Notice => ({
  key: `${REQUEST_ID}.0`,
  requestId: REQUEST_ID,
  status: 'succeeded',
  endedAtMs: Date.UTC(2026, 10, 22, 11),
  statusUrl: STATUS_URL,
  to,
  locale: 'en',
  message: 'Your result is ready.',
  ...over,
});
const send = (notice: Notice, secret: string | readonly [string, string] = secretOf(KEY)) =>
  new WebhookNoticeSender({ secret }, clock()).send(notice, never);

beforeEach(async () => {
  received = [];
  answer = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      answer(response, request.url ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a notice as a webhook (R28)', () => {
  it('says what happened and where to look, signed so that its receiver can check it', async () => {
    await send(noticeTo(urlOf()));
    const { method, headers, body } = first();
    expect([method, headers['content-type']]).toEqual(['POST', 'application/json']);
    expect(JSON.parse(body)).toEqual({
      type: 'claude.request.succeeded',
      timestamp: '2026-11-22T11:00:00.000Z',
      data: { requestId: REQUEST_ID, status: 'succeeded', statusUrl: STATUS_URL },
    });
    expect(headers['webhook-timestamp']).toBe(String(Date.UTC(2026, 10, 22, 12) / 1000));
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`);
  });

  it('is signed as the standard says', async () => {
    // The example of the reference libraries (standard-webhooks/standard-webhooks, libraries/*/test).
    const { webhookKey, webhookSignature } = await import('../libs/claude-resilience/src/webhook/webhook-secret.js');
    const key = webhookKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const signature = webhookSignature([key!], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}');
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('has an id that every try repeats, and that does not open the request', async () => {
    await send(noticeTo(urlOf()));
    await send(noticeTo(urlOf()));
    await send(noticeTo(urlOf(), { key: `${REQUEST_ID}.1` }));
    const [once, again, other] = received.map(({ headers }) => headers['webhook-id']);
    expect(once).toMatch(/^msg_[\w-]{27}$/);
    expect(again).toBe(once);
    expect(other).not.toBe(once);
    for (const { headers } of received) expect(JSON.stringify(headers)).not.toContain(REQUEST_ID);
  });

  it('is signed with both secrets while one is being changed', async () => {
    await send(noticeTo(urlOf()), [secretOf(KEY), secretOf(OLD_KEY)]);
    const { headers, body } = first();
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const by = (key: Buffer) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    expect(headers['webhook-signature']).toBe(`${by(KEY)} ${by(OLD_KEY)}`);
  });

  it.each(['succeeded', 'failed', 'expired'] as const)('tells of %s by its type', async (status) => {
    await send(noticeTo(urlOf(), { status }));
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ type: `claude.request.${status}`, data: { status } });
  });

  it.each([
    [200, undefined],
    [202, undefined],
    [204, undefined],
    [301, 'CLAUDE_NOTICE_NOT_SENT'],
    [307, 'CLAUDE_NOTICE_NOT_SENT'],
    [400, 'CLAUDE_NOTICE_NOT_SENT'],
    [404, 'CLAUDE_NOTICE_NOT_SENT'],
    [410, 'CLAUDE_NOTICE_REFUSED'],
    [429, 'CLAUDE_NOTICE_NOT_SENT'],
    [500, 'CLAUDE_NOTICE_NOT_SENT'],
  ])('answered with %i: %s; and no redirect is followed', async (status, code) => {
    answer = (response, path) => {
      if (path === '/elsewhere') return response.writeHead(200).end();
      return response
        .writeHead(status, { location: urlOf('/elsewhere') })
        .end(status === 204 ? undefined : 'SECRET text');
    };
    const error: unknown = await send(noticeTo(urlOf())).catch((refused: unknown) => refused);
    expect((error as { code?: string } | undefined)?.code).toBe(code);
    expect(String(error)).not.toContain('SECRET');
    expect(received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it.each([
    'http://example.org/hook',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.example.org/',
    'ftp://example.org',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://ann:secret@example.org/hook',
    'https://ann@example.org/hook',
    '/hook',
    '',
  ])('is not sent to %j at all', async (to) => {
    const error: unknown = await send(noticeTo(to)).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'CLAUDE_NOTICE_REFUSED' });
    expect(String(error)).not.toContain('secret');
  });

  it('does not wait for ever, and ends with its caller', async () => {
    answer = () => {};
    const time = clock();
    const sender = new WebhookNoticeSender({ secret: secretOf(KEY), timeoutMs: 1_000 }, time);
    const late = sender.send(noticeTo(urlOf()), never).catch((error: unknown) => error);
    await until(() => received.length === 1);
    await time.advance(1_000);
    expect(await late).toMatchObject({ code: 'CLAUDE_NOTICE_NOT_SENT', message: expect.stringContaining('too long') });

    const caller = new AbortController();
    const ended = sender.send(noticeTo(urlOf()), caller.signal).catch((error: unknown) => error);
    await until(() => received.length === 2);
    caller.abort();
    expect(await ended).toMatchObject({ code: 'CLAUDE_NOTICE_NOT_SENT' });
    expect(time.pendingTimers).toBe(0);
  });

  it('is tried again where nobody listens, and names no host', async () => {
    const to = urlOf();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const error: unknown = await send(noticeTo(to)).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'CLAUDE_NOTICE_NOT_SENT' });
    expect(String(error)).not.toContain('127.0.0.1');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it.each<[secret: unknown]>([
    ['whsec_'],
    ['whsec_c2hvcnQ='],
    [KEY.toString('base64')],
    [`whsec_${Buffer.alloc(65).toString('base64')}`],
    [`whsec_${'not base64, but long enough to be'}`],
    [[]],
    [[secretOf(KEY), 'whsec_']],
    [[secretOf(KEY), secretOf(KEY), secretOf(KEY)]],
    [undefined],
  ])('needs a secret that is one, and does not repeat it: %j', (secret) => {
    const make = () => new WebhookNoticeSender({ secret: secret as string }, clock());
    expect(make).toThrow('notices.webhook.secret: "whsec_" and 24 to 64 bytes in base64');
  });
});
