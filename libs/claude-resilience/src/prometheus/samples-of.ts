import { VERSION } from '../core/version.js';
import type { MetricFacts } from '../runtime/metric-facts.js';
import type { MetricKey } from './metric-set.js';
import type { Sample, Samples } from './sample.js';
import { seriesSamples } from './series-samples.js';
import { MAX_BUCKETS, stateSamples } from './state-samples.js';

/** What a scrape says, by metric. */
export function samplesOf(facts: MetricFacts): Samples {
  const samples = new Map<MetricKey, Sample[]>();
  const all = [
    ['info', [{ labels: { version: VERSION }, value: 1 }]],
    ['startTime', [{ labels: {}, value: facts.sinceMs / 1_000 }]],
    ...facts.series.flatMap(seriesSamples),
    ...stateSamples(facts),
    ['overflow', overflowOf(facts)],
  ] as const;
  for (const [key, more] of all) {
    const before = samples.get(key);
    if (before === undefined) samples.set(key, [...more]);
    else before.push(...more);
  }
  return samples;
}

function overflowOf({ overflow, buckets }: MetricFacts): readonly Sample[] {
  const counts = { ...overflow, bucket: Math.max(0, buckets.length - MAX_BUCKETS) };
  return Object.entries(counts).map(([dimension, value]) => ({ labels: { dimension }, value }));
}
