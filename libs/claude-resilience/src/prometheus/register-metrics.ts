import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { METRICS, type MetricKey } from './metric-set.js';
import type { PrometheusRegistry } from './registry.js';
import { ScrapedMetric, sourcesOf, type SampleSource } from './scraped-metric.js';

/**
 * Puts every metric into a registry, or beside the one of another module that is there already. The same source twice is once.
 *
 * @returns a function that takes this source out again, and metrics that nobody stands behind any more
 * @throws {ClaudeInvalidOptionsError} when a name is taken by somebody else's metric; nothing is registered then
 */
export function registerMetrics(registry: PrometheusRegistry, source: SampleSource): () => void {
  const definitions = Object.entries(METRICS) as [MetricKey, (typeof METRICS)[MetricKey]][];
  const names = definitions.map(([, { name }]) => name);
  const taken = names.filter((name) => {
    const metric = registry.getSingleMetric(name);
    return metric !== undefined && sourcesOf(metric) === undefined;
  });
  if (taken.length > 0) {
    throw new ClaudeInvalidOptionsError(taken.map((name) => `registry: ${name} is the name of another metric in it`));
  }
  for (const [key, definition] of definitions) {
    const known = sourcesOf(registry.getSingleMetric(definition.name));
    if (known !== undefined) {
      known.add(source);
      continue;
    }
    const metric = new ScrapedMetric(key, definition);
    sourcesOf(metric)?.add(source);
    registry.registerMetric(metric as never);
  }
  return () => {
    for (const name of names) {
      const sources = sourcesOf(registry.getSingleMetric(name));
      sources?.delete(source);
      if (sources?.size === 0) registry.removeSingleMetric(name);
    }
  };
}
