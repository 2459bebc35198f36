import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  ClaudeAdmin,
  ClaudeAlerts,
  ClaudeFleet,
  ClaudeHealthIndicator,
  ClaudeMetrics,
  ClaudeResilienceService,
} from 'nestjs-claude-resilience';
import { ManualClock, settle } from 'nestjs-claude-resilience/testing';
import { MemoryAlertSink } from '../../libs/claude-resilience/src/testing/memory-alert-sink.js';
import { PARAMS, useSimulator } from '../support/simulator.js';
import { closeApps, startApp, type StartedApp } from '../support/start-app.js';
import { RedisServer } from './support/redis-server.js';

const server = await RedisServer.start('--appendfsync', 'no');
const url = server?.url ?? '';
const redis = new Redis(url, { lazyConnect: true });
afterAll(async () => {
  redis.disconnect();
  await server?.stop();
});

jest.setTimeout(180_000);

const simulator = useSimulator();
const SECOND_MS = 1_000;
const KEY = 'shop:prod:error_rate:upstream_5xx';

/** An application with a time of its own, so that one can stop. */
interface Replica extends StartedApp {
  readonly clock: ManualClock;
  readonly sink: MemoryAlertSink;
  isAlive: boolean;
}

let replicas: Replica[] = [];
let elapsedMs = 0;
let prefixes = 0;
afterEach(async () => {
  replicas = [];
  elapsedMs = 0;
  await closeApps();
});

async function start(prefix = `alerts${prefixes}`): Promise<Replica> {
  const clock = new ManualClock();
  await clock.advance(elapsedMs);
  const sink = new MemoryAlertSink('pager');
  const started = await startApp({
    claude: {
      baseURL: simulator.api.url,
      fleet: { connection: { url }, prefix },
      pacing: false,
      circuit: false,
      retryBudget: false,
      retry: { overloaded: { maxRetries: 0 } },
      alerts: { sinks: [sink], service: 'shop', environment: 'prod', rules: { errorRate: { clearMs: 60_000 } } },
    },
    clock,
  });
  const replica = { ...started, clock, sink, isAlive: true };
  replicas.push(replica);
  return replica;
}

const startThree = async () => {
  prefixes++;
  const three = [await start(), await start(), await start()] as const;
  await seconds(8);
  return three;
};

/** Time goes by for those that live; whatever they asked of Redis has been answered after each second. */
async function seconds(count: number): Promise<void> {
  for (let second = 0; second < count; second++) {
    elapsedMs += SECOND_MS;
    for (const { clock, isAlive } of replicas) if (isAlive) await clock.advance(SECOND_MS);
    // What was sent before is answered before; what was sent upon the answer, with the next.
    for (let round = 0; round < 3; round++) {
      await redis.ping();
      await settle();
    }
  }
}

async function ask({ app }: Replica, calls: number): Promise<void> {
  const claude = app.get(ClaudeResilienceService);
  await Promise.all(
    Array.from({ length: calls }, () => claude.messages.create(PARAMS, { workflow: 'digest' }).catch(() => {})),
  );
}

/** As by SIGKILL: its time stands still, and its lease ends as if that time had gone by. */
async function kill(replica: Replica): Promise<void> {
  replica.isAlive = false;
  const { replica: name } = replica.app.get(ClaudeFleet).place ?? { replica: '' };
  const base = `{alerts${prefixes}:fleet}`;
  await redis.zadd(`${base}:members`, 1, name);
  for (const [lease, text] of Object.entries(await redis.hgetall(`${base}:leases`))) {
    if (text.endsWith(` ${name}`)) await redis.hset(`${base}:leases`, lease, `1 ${name}`);
  }
}

const told = () => replicas.flatMap(({ sink }) => sink.told);
const silenceIds = ({ app }: Replica) =>
  app
    .get(ClaudeAlerts)
    .view()
    .silences.map(({ id }) => id);

it('has a Redis to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? server !== undefined : true).toBe(true);
});

(server === undefined ? describe.skip : describe)('three applications on one Redis (R37; issue 9)', () => {
  it('an outage is one alert, and its end is told once, though whoever looked was killed in between', async () => {
    const three = await startThree();
    // Half of 10 at each: too few for any of them alone.
    for (const replica of three) {
      simulator.api.scenario.add({ fault: 'overloaded', count: 5 });
      await ask(replica, 10);
    }
    await seconds(130);
    expect(told()).toEqual([`trigger ${KEY}`]);
    const first = three.find(({ sink }) => sink.messages.length > 0);
    for (const { app } of three) {
      const firing = app
        .get(ClaudeAlerts)
        .view()
        .alerts.filter(({ state }) => state === 'firing');
      expect(firing.map(({ key }) => key)).toContain(KEY);
    }
    if (first !== undefined) await kill(first);
    for (let minute = 0; minute < 9; minute++) {
      for (const replica of three) if (replica !== first) await ask(replica, 12);
      await seconds(60);
    }
    expect(told().toSorted()).toEqual([`resolve ${KEY}`, `trigger ${KEY}`]);
    expect(first?.sink.messages).toHaveLength(1);
  });

  it('what operators decide on one holds on all, and on one that starts later', async () => {
    const [one, other] = await startThree();
    const wish = { by: 'ann', reason: 'a test', rule: 'error_rate' as const, forMs: 3_600_000 };
    const { silenceId = '' } = await one.app.get(ClaudeAdmin).silence(wish);
    await seconds(3);
    const late = await start();
    await seconds(3);
    for (const replica of replicas) expect(silenceIds(replica)).toEqual([silenceId]);
    await other.app.get(ClaudeAdmin).endSilence({ by: 'bob', reason: 'over', silenceId });
    await seconds(3);
    for (const replica of [...replicas, late]) expect(silenceIds(replica)).toEqual([]);
  });

  it('says how many there are, and since when they cannot be heard', async () => {
    const [one] = await startThree();
    for (const replica of replicas) await ask(replica, 2);
    await seconds(30);
    const health = async () => (await one.app.get(ClaudeHealthIndicator).check('claude', { details: true })).claude;
    expect(await health()).toMatchObject({ replicas: 3, workflows: { digest: { judged: 6 } } });
    expect(await one.app.get(ClaudeMetrics).prometheusText()).toContain('claude_fleet_replicas 3');
    await redis.config('SET', 'requirepass', 'another');
    await redis.auth('another');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await seconds(10);
    await redis.config('SET', 'requirepass', '');
    expect(await health()).toMatchObject({ replicas: null, unheardSince: expect.any(String) });
    const text = await one.app.get(ClaudeMetrics).prometheusText();
    expect(text).not.toMatch(/^claude_fleet_replicas \d/m);
    expect(text).toMatch(/claude_fleet_beat_failures_total [1-9]/);
    expect(one.events.filter(({ type }) => type === 'fleet.trouble')).toHaveLength(1);
  });
});
