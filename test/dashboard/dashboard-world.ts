import { ClaudeSimulator } from 'claude-api-simulator';
import { ClaudeAlerts, ClaudeQueue, ClaudeResilienceService, LogAlertSink } from 'nestjs-claude-resilience';
import { MemoryRollupStore } from '../../libs/claude-resilience/src/core/metrics/memory-rollup-store.js';
import type { RollupSlot } from '../../libs/claude-resilience/src/core/metrics/rollup-slot.js';
import { SeriesCounts } from '../../libs/claude-resilience/src/core/metrics/series-counts.js';
import { startApp, type AppOptions, type StartedApp } from '../support/start-app.js';
import { ShiftedClock } from './shifted-clock.js';

export const TOKEN = 'the-token-of-the-operators';
export const NOW_MS = Date.UTC(2026, 10, 23, 14, 10);
const CIRCUIT_COOLS_MS = 61_000;
const MODEL = 'claude-sonnet-5-5';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface WorldOptions {
  readonly claude?: AppOptions['claude'];
  /** Median of the simulator's answers. @default 300 */
  readonly latencyMs?: number;
}

/** An application with three features and a queue, its simulator, and a clock that can be sent ahead. */
export class DashboardWorld {
  private constructor(
    readonly started: StartedApp,
    readonly simulator: ClaudeSimulator,
    readonly clock: ShiftedClock,
  ) {}

  static async start({ claude = {}, latencyMs = 300 }: WorldOptions = {}): Promise<DashboardWorld> {
    const startWallMs = NOW_MS - HOUR_MS;
    const simulator = await ClaudeSimulator.start({
      latencyMs: { medianMs: latencyMs, sigma: 0.2 },
      limits: { requestsPerMinute: 50_000, inputTokensPerMinute: 30_000_000, outputTokensPerMinute: 8_000_000 },
    });
    const clock = new ShiftedClock(startWallMs);
    const store = new MemoryRollupStore();
    await store.put(aWeek(startWallMs));
    const started = await startApp({
      clock,
      claude: {
        baseURL: simulator.url,
        operator: { token: TOKEN },
        queue: { driver: 'memory' },
        retry: {
          overloaded: { maxRetries: 1, baseDelayMs: 5, jitterMs: 0 },
          serverError: { maxRetries: 1, baseDelayMs: 5, jitterMs: 0 },
        },
        alerts: { sinks: [new LogAlertSink(() => {}, 'the log of the team')] },
        cost: { budgets: { workflows: { invoices: { perDayUsd: 400 } }, overall: { perDayUsd: 900 } } },
        rollups: { store },
        ...claude,
      },
    });
    return new DashboardWorld(started, simulator, clock);
  }

  get url(): string {
    return this.started.url;
  }

  /** So many calls at the same time; how they end is what the page is about. */
  async calls(count: number, feature: string, workflow = feature): Promise<void> {
    const claude = this.started.app.get(ClaudeResilienceService);
    const ask = () =>
      claude
        .run(feature, () => claude.messages.create(askFor(feature), { feature, workflow }), {
          workflow,
          input: 'A text.',
        })
        .catch(() => {});
    await Promise.all(Array.from({ length: count }, ask));
  }

  /** Minutes of healthy traffic. */
  async minutes(count: number, perMinute = 12): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      const isRough = minute % 17 === 5;
      if (isRough) this.simulator.scenario.set([{ fault: 'overloaded', count: 1 }]);
      await Promise.all([
        this.calls(perMinute, 'summarisation', 'invoices'),
        this.calls(Math.ceil(perMinute / 2), 'classification'),
        this.calls(Math.ceil(perMinute / 3), 'generation', 'newsletters'),
      ]);
      if (isRough) this.simulator.scenario.clear();
      await this.pass(MINUTE_MS);
    }
  }

  /** Time that passes, and what a minute brings: a look at the alerts. */
  async pass(ms: number): Promise<void> {
    this.clock.jump(ms);
    await this.started.app.get(ClaudeAlerts).look();
  }

  /** Summaries meet nothing but 529, for minutes; others go on. */
  async overload(minutes: number): Promise<void> {
    this.simulator.scenario.set([{ fault: 'overloaded', when: { promptIncludes: 'summarisation' } }]);
    for (let minute = 0; minute < minutes; minute++) {
      await Promise.all([this.calls(12, 'summarisation', 'invoices'), this.calls(6, 'classification')]);
      await this.pass(MINUTE_MS);
    }
  }

  /** So many readers who can wait. */
  async defer(count: number): Promise<void> {
    const { messages } = this.started.app.get(ClaudeResilienceService);
    for (let n = 0; n < count; n++) {
      const priority = (['urgent', 'normal', 'normal', 'background'] as const)[n % 4] ?? 'normal';
      await messages.defer(askFor('summarisation'), { feature: 'summarisation', workflow: 'invoices', priority });
    }
  }

  /** The API is well again, and so is everything else, in the end. */
  async recover(): Promise<void> {
    this.simulator.scenario.clear();
    await this.pass(CIRCUIT_COOLS_MS);
    await this.calls(1, 'summarisation', 'invoices');
    await this.calls(12, 'summarisation', 'invoices');
    this.started.app.get(ClaudeQueue).resume();
  }

  async stop(): Promise<void> {
    await this.simulator.stop();
  }
}

function askFor(feature: string) {
  const content = `${feature}: a word, please.`;
  return { model: MODEL, max_tokens: 64, messages: [{ role: 'user' as const, content }] };
}

/** What processes before this one have counted: a week with nights, and a bad Thursday. */
function aWeek(untilMs: number): RollupSlot[] {
  const slots: RollupSlot[] = [];
  for (const [workflow, share] of [
    ['invoices', 1],
    ['classification', 0.5],
    ['newsletters', 0.3],
  ] as const) {
    for (let startMs = untilMs - 7 * 24 * HOUR_MS; startMs < untilMs; startMs += 5 * MINUTE_MS) {
      const hour = new Date(startMs).getUTCHours();
      const calls = Math.round((hour >= 6 && hour < 20 ? 240 : 60) * share);
      const ageHours = (untilMs - startMs) / HOUR_MS;
      const isBad = ageHours > 90 && ageHours < 93;
      slots.push({
        resolution: '5m',
        startMs,
        workflow,
        model: MODEL,
        source: 'before',
        counts: counted(calls, isBad, startMs),
      });
      if (startMs % HOUR_MS === 0) {
        slots.push({
          resolution: '1h',
          startMs,
          workflow,
          model: MODEL,
          source: 'before',
          counts: counted(calls * 12, isBad, startMs),
        });
      }
    }
  }
  return slots;
}

function counted(calls: number, isBad: boolean, startMs: number) {
  const counts = SeriesCounts.empty();
  const failed = Math.round(calls * (isBad ? 0.28 : 0.004));
  counts.ok = calls - Math.round(failed / 4);
  counts.error = Math.round(failed / 4);
  counts.met5xx = failed;
  counts.retried = failed;
  const errors = SeriesCounts.fromJSON({ errors: { overloaded: failed } });
  counts.errors.merge(errors.errors);
  const wave = 1 + 0.12 * Math.sin(startMs / (5 * HOUR_MS));
  for (let n = 0; n < Math.min(calls, 120); n++) counts.servedMs.add((0.75 + ((n * 37) % 45) / 60) * 300 * wave);
  counts.inputTokens = calls * 820;
  counts.outputTokens = calls * 140;
  counts.costUsd = calls * 0.0046;
  return counts.toJSON();
}
