import Anthropic, { type APIError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import type { FaultRule } from './fault-rule.js';

const WORDS = 'Bees dance to point at flowers, and the others follow.'.split(/(?= )/);
const BODY = {
  model: 'claude-sonnet-5-5',
  max_tokens: 400,
  messages: [{ role: 'user' as const, content: 'How do bees talk?' }],
};

const clock = new ManualClock();
let simulator: ClaudeSimulator;
let client: Anthropic;

beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ clock, answer: () => WORDS.join('') });
  client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0, logLevel: 'off' });
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.requests.clear());

interface Seen {
  readonly types: string;
  readonly text: string;
  readonly events: readonly Anthropic.RawMessageStreamEvent[];
  readonly error: unknown;
}

/** What `create({ stream: true })` gives under one rule: events, then an end with an error or without. */
async function iterate(rule: FaultRule): Promise<Seen> {
  simulator.scenario.set([rule]);
  const events: Anthropic.RawMessageStreamEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of await client.messages.create({ ...BODY, stream: true })) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return { types: inShort(events), text: textOf(events), events, error };
}

/** One letter an event: Start, (, a dot for each delta, ), end Delta, message stoP, ? for anything else. */
function inShort(events: readonly { readonly type: string }[]): string {
  return events.map(({ type }) => LETTERS[type] ?? '?').join('');
}

const LETTERS: Readonly<Record<string, string>> = {
  message_start: 'S',
  content_block_start: '(',
  content_block_delta: '.',
  content_block_stop: ')',
  message_delta: 'D',
  message_stop: 'P',
};

function textOf(events: readonly Anthropic.RawMessageStreamEvent[]): string {
  return events
    .map((event) => (event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : ''))
    .join('');
}

/** What the helper makes of it: the message or the error. */
async function helped(rule: FaultRule): Promise<unknown> {
  simulator.scenario.set([rule]);
  return client.messages
    .stream(BODY)
    .finalMessage()
    .catch((error: unknown) => error);
}

const first = (words: number): string => WORDS.slice(0, words).join('');
const HEALTHY = `S(${'.'.repeat(WORDS.length)})DP`;

/** Where a cut comes; with more deltas asked for than there are, after the last. */
const CUTS: readonly (readonly [afterEvents: number | null | undefined, types: string, text: string])[] = [
  [undefined, 'S(.....', first(5)],
  [null, '', ''],
  [0, 'S(', ''],
  [1, 'S(.', first(1)],
  [3, 'S(...', first(3)],
  [99, `S(${'.'.repeat(WORDS.length)}`, WORDS.join('')],
];

const at = (afterEvents: number | null | undefined): Partial<FaultRule> =>
  afterEvents === undefined ? {} : { afterEvents };

describe('stream_error', () => {
  it.each(CUTS)('after %s deltas', async (afterEvents, types, text) => {
    const seen = await iterate({ fault: 'stream_error', ...at(afterEvents) });
    expect(seen).toMatchObject({ types, text });
    const error = seen.error as APIError;
    expect([error.constructor.name, error.status, error.type]).toEqual(['APIError', undefined, 'overloaded_error']);
    expect(error.error).toEqual({
      type: 'error',
      error: { details: null, type: 'overloaded_error', message: 'Overloaded' },
      request_id: error.requestID,
    });
    expect(simulator.requests.list()).toMatchObject([{ status: 200, fault: 'stream_error', leftAt: null }]);
  });

  it.each(['api_error', 'timeout_error', 'rate_limit_error', 'invalid_request_error', 'permission_error'] as const)(
    'of type %s',
    async (errorType) => {
      const { error } = await iterate({ fault: 'stream_error', errorType });
      expect(error).toMatchObject({ status: undefined, type: errorType, apiMessage: expect.stringMatching(/\w/) });
    },
  );

  it('says what the rule says', async () => {
    expect((await iterate({ fault: 'stream_error', message: 'Busy' })).error).toMatchObject({ apiMessage: 'Busy' });
  });

  it.each([null, 0, 4])('after %s deltas, to the helper: the same error', async (afterEvents) => {
    const error = (await helped({ fault: 'stream_error', afterEvents })) as APIError;
    expect([error.constructor.name, error.status, error.type]).toEqual(['APIError', undefined, 'overloaded_error']);
  });

  it('is the last on the wire', async () => {
    simulator.scenario.set([{ fault: 'stream_error', afterEvents: null }]);
    const response = await client.messages.create({ ...BODY, stream: true }).asResponse();
    expect(await response.text()).toMatch(/^event: error\ndata: \{.*\}\n\n$/);
    expect(simulator.requests.list()).toMatchObject([{ eventsSent: 1 }]);
  });
});

describe('stream_eof', () => {
  it.each(CUTS)('after %s deltas: ends as if all were well', async (afterEvents, types, text) => {
    expect(await iterate({ fault: 'stream_eof', ...at(afterEvents) })).toMatchObject({ types, text, error: null });
  });

  it.each([
    [null, 'request ended without sending any chunks'],
    [3, 'stream ended without producing a Message with role=assistant'],
  ])('after %s deltas, to the helper: %s', async (afterEvents, message) => {
    expect(await helped({ fault: 'stream_eof', afterEvents })).toMatchObject({ message });
  });
});

describe('stream_eof_after_delta', () => {
  it('everything but the last event', async () => {
    const { types, text, error, events } = await iterate({ fault: 'stream_eof_after_delta' });
    expect({ types, text, error }).toEqual({ types: HEALTHY.slice(0, -1), text: WORDS.join(''), error: null });
    expect(events.at(-1)).toMatchObject({ delta: { stop_reason: 'end_turn' } });
    expect(await helped({ fault: 'stream_eof_after_delta' })).toMatchObject({
      message: 'stream ended without producing a Message with role=assistant',
    });
  });
});

describe('stream_reset', () => {
  it.each(CUTS)('after %s deltas: a raw TypeError', async (afterEvents, types, text) => {
    const seen = await iterate({ fault: 'stream_reset', ...at(afterEvents) });
    expect(seen).toMatchObject({ types, text, error: { name: 'TypeError', message: 'terminated' } });
    expect(simulator.requests.list()).toMatchObject([{ status: 200, leftAt: null }]);
  });

  it('to the helper: an error of the SDK', async () => {
    const error = (await helped({ fault: 'stream_reset' })) as Error;
    expect([error.constructor.name, error.message]).toEqual(['AnthropicError', expect.stringMatching(/terminated$/)]);
  });
});

describe('stream_refusal', () => {
  it.each([
    [null, 'SDP', 0],
    [0, 'S()DP', 0],
    [3, 'S(...)DP', 3],
    [undefined, 'S(.....)DP', 5],
    [99, HEALTHY, WORDS.length],
  ])('after %s deltas', async (afterEvents, types, words) => {
    const rule: FaultRule = { fault: 'stream_refusal', category: 'cyber', message: 'No.', ...at(afterEvents) };
    const seen = await iterate(rule);
    expect(seen).toMatchObject({ types, text: first(words), error: null });
    expect(seen.events.at(-2)).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'cyber', explanation: 'No.' } },
      usage: { input_tokens: 6, output_tokens: Math.ceil(first(words).length / 4) },
    });
    expect(await helped(rule)).toMatchObject({ stop_reason: 'refusal', stop_details: { category: 'cyber' } });
  });
});

describe('stream_unknown_event', () => {
  it.each([
    [undefined, `?${[...HEALTHY].join('?')}`],
    [2, `S(..${HEALTHY.slice(4).replace(/./g, '?$&')}`],
  ])('from %s deltas on: before every event', async (afterEvents, types) => {
    const seen = await iterate({ fault: 'stream_unknown_event', ...at(afterEvents) });
    // The SDK hides pings, and so one of them here.
    expect(seen.types.replaceAll('??', '?')).toBe(types);
    expect(seen).toMatchObject({ text: WORDS.join(''), error: null });
  });

  it('to the helper: no matter', async () => {
    expect(await helped({ fault: 'stream_unknown_event' })).toMatchObject({ content: [{ text: WORDS.join('') }] });
  });
});

describe('faults of time', () => {
  it('stream_silence: nothing more, not even a ping, until the caller gives up', async () => {
    simulator.scenario.set([{ fault: 'stream_silence', afterEvents: 2 }]);
    const stream = await client.messages.create({ ...BODY, stream: true });
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if (types.length < 4) continue;
      clock.advance(3_600_000);
      // The clock stands still for a stream that waits for nothing, so the way there and back has to be enough.
      await client.models.list();
      expect(simulator.requests.list()).toMatchObject([{ status: 'pending', eventsSent: 5 }, {}]);
      stream.controller.abort();
    }
    await simulator.requests.whenEnded(2);
    expect(types).toHaveLength(4);
    expect(simulator.requests.list()).toMatchObject([
      { status: 'aborted', eventsSent: 5, fault: 'stream_silence', leftAt: clock.nowMs() - startedAtMs },
      { status: 200, eventsSent: null },
    ]);
  });

  it.each([null, 0, 4])('stream_silence after %s deltas with a delay: goes on afterwards', async (afterEvents) => {
    const seen = iterate({ fault: 'stream_silence', afterEvents, delayMs: 90_000 });
    await clock.whenSleeping();
    expect(simulator.requests.list()).toMatchObject([{ status: 'pending' }]);
    clock.advance(90_000);
    expect(await seen).toMatchObject({ types: HEALTHY, error: null });
    expect(simulator.requests.list()).toMatchObject([{ status: 200, eventsSent: HEALTHY.length + 1 }]);
  });

  it.each([
    [{}, 1_000, HEALTHY.length + 1],
    [{ delayMs: 250 }, 250, HEALTHY.length + 1],
    [{ delayMs: 250, afterEvents: WORDS.length - 2 }, 250, 5],
  ])('stream_slow %j: %i ms before each event', async (parameters, delayMs, waits) => {
    const before = clock.nowMs();
    const seen = iterate({ fault: 'stream_slow', ...parameters });
    for (let i = 0; i < waits; i += 1) {
      await clock.whenSleeping();
      clock.advance(delayMs);
    }
    expect(await seen).toMatchObject({ types: HEALTHY, error: null });
    expect(clock.nowMs() - before).toBe(waits * delayMs);
  });

  it('any other waits before it begins, if told to', async () => {
    const seen = iterate({ fault: 'stream_eof', delayMs: 5_000 });
    await clock.whenSleeping();
    expect(simulator.requests.list()).toMatchObject([{ eventsSent: null }]);
    clock.advance(5_000);
    expect(await seen).toMatchObject({ types: 'S(.....' });
  });
});

const startedAtMs = clock.nowMs();

describe('what has no stream to break', () => {
  const STREAM_FAULTS = Object.entries(FAULT_PROFILES)
    .filter(([, { kind }]) => kind === 'stream')
    .map(([name]) => name as FaultRule['fault']);

  it.each(STREAM_FAULTS)('%s leaves messages, counts and models alone', async (fault) => {
    simulator.scenario.set([{ fault }]);
    expect(await client.messages.create(BODY)).toMatchObject({ stop_reason: 'end_turn' });
    await client.messages.countTokens({ model: BODY.model, messages: BODY.messages });
    await client.models.list();
    expect(simulator.scenario.list()).toMatchObject([{ matched: 0, struck: 0 }]);
    expect(simulator.requests.list().every((request) => request.fault === null)).toBe(true);
  });

  it.each(STREAM_FAULTS)('%s does not turn a 400 into a stream', async (fault) => {
    simulator.scenario.set([{ fault }]);
    const body = { ...BODY, model: 'claude-2', stream: true as const };
    await expect(client.messages.create(body)).rejects.toMatchObject({ status: 404 });
  });

  it('is every fault of a stream, each covered above', () => {
    const covered = ['error', 'eof', 'eof_after_delta', 'reset', 'silence', 'refusal', 'unknown_event', 'slow'];
    expect(STREAM_FAULTS.sort()).toEqual(covered.map((how) => `stream_${how}`).sort());
  });
});

describe('faults of any request, on a stream', () => {
  it.each([
    ['overloaded', 529],
    ['rate_limited', 429],
    ['bad_gateway_html', 502],
    ['authentication', 401],
  ] as const)('%s: %i before the first byte', async (fault, status) => {
    expect((await iterate({ fault })).error).toMatchObject({ status });
    expect(await helped({ fault })).toMatchObject({ status });
  });

  it('slow_headers: a healthy stream, late', async () => {
    const seen = iterate({ fault: 'slow_headers' });
    await clock.whenSleeping();
    clock.advance(30_000);
    expect(await seen).toMatchObject({ types: HEALTHY });
  });

  it('hang: nothing until the caller gives up, and the log knows when', async () => {
    simulator.scenario.set([{ fault: 'hang' }]);
    const caller = new AbortController();
    const answer = client.messages.create({ ...BODY, stream: true }, { signal: caller.signal });
    const outcome = answer.catch((error: unknown) => error as Error);
    await simulator.requests.whenReceived(1);
    clock.advance(700);
    caller.abort();
    expect(((await outcome) as Error).constructor.name).toBe('APIUserAbortError');
    // Each round trip gives the server the chance to notice that the first connection is gone.
    simulator.scenario.clear();
    while (simulator.requests.list()[0]?.leftAt === null) await client.models.list();
    expect(simulator.requests.list()[0]).toMatchObject({ status: 'hung', leftAt: clock.nowMs() - startedAtMs });
  });

  it('stalled_body: headers, and no event', async () => {
    simulator.scenario.set([{ fault: 'stalled_body' }]);
    const stream = await client.messages.create({ ...BODY, stream: true });
    expect(simulator.requests.list()).toMatchObject([{ status: 'pending', eventsSent: 0 }]);
    stream.controller.abort();
    await simulator.requests.whenEnded(1);
    expect(simulator.requests.list()).toMatchObject([{ status: 'aborted', eventsSent: 0 }]);
  });

  it.each(['truncated_body', 'reset_mid_body'] as const)('%s: breaks in the middle of an event', async (fault) => {
    const seen = await iterate({ fault });
    expect(seen).toMatchObject({ types: 'S(.....', error: { name: 'TypeError', message: 'terminated' } });
  });

  it('broken_json: a raw SyntaxError', async () => {
    const seen = await iterate({ fault: 'broken_json' });
    expect(seen).toMatchObject({ types: 'S(.....', error: { name: 'SyntaxError' } });
  });

  it.each(['html_ok', 'empty_ok'] as const)('%s: a stream without a single event', async (fault) => {
    expect(await iterate({ fault })).toMatchObject({ types: '', error: null });
  });

  it('reset_before_headers: a connection error', async () => {
    expect((await iterate({ fault: 'reset_before_headers' })).error).toMatchObject({ message: 'Connection error.' });
  });
});
