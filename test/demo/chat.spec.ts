import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultName, FaultRule } from 'claude-api-simulator';
import { A_QUESTION } from '../../src/demo/sample-requests.js';
import { parseEvents, textIn } from '../../src/demo/server-sent-event.js';
import { RunningDemo } from './running-demo.js';

const VALUE = 'a value nobody must repeat';
const WORDS_OF_THE_API = /anthropic|claude-(sonnet|opus|haiku)|req_\w{6}|_error"|stop_reason|\n\s+at |<html/i;

describe('POST /chat', () => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await RunningDemo.start({ simulator: { stream: { delayMs: 0 } } });
  });
  afterEach(() => {
    demo.simulator.scenario.clear();
    demo.simulator.requests.clear();
  });
  afterAll(() => demo.stop());

  async function ask(headers?: Readonly<Record<string, string>>) {
    const response = await demo.post(A_QUESTION.path, A_QUESTION.body, headers);
    const body = await response.text();
    const events = parseEvents(body);
    return { response, body, events, names: events.map(({ name }) => name) };
  }

  async function uncutText(): Promise<string> {
    const { events } = await ask();
    demo.simulator.requests.clear();
    return textIn(events);
  }

  it('answers with server-sent events: deltas, then done', async () => {
    const { response, events, names, body } = await ask({ 'x-correlation-id': 'chat-of-a-test' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('x-correlation-id')).toBe('chat-of-a-test');
    expect(body).toMatch(/^id: chat-of-a-test:1\nevent: delta\ndata: \{"text":"[^"]+"\}\n\n/);

    expect(names.length).toBeGreaterThan(20);
    expect(new Set(names.slice(0, -1))).toEqual(new Set(['delta']));
    expect(events.at(-1)).toMatchObject({ name: 'done', data: {} });
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => `chat-of-a-test:${index + 1}`));
    expect(textIn(events)).toMatch(/lighthouses/);
    expect(body).not.toMatch(WORDS_OF_THE_API);
  });

  it('sends the whole conversation, as the feature "chat", under the id of the request', async () => {
    const messages = [
      { role: 'user', content: 'What is a lighthouse?' },
      { role: 'assistant', content: 'A tower with a light.' },
      { role: 'user', content: 'Who built the first one?' },
    ];
    const response = await demo.post('/chat', { messages }, { 'x-correlation-id': 'conversation-1' });
    expect(await response.text()).toContain('event: done');
    const [request] = demo.simulator.requests.list();
    expect(request?.body).toMatchObject({ model: 'claude-sonnet-5-5', stream: true, messages });
    const lines = demo.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'claude.call.completed', feature: 'chat', correlationId: 'conversation-1' }),
    );
  });

  describe.each<FaultName>(['stream_error', 'stream_eof', 'stream_reset'])('cut by %s', (fault) => {
    it.each([1, 12, 40])('after %i words: the whole text once, one notice, two requests', async (afterEvents) => {
      const whole = await uncutText();
      demo.simulator.scenario.set([{ fault, afterEvents, count: 1 }]);
      const { events, names } = await ask();
      expect(textIn(events)).toBe(whole);
      expect(names.filter((name) => name !== 'delta')).toEqual(['notice', 'done']);
      expect(demo.simulator.requests.count()).toBe(2);
      const notice = events.find(({ name }) => name === 'notice');
      expect(notice?.data).toEqual({ message: expect.stringMatching(/^[A-Z][\w ,.]+\.$/) });
      expect(events.findIndex(({ name }) => name === 'notice')).toBe(afterEvents);
    });

    it('before the first word: nobody hears of it', async () => {
      const whole = await uncutText();
      demo.simulator.scenario.set([{ fault, afterEvents: 0, count: 1 }]);
      const { events, names } = await ask();
      expect([textIn(events), new Set(names)]).toEqual([whole, new Set(['delta', 'done'])]);
    });
  });

  it.each<[FaultRule, number, string]>([
    [{ fault: 'overloaded' }, 503, 'CLAUDE_OVERLOADED'],
    [{ fault: 'rate_limited', retryAfterSeconds: 42 }, 503, 'CLAUDE_RATE_LIMITED'],
    [{ fault: 'reset_before_headers' }, 503, 'CLAUDE_CONNECTION'],
    [{ fault: 'stream_error', afterEvents: 0 }, 503, 'CLAUDE_OVERLOADED'],
    [{ fault: 'gateway_timeout' }, 504, 'CLAUDE_TIMEOUT'],
    [{ fault: 'authentication' }, 500, 'CLAUDE_AUTHENTICATION'],
    [{ fault: 'refusal' }, 422, 'CLAUDE_CONTENT_POLICY'],
  ])('before the first word %j is a problem with %i', async (rule, status, code) => {
    demo.simulator.scenario.set([rule]);
    const { response, body } = await ask();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({
      status,
      code,
      correlationId: response.headers.get('x-correlation-id'),
      ...(rule.retryAfterSeconds !== undefined && { retryAfterSeconds: 42 }),
    });
    expect(body).not.toMatch(WORDS_OF_THE_API);
  });

  describe('what cannot go on after the first words', () => {
    it('ends with `failed`, in the words of a problem', async () => {
      const whole = await uncutText();
      demo.simulator.scenario.set([{ fault: 'stream_refusal', afterEvents: 5, message: VALUE }]);
      const { response, events, names, body } = await ask({ 'x-correlation-id': 'refused-later' });
      expect(response.status).toBe(200);
      expect(names).toEqual([...Array<string>(5).fill('delta'), 'failed']);
      expect(whole.startsWith(textIn(events))).toBe(true);
      expect(events.at(-1)).toEqual({
        id: 'refused-later:6',
        name: 'failed',
        data: {
          message: expect.stringMatching(/^[A-Z].+\.$/),
          code: 'CLAUDE_CONTENT_POLICY',
          retryable: false,
          actions: ['edit'],
          correlationId: 'refused-later',
        },
      });
      expect(body).not.toMatch(WORDS_OF_THE_API);
      expect(body).not.toContain(VALUE);
    });

    it('says when to try again, where somebody knows', async () => {
      demo.simulator.scenario.set([
        { fault: 'stream_reset', afterEvents: 5, count: 1 },
        { fault: 'rate_limited', retryAfterSeconds: 42 },
      ]);
      const { events } = await ask();
      expect(events.at(-1)).toMatchObject({
        name: 'failed',
        data: { code: 'CLAUDE_RATE_LIMITED', retryable: true, retryAfterSeconds: 42, actions: expect.any(Array) },
      });
    });

    it('uses the language of the reader, as problems do', async () => {
      demo.simulator.scenario.set([{ fault: 'refusal' }]);
      const problem = JSON.parse((await ask({ 'accept-language': 'de' })).body) as { message: string };
      demo.simulator.scenario.set([{ fault: 'stream_refusal', afterEvents: 5 }]);
      const { events } = await ask({ 'accept-language': 'de' });
      expect(events.at(-1)?.data['message']).toBe(problem.message);
    });
  });

  it('stops asking at once when the client leaves', async () => {
    demo.simulator.scenario.set([{ fault: 'stream_silence', afterEvents: 3 }]);
    const client = new AbortController();
    const response = await fetch(`${demo.url}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(A_QUESTION.body),
      signal: client.signal,
    });
    await response.body?.getReader().read();
    const ended = demo.simulator.requests.whenEnded(1);
    client.abort();
    await ended;
    expect(demo.simulator.requests.list()).toMatchObject([{ status: 'aborted' }]);
  });

  it('does not pass an empty answer on as a success', async () => {
    const silent = await RunningDemo.start({ simulator: { answer: () => '' } });
    const response = await silent.post('/chat', A_QUESTION.body);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    await silent.stop();
  });

  const mine = { role: 'user', content: VALUE };
  const theirs = { role: 'assistant', content: VALUE };
  it.each([
    ['nothing', {}, ['messages']],
    ['a text', { messages: VALUE }, ['messages']],
    ['no messages', { messages: [] }, ['messages']],
    ['101 messages', { messages: Array.from({ length: 101 }, () => mine) }, ['messages']],
    ['texts', { messages: [VALUE] }, ['messages.0']],
    ['a role nobody has', { messages: [{ ...mine, role: VALUE }] }, ['messages.0']],
    ['an instruction', { messages: [{ ...mine, role: 'system' }, mine] }, ['messages.0']],
    ['a blank message', { messages: [{ ...mine, content: ' \n' }] }, ['messages.0']],
    ['a very long message', { messages: [{ ...mine, content: 'x'.repeat(20_001) }] }, ['messages.0']],
    ['an answer at the end', { messages: [mine, theirs] }, ['messages']],
    ['an answer at the beginning', { messages: [theirs, mine] }, ['messages']],
    ['broken JSON', `{"messages": "${VALUE}`, ['body']],
  ])('%s is a 400 that names the fields', async (_what, body, fields) => {
    const response = await demo.post('/chat', body);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors: { field: string }[] };
    expect([...new Set(errors.map(({ field }) => field))]).toEqual(fields);
    expect(text).not.toContain(VALUE);
    expect(demo.simulator.requests.count()).toBe(0);
  });
});
