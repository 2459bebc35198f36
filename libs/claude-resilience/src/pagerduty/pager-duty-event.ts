import { isoDuration } from '../core/alerts/figures-in-words.js';
import type { AlertResolve, AlertTrigger, ToldAlert } from '../core/alerts/alert.js';

/** Longest summary that it takes, in characters. */
const LONGEST_SUMMARY = 1024;
/** Alerts that are named in one event: bodies are up to 512 KB. */
const MOST_LISTED = 20;

/** A body of the Events API v2. @see https://developer.pagerduty.com/docs/events-api-v2 */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly client?: string;
  readonly client_url?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: 'critical' | 'error' | 'warning' | 'info';
    readonly timestamp: string;
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

/** One event for each group of alerts: several at once are one incident. */
export function triggerEvents(message: AlertTrigger, routingKey: string): readonly PagerDutyEvent[] {
  const groups = Map.groupBy(message.alerts, ({ groupKey }) => groupKey);
  return [...groups].map(([dedupKey, alerts]) => triggerEvent(message, routingKey, dedupKey, alerts));
}

/** An incident is over when nothing of its group fires any more. */
export function resolveEvents({ groupsOver }: AlertResolve, routingKey: string): readonly PagerDutyEvent[] {
  return groupsOver.map((dedupKey) => ({ routing_key: routingKey, dedup_key: dedupKey, event_action: 'resolve' }));
}

function triggerEvent(
  { service, environment, dashboardUrl }: AlertTrigger,
  routingKey: string,
  dedupKey: string,
  alerts: readonly ToldAlert[],
): PagerDutyEvent {
  // Never empty: it is what the group was made from.
  const gravest = alerts[0] as ToldAlert;
  const more = alerts.length - 1;
  const summary =
    more === 0 ? gravest.summary : `${alerts.length} alerts: ${alerts.map((one) => one.summary).join('; ')}`;
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: dedupKey,
    client: 'claude-resilience',
    ...(dashboardUrl !== undefined && { client_url: dashboardUrl }),
    payload: {
      summary: cut(summary),
      source: service,
      severity: gravest.severity,
      timestamp: isoTime(Math.min(...alerts.map(({ sinceMs }) => sinceMs))),
      component: 'anthropic-api',
      group: environment,
      class: gravest.rule,
      custom_details: { ...detailsOf(gravest), ...(more > 0 && { others: listed(alerts.slice(1)) }) },
    },
    ...(gravest.runbookUrl !== undefined && { links: [{ href: gravest.runbookUrl, text: 'Runbook' }] }),
  };
}

function listed(alerts: readonly ToldAlert[]): readonly unknown[] {
  const named: unknown[] = alerts.slice(0, MOST_LISTED).map(detailsOf);
  return alerts.length > MOST_LISTED ? [...named, `and ${alerts.length - MOST_LISTED} more`] : named;
}

function detailsOf({ rule, labels, figures, sinceMs, wasHeld }: ToldAlert): Readonly<Record<string, unknown>> {
  const { value, threshold, windowMs, samples } = figures;
  return {
    rule,
    ...labels,
    value,
    threshold,
    ...(windowMs !== undefined && { window: isoDuration(windowMs) }),
    ...(samples !== undefined && { samples }),
    // It waited for business hours: when it began matters more than when it is told.
    ...(wasHeld === true && { started_at: isoTime(sinceMs) }),
  };
}

const isoTime = (wallMs: number) => new Date(wallMs).toISOString();

/** By code points: no character is cut in two. */
function cut(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_SUMMARY ? text : `${characters.slice(0, LONGEST_SUMMARY - 1).join('')}…`;
}
