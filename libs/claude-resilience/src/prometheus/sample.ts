import { labelValue } from './label-value.js';
import type { MetricDefinition, MetricKey } from './metric-set.js';

export type Labels = Readonly<Record<string, string>>;

/** One line of a scrape. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** Of a histogram: which of its lines it is. */
  readonly part?: '_bucket' | '_sum' | '_count';
}

export type Samples = ReadonlyMap<MetricKey, readonly Sample[]>;

/** One sample for each set of labels, however many there were. */
export function mergeSamples(
  samples: readonly Sample[],
  aggregator: MetricDefinition['aggregator'],
): readonly Sample[] {
  const merged = new Map<string, Sample>();
  for (const sample of samples) {
    const labels: Record<string, string> = {};
    // Names of labels are the same in all samples of a metric, but for `le`, which only buckets have.
    let key: string = sample.part ?? '';
    for (const [name, text] of Object.entries(sample.labels)) {
      const value = labelValue(text);
      labels[name] = value;
      key += `\u0000${value}`;
    }
    const before = merged.get(key);
    const value = before === undefined ? sample.value : MERGE[aggregator](before.value, sample.value);
    merged.set(key, { ...sample, labels, value });
  }
  return [...merged.values()];
}

const MERGE = {
  sum: (one: number, other: number) => one + other,
  max: Math.max,
  min: Math.min,
} as const satisfies Record<MetricDefinition['aggregator'], unknown>;
