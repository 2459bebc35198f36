import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { CallWatch } from '../core/call-watch.js';
import type { ClaudeEvent } from '../core/events.js';
import { VERSION } from '../core/version.js';
import { CallMeter } from './call-meter.js';
import { activeTraceIds, CallTracer } from './call-tracer.js';
import { guarded } from './guarded.js';
import { isUnheard } from './is-unheard.js';
import { loadApi } from './load-api.js';
import type { ResolvedOpenTelemetryOptions } from './open-telemetry.options.js';
import { stateGauges, type StateReadings } from './state-gauges.js';
import { SCOPE } from './telemetry-names.js';

export interface OpenTelemetry {
  readonly watch: CallWatch;
  hear(event: ClaudeEvent): void;
  /** The application's global providers are out of reach: see `isUnheard`. */
  readonly isUnheard: boolean;
  /** Leaves nothing behind in the application's providers. */
  close(): void;
}

/**
 * Metrics and spans of one module (R35).
 *
 * @throws {ClaudeInvalidOptionsError} when `@opentelemetry/api` is not installed
 */
export async function openTelemetry(
  { semconv, metrics, traces, meterProvider, tracerProvider, attributes }: ResolvedOpenTelemetryOptions,
  readings: StateReadings & { circuitStateOf(feature: string): string },
): Promise<OpenTelemetry> {
  const api = await loadApi();
  const meter = metrics
    ? ((meterProvider as MeterProvider | undefined) ?? api.metrics.getMeterProvider()).getMeter(SCOPE, VERSION)
    : undefined;
  const tracer = traces
    ? ((tracerProvider as TracerProvider | undefined) ?? api.trace.getTracerProvider()).getTracer(SCOPE, VERSION)
    : undefined;
  const calls = meter && new CallMeter(meter, semconv, attributes);
  const tracing = tracer && new CallTracer(api, tracer, (feature) => readings.circuitStateOf(feature));
  const close = meter && stateGauges(meter, readings, attributes);
  return {
    watch: {
      around: async (call, inside) => {
        guarded(() => calls?.began(call));
        try {
          return await (tracing === undefined ? inside() : tracing.around(call, inside));
        } finally {
          guarded(() => calls?.ended(call));
        }
      },
      traceIds: () => activeTraceIds(api),
    },
    hear: (event) => {
      if (event.type === 'retry.scheduled') guarded(() => tracing?.retryScheduled(event));
      calls?.hear(event);
    },
    isUnheard: isUnheard(api, {
      metrics: metrics && meterProvider === undefined,
      traces: traces && tracerProvider === undefined,
    }),
    close: () => close?.(),
  };
}
