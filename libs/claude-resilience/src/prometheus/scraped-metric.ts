import type { MetricDefinition, MetricKey } from './metric-set.js';
import { mergeSamples, type Samples } from './sample.js';

/** Where samples come from: one module of one application. */
export type SampleSource = () => Promise<Samples>;

/** By which copies of this package know each other's metrics. */
const SOURCES = Symbol.for('claude-resilience:metric-sources');

/**
 * A metric as prom-client's registries read it: asked for its values when somebody scrapes, and never told of any. Several
 * modules may stand behind one; equal labels are merged then.
 */
export class ScrapedMetric {
  /** A registry of the OpenMetrics format changes it. */
  name: string;
  readonly help: string;
  readonly type: MetricDefinition['type'];
  readonly aggregator: MetricDefinition['aggregator'];
  readonly [SOURCES] = new Set<SampleSource>();

  constructor(
    private readonly key: MetricKey,
    definition: MetricDefinition,
  ) {
    this.name = definition.name;
    this.help = definition.help;
    this.type = definition.type;
    this.aggregator = definition.aggregator;
  }

  async get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    const told = await Promise.all([...this[SOURCES]].map((source) => source()));
    const samples = mergeSamples(
      told.flatMap((all) => all.get(this.key) ?? []),
      aggregator,
    );
    const values = samples.map(({ labels, value, part }) => ({
      labels,
      value,
      ...(part !== undefined && { metricName: `${name}${part}` }),
    }));
    return { name, help, type, aggregator, values };
  }

  /** Counters are not this one's: nothing of them is forgotten because a registry is reset. */
  reset(): void {}
}

/** @returns `undefined` when it is somebody else's metric, or none */
export function sourcesOf(metric: unknown): Set<SampleSource> | undefined {
  return (metric as Partial<ScrapedMetric> | undefined)?.[SOURCES];
}
