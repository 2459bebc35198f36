import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeCircuits, ClaudeResilienceService, type CircuitSetting } from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

/** Calls without retries, so that one call is one request. */
const ONCE = { maxRetries: 0 };
const NO_RETRIES = { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE };

async function start(circuit?: CircuitSetting, timeoutMs = 60_000) {
  const clock = new ManualClock();
  const { app, events, get } = await startApp({
    clock,
    random: new ScriptedRandom(0),
    claude: {
      baseURL: simulator.api.url,
      health: { details: true },
      retry: NO_RETRIES,
      pacing: false, // its waits are told of in test/pacing.spec.ts
      timeoutMs,
      ...(circuit !== undefined && { circuit }),
    },
  });
  const claude = app.get(ClaudeResilienceService);
  const call = (feature = 'summarisation', options = {}) =>
    claude.messages.create(PARAMS, { feature, ...options }).then(
      () => 'served' as const,
      (error: { kind: string }) => error.kind,
    );
  const health = async () => (await get('/health/claude')).body;
  return { call, clock, events, health, claude };
}

async function fail(call: () => Promise<string>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await call();
}

describe('a circuit per feature (R19-R22)', () => {
  it('opens after 5 failures in 30 s; then nothing is sent, and other features are untouched', async () => {
    const { call, health } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await fail(call, 4);
    expect((await health()).status).toBe('ok');
    await call();
    const sent = simulator.api.requests.count();
    expect(await call()).toBe('circuit_open');
    expect(await call()).toBe('circuit_open');
    expect(simulator.api.requests.count()).toBe(sent);
    expect(await health()).toMatchObject({
      status: 'degraded',
      info: {
        claude: {
          status: 'degraded',
          features: { summarisation: { circuit: 'open', reason: 'failures', failures: 5, nextProbeInSeconds: 5 } },
        },
      },
    });
    simulator.api.scenario.clear();
    expect(await call('classification')).toBe('served');
  });

  it('failures that are not within 30 s do not add up', async () => {
    const { call, clock } = await start();
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    await fail(call, 4);
    await clock.advance(31_000);
    await fail(call, 4);
    expect(await call('summarisation')).toBe('server_error');
    expect(await call()).toBe('circuit_open');
  });

  it.each(['rate_limited', 'invalid_request', 'permission', 'refusal', 'not_found'] as const)(
    '%s says nothing about the service: it never opens it',
    async (fault) => {
      const { call } = await start();
      simulator.api.scenario.set([{ fault }]);
      await fail(call, 12);
      simulator.api.scenario.clear();
      expect(await call()).toBe('served');
    },
  );

  it('a caller who leaves is not held against the service', async () => {
    const { call } = await start();
    simulator.api.scenario.set([{ fault: 'hang' }]);
    for (let i = 1; i <= 6; i++) {
      const controller = new AbortController();
      const left = call('summarisation', { signal: controller.signal });
      await simulator.api.requests.whenReceived(i);
      controller.abort();
      expect(await left).toBe('cancelled');
    }
    simulator.api.scenario.clear();
    expect(await call()).toBe('served');
  });

  it('one probe at a time after the cool-down; its success closes, its failure opens for twice as long', async () => {
    const { call, clock, health } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await fail(call, 5);
    await clock.advance(4_999);
    expect(await call()).toBe('circuit_open');
    await clock.advance(1);
    expect(await call()).toBe('overloaded'); // the probe
    await clock.advance(9_999);
    expect(await call()).toBe('circuit_open');
    await clock.advance(1);

    simulator.api.scenario.set([{ fault: 'hang', count: 1 }]);
    simulator.api.requests.clear();
    const controller = new AbortController();
    const probe = call('summarisation', { signal: controller.signal });
    await simulator.api.requests.whenReceived(1);
    expect(await call()).toBe('circuit_open'); // the slot is taken
    controller.abort();
    expect(await probe).toBe('cancelled'); // neutral: the slot is free again
    expect(await call()).toBe('served');
    expect((await health()).status).toBe('ok');
  });

  it('a probe that hangs loses its slot, and what it brings later changes nothing', async () => {
    const { call, clock, health } = await start({ probeLeaseMs: 1_000 }, 1_000);
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await fail(call, 5);
    await clock.advance(5_000);
    simulator.api.scenario.set([{ fault: 'hang', count: 1 }]);
    simulator.api.requests.clear();
    const probe = call('summarisation', { timeoutMs: 10_000 });
    await simulator.api.requests.whenReceived(1);
    await clock.advance(999);
    expect(await call()).toBe('circuit_open');
    await clock.advance(1);
    expect(await call()).toBe('served'); // another probe
    await clock.advance(10_000);
    expect(await probe).toBe('timeout');
    expect((await health()).status).toBe('ok');
    expect(await call()).toBe('served');
  });

  it('a call that began while it was closed changes nothing after it opened', async () => {
    const { call, clock, events } = await start();
    simulator.api.scenario.set([{ fault: 'slow_headers', delayMs: 3_600_000, count: 1 }, { fault: 'overloaded' }]);
    const slow = call('summarisation', { timeoutMs: 20_000 });
    await simulator.api.requests.whenReceived(1);
    await fail(call, 5);
    const transitions = () => events.filter(({ type }) => type === 'circuit.transitioned').length;
    expect(transitions()).toBe(1);
    await clock.advance(5_000); // due for a probe
    await clock.advance(15_000);
    expect(await slow).toBe('timeout');
    expect(await call()).toBe('overloaded'); // the slot was still free for a real probe
  });

  it('a circuit that opens midway ends the waits of calls under way', async () => {
    const clock = new ManualClock();
    const { app, nextEvent } = await startApp({
      clock,
      random: new ScriptedRandom(0),
      claude: { baseURL: simulator.api.url },
    });
    const claude = app.get(ClaudeResilienceService);
    const call = () =>
      claude.messages.create(PARAMS, { feature: 'summarisation' }).catch((error: { kind: string }) => error.kind);
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const waiting = [nextEvent('retry.scheduled')];
    const first = [call(), call(), call(), call()];
    await Promise.all(waiting);
    await simulator.api.requests.whenReceived(4);
    expect(await call()).toBe('overloaded'); // the fifth failure: a wait of 3 s would end at a closed door
    await clock.advance(3_000);
    expect(await Promise.all(first)).toEqual(Array(4).fill('circuit_open'));
    expect(simulator.api.requests.count()).toBe(5);
  });

  it('classic is the plain rule: 5 failures in 30 s, whatever else succeeds, then 60 s', async () => {
    const { call, clock } = await start('classic');
    await fail(call, 20);
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    await fail(call, 5);
    await clock.advance(59_999);
    expect(await call()).toBe('circuit_open');
    await clock.advance(1);
    expect(await call()).toBe('server_error');
  });

  it('by default ordinary errors among successes do not open it', async () => {
    const { call } = await start();
    await fail(call, 20);
    simulator.api.scenario.set([{ fault: 'server_error', count: 6 }]);
    await fail(call, 6);
    expect(await call()).toBe('served');
  });

  it('false switches it off', async () => {
    const { call } = await start(false);
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    await fail(call, 20);
    expect(await call()).toBe('server_error');
  });
});

async function three() {
  const started = await start();
  const { call, clock } = started;
  const states = async () => {
    const { features } = (await started.health()).info.claude;
    return ['summarisation', 'classification', 'generation'].map((name) => features[name].circuit);
  };
  return { call, clock, states };
}

describe('features that fail for one upstream reason (issue 4)', () => {
  it('open together: the third sends nothing into an outage that two have met', async () => {
    const { call, states } = await three();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await fail(() => call('summarisation'), 5);
    await fail(() => call('classification'), 5);
    simulator.api.requests.clear();
    expect([await call('generation'), simulator.api.requests.count()]).toEqual(['circuit_open', 0]);
    expect(await states()).toEqual(['open', 'open', 'closed']);
  });

  it('share one probe, and close together', async () => {
    const { call, clock, states } = await three();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await fail(() => call('summarisation'), 5);
    await fail(() => call('classification'), 5);
    simulator.api.requests.clear();
    await clock.advance(5_000);
    expect([await call('generation'), await call('summarisation'), await call('classification')]).toEqual([
      'overloaded', // the probe
      'circuit_open',
      'circuit_open',
    ]);
    expect(simulator.api.requests.count()).toBe(1);
    simulator.api.scenario.clear();
    await clock.advance(10_000);
    expect(await call('classification')).toBe('served');
    expect(await states()).toEqual(['closed', 'closed', 'closed']);
    expect([await call('summarisation'), await call('generation')]).toEqual(['served', 'served']);
  });

  it('one that fails alone opens nobody else’s', async () => {
    const { call, states } = await three();
    simulator.api.scenario.set([{ fault: 'gateway_timeout', count: 8 }]);
    await fail(() => call('summarisation'), 5);
    expect(await call('summarisation')).toBe('circuit_open');
    simulator.api.scenario.clear();
    expect([await call('classification'), await call('generation')]).toEqual(['served', 'served']);
    expect(await states()).toEqual(['open', 'closed', 'closed']);
  });

  it('those of another model go on', async () => {
    const clock = new ManualClock();
    const features = { chat: { models: ['claude-haiku-5-5'] } };
    const { app } = await startApp({
      clock,
      claude: { baseURL: simulator.api.url, retry: NO_RETRIES, pacing: false, features },
    });
    const { messages } = app.get(ClaudeResilienceService);
    simulator.api.scenario.set([{ fault: 'overloaded', when: { model: PARAMS.model } }]);
    for (const feature of ['summarisation', 'classification']) {
      await fail(() => messages.create(PARAMS, { feature }).then(() => '', () => ''), 5); // oxfmt-ignore
    }
    const { model: _model, ...params } = PARAMS;
    await expect(messages.create(params, { feature: 'chat' })).resolves.toMatchObject({ model: 'claude-haiku-5-5' });
  });
});

async function hands() {
  const clock = new ManualClock();
  const { app, get } = await startApp({
    clock,
    claude: { baseURL: simulator.api.url, pacing: false, health: { details: true } },
  });
  const { messages } = app.get(ClaudeResilienceService);
  const call = () =>
    messages.create(PARAMS, { feature: 'summarisation' }).then(
      () => 'served',
      ({ code }: { code: string }) => code,
    );
  const health = async () => (await get('/health/claude')).body.details.claude.features.summarisation;
  return { call, clock, circuits: app.get(ClaudeCircuits), health };
}

describe('the hand of an operator', () => {
  it('holds a circuit open, with a name, a reason and an end', async () => {
    const { call, clock, circuits, health } = await hands();
    const hold = { by: 'anna', reason: 'migration of the prompts', forMs: 60_000 };
    expect(circuits.forceOpen('summarisation', hold)).toBe(true);
    expect([await call(), simulator.api.requests.count()]).toEqual(['CLAUDE_CIRCUIT_OPEN', 0]);
    expect(await health()).toMatchObject({ circuit: 'forced_open', explanation: expect.stringContaining('anna') });
    await clock.advance(60_000);
    expect(await call()).toBe('served');
  });

  it('holds it closed through an outage, until it lets go', async () => {
    const { call, circuits } = await hands();
    circuits.forceClosed('summarisation', { by: 'ben', reason: 'a test of the fallback' });
    simulator.api.scenario.set([{ fault: 'invalid_request' }]);
    for (let n = 0; n < 10; n++) await call();
    expect([circuits.state('summarisation').name, simulator.api.requests.count()]).toEqual(['forced_closed', 10]);
    circuits.release('summarisation', 'ben');
    expect(circuits.state('summarisation').name).toBe('closed');
  });

  it.each<[what: string, feature: string, hold: object, message: RegExp]>([
    ['no name', 'summarisation', { reason: 'x' }, /by: a name/],
    ['no reason', 'summarisation', { by: 'anna' }, /reason: a text/],
    ['no time', 'summarisation', { by: 'anna', reason: 'x', forMs: 0 }, /forMs: milliseconds, above 0, got 0/],
    ['a field that is none', 'summarisation', { by: 'anna', reason: 'x', until: 5 }, /until: unknown option/],
    ['no such feature', 'summaries', { by: 'anna', reason: 'x' }, /summaries/],
  ])('%s is refused', async (_what, feature, hold, message) => {
    const { circuits } = await hands();
    expect(() => circuits.forceOpen(feature, hold as never)).toThrow(message);
  });
});
