import type { AlertResolve, AlertTrigger, ToldAlert } from '../core/alerts/alert.js';

/** One of the list that `POST /api/v2/alerts` takes. @see api/v2/openapi.yaml of Alertmanager */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** In the past: it is over. Absent: it fires until it is not told again for `resolve_timeout`. */
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

export function alertmanagerAlerts(message: AlertTrigger | AlertResolve): readonly AlertmanagerAlert[] {
  return message.alerts.map((alert) => ({
    labels: labelsOf(message, alert),
    annotations: {
      summary: alert.summary,
      description: alert.sentence,
      ...(alert.runbookUrl !== undefined && { runbook_url: alert.runbookUrl }),
    },
    startsAt: isoTime(alert.sinceMs),
    ...(message.kind === 'resolve' && { endsAt: isoTime(alert.endedAtMs ?? message.atMs) }),
    ...(message.dashboardUrl !== undefined && { generatorURL: message.dashboardUrl }),
  }));
}

/** Names are ours and valid everywhere: `error_type`, since before UTF-8 names a dot was an error. Empty values are left out. */
function labelsOf({ service, environment }: AlertTrigger | AlertResolve, alert: ToldAlert): Record<string, string> {
  const labels = {
    ...alert.labels,
    alertname: `Claude${alert.rule.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}`,
    env: environment,
    service,
    severity: alert.severity,
  };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

const isoTime = (wallMs: number) => new Date(wallMs).toISOString();
