import { alertKey } from './alert-key.js';
import type { AlertResolve, AlertTrigger, ToldAlert } from './alert.js';
import type { ResolvedAlertsOptions } from './alerts.options.js';

/** What a test is sent by, and marked with: nobody should get up for it. */
export interface AlertTest {
  readonly trigger: AlertTrigger;
  /** Follows at once, so that no incident is left open. */
  readonly resolve: AlertResolve;
}

/** How a sink did in a test. */
export interface AlertSinkTest {
  readonly sink: string;
  /** Whether its receiver took the message. */
  readonly isTaken: boolean;
  readonly tookMs: number;
  /** What is the matter, in our words; absent: nothing. */
  readonly problem?: string;
}

const TITLE = '[TEST] A test of this sink: nothing is wrong';

/**
 * Messages that go the way of every alert, each test under a key of its own.
 *
 * @param id of the test, for example `Random.id()`
 */
export function testAlert(
  sink: string,
  id: string,
  atMs: number,
  { service, environment, dashboardUrl, runbookUrl }: ResolvedAlertsOptions,
): AlertTest {
  const labels = { sink, test: id };
  const key = alertKey(service, environment, 'alert_delivery', labels);
  const alert: ToldAlert = {
    key,
    groupKey: key,
    rule: 'alert_delivery',
    scope: 'sink',
    title: TITLE,
    labels,
    severity: 'info',
    summary: TITLE,
    sentence: `${TITLE}. Somebody asked for it, to see whether alerts arrive; there is nothing to do.`,
    figures: { value: 0, threshold: 0, unit: 'count' },
    sinceMs: atMs,
    ...(runbookUrl !== undefined && { runbookUrl: `${runbookUrl}#alert_delivery` }),
  };
  const envelope = { atMs, service, environment, ...(dashboardUrl !== undefined && { dashboardUrl }) };
  const ended = { ...alert, endedAtMs: atMs, sentence: `${TITLE}. The test is over.` };
  return {
    trigger: { ...envelope, id, kind: 'trigger', alerts: [alert] },
    resolve: { ...envelope, id: `${id}-end`, kind: 'resolve', alerts: [ended], groupsOver: [key] },
  };
}
