import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { Baseline } from '../core/metrics/baseline.js';
import { figuresOf, type MetricFigures } from '../core/metrics/metric-figures.js';
import { countedIn, rollUp } from '../core/metrics/rollup.js';
import { SPANS_MS, type Resolution } from '../core/metrics/rollup-slot.js';
import type { BudgetStatus } from '../core/cost/budget.js';
import { show } from '../core/option-reader.js';
import { PrometheusExporter } from '../prometheus/prometheus-exporter.js';
import type { PrometheusRegistry } from '../prometheus/registry.js';
import { FiguresRoom } from '../runtime/figures-room.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** Which calls figures are of; what is left out is not told apart. */
export interface MetricSelection {
  readonly workflow?: string;
  /** As asked for. */
  readonly model?: string;
}

/** Which slots of the past. */
export interface MetricHistoryWish extends MetricSelection {
  /** Slots of 5 minutes are kept for 8 days, those of an hour for 30, unless `rollups` says otherwise. */
  readonly resolution: Resolution;
  /** Milliseconds since the epoch: slots that begin from here on. */
  readonly fromMs: number;
  /** And before this. */
  readonly untilMs: number;
}

/** What one workflow and model met in one slot of time. */
export interface MetricSlot {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly workflow: string;
  readonly model: string;
  /** Something was known to be wrong during it: what is usual is not learnt from it. */
  readonly isUnwell: boolean;
  readonly figures: MetricFigures;
}

/** Minutes that are kept. */
const LONGEST_MINUTES = 60;

/** What calls met, in numbers (R30-R34, R38): of this process lately, and of the past as far as it is kept. */
@Injectable()
export class ClaudeMetrics implements OnApplicationShutdown {
  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(FiguresRoom) private readonly room: FiguresRoom,
    @Inject(PrometheusExporter) private readonly exporter: PrometheusExporter,
  ) {}

  /**
   * @param minutes 1 to 60, the running one besides
   * @throws {ClaudeInvalidOptionsError} for another number
   */
  figures(minutes = 5, of: MetricSelection = {}): MetricFigures {
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES) {
      throw new ClaudeInvalidOptionsError([`minutes: an integer from 1 to ${LONGEST_MINUTES}, got ${show(minutes)}`]);
    }
    return figuresOf(this.runtime.metrics.window(minutes, of));
  }

  /**
   * The past, the oldest first; a slot is there once it is over. Of several processes that share a store, all together.
   *
   * @throws {ClaudeRequestStoreError} when the store cannot be read
   */
  async history(wish: MetricHistoryWish): Promise<readonly MetricSlot[]> {
    const slots = rollUp(countedIn(await this.room.history(wish)), SPANS_MS[wish.resolution]);
    return slots.map(({ counts, ...about }) => ({ ...about, figures: figuresOf(counts) }));
  }

  /** What 95 % of the answers usually take at most (R31), in milliseconds: the middle of a week of 5 minutes. */
  latencyBaseline(of: Required<MetricSelection>): Baseline {
    return this.room.baselines.latencyOf(of, this.runtime.clock.wallMs());
  }

  /**
   * From now on what is usual is learnt anew, after a change on purpose, of a model for one. What is left out is any.
   *
   * @throws {ClaudeRequestStoreError} when the store cannot keep it
   */
  async resetBaseline(of: MetricSelection = {}): Promise<void> {
    await this.room.reset(of);
  }

  /** All budgets of `cost.budgets`, and how far they are used (R34). */
  budgets(): readonly BudgetStatus[] {
    return this.runtime.costs.statuses();
  }

  /**
   * Puts the metrics of docs/monitoring.md into a registry of prom-client's, beside the application's own (R35). They are
   * counted here already, and asked for when somebody scrapes; several modules may share a registry, and twice is once. They
   * leave it when the application is closed.
   *
   * @returns a function that takes them out before
   * @throws {ClaudeInvalidOptionsError} when one of their names is taken by another metric; nothing is registered then
   */
  registerIn(registry: PrometheusRegistry): () => void {
    return this.exporter.registerIn(registry);
  }

  /**
   * What `GET /metrics` answers, for where there is no HTTP.
   *
   * @throws {ClaudeInvalidOptionsError} when prom-client is not installed
   */
  prometheusText(): Promise<string> {
    return this.exporter.text();
  }

  onApplicationShutdown(): void {
    this.exporter.close();
  }
}
