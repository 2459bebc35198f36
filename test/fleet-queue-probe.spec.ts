import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeCircuits, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ManualClock, MemoryFleet, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type StartedApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const ONCE = { maxRetries: 0 };
const NO_RETRIES = { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE };
const FEATURE = 'generation';

describe('a queue among replicas, in an outage (R10, R21; issue 9)', () => {
  it('a request that waits is the probe of all: of several replicas only the one with a request sends it', async () => {
    const clock = new ManualClock();
    const store = new MemoryFleet(clock);
    const apps: StartedApp[] = [];
    for (let n = 0; n < 3; n++) {
      const random = new ScriptedRandom(0);
      random.id = () => `replica-${n}`;
      const claude = {
        baseURL: simulator.api.url,
        fleet: { store },
        retry: NO_RETRIES,
        pacing: false as const,
        queue: { driver: 'memory' as const },
        circuit: { whenOpen: 'refuse' as const },
      };
      apps.push(await startApp({ clock, random, claude }));
    }
    const call = (at: number) =>
      apps[at]?.app
        .get(ClaudeResilienceService)
        .messages.create(PARAMS, { feature: FEATURE, defer: false })
        .then(
          () => 'served',
          (error: { code: string }) => error.code,
        );
    const states = () => apps.map(({ app }) => app.get(ClaudeCircuits).state(FEATURE).name);
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    for (const at of [0, 1, 2]) for (let n = 0; n < 5; n++) await call(at);
    expect(states()).toEqual(['open', 'open', 'open']);
    await apps[1]?.app.get(ClaudeResilienceService).messages.defer(PARAMS, { feature: FEATURE });
    simulator.api.scenario.clear();
    simulator.api.requests.clear();
    // No caller comes: only the queue can find out.
    for (let second = 0; second < 60 && states()[1] !== 'closed'; second++) {
      await clock.advance(1_000);
      // The request is a real one, over HTTP.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(states()[1]).toBe('closed');
    expect(simulator.api.requests.count()).toBe(1);
    await clock.advance(5_000);
    expect(states()).toEqual(['closed', 'closed', 'closed']);
    expect(simulator.api.requests.count()).toBe(1);
  });
});
