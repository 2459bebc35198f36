import type { AlertRuleId } from '../../libs/claude-resilience/src/core/alerts/alert-rule.js';
import { ALERT_RULES } from '../../libs/claude-resilience/src/core/alerts/alert-rules.js';
import { RESOLVE_RATIO } from '../../libs/claude-resilience/src/core/alerts/judge-level.js';
import { promDuration } from './promql.js';
import type { AlertingRule } from './prometheus-rule.js';

/** How far a firing alert remembers what it fired by, once there is no data. */
export const MEMORY = '1d';

interface Timing {
  readonly pendingMs: number;
  readonly clearMs: number;
}

/** What a rule says; the rest follows from its id. */
export interface Said {
  readonly name?: string;
  readonly expr: string;
  readonly summary: string;
  readonly severity?: string;
  readonly pendingMs?: number;
  readonly keepMs?: number;
}

export function rule(id: AlertRuleId, runbook: string, said: Said): AlertingRule {
  const about = ALERT_RULES.find((one) => one.id === id);
  if (about === undefined) throw new Error(`There is no alert rule ${id}`);
  const { name = alertName(id), expr, summary, severity = about.severity, pendingMs = 0, keepMs = 0 } = said;
  return {
    alert: name,
    expr,
    ...(pendingMs > 0 && { for: promDuration(pendingMs) }),
    ...(keepMs > 0 && { keep_firing_for: promDuration(keepMs) }),
    labels: { severity, rule: id },
    annotations: { summary, description: about.title, runbook_url: `${runbook}#${id}` },
  };
}

export function share(
  id: string,
  of: {
    readonly value: string;
    readonly by: string;
    readonly enough: string;
    readonly limits: Timing & { readonly threshold: number };
  },
): Pick<Said, 'expr' | 'pendingMs' | 'keepMs'> {
  const { threshold } = of.limits;
  return level(id, {
    ...of,
    fires: `> ${threshold} and ${of.enough}`,
    isNear: `>= ${rounded(threshold * RESOLVE_RATIO)}`,
  });
}

/** Begins above one level and ends below another; and as long as nobody knows, nothing changes. */
export function level(
  id: string,
  of: {
    readonly value: string;
    readonly by: string;
    readonly fires: string;
    readonly isNear: string;
    readonly limits: Timing;
  },
): Pick<Said, 'expr' | 'pendingMs' | 'keepMs'> {
  const { value, by, fires, isNear, limits } = of;
  const firing = `ALERTS{alertname="${alertName(id)}", alertstate="firing"}`;
  const expr = [
    `(${value} ${fires})`,
    'or',
    `(${value} ${isNear} and on (${by}) ${firing})`,
    'or',
    `(last_over_time(${value}[${MEMORY}]) and on (${by}) ${firing} unless on (${by}) ${value})`,
  ].join('\n');
  return { expr, pendingMs: limits.pendingMs, keepMs: limits.clearMs };
}

/** As in the messages that the module sends itself. */
function alertName(id: string): string {
  return `Claude${id.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}`;
}

/** Products of shares, without what floating point adds. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
