import { Get, Header, Inject, type Type } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { PROMETHEUS_CONTENT_TYPE, PrometheusExporter } from '../prometheus/prometheus-exporter.js';
import type { ClaudeRoute } from './claude-route.js';
import type { OperatorAccess } from './operator-access.js';
import { OperatorProblem } from './operator-problem.js';
import { operatorRoute } from './operator-route.js';

/** The controllers of metrics for Prometheus (R35): one, or none. @throws {ClaudeInvalidOptionsError} */
export function metricsControllers(route: ClaudeRoute | undefined, access: OperatorAccess): Type<unknown>[] {
  const decorate = operatorRoute('metrics', route, 'metrics', access);
  if (decorate === undefined) return [];

  // A class of its own for each application: path and guards are metadata of the class.
  @decorate
  class ClaudeMetricsController {
    constructor(@Inject(PrometheusExporter) private readonly exporter: PrometheusExporter) {}

    @Get()
    @Header('Content-Type', PROMETHEUS_CONTENT_TYPE)
    @Header('Cache-Control', 'no-store')
    async scrape(): Promise<string> {
      try {
        return await this.exporter.text();
      } catch (error) {
        if (!(error instanceof ClaudeInvalidOptionsError)) throw error;
        throw new OperatorProblem(
          503,
          'CLAUDE_METRICS_UNAVAILABLE',
          'Metrics need the package prom-client, which is not installed: npm install prom-client@15',
        );
      }
    }
  }
  return [ClaudeMetricsController];
}
