import type { ClaudeStatus } from '../../core/status/claude-status.js';
import type { FeatureStatus } from '../../core/status/feature-status.js';
import type { StatusCharts } from '../../core/status/status-charts.js';
import type { Html } from './html.js';

/** All that sections of the page are made of. */
export interface PageContext {
  readonly status: ClaudeStatus;
  readonly charts: StatusCharts;
  readonly links: DashboardLinks;
}

/** Where the page leads to, where there is something: other operator routes hang themselves in here. */
export interface DashboardLinks {
  /** The timeline of one call. */
  readonly callUrl?: (correlationId: string) => string;
  /** What a person can do about a circuit, the queue, alerts: forms, which carry the key of the session. */
  readonly circuitActions?: (feature: FeatureStatus) => Html;
  readonly queueActions?: () => Html;
  readonly alertActions?: () => Html;
  /** And about nothing that has a place of its own. */
  readonly otherActions?: () => Html;
}
