import type { MetricFacts } from '../runtime/metric-facts.js';
import { loadPromClient, type PromClient } from './load-prom-client.js';
import { registerMetrics } from './register-metrics.js';
import type { PrometheusRegistry } from './registry.js';
import type { Samples } from './sample.js';
import { samplesOf } from './samples-of.js';

/** Of what `text` gives. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The metrics of one module, for Prometheus: nothing is kept here, everything is asked for when somebody scrapes (R35). */
export class PrometheusExporter {
  readonly #registered = new Map<PrometheusRegistry, () => void>();
  #own: Promise<InstanceType<PromClient['Registry']>> | undefined;
  #asked: Promise<Samples> | undefined;
  readonly #source = () => this.#samples();

  constructor(
    private readonly facts: () => Promise<MetricFacts>,
    private readonly load: () => Promise<PromClient> = loadPromClient,
  ) {}

  /**
   * The metrics in Prometheus's text format, of a registry of this module's own.
   *
   * @throws {ClaudeInvalidOptionsError} when prom-client is not installed
   */
  async text(): Promise<string> {
    this.#own ??= this.#open();
    try {
      return await (await this.#own).metrics();
    } catch (error) {
      // It may be there the next time.
      this.#own = undefined;
      throw error;
    }
  }

  /** @returns a function that takes them out again @throws {ClaudeInvalidOptionsError} when a name is taken */
  registerIn(registry: PrometheusRegistry): () => void {
    const known = this.#registered.get(registry);
    if (known !== undefined) return known;
    const remove = registerMetrics(registry, this.#source);
    const end = () => {
      remove();
      this.#registered.delete(registry);
    };
    this.#registered.set(registry, end);
    return end;
  }

  /** Takes the metrics out of every registry. */
  close(): void {
    for (const end of this.#registered.values()) end();
  }

  async #open(): Promise<InstanceType<PromClient['Registry']>> {
    const { Registry } = await this.load();
    const registry = new Registry();
    registerMetrics(registry, this.#source);
    return registry;
  }

  /** All metrics of one scrape say the same moment. */
  #samples(): Promise<Samples> {
    this.#asked ??= this.facts()
      .then(samplesOf)
      .finally(() => (this.#asked = undefined));
    return this.#asked;
  }
}
