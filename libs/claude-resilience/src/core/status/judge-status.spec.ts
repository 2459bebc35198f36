import { describe, expect, it } from '@jest/globals';
import type { ShownAlert } from '../alerts/alert-desk-view.js';
import { SeriesCounts } from '../metrics/series-counts.js';
import type { AlertsStatus } from './alerts-status.js';
import type { StatusFacts } from './claude-status.js';
import type { FeatureStatus } from './feature-status.js';
import { judgeStatus } from './judge-status.js';
import type { QueueFigures } from './queue-status.js';
import type { RecentFailure } from './recent-failure.js';
import type { StatusChange } from './status-change.js';
import { trafficFiguresOf, type TrafficFigures } from './traffic-figures.js';

const NOW = Date.UTC(2026, 10, 23, 14, 10);
const MINUTE = 60_000;

const NO_TRAFFIC = trafficFiguresOf(SeriesCounts.empty());
const SERVED: TrafficFigures = { ...NO_TRAFFIC, judged: 100, served: 100, errorRatio: 0, retryRatio: 0 };

const closed = (feature: string): FeatureStatus => ({
  feature,
  circuit: 'closed',
  isEnforced: true,
  sinceMs: NOW - 60 * MINUTE,
  explanation: '',
  calls: 0,
  failures: 0,
  traffic: SERVED,
  instead: { isDeferred: false },
});
const open = (feature: string, more: Partial<FeatureStatus> = {}): FeatureStatus => ({
  ...closed(feature),
  circuit: 'open',
  sinceMs: NOW - 2 * MINUTE,
  notClosedSinceMs: NOW - 8 * MINUTE,
  reason: 'failures',
  cause: 'overloaded',
  nextProbeInMs: 12_000,
  ...more,
});
const WELL = [closed('summarisation'), closed('classification'), closed('generation')];
const but = (...changed: readonly FeatureStatus[]) =>
  WELL.map((one) => changed.find(({ feature }) => feature === one.feature) ?? one);

const queue = (more: Partial<QueueFigures> = {}): QueueFigures => ({
  state: 'running',
  countedAtMs: NOW,
  waiting: 0,
  waitingByPriority: { urgent: 0, normal: 0, background: 0 },
  running: 0,
  allowed: 4,
  ...more,
});

const change = (what: StatusChange['what'], ageMs: number, about = 'summarisation'): StatusChange => {
  return { what, about, atMs: NOW - ageMs, lastAtMs: NOW - ageMs, times: 1, severity: 'degraded', why: '' };
};
const failedAgo = (ageMs: number): RecentFailure => ({
  atMs: NOW - ageMs,
  correlationId: 'c1',
  feature: 'summarisation',
  workflow: 'invoices',
  kind: 'overloaded',
  rule: 'overloaded',
  attempts: 4,
  durationMs: 1,
});

const alertsWith = (alert: Partial<ShownAlert> | undefined, sinkFailures = 0): AlertsStatus => ({
  state: 'on',
  recent: [],
  silences: [],
  sinks: [{ sink: 'pagerduty', failuresInARow: sinkFailures, delivered: 0, waiting: 0 }],
  alerts: alert === undefined ? [] : [{ state: 'firing', severity: 'warning', sinceMs: NOW - 30 * MINUTE, summary: 'Claude retries: 12 %', isSilenced: false, ...alert } as ShownAlert], // oxfmt-ignore
});

const WELL_AGAIN = [change('closed', MINUTE), change('probe_failed', 3 * MINUTE), change('opened', 8 * MINUTE)];
const MANY_ERRORS: TrafficFigures = {
  ...SERVED,
  served: 80,
  failed: 20,
  errorRatio: 0.2,
  errors: { upstream_5xx: 20 },
};

const judge = (facts: Partial<StatusFacts>) =>
  judgeStatus({
    atMs: NOW,
    countsSinceMs: NOW - 60 * MINUTE,
    isShuttingDown: false,
    features: WELL,
    accounts: [{ account: 'anthropic' }],
    limits: { isPaced: true, buckets: [] },
    traffic: SERVED,
    failuresInARow: 0,
    workflows: [],
    budgets: [],
    queue: { state: 'none' },
    alerts: { state: 'off' },
    advice: [],
    fleet: { state: 'off' },
    acts: [],
    changes: [],
    failures: [],
    ...facts,
  });

const BUCKET = { bucket: 'anthropic:sonnet-5-5', pool: 'standard', limits: [], underWay: 0, waiting: 3 } as const;
const REFUSED = {
  kind: 'authentication',
  rule: 'authentication',
  sinceMs: NOW - MINUTE,
  nextProbeInMs: 30_000,
} as const;

describe('the verdict, in words (R36)', () => {
  it.each<[name: string, facts: Partial<StatusFacts>, severity: string, headline: string]>([
    ['nobody asked', { traffic: NO_TRAFFIC }, 'ok', 'No data: nobody has asked Claude in the last 5 minutes'],
    ['all is well', {}, 'ok', 'Claude answers, and all is well'],
    ['one circuit is open', { features: but(open('summarisation')) }, 'degraded', 'Claude is overloaded for summarisation since 14:02 UTC'],
    ['all are open', { features: WELL.map(({ feature }) => open(feature)) }, 'down', 'Claude is overloaded for all features since 14:02 UTC'],
    ['open for different causes', { features: but(open('summarisation'), open('generation', { cause: 'timeout' })) }, 'degraded', 'Claude is overloaded for summarisation, and does not answer in time for generation since 14:02 UTC'],
    ['open since yesterday', { features: but(open('summarisation', { notClosedSinceMs: NOW - 24 * 60 * MINUTE })) }, 'degraded', 'Claude is overloaded for summarisation since 2026-11-22 14:10 UTC'],
    ['too slow', { features: but(open('summarisation', { reason: 'slow_calls' })) }, 'degraded', 'Claude is too slow for summarisation since 14:02 UTC'],
    ['half-open', { features: but(open('summarisation', { circuit: 'half_open' })) }, 'degraded', 'Claude is being tried again for summarisation, after trouble since 14:02 UTC'],
    ['held open', { features: but(open('summarisation', { circuit: 'forced_open', holders: [{ by: 'anna', reason: 'prompts' }] })) }, 'degraded', 'Claude is switched off by hand for summarisation since 14:08 UTC'],
    ['held closed', { features: but(open('summarisation', { circuit: 'forced_closed', holders: [{ by: 'anna', reason: 'prompts' }] })) }, 'degraded', 'The circuit of summarisation is held closed by hand since 14:08 UTC'],
    ['the key is refused', { accounts: [{ account: 'anthropic', stopped: REFUSED }] }, 'down', 'Claude refuses our API key since 14:09 UTC'],
    ['one of two keys is refused', { accounts: [{ account: 'anthropic', stopped: REFUSED }, { account: 'bedrock' }] }, 'degraded', 'Claude refuses our API key (anthropic) since 14:09 UTC'],
    ['the spend limit is reached', { accounts: [{ account: 'anthropic', stopped: { ...REFUSED, kind: 'billing', rule: 'enforced_spend_limit', accessReturnsAtMs: Date.UTC(2026, 11, 1) } }] }, 'down', 'Our spend limit with Claude is reached since 14:09 UTC; access returns 2026-12-01 00:00 UTC'],
    ['a pause that the API asked for', { limits: { isPaced: true, buckets: [{ ...BUCKET, pausedForMs: 20_000 }] } }, 'degraded', 'Claude asks us to slow down: anthropic:sonnet-5-5'],
    ['many wait for a turn', { limits: { isPaced: true, buckets: [{ ...BUCKET, waiting: 40 }] } }, 'degraded', 'Calls come faster than our rate limits allow: anthropic:sonnet-5-5'],
    ['many errors, no circuit open', { traffic: MANY_ERRORS }, 'degraded', 'Claude answers, with many errors in the last 5 minutes: 20 % server errors and overload (5xx)'],
    ['failures in a row at night', { traffic: { ...SERVED, judged: 6, served: 0, failed: 6 }, failuresInARow: 6 }, 'degraded', 'The last 6 calls to Claude have failed'],
    ['the store of the queue is gone', { queue: queue({ trouble: 'disk_full' }) }, 'degraded', 'The queue of deferred requests cannot do its work: disk full'],
    ['paused, and somebody waits', { queue: queue({ state: 'paused', waiting: 3 }) }, 'degraded', 'The queue of deferred requests is paused by hand'],
    ['paused, and nobody waits', { queue: queue({ state: 'paused' }) }, 'ok', 'Claude answers, and all is well'],
    ['the queue ages', { queue: queue({ waiting: 5, oldestMs: 16 * MINUTE, waitingBefore: 4 }) }, 'degraded', 'The queue falls behind: 5 requests wait, 4 were 15 minutes ago; the oldest since 16 minutes'],
    ['an alert', { alerts: alertsWith({}) }, 'degraded', 'Alert since 13:40 UTC: Claude retries: 12 %'],
    ['an alert that is silenced', { alerts: alertsWith({ isSilenced: true }) }, 'ok', 'Claude answers, and all is well'],
    ['nobody hears of alerts', { alerts: alertsWith(undefined, 3) }, 'degraded', 'Alerts are not getting through: pagerduty failed 3 times in a row'],
    ['it is over', { changes: WELL_AGAIN, traffic: MANY_ERRORS, alerts: alertsWith({ sinceMs: NOW - 7 * MINUTE }) }, 'ok', 'Claude answers again since 14:09 UTC: the trouble with summarisation lasted 7 minutes'],
    ['it is over, and another alert is not', { changes: WELL_AGAIN, alerts: alertsWith({}) }, 'degraded', 'Alert since 13:40 UTC: Claude retries: 12 %'],
    ['it seemed to be over', { changes: WELL_AGAIN, traffic: MANY_ERRORS, failures: [failedAgo(1_000)] }, 'degraded', 'Claude answers, with many errors in the last 5 minutes: 20 % server errors and overload (5xx)'],
    ['it is over, and one request is declined', { changes: WELL_AGAIN, traffic: MANY_ERRORS, failures: [{ ...failedAgo(1_000), kind: 'content_policy' }] }, 'ok', 'Claude answers again since 14:09 UTC: the trouble with summarisation lasted 7 minutes'],
    ['it is over, and many are declined', { changes: WELL_AGAIN, traffic: { ...MANY_ERRORS, errors: { content_policy: 20 } } }, 'degraded', 'Claude answers, with many errors in the last 5 minutes: 20 % declined content'],
    ['it was over long ago', { changes: WELL_AGAIN.map((one) => ({ ...one, atMs: one.atMs - 11 * MINUTE })) }, 'ok', 'Claude answers, and all is well'],
    ['over, and errors since then', { changes: WELL_AGAIN.map((one) => ({ ...one, atMs: one.atMs - 6 * MINUTE })), traffic: MANY_ERRORS }, 'degraded', 'Claude answers, with many errors in the last 5 minutes: 20 % server errors and overload (5xx)'],
  ])('%s', (_name, facts, severity, headline) => {
    const verdict = judge(facts);
    expect([verdict.severity, verdict.headline]).toEqual([severity, headline]);
    for (const sentence of [verdict.usersSee, verdict.moduleDoes, verdict.toDo]) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
  }); // oxfmt-ignore

  it('says what users get, what is done, until when, and who waits', () => {
    const fallback = { fallback: 'the original text with a note', isDeferred: false };
    const features = but(
      open('summarisation', { instead: fallback }),
      open('generation', { instead: { isDeferred: true } }),
    );
    expect(judge({ features, queue: queue({ waiting: 37, emptyInMs: 235_000 }) })).toMatchObject({
      usersSee: 'Summarisation: users get the original text with a note; generation: users get their answer later: requests are queued.',
      moduleDoes: 'Calls are held back, so that nobody waits in vain; the next probe is in 12 s; 37 requests are waiting in the queue, about 4 minutes.',
    }); // oxfmt-ignore
  });

  it('says what else is the matter, and nothing twice that the first explains', () => {
    const facts = {
      features: but(open('summarisation'), open('generation', { circuit: 'forced_open', holders: [] })),
      traffic: MANY_ERRORS,
      queue: queue({ state: 'paused', waiting: 1 }),
      alerts: alertsWith({}),
    } satisfies Partial<StatusFacts>;
    expect(judge(facts)).toMatchObject({
      topic: 'circuit_open',
      also: [
        'Claude is switched off by hand for generation since 14:08 UTC',
        'The queue of deferred requests is paused by hand',
      ],
    });
  });

  it('an outage that only one feature has, and that it may cause itself, is said to be looked at', () => {
    expect(judge({ features: but(open('generation', { cause: 'timeout' })) }).toDo).toMatch(/^Only this feature fails/);
    expect(judge({ features: but(open('generation')) }).toDo).toMatch(/^Wait: there is nothing to mend/);
  });
});
