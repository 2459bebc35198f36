import type { ChartPoint } from './chart-points.js';
import type { Usual } from './traffic-figures.js';

/** What charts show. */
export interface StatusCharts {
  /** The last 60 minutes, by minutes, of all workflows. */
  readonly hour: readonly ChartPoint[];
  /** Of the same hour, by 5 minutes, each workflow's: those with most calls, a few. */
  readonly latencies: readonly WorkflowLatency[];
  /** 7 days, by hours, of all workflows; `undefined`: it is not known, or being read. */
  readonly week: readonly ChartPoint[] | undefined;
  /** The first of these that was counted by anybody, wall-clock milliseconds. */
  readonly weekSinceMs?: number;
}

export interface WorkflowLatency {
  readonly workflow: string;
  readonly points: readonly ChartPoint[];
  readonly usualP95Ms: Usual;
}
