import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  followClaudeRequest,
  type ClaudeClientOptions,
  type ClaudeRequest,
  type ClaudeRequestEvent,
  type ClaudeRequestUrls,
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

const ACCEPTED = { type: 'accepted', requestId: 'r', status: 'waiting', message: 'Accepted.' } as const;
const QUEUED = {
  type: 'progress',
  phase: 'queued',
  message: 'Second – in line ❤',
  elapsedSeconds: 1,
  position: 2,
} as const;
const SLOW = { type: 'progress', phase: 'slow', message: 'Still processing...', elapsedSeconds: 12 } as const;
const DONE = { type: 'done', message: 'Here it is.', result: { summary: 'kurz 🎉' } } as const;
const TOLD = [ACCEPTED, QUEUED, SLOW, DONE] as const;
const PROBLEM = {
  code: 'CLAUDE_OVERLOADED',
  message: 'Please wait.',
  retryable: true,
  actions: ['retry'],
  status: 503,
};

const sse = (seq: number, { type, ...data }: ClaudeRequestEvent) =>
  `id: r:${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
/** Sequence numbers grow, and are not consecutive. */
const SEQS = [2, 9, 10, 400] as const;
const TRANSCRIPT = `retry: 1000\n\n${TOLD.map((event, i) => sse(SEQS[i]!, event)).join(': keep-alive\n\n')}`;
/** The rest of the story, as the server tells it to one who has seen a part. */
const replay: Step = (response, asked) => {
  const seen = Number(/^r:(\d+)$/.exec(String(asked.headers['last-event-id'] ?? 'r:0'))?.[1]);
  const rest = TOLD.filter((_, i) => SEQS[i]! > seen);
  if (rest.length === 0) return answer(204)(response, asked);
  stream(`retry: 1000\n\n${rest.map((event) => sse(SEQS[TOLD.indexOf(event)]!, event)).join('')}`)(response, asked);
};
const state = (status: string, rest = {}) => ({ requestId: 'r', status, message: 'Said.', elapsedSeconds: 3, ...rest });
const FINISHED = state('succeeded', { message: DONE.message, result: DONE.result });
const JSON_TYPE = { 'content-type': 'application/json' };

let server: ScriptedRequestServer;
let timer: QuickTimer;

beforeEach(async () => {
  server = await ScriptedRequestServer.start();
  timer = new QuickTimer();
});
afterEach(() => server.stop());

function follow(
  options: ClaudeClientOptions = {},
  urls: ClaudeRequestUrls = { statusUrl: '/status', eventsUrl: '/events' },
) {
  return followClaudeRequest<typeof DONE.result>(urls, { baseUrl: server.origin, timer, ...options });
}

async function collect(request: ClaudeRequest<unknown>): Promise<ClaudeRequestEvent[]> {
  const events: ClaudeRequestEvent[] = [];
  for await (const event of request.events()) events.push(event);
  return events;
}

describe('events', () => {
  it('are told in order, and the result is the last', async () => {
    server.on('GET /events', stream(TRANSCRIPT));
    const request = follow();
    expect(request.requestId).toBeUndefined();
    expect(await collect(request)).toEqual(TOLD);
    expect(await request.result()).toEqual(DONE.result);
    expect(request.requestId).toBe('r');
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]!.headers).toMatchObject({ accept: 'text/event-stream' });
    expect(server.asked[0]!.headers).not.toHaveProperty('last-event-id');
  });

  it('share one connection between all who read and wait', async () => {
    server.on('GET /events', stream(TRANSCRIPT));
    const request = follow();
    const all = await Promise.all([collect(request), request.result(), collect(request)]);
    expect(all).toEqual([TOLD, DONE.result, TOLD]);
    expect(server.asked).toHaveLength(1);
  });

  it('come as soon as they are sent; a late reader begins with the newest', async () => {
    let write: ((text: string) => void) | undefined;
    server.on('GET /events', (response, asked) => {
      stream(sse(1, ACCEPTED) + sse(2, QUEUED), 'stay')(response, asked);
      write = (text) => response.write(text);
    });
    const request = follow();
    const early = request.events();
    expect([(await early.next()).value, (await early.next()).value]).toEqual([ACCEPTED, QUEUED]);
    const late = request.events();
    expect((await late.next()).value).toEqual(QUEUED);
    write!(sse(3, SLOW));
    expect([(await late.next()).value, (await early.next()).value]).toEqual([SLOW, SLOW]);
    write!(sse(4, DONE));
    expect([(await late.next()).value, (await early.next()).value]).toEqual([DONE, DONE]);
    expect([await late.next(), await early.next()]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('are told once each wherever the connection breaks, even by a server that repeats itself', async () => {
    const bytes = Buffer.from(TRANSCRIPT);
    for (const next of [replay, stream(TRANSCRIPT)])
      for (let at = 1; at < bytes.length; at += 1) {
        server.on('GET /events', stream(bytes.subarray(0, at), at % 2 === 0 ? 'break' : 'end'), next);
        expect({ at, told: await collect(follow()) }).toEqual({ at, told: TOLD });
      }
    expect(server.of('GET /status')).toEqual([]);
  }, 30_000);

  it('that a newer server may know are passed over', async () => {
    const strange = 'id: r:3\nevent: applause\ndata: {}\n\nid: r:4\nevent: progress\ndata: {"phase":"dreaming"}\n\n';
    server.on('GET /events', stream(strange + sse(5, DONE)));
    expect(await collect(follow())).toEqual([
      { type: 'progress', phase: 'running', message: '', elapsedSeconds: 0 },
      DONE,
    ]);
  });

  it.each(['oops', '[]', 'null', '{"message":'])(
    'with the data %s are passed over, an end is asked for',
    async (data) => {
      const garbage = ['accepted', 'progress', 'done'].map(
        (name, i) => `id: r:${i}\nevent: ${name}\ndata: ${data}\n\n`,
      );
      server.on('GET /events', stream(garbage.join(''), 'stay'));
      server.on('GET /status', answer(200, FINISHED));
      expect(await collect(follow())).toEqual([DONE]);
      await server.until(({ open }) => open === 0);
    },
  );

  it('end with what to tell the user (R27)', async () => {
    const failed = { type: 'failed', message: 'Please wait.', problem: PROBLEM } as const;
    server.on('GET /events', stream(sse(1, failed)));
    const request = follow();
    await expect(request.result()).rejects.toMatchObject({
      name: 'ClaudeRequestFailed',
      code: 'CLAUDE_OVERLOADED',
      message: 'Please wait.',
      retryable: true,
      actions: ['retry'],
      problem: PROBLEM,
    });
    expect(await collect(request)).toEqual([failed]);
    server.on('GET /events', stream(sse(1, { type: 'cancelled', message: 'Cancelled.' })));
    const cancelled = { code: 'CLAUDE_REQUEST_CANCELLED', message: 'Cancelled.' };
    await expect(follow().result()).rejects.toMatchObject(cancelled);
  });
});

describe('a new connection', () => {
  const NO_NEWS = stream('retry: 1000\n\n: keep-alive\n\n');

  it('waits as the server says, longer each time without news, 30 s at most; news begin anew', async () => {
    const begun = stream(`retry: 2000\n\n${sse(1, ACCEPTED)}`);
    server.on('GET /events', ...Array<Step>(7).fill(NO_NEWS), begun, NO_NEWS, replay);
    await follow().result();
    expect(timer.pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 2000, 2000]);
  });

  it('waits up to a quarter longer, by chance, and never less than 100 ms', async () => {
    timer.chance = 1;
    server.on('GET /events', NO_NEWS, stream('retry: 0\n\n'), stream(`retry: 0\n\n${sse(1, ACCEPTED)}`), replay);
    await follow().result();
    expect(timer.pauses).toEqual([1250, 250, 125]);
  });

  it('names what was seen last', async () => {
    server.on('GET /events', stream(sse(2, ACCEPTED) + sse(9, QUEUED) + 'id: r:10\ndata: cut'), replay);
    expect(await collect(follow())).toEqual(TOLD);
    expect(server.asked[1]!.headers['last-event-id']).toBe('r:9');
  });

  it('is tried for as long as nobody answers: asking for the status would be no better', async () => {
    const answers = Array.from({ length: 12 }, () => hangUp);
    server.on('GET /events', ...answers, replay);
    await follow().result();
    expect(server.of('GET /events')).toHaveLength(13);
    expect(server.of('GET /status')).toEqual([]);
    expect(timer.pauses.slice(0, 6)).toEqual([3000, 6000, 12_000, 24_000, 30_000, 30_000]);
  });

  it('waits for a server that asks for it, 5 minutes at most', async () => {
    const [soon, late] = ['7', '86400'].map((seconds) => answer(503, 'busy', { 'retry-after': seconds }));
    server.on('GET /events', soon!, late!, replay);
    await follow().result();
    expect(timer.pauses).toEqual([7000, 300_000]);
  });

  it('is made when a stream that spoke falls silent for 45 s', async () => {
    server.on('GET /events', stream(sse(2, ACCEPTED), 'stay'), replay);
    const request = follow({ onProgress: ({ type }) => type === 'accepted' && timer.fallSilent() });
    expect(await collect(request)).toEqual(TOLD);
    expect(server.of('GET /events')[1]!.headers['last-event-id']).toBe('r:2');
    expect(server.of('GET /status')).toEqual([]);
  });
});

describe('where events are impossible, the status is asked for', () => {
  it.each<[what: string, steps: Step[]]>([
    ['204, the end was told before', [answer(204)]],
    ['404, the events are switched off', [answer(404)]],
    ['405', [answer(405)]],
    ['406', [answer(406)]],
    ['501', [answer(501)]],
    ['a page instead of a stream', [answer(200, '<html>', { 'content-type': 'text/html' })]],
    ['a redirect', [answer(302, undefined, { location: '/elsewhere' })]],
    ['busy three times', [answer(503), answer(502), answer(429)]],
    ['three streams without a byte', [stream(''), stream(''), stream('')]],
  ])('%s', async (_what, steps) => {
    server.on('GET /events', ...steps, replay);
    server.on('GET /status', answer(200, FINISHED));
    expect(await collect(follow())).toEqual([DONE]);
    expect(server.of('GET /events')).toHaveLength(steps.length);
    expect(server.of('GET /elsewhere')).toEqual([]);
  });

  it.each<[what: string, step: Step]>([
    ['not even an answer', silence],
    ['only headers', stream('', 'stay')],
  ])('%s in 45 s: something keeps the stream to itself', async (_what, step) => {
    server.on('GET /events', step);
    server.on('GET /status', answer(200, FINISHED));
    const result = follow().result();
    await server.until(() => server.of('GET /events').length === 1 && timer.watched === 1);
    timer.fallSilent();
    expect(await result).toEqual(DONE.result);
    await server.until(({ open }) => open === 0);
  });

  it('politely: no faster than the server says, and not again what did not change', async () => {
    const waiting = { ...state('waiting', { position: 2, expectedWaitSeconds: 30 }) };
    server.on(
      'GET /status',
      answer(200, waiting, { etag: '"1"', 'retry-after': '2' }),
      answer(304, undefined, { 'retry-after': '4' }),
      answer(200, state('running'), { etag: '"2"' }),
      answer(503, 'busy', { 'retry-after': '9' }),
      hangUp,
      answer(200, FINISHED, { etag: '"3"' }),
    );
    expect(await collect(follow({}, { statusUrl: '/status' }))).toEqual([
      { ...ACCEPTED, message: 'Said.' },
      { ...QUEUED, message: 'Said.', elapsedSeconds: 3, expectedWaitSeconds: 30 },
      { type: 'progress', phase: 'running', message: 'Said.', elapsedSeconds: 3 },
      DONE,
    ]);
    expect(timer.pauses).toEqual([2000, 4000, 5000, 9000, 10_000]);
    const tags = [undefined, '"1"', '"1"', '"2"', '"2"', '"2"'];
    expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual(tags);
  });

  it('and a look that hangs is given up after 45 s', async () => {
    server.on('GET /status', silence, answer(200, FINISHED));
    const result = follow({}, { statusUrl: '/status' }).result();
    await server.until(() => server.asked.length === 1);
    timer.fallSilent();
    expect(await result).toEqual(DONE.result);
  });

  it.each<[status: string, body: object, error: object]>([
    ['failed', { problem: PROBLEM }, { code: PROBLEM.code, message: PROBLEM.message, problem: PROBLEM }],
    ['expired', { problem: { ...PROBLEM, code: 'X' } }, { code: 'X' }],
    ['failed', {}, { code: 'CLAUDE_INTERNAL', message: 'Said.', retryable: false, actions: [] }],
    ['cancelled', {}, { code: 'CLAUDE_REQUEST_CANCELLED', message: 'Said.' }],
  ])('%s %j', async (status, body, error) => {
    server.on('GET /status', answer(200, state(status, body)));
    await expect(follow({}, { statusUrl: '/status' }).result()).rejects.toMatchObject(error);
  });

  it.each<[what: string, step: Step]>([
    ['a page', answer(200, '<html>', { 'content-type': 'text/html' })],
    ['broken JSON', answer(200, '{"status":', JSON_TYPE)],
    ['another JSON', answer(200, [1])],
    ['an unknown status', answer(200, state('dreaming'))],
    ['a redirect', answer(307, undefined, { location: '/elsewhere' })],
    ['a refusal', answer(400, {})],
  ])('but %s five times in a row is given up; less often, it is passed over', async (_what, step) => {
    const four = [step, step, step, step];
    server.on('GET /status', ...four, answer(200, state('running')), ...four, answer(200, FINISHED));
    await expect(follow({}, { statusUrl: '/status' }).result()).resolves.toEqual(DONE.result);
    server.on('GET /status', step);
    await expect(follow({}, { statusUrl: '/status' }).result()).rejects.toMatchObject({
      code: 'CLAUDE_UNEXPECTED_ANSWER',
    });
    expect(server.of('GET /status')).toHaveLength(15);
    expect(server.of('GET /elsewhere')).toEqual([]);
  });
});

describe('there is no going on', () => {
  it.each([401, 403])('with %s: not tried again, and not elsewhere', async (status) => {
    server.on('GET /events', answer(status));
    server.on('GET /status', answer(status));
    const denied = { code: 'CLAUDE_ACCESS_DENIED', status };
    const request = follow();
    await expect(request.result()).rejects.toMatchObject(denied);
    await expect(collect(request)).rejects.toMatchObject(denied);
    expect(server.asked).toHaveLength(1);
    await expect(follow({}, { statusUrl: '/status' }).result()).rejects.toMatchObject(denied);
    expect(timer.pauses).toEqual([]);
  });

  it('when the server knows no such request', async () => {
    await expect(follow().result()).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_NOT_FOUND' });
    expect(server.asked.map(({ path }) => path)).toEqual(['/events', '/status']);
  });
});

describe('who goes away changes nothing for the request', () => {
  it('a loop that is left closes the connection; a later one goes on where it stopped', async () => {
    server.on('GET /events', stream(sse(2, ACCEPTED) + sse(9, QUEUED), 'stay'), replay);
    const request = follow();
    for await (const event of request.events()) if (event.type === 'progress') break;
    await server.until(({ open }) => open === 0);
    expect(timer.watched).toBe(0);
    expect(await collect(request)).toEqual([QUEUED, SLOW, DONE]);
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'r:9']);
  });

  it('the connection stays while somebody is left', async () => {
    server.on('GET /events', stream(sse(2, ACCEPTED), 'stay'));
    server.on('DELETE /status', answer(202, state('cancelled')));
    const request = follow();
    const result = request.result();
    for await (const _ of request.events()) break;
    expect(timer.watched).toBe(1);
    await request.cancel();
    await expect(result).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_CANCELLED' });
    expect(server.of('GET /events')).toHaveLength(1);
  });

  it.each(['before', 'during the events', 'during a pause', 'during a look'])('an abort %s detaches', async (when) => {
    const abort = new AbortController();
    const reason = new Error('gone');
    server.on('GET /events', when === 'during a pause' ? stream('') : stream(sse(1, ACCEPTED), 'stay'));
    server.on('GET /status', silence);
    const urls = when === 'during a look' ? { statusUrl: '/status' } : undefined;
    timer.holds = true;
    timer.onPause = () => abort.abort(reason);
    const onProgress = () => abort.abort(reason);
    if (when === 'before') abort.abort(reason);
    const request = follow({ signal: abort.signal, onProgress }, urls);
    const ends = Promise.allSettled([request.result(), collect(request)]);
    if (when === 'during a look') {
      await server.until(() => server.asked.length === 1);
      abort.abort(reason);
    }
    expect(await ends).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    await server.until(({ open }) => open === 0);
    expect(timer.watched).toBe(0);
    expect(server.asked.map(({ method }) => method)).toEqual(when === 'before' ? [] : ['GET']);
    server.on('DELETE /status', answer(202, state('cancelled')));
    expect(await request.cancel()).toEqual({ outcome: 'cancelled', message: 'Said.' });
  });
});

describe('cancel()', () => {
  beforeEach(() => server.on('GET /events', stream(sse(1, ACCEPTED), 'stay')));

  it('asks for it, and tells those who wait; again is the same', async () => {
    server.on('DELETE /status', answer(202, state('cancelled', { message: 'Cancelled.' })));
    const request = follow();
    const told = collect(request);
    await server.until(() => server.asked.length === 1);
    const both = await Promise.all([request.cancel(), request.cancel()]);
    const cancelled = { outcome: 'cancelled', message: 'Cancelled.' };
    expect([...both, await request.cancel()]).toEqual([cancelled, cancelled, cancelled]);
    expect((await told).at(-1)).toEqual({ type: 'cancelled', message: 'Cancelled.' });
    expect(server.of('DELETE /status')).toHaveLength(2);
    await server.until(({ open }) => open === 0);
  });

  it('says when it was too late', async () => {
    server.on('DELETE /status', answer(409, { code: 'CLAUDE_REQUEST_CLOSED', message: 'It is done.' }));
    server.on('GET /events', replay);
    const request = follow();
    expect(await request.cancel()).toEqual({ outcome: 'too-late', message: 'It is done.' });
    expect(await request.result()).toEqual(DONE.result);
    expect(await request.cancel()).toEqual({ outcome: 'too-late', message: DONE.message });
    expect(server.of('DELETE /status')).toHaveLength(1);
  });

  it('tries again where the answer is lost, three times', async () => {
    const cancelled = answer(202, state('cancelled'));
    server.on('DELETE /status', hangUp, answer(503, '', { 'retry-after': '9' }), cancelled);
    expect(await follow().cancel()).toMatchObject({ outcome: 'cancelled' });
    expect(timer.pauses).toEqual([1000, 9000]);
    server.on('DELETE /status', hangUp, hangUp, hangUp, cancelled);
    const lost = { code: 'CLAUDE_UNREACHABLE', cause: expect.anything() };
    await expect(follow().cancel()).rejects.toMatchObject(lost);
    expect(server.of('DELETE /status')).toHaveLength(6);
  });

  it.each<[status: number, body: unknown, headers: Record<string, string>, code: string]>([
    [404, {}, {}, 'CLAUDE_REQUEST_NOT_FOUND'],
    [401, {}, {}, 'CLAUDE_ACCESS_DENIED'],
    [403, {}, {}, 'CLAUDE_ACCESS_DENIED'],
    [405, {}, {}, 'CLAUDE_UNEXPECTED_ANSWER'],
    [200, '<html>', { 'content-type': 'text/html' }, 'CLAUDE_UNEXPECTED_ANSWER'],
    [200, state('running'), {}, 'CLAUDE_UNEXPECTED_ANSWER'],
    [202, '{', JSON_TYPE, 'CLAUDE_UNEXPECTED_ANSWER'],
  ])('%s %j %j: %s', async (status, body, headers, code) => {
    server.on('DELETE /status', answer(status, body, headers));
    await expect(follow().cancel()).rejects.toMatchObject({ code });
    expect(server.asked).toHaveLength(1);
  });
});

describe('headers', () => {
  it('go with every request', async () => {
    server.on('GET /events', answer(406));
    server.on('GET /status', answer(200, state('running')));
    server.on('DELETE /status', answer(202, state('cancelled')));
    const request = follow({ headers: { authorization: 'Bearer a', accept: 'x' } });
    for await (const event of request.events()) if (event.type === 'progress') await request.cancel();
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer a']));
    expect(server.asked.map(({ method }) => method)).toEqual(expect.arrayContaining(['GET', 'DELETE']));
    expect(server.asked[0]!.headers.accept).toBe('text/event-stream');
  });

  it('can be asked for each time, and may fail as a connection does', async () => {
    let number = 0;
    const headers = async () => {
      number += 1;
      if (number === 2) throw new Error('no token');
      return { authorization: `Bearer ${number}` };
    };
    server.on('GET /events', stream(''), replay);
    await follow({ headers }).result();
    expect(server.asked.map((asked) => asked.headers.authorization)).toEqual(['Bearer 1', 'Bearer 3']);
  });

  it('that HTTP cannot carry are refused at once', () => {
    expect(() => follow({ headers: { 'not a name': 'x' } })).toThrow('invalid header name');
  });
});

describe('URLs', () => {
  it.each([
    [{ statusUrl: '/a' }, undefined],
    [{ statusUrl: 'data:,x' }, 'http://a.test'],
    [{ statusUrl: 'file:///etc/hosts' }, 'http://a.test'],
    [{ statusUrl: 'blob:http://a.test/1' }, 'http://a.test'],
    [{ statusUrl: 'http://u:p@a.test/' }, 'http://a.test'],
    [{ statusUrl: '/a', eventsUrl: 'http://b.test/' }, 'http://a.test'],
    [{ statusUrl: '/a', eventsUrl: '//b.test/' }, 'http://a.test'],
    [{ statusUrl: '/a', eventsUrl: 'https://a.test/' }, 'http://a.test'],
    [{ statusUrl: '/a', eventsUrl: 'http://a.test:81/' }, 'http://a.test'],
    [{ statusUrl: 'http://b.test/a', eventsUrl: 'http://a.test/' }, 'http://a.test'],
    [{ statusUrl: '/a', eventsUrl: 'blob:http://a.test/1' }, 'http://a.test'],
  ])('%j from %s are refused', (urls, baseUrl) => {
    const options = baseUrl === undefined ? {} : { baseUrl };
    expect(() => followClaudeRequest(urls, options)).toThrow(expect.objectContaining({ code: 'CLAUDE_URL_REFUSED' }));
  });

  it('are kept absolute', () => {
    const request = followClaudeRequest({ statusUrl: 's/1', eventsUrl: '/e' }, { baseUrl: 'http://a.test/x/' });
    expect(request).toMatchObject({
      outcome: 'deferred',
      statusUrl: 'http://a.test/x/s/1',
      eventsUrl: 'http://a.test/e',
    });
    const given = { statusUrl: 'https://b.test/s', eventsUrl: 'https://b.test/e' };
    expect(followClaudeRequest(given, { baseUrl: 'http://a.test/' })).toMatchObject(given);
  });
});

it('tells onProgress what is on the way, and outlives its mistakes', async () => {
  const told: ClaudeRequestEvent[] = [];
  const reports: (() => void)[] = [];
  const { queueMicrotask } = globalThis;
  globalThis.queueMicrotask = (report) => void reports.push(report);
  try {
    server.on('GET /events', stream(TRANSCRIPT));
    const onProgress = (event: ClaudeRequestEvent) => {
      told.push(event);
      if (event.type === 'accepted') throw new Error('theirs');
    };
    expect(await follow({ onProgress }).result()).toEqual(DONE.result);
    expect(told).toEqual(TOLD.slice(0, 3));
    expect(reports).toHaveLength(1);
    expect(reports[0]).toThrow('theirs');
  } finally {
    globalThis.queueMicrotask = queueMicrotask;
  }
});
