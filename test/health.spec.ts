import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, type CanActivate } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import {
  ClaudeHealthIndicator,
  ClaudeQueue,
  ClaudeResilienceService,
  type ClaudeHealthDetails,
} from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { MemoryRequestStore } from '../libs/claude-resilience/src/core/deferral/memory-request-store.js';
import { ShiftedClock } from './dashboard/shifted-clock.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type AppOptions } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const TOKEN = 'the-token-of-the-operators';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const NO_MORE = { maxRetries: 0 };
const PATH = '/health/claude';

const claudeOptions = () => ({
  baseURL: simulator.api.url,
  retry: { serverError: NO_MORE, overloaded: NO_MORE, rateLimited: NO_MORE },
  operator: { token: TOKEN },
});

async function start({ claude, ...options }: AppOptions = {}) {
  const started = await startApp({ ...options, claude: { ...claudeOptions(), ...claude } });
  const service = started.app.get(ClaudeResilienceService);
  const ask = (feature = 'generation') => service.messages.create(PARAMS, { feature }).catch(() => {});
  const details = async () => (await started.get(PATH, BEARER)).body.details.claude as ClaudeHealthDetails;
  return { ...started, ask, details };
}

async function openCircuit(ask: (feature: string) => Promise<unknown>): Promise<void> {
  simulator.api.scenario.set([{ fault: 'overloaded' }]);
  for (let i = 0; i < 5; i++) await ask('generation');
}

describe.each(['express', 'fastify'] as const)('GET /health/claude on %s (R38)', (adapter) => {
  it('ok, then degraded with 200 while a circuit is open; strangers are told that and nothing else', async () => {
    const { ask, get } = await start({ adapter });
    const strangers = [{}, { authorization: 'Bearer of-something-else-altogether' }, { cookie: 'claude_operator=1' }];
    const answers = async () => Promise.all(strangers.map((headers) => get(PATH, headers)));
    for (const { status, body } of await answers()) {
      const claude = { claude: { status: 'up' } };
      expect([status, body]).toEqual([200, { status: 'ok', info: claude, error: {}, details: claude }]);
    }
    await openCircuit(ask);
    for (const { status, body, headers } of await answers()) {
      const claude = { claude: { status: 'degraded' } };
      expect([status, body]).toEqual([200, { status: 'degraded', info: claude, error: {}, details: claude }]);
      expect(headers.get('cache-control')).toContain('no-store');
    }
  });

  it('tells operators which circuit, why, since when, what calls met, and what the page says', async () => {
    const { ask, details, get } = await start({ adapter });
    await ask('summarisation');
    await openCircuit(ask);
    const { status, body } = await get(PATH, BEARER);
    expect([status, body.status]).toEqual([200, 'degraded']);
    const { features, workflows, verdict, lastSuccessAt, rateLimits } = await details();
    expect(Object.keys(features)).toEqual(['summarisation', 'classification', 'generation']);
    const { generation, classification } = features;
    expect(generation).toMatchObject({
      circuit: 'open',
      reason: 'failures',
      nextProbeInSeconds: 5,
      calls: 5,
      failures: 5,
      explanation: expect.stringMatching(/^Open because of/),
      lastFiveMinutes: {
        judged: 5,
        errorRatio: 1,
        errorRatioByType: { upstream_5xx: 1 },
        retryRatio: 0,
        p95Ms: null,
      },
      lastSuccessAt: null,
    });
    const since = String(generation?.since);
    expect(new Date(since).toISOString()).toBe(since);
    // Nobody asked: that is no zero.
    expect(classification?.lastFiveMinutes).toEqual({
      judged: 0,
      errorRatio: null,
      errorRatioByType: null,
      retryRatio: null,
      p95Ms: null,
    });
    expect(workflows['generation']).toMatchObject({ judged: 5, usualP95Ms: null });
    expect(verdict).toMatch(/^Claude is overloaded for generation since \d\d:\d\d UTC\.$/);
    expect(String(lastSuccessAt).slice(0, 10)).toBe(features['summarisation']?.lastSuccessAt?.slice(0, 10));
    expect(rateLimits['anthropic:sonnet-5-5']).toEqual({ waiting: 0, left: {} });
    const page = await get('/claude/dashboard.json', BEARER);
    expect(`${page.body.verdict.headline}.`).toBe(verdict);
  });

  // What a probe takes is measured by `npm run bench:health`.
  it('1 000 probes, and no call to the API', async () => {
    const { ask, get } = await start({ adapter, claude: { queue: { driver: 'memory' }, alerts: true } });
    await ask();
    const sent = simulator.api.requests.count();
    for (let probe = 0; probe < 1_000; probe++) {
      const { status } = await get(PATH, probe % 2 === 0 ? BEARER : {});
      if (status !== 200) throw new Error(`probe ${probe}: ${status}`);
    }
    expect(simulator.api.requests.count()).toBe(sent);
  });
});

describe('what operators are told besides (R38)', () => {
  it('the queue: how many wait, and for how long', async () => {
    const clock = new ManualClock();
    const { app, details } = await start({ clock, claude: { queue: { driver: 'memory' } } });
    app.get(ClaudeQueue).pause();
    const { messages } = app.get(ClaudeResilienceService);
    for (let n = 0; n < 3; n++) await messages.defer(PARAMS, { feature: 'generation' });
    await clock.advance(90_000);
    expect((await details()).queue).toEqual({ state: 'paused', waiting: 3, oldestSeconds: 90 });
  });

  it.each([
    ['never answers', () => new Promise<never>(() => {}), {}],
    ['refuses', () => Promise.reject(new Error('no connection')), { trouble: 'its store cannot be asked' }],
  ])('what was known of a queue whose store %s', async (_what, count, trouble) => {
    const clock = new ShiftedClock(Date.now());
    const store = new MemoryRequestStore();
    const { details } = await start({ clock, claude: { queue: { store } } });
    expect((await details()).queue).toEqual({ state: 'running', waiting: 0 });
    store.count = count;
    clock.jump(1_000); // counts are as good as new for so long
    expect((await details()).queue).toEqual({ state: 'running', waiting: 0, ...trouble });
  });

  it('no queue and no alerts are said to be none, not fine', async () => {
    const { details } = await start();
    expect(await details()).toMatchObject({ queue: { state: 'none' }, activeAlerts: null, lastSuccessAt: null });
  });

  it('alerts that fire', async () => {
    const clock = new ManualClock();
    const { ask, details } = await start({ clock, claude: { alerts: true, circuit: false, pacing: false } });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    for (let minute = 0; minute < 6; minute++) {
      for (let n = 0; n < 10; n++) await ask();
      await clock.advance(60_000);
    }
    const { activeAlerts } = await details();
    expect(activeAlerts).toContainEqual({
      rule: 'error_rate',
      severity: expect.any(String),
      since: expect.stringMatching(/Z$/),
      summary: expect.stringContaining('generation'),
    });
  });

  it('a rate limit that the API asked to keep', async () => {
    const clock = new ManualClock();
    const { ask, details } = await start({ clock, random: new ScriptedRandom(0) });
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 20, count: 1 }]);
    await ask();
    const { rateLimits, verdict } = await details();
    expect(rateLimits['anthropic:sonnet-5-5']).toMatchObject({ pausedForSeconds: 20 });
    expect(verdict).toBe('Claude asks us to slow down: anthropic:sonnet-5-5.');
  });
});

describe('the route', () => {
  it('can be moved, guarded, and opened', async () => {
    @Injectable()
    class Nobody implements CanActivate {
      canActivate = () => false;
    }
    const guarded = await start({ claude: { health: { path: 'internal/claude', guards: [Nobody] } } });
    expect((await guarded.get(PATH)).status).toBe(404);
    expect((await guarded.get('/internal/claude', BEARER)).status).toBe(403);
    const opened = await start({ claude: { health: { details: true } } });
    expect((await opened.get(PATH)).body.details.claude.features.summarisation.circuit).toBe('closed');
  });

  it('can be switched off', async () => {
    const { get } = await start({ claude: { health: false } });
    expect((await get(PATH)).status).toBe(404);
  });

  it('names every option that it does not know', async () => {
    await expect(start({ claude: { health: { details: 'yes', stric: true } as never } })).rejects.toThrow(
      /health\.details: one of true, false[^]*health\.stric: unknown option/,
    );
  });

  it('whoever guesses tokens here has to wait everywhere', async () => {
    const { get } = await start({ clock: new ManualClock() });
    for (let n = 0; n < 10; n++) {
      const { status, body } = await get(PATH, { authorization: `Bearer wrong-${n}` });
      expect([status, body.details]).toEqual([200, { claude: { status: 'up' } }]);
    }
    expect((await get('/claude/dashboard.json', BEARER)).status).toBe(429);
    expect((await get(PATH, BEARER)).body.details.claude).toEqual({ status: 'up' });
  });

  it('two applications in one process have each their own', async () => {
    const moved = await start({ claude: { health: { path: 'claude-health' } } });
    const usual = await start();
    expect((await moved.get('/claude-health')).status).toBe(200);
    expect((await usual.get(PATH)).status).toBe(200);
    expect((await usual.get('/claude-health')).status).toBe(404);
  });

  it.each([
    ['authentication', undefined, 200, 'degraded', 'degraded'],
    ['authentication', true, 503, 'error', 'down'],
    // Every replica has that one, and other replicas do not help.
    ['enforced_spend_limit', true, 200, 'degraded', 'degraded'],
    ['overloaded', true, 200, 'degraded', 'degraded'],
  ] as const)('%s, with `strict` %s: %i', async (fault, strict, status, overall, claude) => {
    const { ask, get } = await start({ claude: { health: strict === undefined ? true : { strict } } });
    simulator.api.scenario.set([{ fault }]);
    for (let n = 0; n < 6; n++) await ask();
    expect(await get(PATH)).toMatchObject({
      status,
      body: { status: overall, details: { claude: { status: claude } } },
    });
  });

  it('says `shutting_down`, with 503, from the signal on', async () => {
    const begun = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    // A hook of the application's that takes its time: the port is open still.
    const slow = {
      beforeApplicationShutdown: () => {
        begun.resolve();
        return done.promise;
      },
    };
    const { app, url } = await start({ providers: [{ provide: 'slow', useValue: slow }] });
    const probe = async () => {
      const response = await fetch(`${url}${PATH}`);
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    expect(await probe()).toEqual([200, 'ok']);
    const closing = app.close();
    await begun.promise;
    expect(await probe()).toEqual([503, 'shutting_down']);
    done.resolve();
    await closing;
  });

  it('the indicator fits into any Terminus endpoint, with details where they are asked for', async () => {
    @Controller('ready')
    class Ready {
      constructor(
        private readonly health: HealthCheckService,
        private readonly claude: ClaudeHealthIndicator,
      ) {}
      @Get()
      @HealthCheck()
      check() {
        return this.health.check([() => this.claude.check('ai'), () => this.claude.check('more', { details: true })]);
      }
    }
    const { ask, get } = await start({ imports: [TerminusModule], controllers: [Ready] });
    await openCircuit(ask);
    const { status, body } = await get('/ready');
    expect([status, body.status, body.details.ai]).toEqual([200, 'degraded', { status: 'degraded' }]);
    expect(body.details.more.features.generation.circuit).toBe('open');
  });
});
