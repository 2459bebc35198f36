import { describe, expect, it } from '@jest/globals';
import type { ClaudeCall, TokenUsage } from '../call.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import { OptionReader } from '../option-reader.js';
import { readResilienceOptions, type FeatureOptions, type ResolvedFeature } from '../options.js';
import type { Advice, AdviceTopic } from './advice.js';
import { ADVICE_RULES } from './advice-rules.js';
import { FeatureFigures, HOUR_MS, SLOT_MS } from './feature-figures.js';
import { noteEvent, type CountedEvent } from './note-event.js';

const WALL_MS = Date.UTC(2026, 10, 22);
const DAY_MS = 24 * HOUR_MS;
const MODEL = 'claude-sonnet-5-5';
const PROMPT = 'the-secret-of-the-prompt';

function featureOf(options: FeatureOptions = {}): ResolvedFeature {
  const issues: string[] = [];
  const read = new OptionReader('', { features: { chat: options } }, issues);
  const { features } = readResilienceOptions(read, issues);
  expect(issues).toEqual([]);
  return features.find(({ name }) => name === 'chat')!;
}

interface Kind {
  /** `null`: a function of the application's. */
  readonly model?: string | null;
  readonly isStream?: boolean;
  readonly isCount?: boolean;
  readonly timeoutMs?: number;
}

/** A day in the life of one feature, written down event by event. */
class Day {
  nowMs = 0;
  readonly figures = new FeatureFigures();

  constructor(readonly feature = featureOf()) {}

  served(
    times: number,
    { durationMs = 1_000, usage, ...kind }: Kind & { durationMs?: number; usage?: TokenUsage } = {},
  ): this {
    // oxfmt-ignore
    const call = this.#call(kind);
    const origin = { model: call.model, platform: 'anthropic', isReformulated: false, insteadOf: [] };
    const told = usage === undefined ? {} : { usage };
    return this.#note(times, { type: 'call.completed', call, outcome: 'served', origin, attempts: 1, durationMs, ...told }); // oxfmt-ignore
  }

  /** Requests that fail; the calls go on. */
  failed(times: number, facts: FailureFacts, kind: Kind = {}): this {
    const call = this.#call(kind);
    const failure = diagnoseFailure(facts, WALL_MS);
    return this.#note(times, { type: 'attempt.failed', call, attempt: 1, target: call.targets[0]!, failure, durationMs: 9 }); // oxfmt-ignore
  }

  /** Calls that end without an answer. */
  ended(times: number, facts: FailureFacts): this {
    const failure = diagnoseFailure(facts, WALL_MS);
    return this.#note(times, { type: 'call.completed', call: this.#call({}), outcome: 'failed', failure, attempts: 0, durationMs: 9 }); // oxfmt-ignore
  }

  /** The same in each of so many slots of five minutes, the last of them the running one. */
  slots(count: number, what: (day: Day, index: number) => unknown): this {
    for (let index = 0; index < count; index++) {
      if (index > 0) this.nowMs += SLOT_MS;
      what(this, index);
    }
    return this;
  }

  later(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  advice(topic: AdviceTopic): readonly Advice[] {
    const timeoutInUse = () => this.feature.timeoutMs;
    const { feature, figures, nowMs } = this;
    return ADVICE_RULES[topic]({ feature, figures, nowMs, wallMs: WALL_MS + nowMs, timeoutInUse });
  }

  #call({ model = MODEL, timeoutMs = this.feature.timeoutMs, ...kind }: Kind): ClaudeCall {
    const asked = model ?? undefined;
    return {
      id: 'id-1',
      feature: 'chat',
      workflow: PROMPT,
      priority: 'normal',
      model: asked,
      targets: [{ model: asked, platform: 'anthropic', bucket: '' }],
      startedAtMs: this.nowMs,
      deadlineAtMs: this.nowMs + 120_000,
      timeoutMs,
      headersMs: this.feature.headersMs,
      bodyMs: this.feature.bodyMs,
      fairTimeoutMs: 30_000,
      signal: undefined,
      ...kind,
    };
  }

  #note(times: number, event: CountedEvent): this {
    const features = { get: () => this.feature };
    for (let i = 0; i < times; i++) noteEvent(this.figures, event, features, this.nowMs, WALL_MS + this.nowMs);
    return this;
  }
}

const OVERLOADED: FailureFacts = { from: 'response', status: 529 };
const LIMITED: FailureFacts = { from: 'response', status: 429 };
const TOO_LARGE: FailureFacts = { from: 'response', status: 413 };
const TOO_LONG: FailureFacts = { from: 'response', status: 400, says: 'prompt is too long: 9 tokens > 8 maximum' };
const OVERSIZE: FailureFacts = { from: 'oversize' };
const PACED: FailureFacts = { from: 'pacing', reason: 'deadline' };
const CROWDED: FailureFacts = { from: 'pacing', reason: 'room_full' };
const UNKNOWN: FailureFacts = { from: 'response', status: 400, type: 'brand_new_error' };
const HEADERS: FailureFacts = { from: 'timeout', limit: 'headers' };
const BODY: FailureFacts = { from: 'timeout', limit: 'body' };
const FIRST_EVENT: FailureFacts = { from: 'timeout', limit: 'first_event' };
const SILENCE: FailureFacts = { from: 'timeout', limit: 'silence' };
const ATTEMPT: FailureFacts = { from: 'timeout', limit: 'attempt' };

const usage = (inputTokens: number, cacheReadTokens: number, cacheWriteTokens = 0): { usage: TokenUsage } => ({
  usage: { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens: 9 },
});
/** An hour (UTC) on each of so many days, with so many of 20 requests that meet a 529. */
const daily = (day: Day, days: number, hour: number, bad: (index: number) => number) => {
  for (let index = 0; index < days; index++) {
    day.nowMs = index * DAY_MS + hour * HOUR_MS;
    day.failed(bad(index), OVERLOADED).served(20 - bad(index));
  }
};
const slowWhole = (day: Day, timeouts: number, served = 30) =>
  day.slots(5, (now, i) => now.failed(i < timeouts ? 1 : 0, HEADERS).served(served / 5, { durationMs: 50_000 }));

type Row = [topic: AdviceTopic, what: string, count: number, tell: (day: Day) => unknown];

describe('each rule: just enough, just too little, too few samples (R12, R13)', () => {
  // oxfmt-ignore
  it.each<Row>([
    ['persistent_overload', 'a tenth of the requests, for an hour',          1, (d) => d.slots(12, () => d.failed(1, OVERLOADED).served(9))],
    ['persistent_overload', 'less than a tenth',                             0, (d) => d.slots(12, () => d.failed(1, OVERLOADED).served(10))],
    ['persistent_overload', 'not an hour yet',                               0, (d) => d.slots(11, () => d.failed(9, OVERLOADED))],
    ['persistent_overload', 'half of three hours',                           1, (d) => d.slots(24, (_, i) => (i % 2 ? d.served(5) : d.failed(5, OVERLOADED)))],
    ['persistent_overload', 'less than half of three hours',                 0, (d) => d.slots(36, (_, i) => (i % 3 ? d.served(5) : d.failed(5, OVERLOADED)))],
    ['persistent_overload', 'too few requests to say',                       0, (d) => d.slots(36, () => d.failed(2, OVERLOADED))],
    ['persistent_overload', 'it was yesterday',                              0, (d) => d.slots(12, () => d.failed(9, OVERLOADED)).later(3 * HOUR_MS)],
    ['persistent_overload', 'other failures are none',                       0, (d) => d.slots(36, () => d.failed(9, { from: 'response', status: 500 }))],
    ['persistent_overload', 'counts of tokens are none',                     0, (d) => d.slots(36, () => d.failed(9, OVERLOADED, { isCount: true }))],
    ['persistent_overload', 'the same hour on three of five days',           1, (d) => daily(d, 5, 14, (i) => (i < 3 ? 2 : 0))],
    ['persistent_overload', 'on three of six days',                          0, (d) => daily(d, 6, 14, (i) => (i < 3 ? 20 : 0))],
    ['persistent_overload', 'on two of two days',                            0, (d) => daily(d, 2, 14, () => 20)],
    ['persistent_overload', 'on three days, hardly',                         0, (d) => daily(d, 3, 14, () => 1)],
    ['persistent_overload', 'the week before last',                          0, (d) => (daily(d, 3, 14, () => 20), d.later(7 * DAY_MS))],
    ['constant_rate_limit', '429s in most of an hour',                       1, (d) => d.slots(12, (_, i) => d.failed(i < 8 ? 3 : 0, LIMITED).served(1))],
    ['constant_rate_limit', 'in little more than half of it',                0, (d) => d.slots(12, (_, i) => d.failed(i < 7 ? 3 : 0, LIMITED).served(1))],
    ['constant_rate_limit', 'not an hour yet',                               0, (d) => d.slots(11, () => d.failed(9, LIMITED))],
    ['constant_rate_limit', 'now and then one',                              0, (d) => d.slots(19, () => d.failed(1, LIMITED))],
    ['constant_rate_limit', 'twenty of them',                                1, (d) => d.slots(20, () => d.failed(1, LIMITED))],
    ['constant_rate_limit', 'calls that pacing did not send',                1, (d) => d.slots(12, () => d.ended(1, PACED).ended(1, CROWDED))],
    ['constant_rate_limit', 'a spend limit is another matter',               0, (d) => d.slots(36, () => d.failed(9, { from: 'response', status: 429, code: 'enforced_spend_limit_reached' }))],
    ['recurring_timeouts',  'five of a hundred',                             1, (d) => slowWhole(d, 5, 95)],
    ['recurring_timeouts',  'five of more',                                  0, (d) => slowWhole(d, 5, 100)],
    ['recurring_timeouts',  'four',                                          0, (d) => slowWhole(d, 4)],
    ['recurring_timeouts',  'five of too few',                               0, (d) => slowWhole(d, 5, 10)],
    ['recurring_timeouts',  'one incident',                                  0, (d) => d.failed(20, HEADERS).served(20).later(SLOT_MS).failed(20, HEADERS)],
    ['recurring_timeouts',  'callers who left no time',                      0, (d) => d.slots(9, () => d.failed(3, { ...HEADERS, isHurried: true }).served(9))],
    ['recurring_timeouts',  'the deadline of the call',                      0, (d) => d.slots(9, () => d.failed(3, { from: 'timeout', limit: 'deadline' }).served(9))],
    ['recurring_timeouts',  'two kinds are two',                             2, (d) => d.slots(5, () => d.failed(1, HEADERS).served(9).failed(1, SILENCE, { isStream: true }).served(9, { isStream: true }))],
    ['recurring_timeouts',  'and are not added up',                          0, (d) => d.slots(4, () => d.failed(1, HEADERS).served(9).failed(1, FIRST_EVENT, { isStream: true }).served(9, { isStream: true }))],
    ['too_large',           'five, one in a hundred',                        1, (d) => d.ended(2, TOO_LARGE).ended(2, TOO_LONG).ended(1, OVERSIZE).served(495)],
    ['too_large',           'less than one in a hundred',                    0, (d) => d.ended(5, TOO_LARGE).served(496)],
    ['too_large',           'four',                                          0, (d) => d.ended(4, TOO_LARGE)],
    ['too_large',           'a day ago',                                     0, (d) => d.ended(5, TOO_LARGE).later(DAY_MS)],
    ['low_cache_hit_rate',  'large prompts, no cache',                       1, (d) => d.served(30, usage(5_000, 0))],
    ['low_cache_hit_rate',  'less than a fifth read',                        1, (d) => d.served(30, usage(8_001, 1_999))],
    ['low_cache_hit_rate',  'a fifth read',                                  0, (d) => d.served(30, usage(8_000, 2_000))],
    ['low_cache_hit_rate',  'small prompts',                                 0, (d) => d.served(99, usage(4_095, 0))],
    ['low_cache_hit_rate',  'too few',                                       0, (d) => d.served(29, usage(5_000, 0))],
    ['low_cache_hit_rate',  'one at a time: a cache would not last',         0, (d) => d.slots(99, () => d.served(1, usage(5_000, 0)))],
    ['deprecated_model',    'asked once',                                    1, (d) => d.served(1, { model: 'claude-sonnet-4-5' })],
    ['deprecated_model',    'asked in vain, by its name elsewhere',          1, (d) => d.failed(1, OVERLOADED, { model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0' })],
    ['deprecated_model',    'another',                                       0, (d) => d.served(9, { model: 'claude-sonnet-4-6' }).served(9, { model: 'claude-sonnet-4-55' })],
    ['deprecated_model',    'no longer asked',                               0, (d) => d.served(1, { model: 'claude-sonnet-4-5' }).later(DAY_MS)],
    ['unknown_answers',     'three',                                         1, (d) => d.failed(3, UNKNOWN)],
    ['unknown_answers',     'two',                                           0, (d) => d.failed(2, UNKNOWN).failed(9, OVERLOADED)],
  ])('%s: %s -> %i', (topic, _what, count, tell) => {
    const day = new Day();
    tell(day);
    expect(day.advice(topic)).toHaveLength(count);
  });
});

const sentenceOf = (day: Day, topic: AdviceTopic) => day.advice(topic).map(({ sentence }) => sentence);

describe('what is said', () => {
  it('529s at certain hours', () => {
    const day = new Day();
    for (const hour of [14, 15]) daily(day, 6, hour, (i) => (i === 2 ? 0 : 5));
    expect(day.advice('persistent_overload')).toEqual([
      {
        topic: 'persistent_overload',
        feature: 'chat',
        evidence: { fromHour: 14, toHour: 16, badDays: 5, days: 6 },
        sentence:
          '529s come to "chat" between 14:00 and 16:00 UTC (5 of 6 days): move work that can wait to the Batch API, add another model to features.chat.models, or raise your limits.',
      },
    ]);
  });

  it('529s around midnight', () => {
    const day = new Day();
    for (const hour of [23, 24]) daily(day, 3, hour, () => 5);
    expect(sentenceOf(day, 'persistent_overload')).toEqual([
      expect.stringContaining('between 23:00 and 01:00 UTC (4 of 4 days)'),
    ]);
  });

  it('529s at all hours are no matter of the hour; who has other models is not told to add one', () => {
    const day = new Day(featureOf({ models: [MODEL, 'claude-haiku-5-5'] }));
    day.slots(5 * 288, () => day.failed(2, OVERLOADED).served(8));
    expect(sentenceOf(day, 'persistent_overload')).toEqual([
      '20 % of the requests of "chat" in the last 3 hours met a 529: move work that can wait to the Batch API, or raise your limits.',
    ]);
  });

  it('rate limits', () => {
    const day = new Day().slots(12, (now, i) => now.failed(i < 11 ? 3 : 0, LIMITED).ended(i === 0 ? 1 : 0, PACED).served(2)); // oxfmt-ignore
    expect(sentenceOf(day, 'constant_rate_limit')).toEqual([
      '"chat" met its rate limits in 11 of 12 spans of five minutes in the last 3 hours (33 answers 429, 1 call not sent): ask for higher limits, or move work that can wait to the Batch API.',
    ]);
  });

  it('a deprecated model, with the days that are left', () => {
    const day = new Day().served(1, { model: 'claude-sonnet-4-5' });
    expect(day.advice('deprecated_model')).toEqual([
      {
        topic: 'deprecated_model',
        feature: 'chat',
        model: 'claude-sonnet-4-5',
        evidence: { model: 'claude-sonnet-4-5', retiresOn: '2026-11-30', daysLeft: 8, successor: 'claude-sonnet-5-5' },
        sentence:
          '"chat" uses claude-sonnet-4-5, which is deprecated and will be retired on 2026-11-30, in 8 days: move to a current model, such as claude-sonnet-5-5.',
      },
    ]);
    expect(sentenceOf(day.later(8 * DAY_MS).served(1, { model: 'claude-sonnet-4-5' }), 'deprecated_model')).toEqual([
      expect.stringContaining('was to be retired on 2026-11-30'),
    ]);
  });

  it.each([
    [usage(10_000, 0), '0 % of the tokens of 40 large prompts of "chat" (10000 tokens on average) came from the cache in the last 24 hours, so mark the part that repeats with cache_control: reading it costs a tenth or less.'], // oxfmt-ignore
    [usage(500, 500, 9_000), '5 % of the tokens of 40 large prompts of "chat" (10000 tokens on average) came from the cache in the last 24 hours, though 90 % were written to it: the part before cache_control must be the same each time, to the letter.'], // oxfmt-ignore
  ])('a cache that is of no use: %j', (tokens, sentence) => {
    expect(sentenceOf(new Day().served(40, tokens), 'low_cache_hit_rate')).toEqual([sentence]);
  });
});

describe('timeouts that recur: the limit that ended them, and what would help (R13)', () => {
  type Limits = [what: string, options: FeatureOptions, facts: FailureFacts, kind: Kind, durationMs: number, evidence: object, sentence: string]; // oxfmt-ignore
  // oxfmt-ignore
  it.each<Limits>([
    ['slow answers', {}, HEADERS, {}, 50_000,
      { kind: 'whole', rule: 'headers_timeout', cause: 'slow', timeouts: 5, attempts: 50, share: 0.1, limitMs: 60_000, option: 'timeoutMs', recommendedMs: 90_000 },
      '5 of 50 requests for whole messages of "chat" in the last 6 hours were not answered within 60 s, while 95 % of the others took up to 53 s: raise features.chat.timeoutMs to 90000, or ask for less in one request.'],
    ['a limit of their own', { headersMs: 20_000 }, HEADERS, {}, 15_000, { limitMs: 20_000, option: 'headersMs', recommendedMs: 30_000 }, 'raise features.chat.headersMs to 30000, or'],
    ['one that hits the outer ones', { headersMs: 50_000, deadlineMs: 70_000 }, HEADERS, {}, 40_000, { recommendedMs: 75_000 }, 'raise features.chat.headersMs to 75000, and timeoutMs and deadlineMs to at least as much, or'],
    ['slow bodies', { bodyMs: 5_000 }, BODY, {}, 4_000, { option: 'bodyMs', recommendedMs: 7_500 }, 'did not arrive whole within 5 s'],
    ['slow functions', {}, ATTEMPT, { model: null }, 50_000, { kind: 'function', option: 'timeoutMs' }, '5 of 50 runs of functions of "chat"'],
    ['streams that begin late', { stream: { firstEventMs: 20_000 } }, FIRST_EVENT, { isStream: true, timeoutMs: 20_000 }, 9, { kind: 'stream', option: 'stream.firstEventMs', recommendedMs: 30_000 }, 'streams of "chat" in the last 6 hours did not begin within 20 s: raise features.chat.stream.firstEventMs to 30000'],
    ['streams that fall silent', {}, SILENCE, { isStream: true }, 9, { option: 'stream.idleMs', limitMs: 30_000, recommendedMs: 45_000 }, 'fell silent'],
    ['hangs, not slowness', {}, HEADERS, {}, 4_000, { cause: 'stuck' }, 'more time would not help'],
    ['longer than anybody should wait', { timeoutMs: 600_000, deadlineMs: 900_000 }, HEADERS, {}, 500_000, { cause: 'slow', limitMs: 600_000 }, 'stream them'],
  ])('%s', (_what, options, facts, kind, durationMs, evidence, sentence) => {
    const day = new Day(featureOf(options));
    day.slots(5, () => day.failed(1, facts, kind).served(9, { ...kind, durationMs }));
    expect(day.advice('recurring_timeouts')).toMatchObject([{ evidence, sentence: expect.stringContaining(sentence) }]);
  });

  it('no longer limit is recommended where it would not help', () => {
    const stuck = new Day();
    stuck.slots(5, () => stuck.failed(1, HEADERS).served(9, { durationMs: 4_000 }));
    const away = new Day();
    away.slots(5, () => away.failed(9, HEADERS));
    expect(away.advice('recurring_timeouts')).toMatchObject([{ evidence: { cause: 'unreachable' } }]);
    for (const [{ evidence }] of [stuck, away].map((day) => day.advice('recurring_timeouts') as [Advice]))
      expect(evidence).not.toHaveProperty('recommendedMs');
  });
});

it('holds nothing of a call but its feature: no prompt, no text of the API, no id', () => {
  const day = new Day();
  const says = 'only-the-api-says-this';
  day.slots(12, () =>
    day
      .failed(9, { ...(UNKNOWN as { from: 'response' }), status: 529, says, requestId: 'req_1' })
      .failed(9, LIMITED, { model: `claude-sonnet-4-5 ${PROMPT}` })
      .failed(9, HEADERS)
      .served(9, { durationMs: 50_000, ...usage(9_000, 0) })
      .ended(9, { ...(TOO_LARGE as { from: 'response' }), says }),
  );
  const all = (Object.keys(ADVICE_RULES) as AdviceTopic[]).flatMap((topic) => day.advice(topic));
  expect(new Set(all.map(({ topic }) => topic))).toEqual(new Set(Object.keys(ADVICE_RULES)));
  expect(JSON.stringify(all)).not.toMatch(new RegExp(`${PROMPT}|${says}|req_1|id-1`));
});
