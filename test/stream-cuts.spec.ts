import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ClaudeEvents, ClaudeResilienceService, type ClaudeStreamCallOptions } from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import type { ServerResponse } from 'node:http';
import { CuttingServer, type Asked, type CutBy, type Reply } from './support/cutting-server.js';
import { PARAMS } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';
import { diceOf, wireOf, writeAnswer, type Dice, type Noise, type Wire } from './support/written-answer.js';

/** Hundreds of calls a test: a machine under load may take its time. */
jest.setTimeout(60_000);

/** Silence that ends a stream, in milliseconds; the same before its first event. */
const IDLE_MS = 1_000;
const AT_ONCE = { maxRetries: 20, baseDelayMs: 0, jitterMs: 0 };

const clock = new ManualClock();
let server: CuttingServer;
let claude: ClaudeResilienceService;

beforeAll(async () => {
  server = await CuttingServer.start();
  const started = await startApp({
    clock,
    random: new ScriptedRandom(0),
    claude: {
      baseURL: server.url,
      circuit: false,
      account: false,
      pacing: false,
      retryBudget: false, // the clock stands still, and nothing comes back
      stream: { firstEventMs: IDLE_MS, idleMs: IDLE_MS, totalMs: 1e9 },
      retry: {
        overloaded: AT_ONCE,
        serverError: AT_ONCE,
        connection: AT_ONCE,
        timeout: AT_ONCE,
        rateLimited: AT_ONCE,
      },
    },
  });
  claude = started.app.get(ClaudeResilienceService);
  started.app.get(ClaudeEvents).subscribe((event) => {
    if (event.type === 'retry.scheduled') void clock.advance(event.delayMs);
  });
});
beforeEach(() => {
  server.asked.length = 0;
  // One call at a time, and the clock stands still but for this: whatever waits, waits for this reply.
  server.onSilence = (response) => {
    void until(() => clock.pendingTimers > 0 || response.closed).then(() => {
      if (!response.closed) void clock.advance(IDLE_MS);
    });
  };
});
afterEach(async () => {
  await until(() => server.openSockets === 0); // no request outlives its stream
  expect(clock.pendingTimers).toBe(0);
});
afterAll(async () => {
  await closeApps();
  await server.stop();
});

type Policy = NonNullable<ClaudeStreamCallOptions['onBreak']>;

/**
 * How a model goes on. `exact`: with the next character. `repeating`: with its last words first, 12 to 200 characters of
 * them. `spaceless`: without the white space that the reader already has.
 *
 * Left out, since no reader of text can tell them from an exact continuation: a repetition of less than 12 characters;
 * one of more than `SEAM_CHARACTERS`; a missing space that the reader does not have either; and an exact continuation
 * that begins with the very words the text ends in (answers here never do, see `writeAnswer`).
 */
type Manner = 'exact' | 'repeating' | 'spaceless';

interface Cut {
  readonly by: CutBy;
  readonly at: (wire: Wire) => number;
}

interface Play {
  readonly texts: readonly string[];
  /** One a request, the first for the first. */
  readonly cuts: readonly Cut[];
  readonly onBreak: Policy;
  readonly manner?: Manner;
  readonly noise?: Noise;
  readonly model?: string;
  readonly seed?: number;
  /** What the application reads. @default events */
  readonly reads?: 'events' | 'text';
}

interface Seen {
  readonly type: string;
  readonly index?: number;
  readonly delta?: { readonly type?: string; readonly text?: string; readonly stop_reason?: string | null };
}

/** Reads one stream to its end, whatever the server does to it. */
async function play(given: Play) {
  const { texts, cuts, onBreak, manner = 'exact', noise = 'plain', seed = 1, reads = 'events' } = given;
  const dice = diceOf(seed);
  const events: Seen[] = [];
  const whole = texts.join('');
  const seen = { text: '' };
  const cutsMade: { readonly cut: Cut; readonly isWhole: boolean; readonly text: string }[] = [];
  const flaws: string[] = [];

  const restFor = (asked: Asked): readonly string[] => {
    const begun = beginningIn(asked);
    if (begun === undefined) return texts;
    if (begun !== seen.text.trimEnd())
      flaws.push(`the model is told ${show(begun)}, the reader has ${show(seen.text)}`);
    return goOn(texts, begun, seen.text, manner, dice);
  };
  server.asked.length = 0;
  server.answer = (asked, number): Reply => {
    const wire = wireOf(restFor(asked), dice, noise);
    const cut = cuts[number - 1];
    if (cut === undefined) return { bytes: wire.bytes };
    const atByte = cut.at(wire);
    const last = wire.events.findLast(({ endsAt }) => endsAt <= atByte);
    cutsMade.push({ cut, isWhole: last?.hasReason === true, text: last?.text ?? '' });
    return { bytes: wire.bytes, cut: { atByte, by: cut.by } };
  };

  const stream = claude.messages.stream({ ...PARAMS, model: given.model ?? PARAMS.model }, { onBreak });
  let error: { code: string; textSoFar: string | undefined; attempts: number } | undefined;
  try {
    if (reads === 'text') for await (const piece of stream.text()) seen.text += piece;
    else
      for await (const event of stream) {
        events.push(event as Seen);
        if (event.type === 'claude_stream_restarted') seen.text = '';
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') seen.text += event.delta.text;
      }
  } catch (thrown) {
    error = thrown as typeof error;
  }
  await until(() => server.openSockets === 0);
  return { events, reads, text: seen.text, whole, error, cutsMade, requests: server.asked.length, flaws };
}
type Played = Awaited<ReturnType<typeof play>>;

const show = (text: string) => JSON.stringify(text.slice(-40));

/** What a request says the reader has, however it says it; undefined for the question as it was. */
function beginningIn({ messages }: Asked): string | undefined {
  if (messages.length < 2) return undefined;
  const { role, content } = messages.at(-1)!;
  return role === 'assistant' ? content : /<interrupted_response>([^]*)<\/interrupted_response>/.exec(content)?.[1];
}

/** What follows `begun` in the answer, in the blocks that are left of it, or in one. */
function goOn(texts: readonly string[], begun: string, delivered: string, manner: Manner, dice: Dice): string[] {
  const whole = texts.join('');
  // A line break of two may be delivered by half: who leaves its white space out leaves out the other half.
  const canSkip = manner === 'spaceless' && /^\S/.test(whole.slice(delivered.length));
  let from = canSkip ? delivered.length : begun.length;
  const rest: string[] = [];
  let end = 0;
  for (const text of texts) {
    end += text.length;
    if (end > from) rest.push(text.slice(text.length - (end - from)));
    from = Math.max(from, end);
  }
  if (rest.length === 0) return dice(2) === 0 ? [] : [''];
  if (manner === 'repeating') rest[0] = `${lastWords(begun, dice)}${rest[0]}`;
  const blocks = dice(2) === 0 ? rest : [rest.join('')];
  return dice(6) === 0 ? ['', ...blocks] : blocks;
}

function lastWords(text: string, dice: Dice): string {
  if (text.length < 12) return '';
  const from = Math.max(0, text.length - 12 - dice(180));
  const isInside = /^[\uDC00-\uDFFF]/.test(text.slice(from)); // of a character of two units
  return text.slice(isInside ? from - 1 : from);
}

/** What is wrong with the order of events, from the last restart on; an unfinished stream may lack its end. */
function disorderOf(events: readonly Seen[], isFinished: boolean): string[] {
  const flaws: string[] = [];
  const counts = { message_start: 0, message_stop: 0 };
  let open: number | undefined;
  let next = 0;
  let hasReason = false;
  const restart = events.findLastIndex(({ type }) => type === 'claude_stream_restarted');
  for (const { type, index, delta } of events.slice(restart + 1)) {
    if (counts.message_stop > 0) flaws.push(`${type} after the end`);
    if (counts.message_start === 0 && type !== 'message_start') flaws.push(`${type} before the beginning`);
    switch (type) {
      case 'message_start':
        counts.message_start++;
        break;
      case 'content_block_start':
        if (open !== undefined || index !== next || hasReason)
          flaws.push(`block ${index} begins in ${open}, not ${next}`);
        open = index;
        next++;
        break;
      case 'content_block_delta':
        if (index !== open) flaws.push(`delta of ${index} in ${open}`);
        break;
      case 'content_block_stop':
        if (index !== open) flaws.push(`${index} ends in ${open}`);
        open = undefined;
        break;
      case 'message_delta':
        if (open !== undefined) flaws.push(`${type} in ${open}`);
        hasReason ||= typeof delta?.stop_reason === 'string';
        break;
      case 'message_stop':
        counts.message_stop++;
        if (!hasReason) flaws.push('an end without a reason');
        break;
      case 'ping':
        flaws.push('a ping is shown');
        break;
      default:
    }
  }
  const finished = isFinished ? 1 : 0;
  if (counts.message_start > 1 || counts.message_start < finished) flaws.push(`${counts.message_start} beginnings`);
  if (counts.message_stop !== finished) flaws.push(`${counts.message_stop} ends`);
  return flaws;
}

const RETRYABLE = ['overloaded_error', 'api_error', 'timeout_error', 'rate_limit_error'];
const FINAL = [
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'billing_error',
  'not_found_error',
  'request_too_large',
  'an_error_of_next_year',
];
const isMendable = (by: CutBy) => typeof by !== 'object' || RETRYABLE.includes(by.errorType);

/** What must hold of every call, however it was cut. An empty list is what the tests ask for. */
function flawsOf(played: Played, onBreak: Policy): string[] {
  const { events, reads, text, whole, error, cutsMade, requests } = played;
  const disorder = reads === 'text' ? [] : disorderOf(events, error === undefined);
  const flaws = [...played.flaws, ...disorder];
  const say = (isTrue: boolean, what: string) => void (isTrue || flaws.push(what));

  // The cuts happen one after another until one leaves nothing out, or ends the call.
  const broken = cutsMade.findIndex(({ isWhole }) => isWhole);
  const effective = broken < 0 ? cutsMade : cutsMade.slice(0, broken);
  const last = effective.at(-1);
  const mustFail = last !== undefined && (!isMendable(last.cut.by) || (onBreak === 'fail' && /\S/.test(last.text)));
  say(requests === effective.length + (mustFail ? 0 : 1), `${requests} requests, ${effective.length} cuts`);
  say(requests === (error?.attempts ?? requests), `says ${error?.attempts} attempts, and sent ${requests}`);
  say(mustFail === (error !== undefined), mustFail ? 'a short text as success' : `failed: ${error?.code}`);
  if (error === undefined) say(text === whole, `${show(text)} is not ${show(whole)}`);
  else {
    say(/^CLAUDE_(?!INTERNAL)/.test(error.code), `no error of ours: ${error.code}`);
    say((error.textSoFar ?? '') === text, `textSoFar is ${show(error.textSoFar ?? '')}, the reader has ${show(text)}`);
    say(whole.startsWith(text), `${show(text)} is no beginning`);
  }
  if (onBreak === 'fail') say(!events.some(({ type }) => type.startsWith('claude_')), 'a notice under fail');
  return flaws;
}

const POLICIES: readonly Policy[] = ['resume', 'restart', 'fail'];
const WAYS: readonly CutBy[] = [
  'close',
  'hangup',
  'reset',
  'silence',
  ...RETRYABLE.map((errorType) => ({ errorType })),
];

/** Where an event ends, where it is half written, and where a character is. */
function placesIn({ events, insideCharacters }: Wire) {
  const ends = events.map(({ endsAt }) => endsAt);
  const middles = ends.map((end, event) => Math.floor(((ends[event - 1] ?? 0) + end) / 2));
  return { before: [-1, 0], ends, middles, insideCharacters };
}

/** An error event is a line of its own; anything else can happen anywhere. */
function everyPlaceFor(by: CutBy, wire: Wire): readonly number[] {
  const { before, ends, middles, insideCharacters } = placesIn(wire);
  return typeof by === 'object' ? [0, ...ends] : [...before, ...ends, ...middles, ...insideCharacters];
}

const nameOf = (by: CutBy) => (typeof by === 'object' ? by.errorType : by);

/** Line breaks that a cut halves, indentation, quotes, characters of 2 to 4 bytes; several blocks. */
const ONE_BLOCK = ['Ein Leuchtturm 🗼 steht\n\n  am Meer; größer als 日本の灯台.'];
const THREE_BLOCKS = ['One.\n\n', '```\nif x:\n    y = "é"\n```', ' Done 😀'];

describe.each(POLICIES)('cut at every place, %s', (onBreak) => {
  it.each([
    ...WAYS.map((by) => [nameOf(by), by, ONE_BLOCK] as const),
    ...WAYS.slice(0, 1).map((by) => [nameOf(by), by, THREE_BLOCKS] as const),
  ])('by %s', async (_name, by, texts) => {
    const places = everyPlaceFor(by, wireOf(texts, diceOf(1), 'plain'));
    expect(places.length).toBeGreaterThan(10);
    for (const at of places) {
      const played = await play({ texts, cuts: [{ by, at: () => at }], onBreak });
      expect({ at, flaws: flawsOf(played, onBreak) }).toEqual({ at, flaws: [] });
    }
  });
});

it.each(['resume', 'fail'] as const)('text() alone, cut at every place, %s', async (onBreak) => {
  for (const at of everyPlaceFor('close', wireOf(ONE_BLOCK, diceOf(1), 'plain'))) {
    const played = await play({ texts: ONE_BLOCK, cuts: [{ by: 'close', at: () => at }], onBreak, reads: 'text' });
    expect({ at, flaws: flawsOf(played, onBreak) }).toEqual({ at, flaws: [] });
  }
});

it.each(FINAL)('%s in the middle: a typed error under every policy, and nothing is repeated', async (errorType) => {
  for (const onBreak of POLICIES) {
    for (const event of [0, 1, 2, 5]) {
      const at = ({ events }: Wire) => events[event]?.endsAt ?? 0;
      const played = await play({ texts: ONE_BLOCK, cuts: [{ by: { errorType }, at }], onBreak });
      expect(flawsOf(played, onBreak)).toEqual([]);
      expect(played.requests).toBe(1);
    }
  }
});

describe('any answer, cut several times, gone on with as models do', () => {
  const anyCut = fc
    .record({
      by: fc.constantFrom<CutBy>(...WAYS, ...WAYS.slice(0, 4), { errorType: 'invalid_request_error' }),
      place: fc.constantFrom('before', 'ends', 'ends', 'middles', 'insideCharacters'),
      share: fc.double({ min: 0, max: 0.999, noNaN: true }),
    })
    .map(({ by, place, share }): Cut => ({
      by,
      at: (wire) => {
        const places = placesIn(wire);
        const list = typeof by === 'object' ? places.ends : places[place as keyof typeof places];
        return list[Math.floor(share * list.length)] ?? 0;
      },
    }));

  it.each([
    ['resume', 220],
    ['restart', 60],
    ['fail', 60],
  ] as const)('%s', async (onBreak, numRuns) => {
    const anyPlay = fc.record({
      seed: fc.nat(),
      blocks: fc.integer({ min: 1, max: 5 }),
      words: fc.integer({ min: 1, max: 14 }),
      cuts: fc.array(anyCut, { minLength: 1, maxLength: 4 }),
      manner: fc.constantFrom<Manner>('exact', 'repeating', 'spaceless'),
      model: fc.constantFrom('claude-sonnet-5-5', 'claude-haiku-4-5'), // asked in words; takes a begun answer
    });
    await fc.assert(
      fc.asyncProperty(anyPlay, async ({ seed, blocks, words, ...given }) => {
        const texts = writeAnswer(diceOf(seed), blocks, words);
        const played = await play({ ...given, seed, texts, onBreak, noise: 'noisy' });
        expect(flawsOf(played, onBreak)).toEqual([]);
      }),
      { numRuns, seed: 7 },
    );
  });
});

/** Plain lines of a stream, for what `wireOf` does not write. */
const said = (...events: readonly (readonly [type: string, more?: object])[]) =>
  Buffer.from(events.map(([type, more]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`).join(''));
const START = ['message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', content: [] } }] as const;
const begin = (index: number, content_block: object) => ['content_block_start', { index, content_block }] as const;
const delta = (index: number, type: string, more: object) =>
  ['content_block_delta', { index, delta: { type, ...more } }] as const;
const words = (index: number, text: string) => delta(index, 'text_delta', { text });
const stop = (index: number) => ['content_block_stop', { index }] as const;
const reason = (stop_reason: string, more: object = {}) =>
  ['message_delta', { delta: { stop_reason, ...more }, usage: {} }] as const;
const TEXT = { type: 'text', text: '' };
const WHOLE = said(START, begin(0, TEXT), words(0, 'Whole.'), stop(0), reason('end_turn'), ['message_stop']);

async function read(onBreak: Policy) {
  const types: string[] = [];
  let text = '';
  try {
    for await (const event of claude.messages.stream(PARAMS, { onBreak })) {
      types.push(event.type);
      if (event.type === 'claude_stream_restarted') text = '';
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
    }
    return { text, types };
  } catch (error) {
    return { text, types, error: error as { code: string; textSoFar?: string; failure: { rule: string } } };
  }
}

describe('what no request can go on from', () => {
  const CUT_IN: readonly (readonly [string, Buffer])[] = [
    [
      'a tool call',
      said(
        START,
        begin(0, TEXT),
        words(0, 'I look.'),
        stop(0),
        begin(1, { type: 'tool_use', id: 't', name: 'n', input: {} }),
        delta(1, 'input_json_delta', { partial_json: '{"a"' }),
      ),
    ],
    [
      'a tool call after which text followed',
      said(
        START,
        begin(0, { type: 'tool_use', id: 't', name: 'n', input: {} }),
        delta(0, 'input_json_delta', { partial_json: '{}' }),
        stop(0),
        begin(1, TEXT),
        words(1, 'So.'),
      ),
    ],
    [
      'thinking',
      said(START, begin(0, { type: 'thinking', thinking: '' }), delta(0, 'thinking_delta', { thinking: 'Hm' })),
    ],
    [
      'text after thinking',
      said(
        START,
        begin(0, { type: 'thinking', thinking: '' }),
        delta(0, 'signature_delta', { signature: 's' }),
        stop(0),
        begin(1, TEXT),
        words(1, 'So'),
      ),
    ],
  ];
  it.each(CUT_IN)('%s: a typed error, nothing repeated', async (_what, bytes) => {
    for (const by of WAYS) {
      server.asked.length = 0;
      server.answer = () => ({ bytes, cut: { atByte: bytes.length, by } });
      const { text, error } = await read('resume');
      expect(error?.code).toMatch(/^CLAUDE_(CONNECTION|TIMEOUT|OVERLOADED|SERVER_ERROR|RATE_LIMITED)$/);
      expect(error?.textSoFar ?? '').toBe(text);
      expect(server.asked).toHaveLength(1);
      await until(() => server.openSockets === 0);
    }
  });

  it.each(POLICIES)(
    'a refusal in the middle, %s: typed, with what was delivered, and not asked again',
    async (onBreak) => {
      const refusal = reason('refusal', { stop_details: { type: 'refusal', category: 'cyber' } });
      server.answer = () => ({
        bytes: said(START, begin(0, TEXT), words(0, 'First you'), stop(0), refusal, ['message_stop']),
      });
      const { text, error } = await read(onBreak);
      expect(error).toMatchObject({ code: 'CLAUDE_CONTENT_POLICY', textSoFar: 'First you' });
      expect(text).toBe('First you');
      expect(server.asked).toHaveLength(1);
    },
  );
});

describe('the reader is told once, and at the right time', () => {
  const HALF = said(START, begin(0, TEXT), words(0, 'Half'));

  it('restart: a second break before anything new does not lose the notice', async () => {
    const begun = said(START, begin(0, TEXT));
    const replies = [HALF, begun, WHOLE];
    server.answer = (_asked, number) => ({ bytes: replies[number - 1] ?? WHOLE });
    const { text, types } = await read('restart');
    expect(text).toBe('Whole.');
    expect(types.filter((type) => type === 'claude_stream_restarted')).toHaveLength(1);
  });

  it('restart: who was never told has what was delivered before', async () => {
    const replies = [HALF, said(START, ['error', { error: { type: 'invalid_request_error', message: 'no' } }])];
    server.answer = (_asked, number) => ({ bytes: replies[number - 1] ?? WHOLE });
    expect(await read('restart')).toMatchObject({ text: 'Half', error: { textSoFar: 'Half' } });
  });

  it.each([
    ['an empty delta', [words(0, '')]],
    ['white space', [words(0, '\n\n')]],
    ['an empty block', [stop(0)]],
    [
      'a piece of the end that gives no reason',
      [stop(0), ['message_delta', { delta: { stop_reason: null } }] as const],
    ],
  ])('%s is no content: a break after it is repaired unseen, even under fail', async (_what, events) => {
    server.answer = (_asked, number) => ({ bytes: number > 1 ? WHOLE : said(START, begin(0, TEXT), ...events) });
    const { text, types, error } = await read('fail');
    expect(error).toBeUndefined();
    expect(text).toBe('Whole.');
    expect(types.filter((type) => type === 'message_start')).toHaveLength(1);
  });

  it.each(['text/html', 'application/json; charset=utf-8'])(
    '%s while a broken text is gone on with',
    async (contentType) => {
      const rest = said(START, begin(0, TEXT), words(0, ' and half.'), stop(0), reason('end_turn'), ['message_stop']);
      const replies: Reply[] = [{ bytes: HALF }, { bytes: Buffer.from('{}'), contentType }, { bytes: rest }];
      server.answer = (_asked, number) => replies[number - 1]!;
      expect((await read('resume')).text).toBe('Half and half.');
    },
  );
});

it('a reason is one, whatever pieces of the end follow it: nothing is asked again', async () => {
  const ending = [reason('end_turn'), ['message_delta', { delta: { stop_reason: null }, usage: {} }] as const];
  server.answer = () => ({ bytes: said(START, begin(0, TEXT), words(0, 'Whole.'), stop(0), ...ending) });
  const { text, types } = await read('resume');
  expect(text).toBe('Whole.');
  expect(types.at(-1)).toBe('message_stop');
  expect(server.asked).toHaveLength(1);
});

describe('silence and pings', () => {
  it('pings keep a silent stream alive, beyond the limit, and are not shown', async () => {
    const beginning = said(START, ['ping'], begin(0, TEXT), words(0, 'Let me'));
    let silent: ServerResponse | undefined;
    server.onSilence = (response) => (silent = response);
    server.answer = () => ({ bytes: beginning, cut: { atByte: beginning.length, by: 'silence' } });
    const reading = read('fail');
    await until(() => silent !== undefined && clock.nextTimerInMs === IDLE_MS);
    for (let ping = 0; ping < 5; ping++) {
      await clock.advance(IDLE_MS - 1);
      expect(clock.nextTimerInMs).toBe(1);
      silent?.write('event: ping\ndata: {"type": "ping"}\n\n');
      await until(() => clock.nextTimerInMs === IDLE_MS);
    }
    silent?.end(said(words(0, ' think.'), stop(0), reason('end_turn'), ['message_stop']));
    const { text, types, error } = await reading;
    expect(error).toBeUndefined();
    expect(text).toBe('Let me think.');
    expect(types).not.toContain('ping');
  });

  it('pings alone are no answer: silence after them is a timeout', async () => {
    const pings = said(['ping'], START, ['ping']);
    server.answer = () => ({ bytes: pings, cut: { atByte: pings.length, by: 'silence' } });
    expect(await read('fail')).toMatchObject({ types: [], error: { code: 'CLAUDE_TIMEOUT' } });
    expect(server.asked).toHaveLength(AT_ONCE.maxRetries + 1);
  });
});

it.each(['text/html', 'text/HTML; charset=utf-8', 'application/json'])(
  '200 %s where a stream should begin',
  async (contentType) => {
    server.answer = () => ({ bytes: Buffer.from('<html>Please log in</html>'), contentType });
    const { types, error } = await read('resume');
    expect(types).toEqual([]);
    expect(error).toMatchObject({ code: 'CLAUDE_SERVER_ERROR', failure: { rule: 'body_is_not_json' } });
  },
);
