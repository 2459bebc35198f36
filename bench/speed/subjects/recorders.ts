import { AggregationTemporality, MeterProvider, MetricReader } from 'otel-metrics-3';
import { Histogram, Registry } from 'prom-client';
import { MetricsRecorder } from '../../../libs/claude-resilience/src/core/metrics/metrics-recorder.js';
import { SystemClock } from '../../../libs/claude-resilience/src/system/system-clock.js';
import { MODEL } from './answer.js';
import { completedEvent } from './completed-event.js';

/** A way to write one answered call down. */
export interface Recorder {
  readonly name: string;
  record(): void;
  /** How many it holds. */
  count(): Promise<number>;
}

/** Collects when it is asked. */
class PulledReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

export function recorders(): readonly Recorder[] {
  return [ours(), prometheus(), openTelemetry()];
}

function ours(): Recorder {
  const metrics = new MetricsRecorder(new SystemClock());
  const event = completedEvent();
  return {
    name: 'ours: a whole call',
    record: () => metrics.hear(event),
    count: async () => metrics.totals()[0]?.counts.ok ?? 0,
  };
}

function prometheus(): Recorder {
  const registry = new Registry();
  const histogram = new Histogram({
    name: 'call_seconds',
    help: 'How long calls took',
    labelNames: ['workflow', 'model', 'outcome'],
    registers: [registry],
  });
  return {
    name: 'prom-client observe, 3 labels',
    record: () => histogram.observe({ workflow: 'plain', model: MODEL, outcome: 'served' }, 1.2345),
    count: async () =>
      (await histogram.get()).values.find(({ metricName }) => metricName === 'call_seconds_count')?.value ?? 0,
  };
}

function openTelemetry(): Recorder {
  const reader = new PulledReader();
  const histogram = new MeterProvider({ readers: [reader] }).getMeter('bench').createHistogram('call.duration');
  return {
    name: 'OpenTelemetry record, 4 attributes',
    record: () => histogram.record(1.2345, { workflow: 'plain', model: MODEL, outcome: 'served', feature: 'plain' }),
    count: async () => {
      const { resourceMetrics } = await reader.collect();
      const point = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0];
      return (point?.value as { readonly count?: number } | undefined)?.count ?? 0;
    },
  };
}
