import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { ClaudeCircuits, ClaudeFleet, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from '../support/simulator.js';
import { closeApps, startApp, type StartedApp } from '../support/start-app.js';
import { eventually } from './support/eventually.js';
import { RedisServer } from './support/redis-server.js';

jest.setTimeout(120_000);

const server = await RedisServer.start('--appendfsync', 'no');
afterAll(() => server?.stop());

const ONCE = { maxRetries: 0 };
const NO_RETRIES = { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE };
const FEATURE = 'generation';

/** Real time: short cool-downs, and nothing here says how fast a machine is. */
(server === undefined ? describe.skip : describe)(
  'three applications with one Redis, and their circuits (issue 9)',
  () => {
    const redis = server as RedisServer;
    const simulator = useSimulator();
    let prefixes = 0;
    let apps: StartedApp[] = [];
    afterEach(async () => {
      redis.resume();
      await closeApps();
      apps = [];
    });

    const start = async (prefix: string) => {
      const app = await startApp({
        claude: {
          baseURL: simulator.api.url,
          fleet: { connection: { url: redis.url }, prefix },
          retry: NO_RETRIES,
          pacing: false,
          circuit: { whenOpen: 'refuse', cooldownMs: 1_000, maxCooldownMs: 2_000, growthResetMs: 1_000 },
        },
      });
      apps.push(app);
      return app;
    };

    async function startThree(): Promise<string> {
      const prefix = `circuits${++prefixes}`;
      for (let n = 0; n < 3; n++) await start(prefix);
      await together(3);
      return prefix;
    }

    const together = (replicas: number | undefined) =>
      eventually(20_000, async () =>
        expect(apps.map(({ app }) => app.get(ClaudeFleet).replicas)).toEqual(apps.map(() => replicas)),
      );
    const call = (at: number) =>
      apps[at]?.app
        .get(ClaudeResilienceService)
        .messages.create(PARAMS, { feature: FEATURE })
        .then(
          () => 'served',
          (error: { kind: string }) => error.kind,
        );
    const state = (at: number) => apps[at]?.app.get(ClaudeCircuits).state(FEATURE);
    const states = () => apps.map((_, at) => state(at)?.name);
    /** As callers do, until the circuit is open. */
    const trip = async (at: number) => {
      await eventually(20_000, async () => {
        await call(at);
        expect(state(at)?.name).not.toBe('closed');
      });
    };
    /** One call at each, again and again, until all are closed. */
    const recovered = () =>
      eventually(30_000, async () => {
        await Promise.all(apps.map((_, at) => call(at)));
        expect(states()).toEqual(apps.map(() => 'closed'));
      });

    it('what two found out the third is told, without a request of its own; and all come back', async () => {
      await startThree();
      simulator.api.scenario.set([{ fault: 'overloaded' }]);
      await trip(0);
      await trip(1);
      await eventually(20_000, async () => expect(state(2)).toMatchObject({ reason: 'fleet' }));
      const { info } = (await apps[2]?.get('/health/claude'))?.body ?? {};
      expect(info.claude).toMatchObject({ status: 'degraded' });
      simulator.api.scenario.clear();
      await recovered();
    });

    it('one that is fed false failures opens nobody else', async () => {
      await startThree();
      simulator.api.scenario.set([{ fault: 'overloaded' }]);
      await trip(0);
      simulator.api.scenario.clear();
      // The others have heard of it, and of what came of its probes.
      for (let n = 0; n < 30; n++) {
        expect(await Promise.all([call(1), call(2)])).toEqual(['served', 'served']);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(states().slice(1)).toEqual(['closed', 'closed']);
      await recovered();
    });

    it('Redis paused, and emptied, in an outage: nothing stays open, and no call waits for it', async () => {
      await startThree();
      simulator.api.scenario.set([{ fault: 'overloaded' }]);
      await Promise.all([0, 1, 2].map(trip));
      redis.pause();
      await together(undefined);
      simulator.api.scenario.clear();
      await recovered();
      redis.resume();
      await together(3);
      simulator.api.scenario.set([{ fault: 'overloaded' }]);
      await Promise.all([0, 1, 2].map(trip));
      await redis.empty();
      simulator.api.scenario.clear();
      await recovered();
      expect(await Promise.all([0, 1, 2].map(call))).toEqual(['served', 'served', 'served']);
    });
  },
);
