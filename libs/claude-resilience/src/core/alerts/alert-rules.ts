import type { AlertRule } from './alert-rule.js';
import { accessRefused } from './rules/access-refused.js';
import { accountStopped } from './rules/account-stopped.js';
import { alertDelivery } from './rules/alert-delivery.js';
import { budget } from './rules/budget.js';
import { circuitOpen } from './rules/circuit-open.js';
import { errorRate } from './rules/error-rate.js';
import { latencyP95 } from './rules/latency-p95.js';
import { persistentErrors } from './rules/persistent-errors.js';
import { queueGrowing } from './rules/queue-growing.js';
import { queueOld } from './rules/queue-old.js';
import { readingsMissing } from './rules/readings-missing.js';
import { retryRate } from './rules/retry-rate.js';
import { spendCeiling } from './rules/spend-ceiling.js';
import { tokenShift } from './rules/token-shift.js';

/** What people are told of, gravest first. */
export const ALERT_RULES: readonly AlertRule[] = Object.freeze([
  accountStopped,
  accessRefused,
  circuitOpen,
  errorRate,
  persistentErrors,
  latencyP95,
  retryRate,
  tokenShift,
  spendCeiling,
  budget,
  queueGrowing,
  queueOld,
  alertDelivery,
  readingsMissing,
]);
