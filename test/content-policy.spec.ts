import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ClaudeResilienceService,
  ContentScreener,
  ReviewList,
  type ClaudeResilienceOptions,
  type ScreenedInput,
  type ScreenVerdict,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const SECRET = 'My name is Anna, anna@example.com, and I ask about poison.';
const ASKED = { ...PARAMS, messages: [{ role: 'user' as const, content: SECRET }] };

class ScriptedScreener extends ContentScreener {
  readonly seen: ScreenedInput[] = [];
  constructor(private readonly verdict: () => ScreenVerdict | Promise<ScreenVerdict>) {
    super();
  }
  screen(input: ScreenedInput) {
    this.seen.push(input);
    return this.verdict();
  }
}

async function start(contentPolicy: ClaudeResilienceOptions['contentPolicy'] = {}, more: ClaudeResilienceOptions = {}) {
  const clock = new ManualClock();
  const { app, events } = await startApp({ clock, claude: { baseURL: simulator.api.url, contentPolicy, ...more } });
  const { messages } = app.get(ClaudeResilienceService);
  return { messages, clock, events, reviews: app.get(ReviewList), sent: () => simulator.api.requests.count() };
}

const ways = ['whole', 'stream'] as const;
type Way = (typeof ways)[number];
const ask = (messages: ClaudeResilienceService['messages'], way: Way, feature = 'default') =>
  way === 'whole' ? messages.create(ASKED, { feature }) : messages.stream(ASKED, { feature }).finalText();

describe.each(ways)('what the model declines (R3, R16, R18): %s', (way) => {
  it('is asked once more, with safety instructions, and may be served', async () => {
    const { messages, sent, reviews } = await start();
    simulator.api.scenario.set([{ fault: 'refusal', count: 1 }]);
    await expect(ask(messages, way)).resolves.toBeTruthy();
    expect([sent(), await reviews.list()]).toEqual([2, []]);
  });

  it('the second request says so, and the first does not', async () => {
    const { messages, events } = await start();
    simulator.api.scenario.set([
      { fault: 'not_found', when: { promptIncludes: 'declined for safety reasons' } },
      { fault: 'refusal' },
    ]);
    await expect(ask(messages, way)).rejects.toMatchObject({ code: 'CLAUDE_CONTENT_POLICY', attempts: 2 });
    const met = events.flatMap((event) => (event.type === 'attempt.failed' ? [event.failure.kind] : []));
    expect(met).toEqual(['content_policy', 'not_found']);
  });

  it('again is a typed error after two requests, and an entry of facts for people', async () => {
    const { messages, sent, reviews, events } = await start();
    simulator.api.scenario.set([{ fault: 'refusal', category: 'bio' }]);
    await expect(ask(messages, way)).rejects.toMatchObject({ code: 'CLAUDE_CONTENT_POLICY', attempts: 2 });
    const [item, ...others] = await reviews.list();
    expect([sent(), others]).toEqual([2, []]);
    expect(item).toMatchObject({
      kind: 'content_policy',
      feature: 'default',
      input: { rule: 'refusal', category: 'bio', model: PARAMS.model, messages: 1, attempts: 2 },
    });
    expect(JSON.stringify([item, events])).not.toMatch(/Anna|poison/);
    expect(events.findLast(({ type }) => type === 'content.declined')).toMatchObject({ reviewId: item?.id });
  });

  it('is asked once where the feature says so', async () => {
    const { messages, sent } = await start({}, { features: { generation: { contentPolicy: { reformulate: false } } } });
    simulator.api.scenario.set([{ fault: 'refusal' }]);
    await expect(ask(messages, way, 'generation')).rejects.toMatchObject({
      code: 'CLAUDE_CONTENT_POLICY',
      attempts: 1,
    });
    expect(sent()).toBe(1);
  });

  it('is kept for review without personal data, where that is switched on', async () => {
    const { messages, reviews } = await start({ keepRequest: true });
    simulator.api.scenario.set([{ fault: 'refusal' }]);
    await expect(ask(messages, way)).rejects.toThrow();
    const said = JSON.stringify(await reviews.list());
    expect(said).toContain('and I ask about poison');
    expect(said).not.toContain('anna@example.com');
  });
});

it('a refusal in the middle of a stream is not asked again: part of the answer is out', async () => {
  const { messages, sent } = await start();
  simulator.api.scenario.set([{ fault: 'stream_refusal', afterEvents: 3 }]);
  await expect(ask(messages, 'stream')).rejects.toMatchObject({ code: 'CLAUDE_CONTENT_POLICY' });
  expect(sent()).toBe(1);
});

describe.each(ways)('the screener (R17): %s', (way) => {
  it('sees what the user wrote, before anything is sent', async () => {
    const screener = new ScriptedScreener(() => ({ allowed: true }));
    const { messages, sent } = await start({ screener });
    await ask(messages, way, 'summarisation');
    expect(screener.seen).toMatchObject([{ feature: 'summarisation', texts: [SECRET] }]);
    expect(sent()).toBe(1);
  });

  it('what it does not allow is not sent, and goes onto the list with its reason', async () => {
    const { messages, sent, reviews } = await start({
      screener: new ScriptedScreener(() => ({ allowed: false, reason: 'spam' })),
    });
    await expect(ask(messages, way)).rejects.toMatchObject({ code: 'CLAUDE_CONTENT_POLICY', attempts: 0 });
    expect(await reviews.list()).toMatchObject([
      { kind: 'content_policy', input: { rule: 'screened', reason: 'spam' } },
    ]);
    expect(sent()).toBe(0);
  });

  it.each<[what: string, verdict: () => never]>([
    ['throws', () => { throw new Error(SECRET); }], // oxfmt-ignore
    ['answers nonsense', () => 'yes' as never],
  ])('one that %s: nothing is sent, and operators must mend it', async (_what, verdict) => {
    const { messages, sent, events } = await start({ screener: new ScriptedScreener(verdict) });
    await expect(ask(messages, way)).rejects.toMatchObject({ code: 'CLAUDE_INTERNAL', attempts: 0 });
    expect(sent()).toBe(0);
    expect(events.findLast(({ type }) => type === 'call.completed')).toMatchObject({
      failure: { rule: 'screener_failed', severity: 'critical' },
    });
    expect(JSON.stringify(events)).not.toContain('Anna');
  });

  it('one that hangs ends by its limit', async () => {
    const { messages, clock, sent } = await start({ screener: new ScriptedScreener(() => new Promise(() => {})) });
    const answer = ask(messages, way).catch(({ code }: { code: string }) => code);
    await until(() => clock.pendingTimers > 0);
    await clock.advance(5_000);
    expect([await answer, sent()]).toEqual(['CLAUDE_INTERNAL', 0]);
  });
});

it('refusal models answer through the SDK, once their own model has declined', async () => {
  const { messages, reviews } = await start({ refusalModels: ['claude-opus-4-8'], reformulate: false });
  simulator.api.scenario.set([{ fault: 'refusal', when: { model: PARAMS.model } }]);
  const message = await messages.create(ASKED);
  expect([message.model, simulator.api.requests.list().map(({ model }) => model)]).toEqual([
    'claude-opus-4-8',
    [PARAMS.model, 'claude-opus-4-8'],
  ]);
  expect(await reviews.list()).toEqual([]);
});

it('a request that is too large for the API is not sent', async () => {
  const { messages, sent } = await start();
  const document = 'x'.repeat(32 * 1024 * 1024);
  const large = { ...PARAMS, messages: [{ role: 'user' as const, content: document }] };
  await expect(messages.create(large)).rejects.toMatchObject({ code: 'CLAUDE_TOO_LARGE', attempts: 0 });
  await expect(messages.stream(large).finalText()).rejects.toMatchObject({ code: 'CLAUDE_TOO_LARGE', attempts: 0 });
  expect(sent()).toBe(0);
});
