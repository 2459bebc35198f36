import type { Alert, AlertMessage } from '../core/alerts/alert.js';

/** Alerts named in one mail. */
const MOST_LISTED = 50;

/** A mail of alerts: plain text, one sentence each. */
export function alertMail(message: AlertMessage): { readonly subject: string; readonly text: string } {
  const { alerts, kind, service, environment, dashboardUrl } = message;
  const left = Math.max(0, alerts.length - MOST_LISTED) + (kind === 'digest' ? message.left : 0);
  const parts = [
    ...(kind === 'digest' ? ['What came and went outside of business hours:'] : []),
    ...alerts.slice(0, MOST_LISTED).map(paragraph),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...(dashboardUrl === undefined ? [] : [`Dashboard: ${dashboardUrl}`]),
    `${service}, ${environment}`,
  ];
  return { subject: subjectOf(message), text: `${parts.join('\n\n')}\n` };
}

function subjectOf({ kind, alerts, service }: AlertMessage): string {
  const first = alerts[0]?.summary ?? '';
  const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
  switch (kind) {
    case 'trigger':
      return `[${service}] ${alerts[0]?.severity ?? ''}: ${first}${more}`;
    case 'resolve':
      return `[${service}] resolved: ${first}${more}`;
    case 'digest':
      return `[${service}] ${alerts.length} alerts outside of business hours, over by now`;
    default:
      return kind satisfies never;
  }
}

function paragraph({ severity, title, sentence, runbookUrl }: Alert): string {
  const runbook = runbookUrl === undefined ? '' : `\nWhat to do: ${runbookUrl}`;
  return `${severity.toUpperCase()}: ${title}\n${sentence}${runbook}`;
}
