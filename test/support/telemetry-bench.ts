import {
  context,
  type Attributes,
  type MeterProvider,
  type SpanStatusCode,
  type TracerProvider,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager as ContextManager2 } from 'otel-context-2';
import { AsyncLocalStorageContextManager as ContextManager3 } from 'otel-context-3';
import * as metrics2 from 'otel-metrics-2';
import * as metrics3 from 'otel-metrics-3';
import * as trace2 from 'otel-trace-2';
import * as trace3 from 'otel-trace-3';

/** What was exported of a span, whichever major made it. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly status: { readonly code: SpanStatusCode; readonly message?: string };
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes?: Attributes }[];
}

/** One point of a metric. */
export interface SeenPoint {
  readonly attributes: Attributes;
  readonly value: unknown;
}

export interface SeenMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly points: readonly SeenPoint[];
}

/** OpenTelemetry's own SDK of one major, with exporters in memory. */
export interface TelemetryBench {
  readonly meterProvider: MeterProvider;
  readonly tracerProvider: TracerProvider;
  /** All that ended so far, by the order of their ends. */
  spans(): readonly SeenSpan[];
  /** What a collection now gives, of this module's scope. */
  metrics(): Promise<readonly SeenMetric[]>;
  close(): Promise<void>;
}

export const MAJORS = [2, 3] as const;

/**
 * Makes the context manager of this major the one of the process, until `close`.
 *
 * @param temporality `DELTA`: a collection gives what is new; otherwise the SDK repeats what nobody observes any more
 */
export function telemetryBench(
  major: (typeof MAJORS)[number],
  temporality: 'CUMULATIVE' | 'DELTA' = 'CUMULATIVE',
): TelemetryBench {
  context.setGlobalContextManager((major === 2 ? new ContextManager2() : new ContextManager3()).enable());
  const [tracerProvider, spans] = major === 2 ? traces2() : traces3();
  const sdk = major === 2 ? metrics2 : (metrics3 as unknown as typeof metrics2);
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality[temporality]);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const meterProvider = new sdk.MeterProvider({ readers: [reader] });
  return {
    meterProvider,
    tracerProvider,
    spans: () => spans().map(seenSpan),
    async metrics() {
      exporter.reset();
      await reader.forceFlush();
      const ours = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      return ours
        .filter(({ scope }) => scope.name === 'nestjs-claude-resilience')
        .flatMap(({ metrics }) => metrics)
        .map(({ descriptor: { name, unit, description }, dataPoints }) => {
          const points = dataPoints.map(({ attributes, value }) => ({ attributes, value: value as unknown }));
          return { name, unit, description, points };
        });
    },
    async close() {
      context.disable();
      await meterProvider.shutdown();
    },
  };
}

type ReadableSpan = ReturnType<trace2.InMemorySpanExporter['getFinishedSpans']>[number];

function traces2(): [TracerProvider, () => readonly ReadableSpan[]] {
  const exporter = new trace2.InMemorySpanExporter();
  const provider = new trace2.BasicTracerProvider({ spanProcessors: [new trace2.SimpleSpanProcessor(exporter)] });
  return [provider, () => exporter.getFinishedSpans()];
}

function traces3(): [TracerProvider, () => readonly ReadableSpan[]] {
  const exporter = new trace3.InMemorySpanExporter();
  const provider = new trace3.TracerProvider({ spanProcessors: [new trace3.SimpleSpanProcessor({ exporter })] });
  return [provider, () => exporter.getFinishedSpans() as unknown as readonly ReadableSpan[]];
}

function seenSpan(span: ReadableSpan): SeenSpan {
  const { name, kind, status, attributes, events, instrumentationScope, parentSpanContext } = span;
  const { traceId, spanId } = span.spanContext();
  return {
    name,
    kind,
    scope: instrumentationScope.name,
    traceId,
    spanId,
    parentSpanId: parentSpanContext?.spanId,
    status,
    attributes,
    events: events.map((event) => ({ name: event.name, ...(event.attributes && { attributes: event.attributes }) })),
  };
}
