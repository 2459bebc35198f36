import { AggregationTemporality, MeterProvider, MetricReader } from 'otel-metrics-3';
import { Histogram, Registry } from 'prom-client';
import { MetricsRecorder } from '../../../libs/claude-resilience/src/core/metrics/metrics-recorder.js';
import type { CallCompletedEvent } from '../../../libs/claude-resilience/src/core/events.js';
import { SystemClock } from '../../../libs/claude-resilience/src/system/system-clock.js';
import { MODEL } from './answer.js';
import { completedEvents } from './completed-event.js';

/** What each is given: all calls, in turn. */
function calls(): () => CallCompletedEvent {
  const events = completedEvents();
  let at = 0;
  return () => {
    at = (at + 1) % events.length;
    return events[at] as CallCompletedEvent;
  };
}

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
  const clock = new SystemClock();
  const metrics = new MetricsRecorder(clock);
  const next = calls();
  return {
    name: 'ours: a whole call',
    record: () => {
      const event = next();
      // As the event hub does: whoever heard the answer has looked at the clock, for the call itself.
      metrics.hear(event, clock.wallAt(event.call.startedAtMs + event.durationMs));
    },
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
  const next = calls();
  return {
    name: 'prom-client observe, 3 labels',
    record: () => histogram.observe({ workflow: 'plain', model: MODEL, outcome: 'served' }, next().durationMs / 1_000),
    count: async () =>
      (await histogram.get()).values.find(({ metricName }) => metricName === 'call_seconds_count')?.value ?? 0,
  };
}

function openTelemetry(): Recorder {
  const reader = new PulledReader();
  const histogram = new MeterProvider({ readers: [reader] }).getMeter('bench').createHistogram('call.duration');
  const next = calls();
  return {
    name: 'OpenTelemetry record, 4 attributes',
    record: () => {
      const seconds = next().durationMs / 1_000;
      histogram.record(seconds, { workflow: 'plain', model: MODEL, outcome: 'served', feature: 'plain' });
    },
    count: async () => {
      const { resourceMetrics } = await reader.collect();
      const point = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0];
      return (point?.value as { readonly count?: number } | undefined)?.count ?? 0;
    },
  };
}
