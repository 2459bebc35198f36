import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom, settle } from 'nestjs-claude-resilience/testing';
import { sumOfCosts, type CostSum } from '../libs/claude-resilience/src/core/cost/cost-sum.js';
import { readPriceTable } from '../libs/claude-resilience/src/core/cost/price.options.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const PRICES = readPriceTable('prices', undefined, []);
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const RETRY = { overloaded: AT_ONCE, serverError: AT_ONCE, connection: AT_ONCE, timeout: AT_ONCE };
const NOTHING = { dollars: 0, picoUsd: 0 };
/** Picodollars a token of Sonnet 5.5, which is the model of `PARAMS`: 2 and 10 USD per million. */
const SONNET = { input: 2e6, output: 10e6 };

async function start({ claude, ...rest }: AppOptions = {}) {
  const { app, events } = await startApp({
    random: new ScriptedRandom(0),
    claude: { baseURL: simulator.api.url, circuit: false, retry: RETRY, ...claude },
    ...rest,
  });
  const completed = () => events.flatMap((event) => (event.type === 'call.completed' ? [event] : []));
  const metered = () => completed().flatMap((event) => event.metered ?? []);
  const costs = (): CostSum => sumOfCosts(metered(), PRICES);
  return { claude: app.get(ClaudeResilienceService), completed, metered, costs };
}

const failed = (call: Promise<unknown>) => call.then(() => undefined).catch(() => undefined);

describe('what calls cost, over HTTP (R34)', () => {
  it('a message: its usage at its price', async () => {
    const { claude, metered, costs } = await start();
    const { usage } = await claude.messages.create(PARAMS);
    expect(metered()).toMatchObject([{ model: PARAMS.model, platform: 'anthropic', atMs: expect.any(Number) }]);
    expect(usage.output_tokens).toBeGreaterThan(0);
    const picoUsd = usage.input_tokens * SONNET.input + usage.output_tokens * SONNET.output;
    expect(costs()).toEqual({ exact: { dollars: 0, picoUsd }, estimated: NOTHING, unknown: {} });
  });

  it('a stream: the same as the whole message', async () => {
    const whole = await start();
    await whole.claude.messages.create(PARAMS);
    const streamed = await start();
    await streamed.claude.messages.stream(PARAMS).finalText();
    expect(streamed.costs()).toEqual(whole.costs());
    expect(streamed.costs().exact.picoUsd).toBeGreaterThan(0);
  });

  it('a long message that comes as a stream: the same', async () => {
    const whole = await start();
    await whole.claude.messages.create(PARAMS);
    const long = await start({ claude: { timeoutMs: 900_000, deadlineMs: 900_000 } });
    await long.claude.messages.create(PARAMS);
    expect(simulator.api.requests.list().at(-1)?.body).toMatchObject({ stream: true });
    expect(long.costs()).toEqual(whole.costs());
  });

  it('a stream that broke: what it said is guessed, and the second request is there beside it', async () => {
    const { claude, metered, costs } = await start();
    simulator.api.scenario.set([{ fault: 'stream_reset', afterEvents: 5, count: 1 }]);
    await claude.messages.stream({ ...PARAMS, max_tokens: 1024 }).finalText();
    const [broken, resumed] = metered();
    expect(metered()).toHaveLength(2);
    expect(broken?.usage).toMatchObject({ isEstimated: true });
    expect(broken?.usage?.inputTokens).toBeGreaterThan(0);
    expect(broken?.usage?.outputTokens).toBeGreaterThan(1);
    expect(resumed?.usage).not.toHaveProperty('isEstimated');
    expect(costs().estimated.picoUsd).toBeGreaterThan(0);
    expect(costs().exact.picoUsd).toBeGreaterThan(costs().estimated.picoUsd);
  });

  it('a retry: an overload costs nothing', async () => {
    const { claude, completed, metered, costs } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    const { usage } = await claude.messages.create(PARAMS);
    expect(completed()).toMatchObject([{ attempts: 2 }]);
    expect(metered()).toHaveLength(1);
    const picoUsd = usage.input_tokens * SONNET.input + usage.output_tokens * SONNET.output;
    expect(costs().exact).toEqual({ dollars: 0, picoUsd });
  });

  it('a reset after the request was sent may have cost its prompt', async () => {
    const { claude, metered, costs } = await start();
    simulator.api.scenario.set([{ fault: 'reset_before_headers', count: 1 }]);
    await claude.messages.create(PARAMS);
    expect(metered().map(({ usage }) => usage?.isEstimated)).toEqual([true, undefined]);
    expect(costs().estimated.picoUsd).toBeGreaterThan(0);
  });

  it('so may one that was given up', async () => {
    const clock = new ManualClock();
    const { claude, metered } = await start({ clock, claude: { timeoutMs: 1_000, deadlineMs: 1_000 } });
    simulator.api.scenario.set([{ fault: 'hang' }]);
    const call = failed(claude.messages.create(PARAMS));
    await simulator.api.requests.whenReceived(1);
    await settle();
    await clock.advance(2_000);
    await call;
    expect(metered()).toMatchObject([{ model: PARAMS.model, usage: { outputTokens: 0, isEstimated: true } }]);
    expect(metered()[0]?.usage?.inputTokens).toBeGreaterThan(0);
  });

  // oxfmt-ignore
  it.each([
    ['cyber', false],
    ['bio', true],
  ] as const)('a refusal for %s: whether it is billed is %s', async (category, isBilled) => {
    const { claude, metered, costs } = await start({ claude: { contentPolicy: { reformulate: false } } });
    simulator.api.scenario.set([{ fault: 'refusal', category }]);
    await failed(claude.messages.create(PARAMS));
    await failed(claude.messages.stream(PARAMS).finalText());
    const [whole, streamed] = metered();
    const refusal = { when: 'before_output', category };
    expect([whole?.usage?.refusal, streamed?.usage?.refusal]).toEqual([refusal, refusal]);
    expect(costs().exact.picoUsd > 0).toBe(isBilled);
    expect(costs()).toMatchObject({ estimated: NOTHING, unknown: {} });
  });

  it('models that are asked inside one request: each of them', async () => {
    const refusalModels = ['claude-opus-4-8'];
    const { claude, metered, costs } = await start({ claude: { contentPolicy: { refusalModels } } });
    simulator.api.scenario.set([{ fault: 'refusal', category: 'bio', when: { model: PARAMS.model } }]);
    const { usage } = await claude.messages.create(PARAMS);
    const [refused, served] = metered();
    expect(metered()).toMatchObject([{ model: PARAMS.model }, { model: 'claude-opus-4-8' }]);
    expect(served?.usage).toMatchObject({ inputTokens: usage.input_tokens, outputTokens: usage.output_tokens });
    // Opus 4.8: 5 and 25 USD per million
    const picoUsd =
      (refused?.usage?.inputTokens ?? 0) * SONNET.input + usage.input_tokens * 5e6 + usage.output_tokens * 25e6;
    expect(costs()).toEqual({ exact: { dollars: 0, picoUsd }, estimated: NOTHING, unknown: {} });
    expect(refused?.usage?.inputTokens).toBeGreaterThan(0);
  });

  it('a count of tokens is free, and so is one that was lost', async () => {
    const { claude, completed } = await start();
    simulator.api.scenario.set([{ fault: 'reset_before_headers', count: 1 }]);
    await claude.messages.countTokens({ model: PARAMS.model, messages: PARAMS.messages });
    expect(completed()).toMatchObject([{ attempts: 2 }]);
    expect(completed()[0]).not.toHaveProperty('metered');
  });

  it('no event holds what was asked or answered', async () => {
    const { claude, completed } = await start();
    await claude.messages.create({ ...PARAMS, messages: [{ role: 'user', content: 'secret words' }] });
    expect(JSON.stringify(completed())).not.toMatch(/secret|words/);
  });
});
