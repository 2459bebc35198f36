import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import { ClaudeSimulator } from 'claude-api-simulator';
import { ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const SONNET = 'claude-sonnet-5-5';
const HAIKU = 'claude-haiku-5-5';
const OPUS_4_8 = 'claude-opus-4-8';
const OPUS_4_7 = 'claude-opus-4-7';

async function start(
  models: NonNullable<ClaudeResilienceOptions['features']>[string]['models'],
  more: ClaudeResilienceOptions = {},
) {
  const clock = new ManualClock();
  const features = { summarisation: { models: models ?? [], fallback: false as const } };
  const { app, events } = await startApp({ clock, claude: { baseURL: simulator.api.url, features, ...more } });
  const claude = app.get(ClaudeResilienceService);
  const { model: _model, ...params } = PARAMS;
  const ask = (over: object = {}) => claude.messages.create({ ...params, ...over }, { feature: 'summarisation' });
  const asked = () => simulator.api.requests.list().map(({ model }) => model);
  return { ask, asked, claude, clock, events, params };
}

describe('another model answers', () => {
  it.each(['overloaded', 'server_error', 'not_found', 'permission'] as const)('at once, on %s', async (fault) => {
    const { ask, asked, claude, events } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault, when: { model: SONNET } });
    const message = await ask();
    expect([message.model, asked()]).toEqual([HAIKU, [SONNET, HAIKU]]);
    const kind = events.find(({ type }) => type === 'attempt.failed');
    expect(claude.messages.originOf(message)).toEqual({
      model: HAIKU,
      platform: 'anthropic',
      isReformulated: false,
      insteadOf: [{ model: SONNET, platform: 'anthropic', kind: kind?.type === 'attempt.failed' && kind.failure.kind }],
    });
    expect(events.some(({ type }) => type === 'retry.scheduled')).toBe(false);
  });

  it('of another bucket, when the first choice is at its rate limit', async () => {
    const { ask, asked } = await start([OPUS_4_8, OPUS_4_7, HAIKU]);
    simulator.api.scenario.add({ fault: 'rate_limited', when: { model: OPUS_4_8 } });
    await ask();
    expect(asked()).toEqual([OPUS_4_8, HAIKU]);
  });

  it('never one of the same bucket: the rate limit is waited for', async () => {
    const { ask, asked, clock } = await start([OPUS_4_8, OPUS_4_7]);
    simulator.api.scenario.add({ fault: 'rate_limited', retryAfterSeconds: 2, count: 1 });
    const answer = ask();
    await until(() => clock.pendingTimers > 0 && asked().length === 1);
    await clock.advance(2_500);
    expect((await answer).model).toBe(OPUS_4_8);
    expect(asked()).toEqual([OPUS_4_8, OPUS_4_8]);
  });

  it('with the request put so that it takes it', async () => {
    const { ask, asked } = await start(['claude-sonnet-4-6', SONNET]);
    simulator.api.scenario.add({ fault: 'overloaded', when: { model: 'claude-sonnet-4-6' } });
    const message = await ask({ max_tokens: 4_000, thinking: { type: 'enabled', budget_tokens: 2_000 } });
    expect([message.model, asked()]).toEqual([SONNET, ['claude-sonnet-4-6', SONNET]]);
  });

  it('not one that cannot take it: a region is promised, and 4.5 knows none', async () => {
    const { ask, asked, clock } = await start([SONNET, 'claude-opus-4-5']);
    simulator.api.scenario.add({ fault: 'overloaded', when: { model: SONNET }, count: 1 });
    const answer = ask({ inference_geo: 'us' });
    await until(() => asked().length === 1);
    await clock.advance(10_000);
    expect([(await answer).model, asked()]).toEqual([SONNET, [SONNET, SONNET]]);
  });

  it('after all have failed, there is a wait, and the first choice again', async () => {
    const { ask, asked, clock } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault: 'overloaded', count: 2 });
    const answer = ask();
    await until(() => asked().length === 2);
    await clock.advance(10_000);
    expect([(await answer).model, asked()]).toEqual([SONNET, [SONNET, HAIKU, SONNET]]);
  });

  it('a model that the caller names comes first, whatever the order of the feature', async () => {
    const { ask, asked } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault: 'overloaded', when: { model: HAIKU } });
    await ask({ model: HAIKU });
    expect(asked()).toEqual([HAIKU, SONNET]);
  });

  it('counting tokens asks the one model only: others count differently', async () => {
    const { claude, asked, params } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault: 'not_found' });
    await expect(claude.messages.countTokens({ messages: params.messages }, { feature: 'summarisation' })).rejects.toMatchObject({ code: 'CLAUDE_NOT_FOUND' }); // oxfmt-ignore
    expect(asked()).toEqual([SONNET]);
  });
});

describe('the first choice', () => {
  it('is left alone while it is unwell, and asked again when it is well', async () => {
    const { ask, asked, clock, events } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault: 'overloaded', when: { model: SONNET } });
    for (let call = 0; call < 3; call++) await ask();
    expect(asked()).toEqual([SONNET, HAIKU, SONNET, HAIKU, SONNET, HAIKU]);
    simulator.api.requests.clear();
    await ask();
    expect(asked()).toEqual([HAIKU]);
    simulator.api.scenario.clear();
    await clock.advance(5_000);
    simulator.api.requests.clear();
    await ask();
    await ask();
    expect(asked()).toEqual([SONNET, SONNET]);
    const transitions = events.flatMap((event) =>
      event.type === 'model.transitioned' ? [`${event.model} ${event.to}`] : [],
    );
    expect(transitions).toEqual([`${SONNET} open`, `${SONNET} half_open`, `${SONNET} closed`]);
  });

  it('that is down opens no circuit of a feature that others serve, not even a classic one', async () => {
    const { ask, events } = await start([SONNET, HAIKU], { circuit: 'classic' });
    simulator.api.scenario.add({ fault: 'overloaded', when: { model: SONNET }, share: 1 });
    for (let call = 0; call < 12; call++) await ask();
    expect(events.filter(({ type }) => type === 'circuit.transitioned')).toEqual([]);
  });
});

describe('a stream', () => {
  it('comes from another model when the first choice fails before the first word', async () => {
    const { claude, asked, params } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault: 'stream_error', afterEvents: null, when: { model: SONNET } });
    const stream = claude.messages.stream(params, { feature: 'summarisation' });
    await stream.finalText();
    expect(asked()).toEqual([SONNET, HAIKU]);
    expect(stream.origin).toMatchObject({ model: HAIKU, insteadOf: [{ model: SONNET, kind: 'overloaded' }] });
  });

  it('that breaks goes on with another model, every character once', async () => {
    const { claude, asked, params } = await start([SONNET, HAIKU]);
    const long = { ...params, max_tokens: 4_000 };
    const whole = await claude.messages.stream(long, { feature: 'summarisation' }).finalText();
    simulator.api.requests.clear();
    simulator.api.scenario.add({ fault: 'stream_error', afterEvents: 2, when: { model: SONNET } });
    const text = await claude.messages.stream(long, { feature: 'summarisation' }).finalText();
    expect(asked()).toEqual([SONNET, HAIKU]);
    expect(text).toBe(whole);
  });
});

describe('another platform', () => {
  let other: ClaudeSimulator;
  beforeAll(async () => {
    other = await ClaudeSimulator.start({ latencyMs: 0, limits: false });
  });
  beforeEach(() => other.requests.clear());
  afterAll(() => other.stop());

  const platforms = () => ({
    platforms: { bedrock: new Anthropic({ baseURL: other.url, apiKey: 'sk-ant-other', logLevel: 'off' }) },
  });

  it.each(['authentication', 'enforced_spend_limit', 'overloaded', 'rate_limited'] as const)(
    'answers on %s',
    async (fault) => {
      const { ask, claude } = await start([SONNET, { model: SONNET, platform: 'bedrock' }], platforms());
      simulator.api.scenario.add({ fault });
      const message = await ask();
      expect([simulator.api.requests.count(), other.requests.count()]).toEqual([1, 1]);
      expect(claude.messages.originOf(message)).toMatchObject({ model: SONNET, platform: 'bedrock' });
    },
  );

  it('answers alone while the account of the first one is stopped', async () => {
    const { ask } = await start([SONNET, { model: SONNET, platform: 'bedrock' }], platforms());
    simulator.api.scenario.add({ fault: 'authentication' });
    for (let call = 0; call < 5; call++) await ask();
    expect([simulator.api.requests.count(), other.requests.count()]).toEqual([1, 5]);
  });
});

describe('a first choice that cannot be reached', () => {
  it('opens no circuit of a feature that another serves, however many call at once', async () => {
    const platforms = {
      gone: new Anthropic({ baseURL: 'http://127.0.0.1:1', apiKey: 'sk-ant-gone', logLevel: 'off' }),
    };
    const retry = { connection: { maxRetries: 0 } };
    const { ask, events } = await start([{ model: SONNET, platform: 'gone' }, SONNET], { platforms, retry });
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(answers.map(({ model }) => model)).toEqual(Array.from({ length: 6 }, () => SONNET));
    expect(events.filter(({ type }) => type === 'circuit.transitioned')).toEqual([]);
  });

  it('because it hangs, leaves time for the next', async () => {
    const { ask, asked, clock } = await start([SONNET, HAIKU]);
    simulator.api.scenario.add({ fault: 'hang', when: { model: SONNET } });
    const answer = ask();
    await until(() => asked().length === 1);
    await clock.advance(60_000);
    expect([(await answer).model, asked()]).toEqual([HAIKU, [SONNET, HAIKU]]);
  });
});

it.each<[what: string, over: object, code: string]>([
  ['no messages', { messages: undefined }, 'CLAUDE_INVALID_REQUEST'],
  ['content that is null', { messages: [{ role: 'user', content: [null] }] }, 'CLAUDE_INVALID_REQUEST'],
  ['messages that are a text', { messages: 'text' }, 'CLAUDE_INVALID_REQUEST'],
  // The SDK cannot read these two, and sends nothing.
  ['a message that is null', { messages: [null] }, 'CLAUDE_INTERNAL'],
  ['tools that are no list', { tools: {} }, 'CLAUDE_INTERNAL'],
])('a request that is none (%s) is one typed error, where there are other models, too', async (_what, over, code) => {
  const { ask, asked } = await start([SONNET, HAIKU]);
  await expect(ask(over)).rejects.toMatchObject({ code });
  expect(asked().length).toBeLessThanOrEqual(1);
});

it('a platform that cannot count says so, before anything is sent', async () => {
  const messages = { create: () => Promise.reject(new Error('not asked')) };
  const platforms = { legacy: { messages } as never };
  const { claude, params } = await start([{ model: SONNET, platform: 'legacy' }], { platforms });
  const counted = claude.messages.countTokens({ messages: params.messages }, { feature: 'summarisation' });
  await expect(counted).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS', message: expect.stringMatching(/cannot count/) }); // oxfmt-ignore
});

describe('bad options', () => {
  const bedrock = new Anthropic({ apiKey: 'sk-ant-other' });
  it.each<[what: string, claude: object, message: RegExp]>([
    [
      'a platform by a name that nobody gave',
      { platforms: { bedrock }, features: { chat: { models: [{ model: SONNET, platform: 'bedrok' }] } } },
      /features\.chat\.models: a list of model ids, or of \{ model, platform \} with platform one of "bedrock"/,
    ],
    ['a name that is taken', { platforms: { anthropic: bedrock } }, /platforms: clients of the SDK .*got "anthropic"/],
    ['a model twice', { features: { chat: { models: [SONNET, SONNET] } } }, /features\.chat\.models: each model once/],
    ['what is no client', { platforms: { bedrock: 5 } }, /platforms: .*got "bedrock"/],
  ])('%s', async (_what, claude, message) => {
    await expect(startApp({ claude })).rejects.toThrow(message);
  });
});
