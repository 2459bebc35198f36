import type { FailureKind } from '../failure/failure.js';
import type { ClaudeStatus } from './claude-status.js';
import type { FeatureStatus } from './feature-status.js';
import type { BucketStatus } from './limits-status.js';
import type { QueueStatus } from './queue-status.js';
import type { TrafficFigures } from './traffic-figures.js';
import type { AccountHealth, AdviceHealth, ClaudeHealthDetails, FeatureHealth, QueueHealth } from './health-details.js';
import type { ActiveAlertHealth, RateLimitHealth, TrafficHealth } from './health-details.js';

/** Says of a status what health says: as data for programs, and less of it than the page. Pure. */
export function healthOf(status: ClaudeStatus): ClaudeHealthDetails {
  const { verdict, features, workflows, lastSuccessMs, queue, limits } = status;
  const accounts = stoppedAccounts(status);
  const advice = status.advice.map(({ sinceMs, ...one }): AdviceHealth => ({ ...one, sinceIso: iso(sinceMs) }));
  return {
    verdict: `${verdict.headline}.`,
    features: Object.fromEntries(features.map((feature) => [feature.feature, featureOf(feature)])),
    workflows: Object.fromEntries(
      workflows.map(({ workflow, traffic, usualP95Ms: usual }) => [
        workflow,
        { ...trafficOf(traffic), usualP95Ms: usual.state === 'ready' ? usual.median : null },
      ]),
    ),
    lastSuccessAt: lastSuccessMs === undefined ? null : iso(lastSuccessMs),
    queue: queueOf(queue),
    rateLimits: Object.fromEntries(limits.buckets.map((bucket) => [nameOf(bucket), limitOf(bucket)])),
    ...fleetOf(status),
    activeAlerts: activeAlerts(status),
    ...(accounts.length > 0 && { accounts: Object.fromEntries(accounts) }),
    ...(advice.length > 0 && { advice }),
  };
}

const OF_THE_KEY: ReadonlySet<FailureKind> = new Set(['authentication', 'permission']);

/**
 * Whether this process can reach Claude with no credential that it was given. An outage, a spend limit or an open circuit is
 * nothing of that kind: every replica has it alike, and fallbacks and the queue work on.
 */
export function isUseless({ accounts }: Pick<ClaudeStatus, 'accounts'>): boolean {
  return accounts.length > 0 && accounts.every(({ stopped }) => stopped !== undefined && OF_THE_KEY.has(stopped.kind));
}

function featureOf(feature: FeatureStatus): FeatureHealth {
  const { circuit, sinceMs, reason, nextProbeInMs, explanation, calls, failures, traffic, lastSuccessMs } = feature;
  return {
    circuit,
    since: iso(sinceMs),
    ...(reason !== undefined && { reason }),
    ...(nextProbeInMs !== undefined && { nextProbeInSeconds: seconds(nextProbeInMs) }),
    explanation,
    calls,
    failures,
    lastFiveMinutes: trafficOf(traffic),
    lastSuccessAt: lastSuccessMs === undefined ? null : iso(lastSuccessMs),
  };
}

function trafficOf({ judged, errorRatio, errors, retryRatio, p95Ms }: TrafficFigures): TrafficHealth {
  const byType = Object.fromEntries(Object.entries(errors).map(([type, count]) => [type, count / judged]));
  return { judged, errorRatio, errorRatioByType: judged === 0 ? null : byType, retryRatio, p95Ms };
}

function queueOf(queue: QueueStatus): QueueHealth {
  if (queue.state === 'none') return { state: 'none' };
  const { state, trouble } = queue;
  const about = { state, ...(trouble !== undefined && { trouble }) };
  if (queue.state === 'unknown') return about;
  const { waiting, oldestMs } = queue;
  return { ...about, waiting, ...(oldestMs !== undefined && { oldestSeconds: seconds(oldestMs) }) };
}

function fleetOf({ fleet }: ClaudeStatus): Pick<ClaudeHealthDetails, 'replicas' | 'unheardSince'> {
  if (fleet.state === 'off') return {};
  if (fleet.state === 'heard') return { replicas: fleet.replicas };
  return { replicas: null, unheardSince: iso(fleet.sinceMs) };
}

function nameOf({ bucket, pool }: BucketStatus): string {
  return pool === 'standard' ? bucket : `${bucket} (${pool})`;
}

function limitOf({ pausedForMs = 0, waiting, limits }: BucketStatus): RateLimitHealth {
  const left = limits.map(({ what, limit, remaining }) => [what, limit === 0 ? 0 : Math.min(1, remaining / limit)]);
  return {
    ...(pausedForMs > 0 && { pausedForSeconds: seconds(pausedForMs) }),
    waiting,
    left: Object.fromEntries(left) as Record<string, number>,
  };
}

function activeAlerts({ alerts }: ClaudeStatus): readonly ActiveAlertHealth[] | null {
  if (alerts.state === 'off') return null;
  return alerts.alerts
    .filter(({ state }) => state === 'firing' || state === 'clearing')
    .map(({ rule, severity, sinceMs, summary }) => ({ rule, severity, since: iso(sinceMs), summary }));
}

function stoppedAccounts({ accounts }: ClaudeStatus): readonly (readonly [string, AccountHealth])[] {
  return accounts.flatMap(({ account, stopped }) => {
    if (stopped === undefined) return [];
    const { kind, rule, sinceMs, nextProbeInMs, accessReturnsAtMs, action } = stopped;
    const health: AccountHealth = {
      stopped: kind,
      rule,
      since: iso(sinceMs),
      nextProbeInSeconds: seconds(nextProbeInMs),
      ...(accessReturnsAtMs !== undefined && { accessReturnsAt: iso(accessReturnsAtMs) }),
      ...(action !== undefined && { action }),
    };
    return [[account, health] as const];
  });
}

const iso = (wallMs: number): string => new Date(wallMs).toISOString();
const seconds = (ms: number): number => Math.ceil(ms / 1000);
