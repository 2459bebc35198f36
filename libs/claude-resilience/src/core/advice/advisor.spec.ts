import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import type { ClaudeCall } from '../call.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import { FeatureRegistry } from '../feature-registry.js';
import { OptionReader } from '../option-reader.js';
import { readResilienceOptions, type FeatureOptions } from '../options.js';
import { keyOf, type HeldAdvice } from './advice.js';
import { Advisor } from './advisor.js';
import { FeatureFigures } from './feature-figures.js';
import { noteEvent, type CountedEvent } from './note-event.js';

const callOf = (feature: string, model: string, isStream: boolean): ClaudeCall & { isStream?: boolean } => ({
  id: 'id-1',
  feature,
  workflow: feature,
  priority: 'normal',
  model,
  targets: [],
  startedAtMs: 0,
  deadlineAtMs: 120_000,
  timeoutMs: 60_000,
  fairTimeoutMs: 30_000,
  signal: undefined,
  ...(isStream && { isStream }),
});

const failed = (
  facts: FailureFacts,
  feature = 'chat',
  model = 'claude-sonnet-5-5',
  isStream = false,
): CountedEvent => ({
  type: 'attempt.failed',
  call: callOf(feature, model, isStream),
  attempt: 1,
  target: { model, platform: 'anthropic', bucket: '' },
  failure: diagnoseFailure(facts, 0),
  durationMs: 60_000,
});
const served = (feature = 'chat', model = 'claude-sonnet-5-5', durationMs = 50_000): CountedEvent => ({
  type: 'call.completed',
  call: callOf(feature, model, false),
  outcome: 'served',
  origin: { model, platform: 'anthropic', isReformulated: false, insteadOf: [] },
  usage: { inputTokens: 9_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
  attempts: 1,
  durationMs,
});

const UNKNOWN: FailureFacts = { from: 'response', status: 499, type: 'brand_new_error' };
const TIMEOUT: FailureFacts = { from: 'timeout', limit: 'headers' };

const DAY_MS = 24 * 3_600_000;

/** Time that costs none. */
class QuickClock extends ManualClock {
  ms = 0;
  override nowMs = () => this.ms;
}

function start(options: FeatureOptions = {}, clock = new ManualClock()) {
  const issues: string[] = [];
  const { features } = readResilienceOptions(new OptionReader('', { features: { chat: options } }, issues), issues);
  expect(issues).toEqual([]);
  const told: [what: 'given' | 'withdrawn', advice: HeldAdvice][] = [];
  const registry = new FeatureRegistry(features);
  const advisor = new Advisor(registry, clock, {
    given: (advice) => told.push(['given', advice]),
    withdrawn: (advice) => told.push(['withdrawn', advice]),
  });
  return { advisor, clock, told, chat: registry.get('chat') };
}

describe('Advisor (R12)', () => {
  it('tells once, with events or when somebody asks, and takes it back', async () => {
    const { advisor, clock, told } = start();
    for (let i = 0; i < 9; i++) advisor.hear(failed(UNKNOWN));
    expect(told).toEqual([]); // it has looked a moment ago
    expect(advisor.held()).toMatchObject([{ advice: { topic: 'unknown_answers' }, sinceWallMs: clock.wallMs() }]);
    await clock.advance(60_000);
    advisor.hear(failed(UNKNOWN));
    expect(told.map(([what]) => what)).toEqual(['given']);
    await clock.advance(24 * 3_600_000);
    expect(advisor.held()).toHaveLength(1);
    await clock.advance(3_600_000);
    expect(advisor.held()).toEqual([]);
    expect(told.map(([what, { advice }]) => [what, advice.topic])).toEqual([
      ['given', 'unknown_answers'],
      ['withdrawn', 'unknown_answers'],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('knows how long calls of a feature usually take at most, from enough of the last hour (R28)', async () => {
    const { advisor, clock } = start();
    for (let i = 0; i < 19; i++) advisor.hear(served('chat', 'claude-sonnet-5-5', 20_000));
    expect(advisor.usualLongestMs('chat')).toBeUndefined();
    advisor.hear(served('chat', 'claude-sonnet-5-5', 200_000));
    const usualMs = advisor.usualLongestMs('chat') ?? 0;
    expect([usualMs >= 20_000, usualMs < 22_500]).toEqual([true, true]); // of 20, the longest is beyond
    expect(advisor.usualLongestMs('nobody')).toBeUndefined();
    await clock.advance(2 * 3_600_000);
    expect(advisor.usualLongestMs('chat')).toBeUndefined();
  });

  it('looks by itself once a minute while events come', async () => {
    const { advisor, clock, told } = start();
    for (let i = 0; i < 3; i++) advisor.hear(failed(UNKNOWN));
    await clock.advance(59_999);
    advisor.hear(served());
    expect(told).toEqual([]);
    await clock.advance(1);
    advisor.hear(served());
    expect(told).toMatchObject([['given', { advice: { topic: 'unknown_answers' } }]]);
  });

  it('features are advised apart; nobody’s are passed over', () => {
    const { advisor } = start();
    for (let i = 0; i < 2; i++)
      for (const feature of ['chat', 'generation', 'nobodys']) advisor.hear(failed(UNKNOWN, feature));
    for (let i = 0; i < 9; i++) advisor.hear(failed(UNKNOWN, 'nobodys'));
    expect(advisor.held()).toEqual([]);
    advisor.hear(failed(UNKNOWN, 'generation'));
    expect(advisor.held().map(({ advice }) => advice.feature)).toEqual(['generation']);
  });

  it('what it keeps does not grow, whatever models and days pass', () => {
    const figures = new FeatureFigures();
    const features = { get: () => ({ stream: { idleMs: 30_000 } }) };
    const endMs = 4 * 7 * 24 * 3_600_000;
    for (let nowMs = 0, n = 0; nowMs < endMs; nowMs += 150_000, n++) {
      noteEvent(figures, served('chat', `claude-sonnet-4-5-${n}`), features, nowMs, nowMs);
      noteEvent(figures, failed(n % 2 ? TIMEOUT : UNKNOWN, 'chat', `model-${n}`, n % 3 === 0), features, nowMs, nowMs);
    }
    const slots = figures.slots.since(endMs - 1, Infinity);
    expect([slots.length, figures.hours.since(endMs - 1, Infinity).length]).toEqual([288, 168]);
    expect(Math.max(...slots.map(({ kinds }) => kinds.size))).toBe(2);
    expect(figures.retiring.size).toBe(1);
  });

  it('never gives twice without a withdrawal in between, over weeks of good and bad hours', () => {
    const clock = new QuickClock();
    const { advisor, told } = start({}, clock);
    let seed = 3;
    const dice = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const moods: readonly (() => CountedEvent)[] = [
      () => served(),
      () => failed({ from: 'response', status: 529 }),
      () => failed({ from: 'response', status: 429 }),
      () => failed(TIMEOUT),
      () => failed(UNKNOWN),
      () => served('chat', 'claude-sonnet-4-5'),
    ];
    for (; clock.ms < 10 * DAY_MS; clock.ms += 100_000) {
      const isQuiet = Math.floor(clock.ms / (30 * 3_600_000)) % 2 === 1;
      advisor.hear(served('chat', 'claude-haiku-5-5'));
      if (!isQuiet) advisor.hear(moods[dice(moods.length)]!());
    }
    const held = new Set<string>();
    for (const [what, { advice }] of told) {
      const key = keyOf(advice);
      expect([what, held.has(key)]).toEqual([what, what === 'withdrawn']);
      if (what === 'given') held.add(key);
      else held.delete(key);
    }
    const count = (what: string) => told.filter(([heard]) => heard === what).length;
    expect(new Set(told.map(([, { advice }]) => advice.topic)).size).toBeGreaterThanOrEqual(5);
    expect([count('given') > 8, count('withdrawn') > 8]).toEqual([true, true]);
  });
});

async function slowHour({ advisor, clock }: ReturnType<typeof start>): Promise<void> {
  for (let i = 0; i < 12; i++) {
    advisor.hear(failed(TIMEOUT));
    for (let j = 0; j < 9; j++) advisor.hear(served());
    await clock.advance(300_000);
  }
}

describe('timeouts of later calls (R13)', () => {
  it('longer, and back, where it is allowed; other kinds keep theirs', async () => {
    const world = start({ adaptTimeout: { maxMs: 80_000 } });
    const { advisor, clock, chat } = world;
    expect(advisor.timeoutFor(chat, 'whole')).toBe(60_000);
    await slowHour(world);
    expect([advisor.timeoutFor(chat, 'whole'), advisor.timeoutFor(chat, 'stream')]).toEqual([80_000, 60_000]);
    expect(advisor.held()).toMatchObject([
      { advice: { evidence: { recommendedMs: 90_000, usedMs: 80_000 }, sentence: expect.stringContaining('80 s are used') } }, // oxfmt-ignore
      { advice: { topic: 'low_cache_hit_rate' } },
    ]);
    await clock.advance(7 * 3_600_000);
    advisor.hear(served('chat', 'claude-sonnet-5-5', 9_000));
    expect(advisor.timeoutFor(chat, 'whole')).toBe(60_000);
  });

  it('the same, where it is not: advice only', async () => {
    const world = start();
    await slowHour(world);
    expect(world.advisor.timeoutFor(world.chat, 'whole')).toBe(60_000);
    expect(world.advisor.held()[0]?.advice).toMatchObject({ topic: 'recurring_timeouts' });
    expect(world.advisor.held()[0]?.advice.evidence).not.toHaveProperty('usedMs');
  });
});
