import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  sendToClaude,
  type ClaudeRequestEvent,
  type SendToClaudeOptions,
} from '../libs/claude-resilience/src/client/index.js';
import { QuickTimer } from './support/quick-timer.js';
import {
  answer,
  hangUp,
  ScriptedRequestServer,
  silence,
  stream,
  type Step,
} from './support/scripted-request-server.js';

const WHERE = { statusUrl: '/claude/requests/r', eventsUrl: '/claude/requests/r/events' };
const DEFERRED = { requestId: 'r', status: 'waiting', message: 'Accepted.', ...WHERE };
const ACCEPTED = { type: 'accepted', requestId: 'r', status: 'waiting', message: 'Accepted.' };
const EVENTS =
  'id: r:1\nevent: accepted\ndata: {"requestId":"r"}\n\nid: r:2\nevent: done\ndata: {"message":"","result":7}\n\n';
const HTML = { 'content-type': 'text/html' };
const redirectTo = (location: string) => answer(307, undefined, { location });

let server: ScriptedRequestServer;
let stranger: ScriptedRequestServer;

beforeEach(async () => {
  server = await ScriptedRequestServer.start();
  stranger = await ScriptedRequestServer.start();
});
afterEach(async () => {
  await server.stop();
  await stranger.stop();
});

const send = (options: SendToClaudeOptions = {}) =>
  sendToClaude('/summaries', { baseUrl: server.origin, timer: new QuickTimer(), ...options });

async function allOf(events: AsyncIterable<ClaudeRequestEvent>): Promise<ClaudeRequestEvent[]> {
  const all: ClaudeRequestEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

it('sends JSON, and asks for an answer later only if told to', async () => {
  server.on('POST /summaries', answer(200, {}));
  server.on('PUT /summaries', answer(200, {}));
  await send({ body: { document: 'é' }, headers: { authorization: 'Bearer a', prefer: 'wait=5' } });
  await send({ method: 'PUT', respondAsync: true });
  const [post, put] = server.asked;
  expect(post).toMatchObject({ method: 'POST', body: '{"document":"é"}' });
  expect(post!.headers).toMatchObject({
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: 'Bearer a',
    prefer: 'wait=5',
  });
  expect(put).toMatchObject({ method: 'PUT', body: '', headers: { prefer: 'respond-async' } });
  expect(put!.headers).not.toHaveProperty('content-type');
});

describe('an answer at once', () => {
  const fallback = { 'x-claude-outcome': 'fallback' };
  it.each<[what: string, step: Step, outcome: string, result: unknown, message: string]>([
    ['served', answer(200, { summary: 's' }, { 'x-claude-outcome': 'served' }), 'served', { summary: 's' }, ''],
    ['unmarked', answer(201, [1]), 'served', [1], ''],
    ['simplified', answer(200, { message: 'Simple.' }, fallback), 'fallback', { message: 'Simple.' }, 'Simple.'],
    ['text', answer(200, 'words', HTML), 'served', 'words', ''],
    ['nothing', answer(204), 'served', undefined, ''],
    ['a 202 of another kind', answer(202, { queued: true }), 'served', { queued: true }, ''],
  ])('%s', async (_what, step, outcome, result, message) => {
    server.on('POST /summaries', step);
    const request = await send();
    expect(request).toMatchObject({ outcome, requestId: undefined, statusUrl: undefined, eventsUrl: undefined });
    expect(await request.result()).toEqual(result);
    expect(await allOf(request.events())).toEqual([{ type: 'done', message, result }]);
    expect(await request.cancel()).toEqual({ outcome: 'too-late', message });
    expect(server.asked).toHaveLength(1);
  });

  const wait = {
    code: 'CLAUDE_OVERLOADED',
    message: 'Wait.',
    retryable: true,
    actions: ['retry'],
    retryAfterSeconds: 5,
  };
  it.each<[what: string, step: Step, problem: object]>([
    ['a problem of ours', answer(503, wait), { ...wait, status: 503 }],
    [
      'one of the application',
      answer(400, { statusCode: 400, message: ['a'] }),
      { code: 'CLAUDE_HTTP_400', retryable: false, actions: [], statusCode: 400 },
    ],
    ['a page of a proxy', answer(502, '<html>', HTML), { code: 'CLAUDE_HTTP_502', retryable: true, actions: [] }],
    ['broken JSON', answer(500, '{'), { code: 'CLAUDE_HTTP_500', retryable: true }],
    ['an unknown route', answer(404, {}), { code: 'CLAUDE_HTTP_404', retryable: false }],
  ])('that says no: %s', async (_what, step, problem) => {
    server.on('POST /summaries', step);
    const request = await send();
    expect(request.outcome).toBe('failed');
    const error = (await request.result().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ name: 'ClaudeRequestFailed', problem });
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.message).not.toContain('<');
    expect(await allOf(request.events())).toMatchObject([{ type: 'failed', message: error.message, problem }]);
  });
});

describe('a deferred answer', () => {
  it('looks the same, and is accepted once', async () => {
    server.on('POST /summaries', answer(202, DEFERRED, { 'x-claude-outcome': 'deferred' }));
    server.on(`GET ${WHERE.eventsUrl}`, stream(EVENTS));
    const told: ClaudeRequestEvent[] = [];
    const request = await send({ respondAsync: true, onProgress: (event) => told.push(event) });
    const urls = { statusUrl: server.origin + WHERE.statusUrl, eventsUrl: server.origin + WHERE.eventsUrl };
    expect(request).toMatchObject({ outcome: 'deferred', requestId: 'r', ...urls });
    expect(told).toEqual([ACCEPTED]);
    expect(server.asked).toHaveLength(1);
    expect(await allOf(request.events())).toEqual([ACCEPTED, { type: 'done', message: '', result: 7 }]);
    expect(await request.result()).toBe(7);
    expect(told).toEqual([ACCEPTED]);
    expect(server.asked).toHaveLength(2);
  });

  it('without events is asked for', async () => {
    server.on('POST /summaries', answer(202, { ...DEFERRED, eventsUrl: undefined }));
    server.on(`GET ${WHERE.statusUrl}`, answer(200, { status: 'succeeded', result: 8 }));
    expect(await (await send()).result()).toBe(8);
  });

  it.each<[what: string, urls: (stranger: string, port: string) => object]>([
    ['status', (origin) => ({ statusUrl: `${origin}/s` })],
    ['events', (origin) => ({ eventsUrl: `${origin}/e` })],
    ['status without scheme', (origin) => ({ statusUrl: origin.replace('http:', '') })],
    ['user', (_origin, port) => ({ statusUrl: `http://u@127.0.0.1:${port}/s` })],
  ])('is refused when its %s leads elsewhere: headers do not leak', async (_what, urls) => {
    server.on('POST /summaries', answer(202, { ...DEFERRED, ...urls(stranger.origin, new URL(server.origin).port) }));
    await expect(send({ headers: { 'x-api-key': 'k' } })).rejects.toMatchObject({ code: 'CLAUDE_URL_REFUSED' });
    expect(stranger.asked).toEqual([]);
  });

  it('is refused when an own fetch went to another origin for it', async () => {
    server.on('POST /summaries', redirectTo(`${stranger.origin}/summaries`));
    stranger.on('POST /summaries', answer(202, DEFERRED));
    await expect(send({ fetch: followRedirects })).rejects.toMatchObject({ code: 'CLAUDE_URL_REFUSED' });
  });

  it('takes an own fetch that does not say where the answer came from', async () => {
    expect((await send({ fetch: answerFromNowhere })).statusUrl).toBe(server.origin + WHERE.statusUrl);
  });

  it('does not follow redirects with its headers', async () => {
    server.on('POST /summaries', answer(202, DEFERRED));
    server.on(`GET ${WHERE.eventsUrl}`, redirectTo(`${stranger.origin}/e`));
    server.on(`GET ${WHERE.statusUrl}`, redirectTo(`${stranger.origin}/s`));
    server.on(`DELETE ${WHERE.statusUrl}`, redirectTo(`${stranger.origin}/s`));
    const request = await send();
    await expect(request.result()).rejects.toMatchObject({ code: 'CLAUDE_UNEXPECTED_ANSWER' });
    await expect(request.cancel()).rejects.toMatchObject({ code: 'CLAUDE_UNEXPECTED_ANSWER' });
    expect(stranger.asked).toEqual([]);
  });
});

describe('nothing to wait for', () => {
  it.each<[what: string, step: Step, error: object]>([
    ['no credentials', answer(401), { code: 'CLAUDE_ACCESS_DENIED', status: 401 }],
    ['wrong credentials', answer(403), { code: 'CLAUDE_ACCESS_DENIED', status: 403 }],
    ['no answer', hangUp, { code: 'CLAUDE_UNREACHABLE', cause: expect.anything() }],
    ['half an answer', halfAnAnswer, { code: 'CLAUDE_UNREACHABLE' }],
    ['broken JSON', answer(200, '{"summary":'), { code: 'CLAUDE_UNEXPECTED_ANSWER', status: 200 }],
    ['a stream', stream('data: x\n\n', 'stay'), { code: 'CLAUDE_UNEXPECTED_ANSWER' }],
    [
      'deferred to nowhere',
      answer(202, { requestId: 'r' }, { 'x-claude-outcome': 'deferred' }),
      { code: 'CLAUDE_UNEXPECTED_ANSWER' },
    ],
    ['a redirect', (...args) => redirectTo('/elsewhere')(...args), { code: 'CLAUDE_UNEXPECTED_ANSWER' }],
  ])('%s: sent once', async (_what, step, error) => {
    server.on('POST /summaries', step);
    await expect(send()).rejects.toMatchObject(error);
    expect(server.asked).toHaveLength(1);
    await server.until(({ open }) => open === 0);
  });

  it.each(['before', 'on the way'])('aborted %s: the reason is thrown', async (when) => {
    server.on('POST /summaries', silence);
    const abort = new AbortController();
    const reason = new Error('gone');
    if (when === 'before') abort.abort(reason);
    const sent = send({ signal: abort.signal });
    if (when === 'on the way') void server.until(({ asked }) => asked.length === 1).then(() => abort.abort(reason));
    await expect(sent).rejects.toBe(reason);
    await server.until(({ open }) => open === 0);
  });

  it('a relative URL outside a page, a body that is no JSON', async () => {
    await expect(sendToClaude('/summaries')).rejects.toMatchObject({ code: 'CLAUDE_URL_REFUSED' });
    await expect(send({ body: 1n })).rejects.toThrow('BigInt');
    expect(server.asked).toEqual([]);
  });
});

it('uses the fetch, the time and the dice of the platform', async () => {
  server.on('POST /summaries', answer(202, DEFERRED));
  server.on(`GET ${WHERE.eventsUrl}`, stream('retry: 1\n\n: here\n\n'), stream(EVENTS));
  expect(await (await sendToClaude(`${server.origin}/summaries`)).result()).toBe(7);
});

function followRedirects(...[url, init]: Parameters<typeof fetch>): Promise<Response> {
  return fetch(url, { ...init, redirect: 'follow' });
}

async function answerFromNowhere(): Promise<Response> {
  return new Response(JSON.stringify(DEFERRED), { status: 202, headers: { 'content-type': 'application/json' } });
}

/** Promises more bytes than it sends. */
function halfAnAnswer(...[response]: Parameters<Step>): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"summary":', () => response.destroy());
}
