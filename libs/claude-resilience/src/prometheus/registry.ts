/** The part of prom-client's `Registry` that is used: an application's own fits, whatever copy of the package made it. */
export interface PrometheusRegistry {
  registerMetric(metric: never): void;
  getSingleMetric(name: string): unknown;
  removeSingleMetric(name: string): void;
}
