import type { AdminAct } from '../admin/admin-act.js';
import type { AccountStatus } from './account-status.js';
import type { AlertsStatus } from './alerts-status.js';
import type { AdviceTopic } from '../advice/advice.js';
import type { BudgetStatus } from '../cost/budget.js';
import type { FleetStatus } from './fleet-status.js';
import type { FeatureStatus } from './feature-status.js';
import type { LimitsStatus } from './limits-status.js';
import type { QueueStatus } from './queue-status.js';
import type { RecentFailure } from './recent-failure.js';
import type { StatusChange } from './status-change.js';
import type { StatusVerdict } from './status-verdict.js';
import type { TrafficFigures } from './traffic-figures.js';
import type { WorkflowStatus } from './workflow-status.js';

/** All that is known of Claude in this process at one moment, as plain data: what the dashboard and health show. */
export interface ClaudeStatus extends StatusFacts {
  readonly verdict: StatusVerdict;
}

/** What a verdict is made of. Moments are wall-clock milliseconds. */
export interface StatusFacts {
  readonly atMs: number;
  /** Since when this process counts. */
  readonly countsSinceMs: number;
  /** Whether this process is about to end: it takes nothing new. */
  readonly isShuttingDown: boolean;
  /** Figures of traffic and workflows are of all replicas that are heard. */
  readonly fleet: FleetStatus;
  readonly features: readonly FeatureStatus[];
  readonly accounts: readonly AccountStatus[];
  readonly limits: LimitsStatus;
  /** All calls of the last 5 minutes. */
  readonly traffic: TrafficFigures;
  /** When a call was served last; absent: none was, since the process began. */
  readonly lastSuccessMs?: number;
  /** The newest calls, of whatever age, if all of them failed. */
  readonly failuresInARow: number;
  readonly workflows: readonly WorkflowStatus[];
  /** Budgets of all workflows together; empty: none, or nobody knows. */
  readonly budgets: readonly BudgetStatus[];
  readonly queue: QueueStatus;
  readonly alerts: AlertsStatus;
  readonly advice: readonly AdviceStatus[];
  /** What has changed, the newest first. */
  readonly changes: readonly StatusChange[];
  /** Calls that failed, the newest first. */
  readonly failures: readonly RecentFailure[];
  /** What operators did, the newest first, up to 100; the log has all. */
  readonly acts: readonly AdminAct[];
}

export interface AdviceStatus {
  readonly topic: AdviceTopic;
  readonly feature: string;
  readonly sentence: string;
  readonly sinceMs: number;
}
