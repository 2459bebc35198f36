import type { AlertDigest, AlertResolve, AlertTrigger, ToldAlert } from '../core/alerts/alert.js';

/** 10:00 on 22 November 2026, UTC, the time of the examples. */
export const ALERT_TIME = Date.UTC(2026, 10, 22, 10);

/** The alert of the examples: 7.2 % of 500 requests met a rate limit. */
export function toldAlert(over: Partial<ToldAlert> = {}): ToldAlert {
  return {
    key: 'orders-api:prod:error_rate:rate_limited',
    groupKey: 'orders-api:prod:error_rate:rate_limited',
    rule: 'error_rate',
    scope: 'error_type',
    title: 'Errors of one type above their share',
    labels: { error_type: 'rate_limited' },
    severity: 'error',
    summary: 'Claude rate limits: 7.2 % of requests in 5 min (36 of 500)',
    sentence:
      'Claude rate limits: 7.2 % of requests in 5 min (36 of 500); the alert is for more than 5 %. Since 2026-11-22 10:00 UTC.',
    figures: { value: 0.072, threshold: 0.05, unit: 'ratio', samples: 500, windowMs: 300_000 },
    sinceMs: ALERT_TIME,
    runbookUrl: 'https://docs.example.org/operating#error_rate',
    ...over,
  };
}

const ENVELOPE = {
  id: 'message-1',
  atMs: ALERT_TIME + 60_000,
  service: 'orders-api',
  environment: 'prod',
  dashboardUrl: 'https://app.example.org/claude/dashboard',
} as const;

export const triggerOf = (...alerts: readonly ToldAlert[]): AlertTrigger => ({ ...ENVELOPE, kind: 'trigger', alerts });
export const resolveOf = (groupsOver: readonly string[], ...alerts: readonly ToldAlert[]): AlertResolve => ({
  ...ENVELOPE,
  kind: 'resolve',
  groupsOver,
  alerts,
});
export const digestOf = (left: number, ...alerts: readonly ToldAlert[]): AlertDigest => ({
  ...ENVELOPE,
  kind: 'digest',
  left,
  alerts,
});
