import { describe, expect, it } from '@jest/globals';
import { RequestLog } from './request-log.js';
import { withoutCredentials } from './without-credentials.js';

const request = (at: number, path = '/v1/messages') => ({
  at,
  method: 'POST',
  path,
  model: null,
  fault: null,
  requestId: `req_${at}`,
  headers: {},
  body: null,
});

describe('RequestLog', () => {
  it('notes how a request ended', () => {
    const log = new RequestLog(10);
    const entry = log.open(request(1), 0);
    expect(log.list()).toMatchObject([{ requestId: 'req_1', status: 'pending' }]);
    entry.end(529);
    expect(log.list()).toMatchObject([{ requestId: 'req_1', status: 529 }]);
  });

  it('notes when the client left, as long as that matters', () => {
    const log = new RequestLog(10);
    const [answered, hung, left] = [1, 2, 3].map((at) => log.open(request(at), 0));
    answered!.end(200);
    hung!.end('hung');
    left!.sent(4);
    for (const entry of [answered!, hung!, left!]) entry.left(70);
    left!.end(200);
    expect(log.list()).toMatchObject([
      { status: 200, leftAt: null, eventsSent: null },
      { status: 'hung', leftAt: 70 },
      { status: 'aborted', leftAt: 70, eventsSent: 4 },
    ]);
  });

  it('keeps the newest', () => {
    const log = new RequestLog(2);
    for (const at of [1, 2, 3]) log.open(request(at), 0);
    expect(log.list().map(({ at }) => at)).toEqual([2, 3]);
  });

  it('keeps no more than 128 MB of bodies, and the last one in any case', () => {
    const log = new RequestLog(10);
    for (const at of [1, 2, 3]) log.open(request(at), 60 * 1024 * 1024);
    expect(log.count()).toBe(2);
    log.open(request(4), 500 * 1024 * 1024);
    expect(log.list().map(({ at }) => at)).toEqual([4]);
  });

  it('counts by path and time', () => {
    const log = new RequestLog(10);
    log.open(request(10), 0);
    log.open(request(20), 0);
    log.open(request(30, '/v1/models'), 0);
    expect([log.count(), log.count({ path: '/v1/messages' }), log.count({ since: 20 })]).toEqual([3, 2, 2]);
    log.clear();
    expect(log.count()).toBe(0);
  });

  it('tells when enough has come in', async () => {
    const log = new RequestLog(10);
    const received = log.whenReceived(2, { path: '/v1/messages' });
    log.open(request(1), 0);
    log.open(request(2, '/v1/models'), 0);
    log.open(request(3), 0);
    await expect(received).resolves.toBeUndefined();
    await expect(log.whenReceived(1)).resolves.toBeUndefined();
  });
});

describe('whenEnded', () => {
  it('tells when enough have come to an end, of any kind', async () => {
    const log = new RequestLog(10);
    const seen: string[] = [];
    const ended = log.whenEnded(2, { path: '/v1/messages' }).then(() => seen.push('ended'));
    const first = log.open(request(1), 0);
    const second = log.open(request(2), 0);
    log.open(request(3, '/v1/models'), 0).end(200);
    first.end(529);
    await Promise.resolve();
    expect(seen).toEqual([]);
    second.left(5);
    await ended;
    expect(seen).toEqual(['ended']);
  });
});

describe('withoutCredentials', () => {
  it('drops all that could be a secret', () => {
    expect(
      withoutCredentials({
        authorization: 'Bearer s',
        'x-api-key': 's',
        'proxy-authorization': 's',
        cookie: 's',
        'x-auth-token': 's',
        'anthropic-version': '2026-10-21',
      }),
    ).toEqual({ 'anthropic-version': '2026-10-21' });
  });
});
