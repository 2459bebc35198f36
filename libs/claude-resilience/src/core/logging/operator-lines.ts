import type { ClaudeEventOf } from '../events.js';
import type { AlertLabels } from '../alerts/alert-rule.js';
import { plainWord } from './clean-field.js';
import { logLine, type LineFields, type LogLine } from './log-line.js';

const ROLLUPS_CANNOT =
  'Look at the store of metrics: its disk, its limits, or the Redis of the replicas. Calls go on; figures may be missing.';

const FLEET_CANNOT = 'Look at the Redis of the replicas. Calls go on; each replica decides alone meanwhile.';

/** What operators are told of, and what they did. */
export function operatorLine(
  event: ClaudeEventOf<
    | 'alert.fired'
    | 'alert.resolved'
    | 'alert.delivery_failed'
    | 'budget.warned'
    | 'budget.spent'
    | 'rollups.trouble'
    | 'rollups.well'
    | 'fleet.trouble'
    | 'fleet.well'
    | 'admin.acted'
    | 'subscriber.troubled'
  >,
): LogLine {
  switch (event.type) {
    case 'alert.fired':
    case 'alert.resolved': {
      const { key, rule, labels, severity, summary } = event.alert;
      const lasted = event.type === 'alert.resolved' ? { lastedMs: Math.round(event.lastedMs) } : {};
      const isBad = event.type === 'alert.fired' && severity !== 'info';
      return logLine(isBad ? 'warn' : 'log', event.type, {
        key,
        rule,
        severity,
        summary,
        ...ofLabels(labels),
        ...lasted,
      });
    }
    case 'alert.delivery_failed': {
      const { type, sink, kind, alerts, reason, tries, problem } = event;
      return logLine('error', type, { sink, kind, alerts, reason, tries, problem });
    }
    case 'budget.warned':
    case 'budget.spent': {
      const { type, workflow, period, limitUsd, spentUsd, unknown, forecastUsd } = event;
      const about = { workflow, forecastUsd, period, limitUsd, spentUsd };
      return logLine('warn', type, { ...about, ...(unknown > 0 && { unknown }) });
    }
    case 'rollups.trouble':
      return logLine('error', event.type, { errorCode: plainWord(event.errorCode), action: ROLLUPS_CANNOT });
    case 'rollups.well':
      return logLine('log', event.type, {});
    case 'fleet.trouble':
      return logLine('warn', event.type, { errorCode: plainWord(event.errorCode), action: FLEET_CANNOT });
    case 'fleet.well':
      return logLine('log', event.type, { replicas: event.replicas });
    case 'admin.acted': {
      const { type, action, target, by, reason, untilMs, changed, outcome, count } = event;
      const until = untilMs === undefined ? undefined : new Date(untilMs).toISOString();
      return logLine('warn', type, { action, target, by, reason, until, count, changed, outcome });
    }
    case 'subscriber.troubled': {
      const { type, subscriber, dropped, failed } = event;
      const errorName = plainWord(event.errorName);
      return logLine('warn', type, { subscriber, dropped, failed, errorName });
    }
    default:
      return event satisfies never;
  }
}

/** What the alert is about: whatever rules tell alerts from each other by. */
function ofLabels(labels: AlertLabels): LineFields {
  const { account, circuit, direction, error_type: errorType, model, period, sink, workflow } = labels;
  return { account, circuit, direction, errorType, model, period, sink, workflow };
}
