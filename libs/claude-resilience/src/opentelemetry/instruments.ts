import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api';
import type { MetricName } from './telemetry-names.js';

/** Adds to a counter, or records in a histogram. */
export type Instrument = (value: number, attributes: Attributes) => void;

/** Makes one of these for each name; gauges are read, not written, and are made elsewhere. */
export function instrumentsOf<K extends string>(
  meter: Meter,
  metrics: Readonly<Record<K, MetricName>>,
): Readonly<Record<K, Instrument>> {
  const made = Object.entries<MetricName>(metrics).map(([key, metric]) => [key, instrumentOf(meter, metric)] as const);
  return Object.fromEntries(made) as Record<K, Instrument>;
}

function instrumentOf(meter: Meter, metric: MetricName): Instrument {
  const { name, kind } = metric;
  if (kind === 'histogram') {
    const histogram = meter.createHistogram(name, optionsOf(metric));
    return (value, attributes) => histogram.record(value, attributes);
  }
  const counter =
    kind === 'counter'
      ? meter.createCounter(name, optionsOf(metric))
      : meter.createUpDownCounter(name, optionsOf(metric));
  return (value, attributes) => counter.add(value, attributes);
}

export function optionsOf({ unit, says: description, bounds }: MetricName): MetricOptions {
  return { unit, description, ...(bounds && { advice: { explicitBucketBoundaries: [...bounds] } }) };
}
