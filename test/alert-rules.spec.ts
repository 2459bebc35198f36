import { afterEach, describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import {
  ClaudeAlerts,
  ClaudeQueue,
  ClaudeResilienceService,
  type ClaudeResilienceExtras,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock, settle } from 'nestjs-claude-resilience/testing';
import type { ClaudeCall } from '../libs/claude-resilience/src/core/call.js';
import type { AlertRuleId } from '../libs/claude-resilience/src/core/alerts/alert-rule.js';
import { ALERT_RULES } from '../libs/claude-resilience/src/core/alerts/alert-rules.js';
import { NO_COST } from '../libs/claude-resilience/src/core/cost/cost-sum.js';
import { DeferralRoom } from '../libs/claude-resilience/src/runtime/deferral-room.js';
import { MemoryAlertSink } from '../libs/claude-resilience/src/testing/memory-alert-sink.js';
import { PARAMS } from './support/simulator.js';
import { closeApps, startApp, type StartedApp } from './support/start-app.js';
import { usualBefore } from './support/usual-days.js';

afterEach(closeApps);

const MINUTE_MS = 60_000;
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const ONCE = { maxRetries: 0 };

/** What the API says to each request. */
interface Reply {
  tookMs: number;
  inputTokens: number;
  /** Statuses of the next requests that fail. */
  failures: number[];
}

/** A working application whose API answers as it is told to, with some usual hours behind it. */
class World {
  readonly clock = new ManualClock();
  readonly sink = new MemoryAlertSink();
  readonly broken = new MemoryAlertSink('broken');
  readonly reply: Reply = { tookMs: 1_000, inputTokens: 100, failures: [] };
  started!: StartedApp;

  async start(more: ClaudeResilienceOptions & ClaudeResilienceExtras): Promise<this> {
    const call = { id: 'c', feature: 'default', workflow: 'digest', model: PARAMS.model } as ClaudeCall;
    const usage = { inputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 10 };
    // A tenth of a dollar in 5 minutes.
    const cost = { ...NO_COST, exact: { dollars: 0, picoUsd: 0.002e12 } };
    const store = await usualBefore(this.clock.wallMs(), { call, durationMs: 1_000, usage, cost });
    this.started = await startApp({
      clock: this.clock,
      claude: {
        client: { messages: { create: () => this.#answer() } } as never,
        pacing: false,
        circuit: false,
        retryBudget: false,
        retry: { overloaded: ONCE, serverError: ONCE },
        rollups: { store },
        alerts: { sinks: [this.sink, this.broken] },
        ...more,
      },
    });
    return this;
  }

  /** So many calls at a time, and the time that they take. */
  async ask(calls: number): Promise<void> {
    const claude = this.started.app.get(ClaudeResilienceService);
    const asked = Array.from({ length: calls }, () =>
      claude.messages.create(PARAMS, { workflow: 'digest' }).catch(() => {}),
    );
    await this.clock.advance(this.reply.tookMs);
    await Promise.all(asked);
  }

  /** Minutes, in each of which something is done first. */
  async live(minutes: number, each: () => Promise<void> = async () => {}): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      await each();
      await this.clock.advance(MINUTE_MS - this.reply.tookMs);
      await settle();
    }
  }

  /** None of them is due before an hour is over. */
  async defer(requests: number): Promise<void> {
    const claude = this.started.app.get(ClaudeResilienceService);
    for (let n = 0; n < requests; n++) await claude.defer(PARAMS, { notBeforeMs: 3_600_000 });
  }

  /** Rules by which something fires. */
  get firing(): readonly string[] {
    const { alerts } = this.started.app.get(ClaudeAlerts).view();
    return [...new Set(alerts.filter(({ state }) => state !== 'pending').map(({ rule }) => rule))];
  }

  /** Rules that people were told of. */
  get told(): readonly string[] {
    const messages = this.sink.messages.filter(({ kind }) => kind === 'trigger');
    return [...new Set(messages.flatMap(({ alerts }) => alerts.map(({ rule }) => rule)))];
  }

  async #answer(): Promise<unknown> {
    const { tookMs, inputTokens, failures } = this.reply;
    await new Promise<void>((resolve) => this.clock.after(tookMs, resolve));
    const status = failures.shift();
    if (status !== undefined) throw Anthropic.APIError.generate(status, undefined, 'scripted', new Headers());
    return {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: PARAMS.model,
      content: [{ type: 'text', text: 'A word.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: inputTokens, output_tokens: 10 },
    };
  }
}

interface Row {
  readonly rule: AlertRuleId;
  readonly what: string;
  readonly options?: ClaudeResilienceOptions & ClaudeResilienceExtras;
  act(world: World): Promise<void>;
}

const ROWS: readonly Row[] = [
  {
    rule: 'account_stopped',
    what: 'a key is refused',
    act: async (world) => {
      world.reply.failures = [401];
      await world.ask(1);
    },
  },
  {
    rule: 'access_refused',
    what: 'a permission is refused, and nobody stops the account for it',
    options: { account: false },
    act: async (world) => {
      world.reply.failures = [403];
      await world.live(2, () => world.ask(1));
    },
  },
  {
    rule: 'circuit_open',
    what: 'a circuit is not closed for five minutes',
    options: { circuit: { failureThreshold: 3, whenOpen: 'refuse' } },
    act: async (world) => {
      world.reply.failures = Array.from({ length: 99 }, () => 529);
      await world.live(8, () => world.ask(3));
    },
  },
  {
    rule: 'error_rate',
    what: 'five of sixty calls meet an overload',
    act: async (world) => {
      world.reply.failures = [529, 529, 529, 529, 529];
      await world.ask(20);
      await world.live(3);
    },
  },
  {
    rule: 'persistent_errors',
    what: 'one of 25 calls meets a 500, for half an hour',
    act: (world) =>
      world.live(36, async () => {
        world.reply.failures = [500];
        await world.ask(25);
      }),
  },
  {
    rule: 'latency_p95',
    what: 'answers take 2.5 times as long as they did',
    act: async (world) => {
      world.reply.tookMs = 2_500;
      await world.live(9, () => world.ask(20));
    },
  },
  {
    rule: 'retry_rate',
    what: 'seven of sixty calls are repeated',
    options: { retry: { overloaded: AT_ONCE } },
    act: async (world) => {
      world.reply.failures = [529, 529, 529, 529, 529, 529, 529];
      world.reply.tookMs = 0;
      await world.ask(20);
      await world.live(3);
    },
  },
  {
    rule: 'token_shift',
    what: 'prompts are three times as long as they were',
    act: async (world) => {
      world.reply.inputTokens = 300;
      await world.live(4, () => world.ask(20));
    },
  },
  {
    rule: 'spend_ceiling',
    what: 'five minutes cost two dollars instead of ten cents',
    act: async (world) => {
      world.reply.inputTokens = 50_000;
      await world.live(2, () => world.ask(20));
    },
  },
  {
    rule: 'budget',
    what: 'nine tenths of the budget of an hour are spent',
    options: { cost: { budgets: { overall: { perHourUsd: 1 } } } },
    act: async (world) => {
      world.reply.inputTokens = 50_000;
      await world.ask(9);
      await world.live(3);
    },
  },
  {
    rule: 'queue_growing',
    what: 'sixty wait where none did',
    options: { queue: { driver: 'memory' } },
    act: async (world) => {
      await world.live(17);
      await world.defer(60);
      await world.live(8);
    },
  },
  {
    rule: 'queue_old',
    what: 'a deferred request is not started for more than a quarter of an hour after it was due',
    options: { queue: { driver: 'memory' } },
    act: async (world) => {
      world.started.app.get(ClaudeQueue).pause();
      await world.defer(1);
      await world.live(60 + 15);
      expect([world.firing, world.told]).toEqual([[], []]);
      await world.live(4);
    },
  },
  {
    rule: 'alert_delivery',
    what: 'one of two sinks takes nothing',
    act: async (world) => {
      world.broken.trouble = new Error('down');
      world.reply.failures = [401];
      await world.ask(1);
      await world.live(40);
    },
  },
  {
    rule: 'readings_missing',
    what: 'the store of the queue does not answer',
    options: { queue: { driver: 'memory' } },
    act: async (world) => {
      world.started.app.get(DeferralRoom).store.count = () => Promise.reject(new Error('no such table'));
      await world.live(7);
    },
  },
];

describe('every rule, in an application (R30-R34, R37)', () => {
  it('is in the table', () => {
    expect(ROWS.map(({ rule }) => rule).sort()).toEqual(ALERT_RULES.map(({ id }) => id).sort());
  });

  it.each(ROWS)(
    '$rule: people are told when $what',
    async ({ rule, options = {}, act }) => {
      const world = await new World().start(options);
      await world.live(2, () => world.ask(20));
      expect(world.firing).toEqual([]);
      await act(world);
      expect(world.firing).toContain(rule);
      expect(world.told).toContain(rule);
    },
    60_000,
  );

  it('none fires while all is as usual', async () => {
    const world = await new World().start({ queue: { driver: 'memory' } });
    await world.live(40, () => world.ask(20));
    expect([world.firing, world.told]).toEqual([[], []]);
  }, 60_000);
});

describe('5 % of requests in 5 minutes (R30)', () => {
  it('49 and 50 of 1 000 are silent, 51 are one alert, and neither 4 % nor traffic that stops ends it', async () => {
    const world = await new World().start({ retry: { overloaded: ONCE } });
    const happened = (type: string) =>
      world.started.events.filter(
        (event) => event.type === type && 'alert' in event && event.alert.rule === 'error_rate',
      ).length;
    const thousand = async (failures: number) => {
      world.reply.failures = Array.from({ length: failures }, () => 529);
      await world.ask(1_000);
      await world.live(1);
    };
    for (const failures of [49, 50]) {
      await thousand(failures);
      expect(happened('alert.fired')).toBe(0);
      // Until all of that is out of the window.
      await world.live(6);
    }
    await thousand(51);
    // Of the workflow, and of all of them together.
    expect(happened('alert.fired')).toBe(2);
    await world.live(60);
    await world.live(12, async () => {
      world.reply.failures = [529];
      await world.ask(25);
    });
    expect([happened('alert.fired'), happened('alert.resolved')]).toEqual([2, 0]);
    await world.live(12, () => world.ask(20));
    expect([happened('alert.fired'), happened('alert.resolved')]).toEqual([2, 2]);
  }, 60_000);
});
