import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { figuresOf, type MetricFigures } from '../core/metrics/metric-figures.js';
import { show } from '../core/option-reader.js';
import { PrometheusExporter } from '../prometheus/prometheus-exporter.js';
import type { PrometheusRegistry } from '../prometheus/registry.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** Which calls figures are of; what is left out is not told apart. */
export interface MetricSelection {
  readonly workflow?: string;
  /** As asked for. */
  readonly model?: string;
}

/** Minutes that are kept. */
const LONGEST_MINUTES = 60;

/** What the calls of this process met lately, in numbers (R30-R33): since its start, for an hour at most. */
@Injectable()
export class ClaudeMetrics implements OnApplicationShutdown {
  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
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
