import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator, ManualClock as SimulatorManualClock, type SimulatorOptions } from 'claude-api-simulator';
import { ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ManualClock, ScriptedRandom } from 'nestjs-claude-resilience/testing';
import { ClaudeRuntime } from '../libs/claude-resilience/src/runtime/claude-runtime.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
const others: ClaudeSimulator[] = [];
afterEach(closeApps);
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
});

async function start(more: ClaudeResilienceOptions = {}, baseURL = simulator.api.url) {
  const clock = new ManualClock();
  const { app, events } = await startApp({ clock, random: new ScriptedRandom(0), claude: { baseURL, ...more } });
  const { messages } = app.get(ClaudeResilienceService);
  /** A call; notes when and how it ended. */
  const begin = (options = {}) => {
    const seen: { end?: string; endedAtMs?: number; attempts?: number } = {};
    const ended = (end: string) => void Object.assign(seen, { end, endedAtMs: clock.nowMs() });
    messages.create(PARAMS, options).then(
      () => ended('served'),
      ({ code, attempts }: { code: string; attempts: number }) => (ended(code), (seen.attempts = attempts)),
    );
    return seen;
  };
  const sent = () => simulator.api.requests.count();
  return { begin, clock, events, sent, messages };
}

/** An open circuit of the default feature, and an API that is well again. */
async function outage(more: ClaudeResilienceOptions = {}) {
  const started = await start({ retry: { overloaded: { maxRetries: 0 } }, pacing: false, ...more });
  simulator.api.scenario.set([{ fault: 'overloaded' }]);
  const failed = Array.from({ length: 5 }, () => started.begin());
  await until(() => failed.every(({ end }) => end !== undefined));
  simulator.api.scenario.clear();
  simulator.api.requests.clear();
  return started;
}

describe('a circuit that is open, where nobody else can answer', () => {
  it('is waited for, with nothing sent, and then all are served', async () => {
    const { begin, clock, sent } = await outage();
    const waiting = Array.from({ length: 10 }, () => begin());
    await clock.advance(4_900);
    expect([sent(), waiting.some(({ end }) => end !== undefined)]).toEqual([0, false]);
    await clock.advance(100);
    await until(() => waiting.some(({ end }) => end === 'served')); // the probe
    await clock.advance(1_000);
    await until(() => waiting.every(({ end }) => end === 'served'));
    expect(sent()).toBe(10);
  });

  it('is not waited for past the deadline: the caller hears at once', async () => {
    const { begin, sent } = await outage();
    const call = begin({ deadlineMs: 4_000 });
    await until(() => call.end !== undefined);
    expect([call.end, call.attempts, call.endedAtMs, sent()]).toEqual(['CLAUDE_CIRCUIT_OPEN', 0, 0, 0]);
  });

  it('is not waited for where a fallback answers', async () => {
    const { begin, clock } = await start({ retry: { overloaded: { maxRetries: 0 } }, pacing: false });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    for (let call = 0; call < 5; call++) {
      const failed = begin({ feature: 'summarisation' });
      await until(() => failed.end !== undefined);
    }
    const call = begin({ feature: 'summarisation' });
    await until(() => call.end !== undefined);
    expect([call.end, clock.nowMs()]).toEqual(['CLAUDE_CIRCUIT_OPEN', 0]);
  });

  it.each(['classic', { whenOpen: 'refuse' }] as const)('is not waited for under %j', async (circuit) => {
    const { begin, clock } = await outage({ circuit });
    const call = begin();
    await until(() => call.end !== undefined);
    expect([call.end, clock.nowMs()]).toEqual(['CLAUDE_CIRCUIT_OPEN', 0]);
  });

  it('can be left at any moment', async () => {
    const { begin, clock } = await outage();
    const left = new AbortController();
    const call = begin({ signal: left.signal });
    await clock.advance(1_000);
    left.abort();
    await until(() => call.end !== undefined);
    expect([call.end, clock.pendingTimers]).toEqual(['CLAUDE_CANCELLED', 0]);
  });
});

describe('retries go on to the deadline while others succeed (R14)', () => {
  it('and end by their count when nobody does', async () => {
    const { begin, clock, sent } = await start({ circuit: false });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const call = begin();
    for (let second = 0; second < 30 && call.end === undefined; second++) {
      await until(() => clock.pendingTimers > 0 || call.end !== undefined);
      await clock.advance(1_000);
    }
    await until(() => call.end !== undefined);
    expect([call.end, sent()]).toEqual(['CLAUDE_OVERLOADED', 4]);
  });
});

/** Requests under way, and when they were sent: a client's own `fetch`, counted. */
class CountedFetch {
  readonly sentAtMs: number[] = [];
  readonly statuses: number[] = [];
  #underWay = 0;

  constructor(private readonly clock: ManualClock) {}

  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  readonly fetch: typeof fetch = async (...args) => {
    this.sentAtMs.push(this.clock.nowMs());
    this.#underWay++;
    try {
      const response = await fetch(...args);
      const body = await response.arrayBuffer();
      this.statuses.push(response.status);
      return new Response(body, response);
    } finally {
      // What follows an answer at once belongs to the same moment.
      setImmediate(() => setImmediate(() => this.#underWay--));
    }
  };
}

describe('many calls, over real HTTP, on one clock', () => {
  const STEP_MS = 20;

  async function world(options: SimulatorOptions = {}, more: ClaudeResilienceOptions = {}) {
    const simulatorClock = new SimulatorManualClock(0);
    const api = await ClaudeSimulator.start({ latencyMs: 0, limits: false, clock: simulatorClock, ...options });
    others.push(api);
    const clock = new ManualClock();
    const wire = new CountedFetch(clock);
    const client = new Anthropic({ baseURL: api.url, apiKey: 'sk-ant-test', fetch: wire.fetch, logLevel: 'off' });
    const { app, events } = await startApp({ clock, claude: { client, ...more } });
    const { messages } = app.get(ClaudeResilienceService);
    const ends: string[] = [];
    const begin = () =>
      void messages.create(PARAMS).then(
        () => ends.push('served'),
        ({ code }: { code: string }) => ends.push(code),
      );
    const settled = () => until(() => wire.isIdle);
    /** Time goes on in small steps, and stands still while anything is under way. */
    const run = async (forMs: number, each: (nowMs: number) => void = () => {}) => {
      for (const endMs = clock.nowMs() + forMs; clock.nowMs() < endMs;) {
        each(clock.nowMs());
        await settled();
        await clock.advance(STEP_MS);
        simulatorClock.advance(STEP_MS);
        await settled();
      }
    };
    const arrivalsPerSecond = () => app.get(ClaudeRuntime).pacer?.snapshot()[0]?.arrivalsPerSecond;
    return { api, arrivalsPerSecond, begin, clock, ends, events, run, wire };
  }

  it('at twice the allowed rate: all served, no 429 once the first headers are known', async () => {
    const { begin, ends, run, wire } = await world({ limits: { requestsPerMinute: 600, burst: 10 } });
    begin();
    await run(1_000);
    await run(5_000, (nowMs) => nowMs % 100 === 0 && (begin(), begin()));
    await run(8_000);
    expect(ends).toHaveLength(101);
    expect(new Set(ends)).toEqual(new Set(['served']));
    expect(wire.statuses.filter((status) => status === 429)).toEqual([]);
    expect(wire.statuses).toHaveLength(101);
  });

  it('200 told `retry-after: 2` at once: none early, none in a crowd, all served', async () => {
    const { api, begin, ends, run, wire } = await world();
    api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 2, count: 200 }]);
    for (let call = 0; call < 200; call++) begin();
    await run(8_000);
    expect(ends).toEqual(Array.from({ length: 200 }, () => 'served'));
    const again = wire.sentAtMs.slice(200);
    expect(Math.min(...again)).toBeGreaterThanOrEqual(2_000);
    const crowd = again.map((from) => again.filter((at) => at >= from && at < from + 100).length);
    expect(Math.max(...crowd)).toBeLessThanOrEqual(40);
  });

  it('60 % of requests answered with 529: at least 98 % of calls served', async () => {
    const { api, arrivalsPerSecond, begin, ends, run } = await world();
    api.scenario.set([{ fault: 'overloaded', share: 0.6 }]);
    await run(10_000, (nowMs) => nowMs % 100 === 0 && begin());
    expect(arrivalsPerSecond()).toBeGreaterThan(8); // calls: their retries are no new demand
    expect(arrivalsPerSecond()).toBeLessThanOrEqual(10);
    await run(125_000);
    expect(ends).toHaveLength(100);
    expect(ends.filter((end) => end === 'served').length).toBeGreaterThanOrEqual(98);
  });

  it('15 s of total outage at 10 requests a second: all served, at most 30 requests sent into it', async () => {
    const { api, begin, ends, run, wire } = await world();
    const each = (nowMs: number) => nowMs % 100 === 0 && begin();
    await run(3_000, each);
    const before = wire.sentAtMs.length;
    api.scenario.set([{ fault: 'server_error' }]);
    await run(15_000, each);
    const into = wire.sentAtMs.length - before;
    api.scenario.clear();
    await run(5_000, each);
    await run(30_000);
    expect(ends).toEqual(Array.from({ length: 230 }, () => 'served'));
    expect(into).toBeLessThanOrEqual(30);
  });

  it('a long outage: one probe in 25 calls while calls arrive, rarer ones for those who wait and ask again', async () => {
    const retry = { serverError: { maxRetries: 0 } };
    const { api, begin, run, wire } = await world({}, { retry, deadlineMs: 600_000, circuit: { failureThreshold: 1 } });
    api.scenario.set([{ fault: 'server_error' }]);
    await run(20_000, (nowMs) => nowMs % 200 === 0 && begin());
    await run(60_000);
    // Five a second arrive: every 5 s. Then nobody new, and those who wait look again every 5 s: that counts for nothing.
    expect(wire.sentAtMs.map((atMs) => Math.floor(atMs / 5_000))).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
