import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import { ClaudeAdvisor, ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);
afterAll(() => Logger.overrideLogger(false));

const SLOT_MS = 300_000;
const HOUR_MS = 3_600_000;
const PROMPT = 'the-secret-of-the-prompt';
const UPSTREAM = 'only-the-api-says-this';

async function start(claude: ClaudeResilienceOptions = {}) {
  const clock = new ManualClock();
  const retry = { overloaded: { maxRetries: 0 }, timeout: { maxRetries: 0 } };
  const options = {
    baseURL: simulator.api.url,
    circuit: false,
    pacing: false,
    retry,
    health: { details: true },
    ...claude,
  } as const;
  const started = await startApp({ clock, claude: options });
  const service = started.app.get(ClaudeResilienceService);
  const ask = (feature: string, model = PARAMS.model) =>
    service.messages
      .create({ ...PARAMS, model, messages: [{ role: 'user', content: PROMPT }] }, { feature, workflow: PROMPT })
      .catch(() => {});
  const told = () =>
    started.events.flatMap((event) =>
      event.type === 'advice.given' || event.type === 'advice.withdrawn' ? [[event.type, event.topic]] : [],
    );
  const health = async () => (await started.get('/health/claude')).body;
  return { ...started, clock, ask, told, health, service };
}

describe('advice, once, as event, as log line and on health (R12)', () => {
  it('529s for an hour; withdrawn when they have been over for long enough', async () => {
    const { clock, ask, told, health, events, app } = await start({ logging: true });
    const { pendingTimers } = clock;
    const lines: { level: string; fields: object }[] = [];
    const at = (level: string) => (fields: object) => void lines.push({ level, fields });
    app.useLogger({ log: at('log'), warn: at('warn'), error: at('error'), debug: at('debug') } as LoggerService);
    simulator.api.scenario.set([{ fault: 'overloaded', message: UPSTREAM }]);
    for (let slot = 0; slot < 12; slot++) {
      expect((await health()).info.claude).not.toHaveProperty('advice');
      if (slot > 0) await clock.advance(SLOT_MS);
      for (let i = 0; i < 4; i++) await ask('generation');
    }
    const sentence =
      '100 % of the requests of "generation" in the last 3 hours met a 529: move work that can wait to the Batch API, add another model to features.generation.models, or raise your limits.';
    const sinceIso = new Date(clock.wallMs()).toISOString();
    const report = await health();
    expect(report.info.claude.advice).toEqual([
      { topic: 'persistent_overload', feature: 'generation', sentence, sinceIso },
    ]);

    simulator.api.scenario.clear();
    await clock.advance(3 * HOUR_MS);
    await ask('generation');
    // An advice alone changes no status.
    expect(await health()).toMatchObject({ status: 'ok', info: { claude: { status: 'up', advice: [{}] } } });
    await clock.advance(HOUR_MS);
    await ask('generation');
    expect((await health()).info.claude).not.toHaveProperty('advice');
    expect(told()).toEqual([
      ['advice.given', 'persistent_overload'],
      ['advice.withdrawn', 'persistent_overload'],
    ]);
    const advised = lines.filter(({ fields }) => JSON.stringify(fields).includes('claude.advice'));
    expect(advised).toEqual([
      { level: 'log', fields: expect.objectContaining({ event: 'claude.advice.given', advice: sentence, share: 1 }) },
      { level: 'log', fields: expect.objectContaining({ event: 'claude.advice.withdrawn', topic: 'persistent_overload', heldForMs: 4 * HOUR_MS }) }, // oxfmt-ignore
    ]);
    const all = JSON.stringify([
      report.info.claude.advice,
      advised,
      events.filter(({ type }) => type.startsWith('advice')),
    ]);
    expect(all).toContain(JSON.stringify(sentence).slice(1, -1));
    expect(all).not.toMatch(new RegExp(`${PROMPT}|${UPSTREAM}`));
    expect(clock.pendingTimers).toBe(pendingTimers);
  });

  it('a model that is about to be retired, with the days that are left', async () => {
    const { ask, told, app } = await start();
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {}); // the SDK's own notice
    await ask('summarisation', 'claude-sonnet-4-5');
    await ask('summarisation', 'claude-sonnet-4-5');
    await ask('generation');
    warn.mockRestore();
    expect(told()).toEqual([['advice.given', 'deprecated_model']]);
    expect(app.get(ClaudeAdvisor).held()).toMatchObject([
      {
        advice: {
          feature: 'summarisation',
          model: 'claude-sonnet-4-5',
          sentence: expect.stringContaining('will be retired on 2026-11-30, in 8 days'),
        },
      },
    ]);
  });

  it('nothing is said of an application that is well', async () => {
    const { ask, told, health, clock } = await start();
    for (let slot = 0; slot < 20; slot++) {
      await ask('generation');
      await clock.advance(SLOT_MS);
    }
    expect([told(), (await health()).info.claude.advice]).toEqual([[], undefined]);
  });
});

describe('timeouts that recur (R13)', () => {
  const feature = 'drafts';
  /** A function of so long; its end is waited for. */
  const run = async ({ service, clock }: Awaited<ReturnType<typeof start>>, tookMs: number) => {
    let given = 0;
    const work = ({ timeoutMs }: { timeoutMs: number }) =>
      new Promise<string>((resolve) => {
        given = timeoutMs;
        clock.after(tookMs, () => resolve('done'));
      });
    const before = clock.pendingTimers;
    const ended = service.run(feature, work).then(
      () => 'served',
      (error: { kind: string }) => error.kind,
    );
    await until(() => clock.pendingTimers > before + 1);
    await clock.advance(Math.max(tookMs, given) + 1);
    return [await ended, given];
  };

  it.each([
    ['advice only', {}, ['timeout', 60_000]],
    ['and a longer timeout for later calls, where that is allowed', { adaptTimeout: { maxMs: 75_000 } }, ['served', 75_000]], // oxfmt-ignore
  ])('%s', async (_what, options, expected) => {
    const world = await start({ features: { [feature]: options } });
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 4; j++) expect(await run(world, 50_000)).toEqual(['served', 60_000]);
      expect(await run(world, 70_000)).toEqual(['timeout', 60_000]);
    }
    await world.health();
    expect(world.told()).toEqual([['advice.given', 'recurring_timeouts']]);
    expect(await run(world, 70_000)).toEqual(expected);
  });

  it('may not allow less than the feature has', async () => {
    await expect(start({ features: { [feature]: { adaptTimeout: { maxMs: 9 } } } })).rejects.toThrow(
      'features.drafts.adaptTimeout.maxMs: milliseconds, at least 60000, got 9',
    );
  });
});
