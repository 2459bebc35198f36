import { describe, expect, it } from '@jest/globals';
import { resolvedAlerts } from '../../testing/alert-bench.js';
import { NO_READINGS, type AlertReadings, type TrafficReading } from './alert-readings.js';
import { ALERT_RULE_IDS } from './alert-rule.js';
import { ALERT_RULES } from './alert-rules.js';
import type { AlertsOptions } from './alerts.options.js';

const usual = { requests: 1_000, errors: {}, retried: 0 };
const of = (over: Partial<TrafficReading>): AlertReadings => ({ ...NO_READINGS, traffic: [{ ...usual, ...over }] });
const having = (readings: Partial<AlertReadings>): AlertReadings => ({ ...NO_READINGS, ...readings });

/** While the baseline is learnt. */
const learning = (p95Ms: number) => having({ latencies: [{ workflow: 'chat', samples: 90, p95Ms }] });

/** What a rule says, by its labels; what is well is left out unless asked for. */
function judged(readings: AlertReadings, options: AlertsOptions = {}) {
  const { rules, workflows } = resolvedAlerts(options);
  const thresholdsFor = (workflow?: string) => (workflow === undefined ? rules : (workflows.get(workflow) ?? rules));
  return ALERT_RULES.flatMap((rule) =>
    rule.judge(readings, thresholdsFor).map((finding) => ({
      name: [rule.id, ...Object.values(finding.labels)].join(' '),
      ...finding,
    })),
  );
}
const verdictOf = (name: string, readings: AlertReadings, options?: AlertsOptions) =>
  judged(readings, options).find((finding) => finding.name === name)?.verdict;
const severityOf = (name: string, readings: AlertReadings) =>
  judged(readings).find((finding) => finding.name === name)?.severity;
const spent = (spentUsd: number) => having({ budgets: [{ period: 'hour', spentUsd, budgetUsd: 100 }] });

describe('rules (R30 to R34)', () => {
  it('are as many as there are names', () => {
    expect(ALERT_RULES.map(({ id }) => id)).toEqual([...ALERT_RULE_IDS]);
  });

  it.each<[string, Partial<TrafficReading>, string]>([
    ['error_rate timeout', { errors: { timeout: 51 } }, 'breach'],
    ['error_rate timeout', { errors: { timeout: 50 } }, 'between'],
    ['error_rate timeout', { errors: { timeout: 29 } }, 'clear'],
    ['error_rate timeout', { errors: { timeout: 29 }, idleMs: 60_001 }, 'no_data'],
    ['error_rate timeout', { errors: { timeout: 51 }, idleMs: 60_001 }, 'breach'],
    ['error_rate upstream_5xx', { errors: { upstream_5xx: 51 } }, 'breach'],
    ['error_rate timeout', { requests: 19, errors: { timeout: 19 } }, 'no_data'],
    ['error_rate timeout', { requests: 20, errors: { timeout: 2 } }, 'between'],
    ['error_rate timeout', { requests: 20, errors: { timeout: 3 } }, 'breach'],
    ['error_rate timeout', { requests: 0 }, 'no_data'],
    ['error_rate timeout', { requests: 4 }, 'no_data'],
    ['error_rate timeout', { requests: 5 }, 'clear'],
    ['error_rate timeout', { requests: 5, failuresInARow: { count: 5, type: 'timeout' } }, 'breach'],
    ['error_rate timeout', { requests: 0, failuresInARow: { count: 4, type: 'timeout' } }, 'no_data'],
    ['error_rate timeout', { requests: 0, failuresInARow: { count: 9, type: 'connection' } }, 'no_data'],
    ['persistent_errors upstream_5xx', { errors: { upstream_5xx: 11 } }, 'breach'],
    ['persistent_errors upstream_5xx', { errors: { upstream_5xx: 10 } }, 'between'],
    ['persistent_errors upstream_5xx', { errors: { upstream_5xx: 5 } }, 'clear'],
    ['persistent_errors timeout', { requests: 100, errors: { timeout: 2 } }, 'between'],
    ['retry_rate', { retried: 101 }, 'breach'],
    ['retry_rate', { retried: 100 }, 'between'],
    ['retry_rate', { retried: 60 }, 'between'],
    ['retry_rate', { retried: 59 }, 'clear'],
    ['retry_rate', { requests: 19, retried: 19 }, 'no_data'],
    ['retry_rate', { requests: 20, retried: 3 }, 'breach'],
    ['access_refused authentication', { errors: { authentication: 1 } }, 'breach'],
    ['access_refused permission', { errors: { permission: 1 } }, 'breach'],
    ['access_refused billing', { requests: 0 }, 'no_data'],
    ['access_refused billing', {}, 'clear'],
  ])('%s of %j is %s', (name, reading, verdict) => {
    expect(verdictOf(name, of(reading))).toBe(verdict);
  });

  const latency = { workflow: 'chat', samples: 50, p95Ms: 2_001, baselineMs: 1_000 };
  const tokens = {
    workflow: 'chat',
    direction: 'input',
    samples: 20,
    typical: 151,
    baseline: 100,
    robustZ: 4.1,
  } as const;
  const queue = { waiting: 151, waitingBefore: 100, oldestMs: 0 };
  it.each<[string, Partial<AlertReadings>, string | undefined]>([
    ['latency_p95 chat', { latencies: [latency] }, 'breach'],
    ['latency_p95 opus chat', { latencies: [{ ...latency, model: 'opus' }] }, 'breach'],
    ['latency_p95 chat', { latencies: [{ ...latency, p95Ms: 2_000 }] }, 'between'],
    ['latency_p95 chat', { latencies: [{ ...latency, p95Ms: 1_600 }] }, 'between'],
    ['latency_p95 chat', { latencies: [{ ...latency, p95Ms: 1_599 }] }, 'clear'],
    ['latency_p95 chat', { latencies: [{ ...latency, isBorneOut: true }] }, 'breach'],
    ['latency_p95 chat', { latencies: [{ ...latency, isBorneOut: false }] }, 'between'],
    ['latency_p95 chat', { latencies: [{ ...latency, samples: 49 }] }, 'no_data'],
    ['latency_p95 chat', { latencies: [{ workflow: 'chat', samples: 90, p95Ms: 99_999 }] }, 'no_data'],
    ['token_shift input chat', { tokens: [tokens] }, 'breach'],
    ['token_shift input chat', { tokens: [{ ...tokens, robustZ: 4 }] }, 'between'],
    ['token_shift input chat', { tokens: [{ ...tokens, typical: 150 }] }, 'between'],
    ['token_shift input chat', { tokens: [{ ...tokens, typical: 119 }] }, 'clear'],
    ['token_shift input chat', { tokens: [{ ...tokens, robustZ: 2.3 }] }, 'clear'],
    ['token_shift input chat', { tokens: [{ ...tokens, samples: 19 }] }, 'no_data'],
    ['spend_ceiling', { spending: [{ windowUsd: 3.01, usualUsd: 1 }] }, 'breach'],
    ['spend_ceiling', { spending: [{ windowUsd: 3, usualUsd: 1 }] }, 'between'],
    ['spend_ceiling', { spending: [{ windowUsd: 1.79, usualUsd: 1 }] }, 'clear'],
    ['spend_ceiling', { spending: [{ windowUsd: 0.9, usualUsd: 0.01 }] }, 'between'],
    ['spend_ceiling', { spending: [{ windowUsd: 90 }] }, 'no_data'],
    ['budget day', { budgets: [{ period: 'day', spentUsd: 81, budgetUsd: 100 }] }, 'breach'],
    ['budget day', { budgets: [{ period: 'day', spentUsd: 80, budgetUsd: 100 }] }, 'between'],
    ['budget day', { budgets: [{ period: 'day', spentUsd: 10, budgetUsd: 100, forecastUsd: 101 }] }, 'breach'],
    ['budget day', { budgets: [{ period: 'day', spentUsd: 10, budgetUsd: 100, forecastUsd: 90 }] }, 'between'],
    ['budget day', { budgets: [{ period: 'day', spentUsd: 10, budgetUsd: 100, forecastUsd: 20 }] }, 'clear'],
    ['circuit_open chat', { circuits: [{ circuit: 'chat', state: 'open', notClosedForMs: 300_001 }] }, 'breach'],
    ['circuit_open chat', { circuits: [{ circuit: 'chat', state: 'half_open', notClosedForMs: 300_001 }] }, 'breach'],
    ['circuit_open chat', { circuits: [{ circuit: 'chat', state: 'open', notClosedForMs: 300_000 }] }, 'between'],
    ['circuit_open chat', { circuits: [{ circuit: 'chat', state: 'held', notClosedForMs: 900_000 }] }, 'no_data'],
    ['circuit_open chat', { circuits: [{ circuit: 'chat', state: 'closed', notClosedForMs: 0 }] }, 'clear'],
    ['account_stopped anthropic billing', { accounts: [{ account: 'anthropic', stoppedBy: 'billing' }] }, 'breach'],
    ['account_stopped anthropic permission', { accounts: [{ account: 'anthropic', stoppedBy: 'billing' }] }, 'clear'],
    ['account_stopped anthropic billing', { accounts: [{ account: 'anthropic' }] }, 'clear'],
    ['queue_growing', { queue }, 'breach'],
    ['queue_growing', { queue: { ...queue, waiting: 150 } }, 'between'],
    ['queue_growing', { queue: { ...queue, waiting: 100 } }, 'clear'],
    ['queue_growing', { queue: { waiting: 49, waitingBefore: 0, oldestMs: 0 } }, 'clear'],
    ['queue_growing', { queue: { waiting: 90, oldestMs: 0 } }, 'no_data'],
    ['queue_growing', {}, undefined],
    ['queue_old', { queue: { ...queue, oldestMs: 900_001 } }, 'breach'],
    ['queue_old', { queue: { ...queue, oldestMs: 540_000 } }, 'between'],
    ['queue_old', { queue: { waiting: 0, oldestMs: 0 } }, 'clear'],
    [
      'alert_delivery slack',
      { desk: { sinks: [{ sink: 'slack', failuresInARow: 3, delivered: 9 }], blindInARow: 0 } },
      'breach',
    ],
    [
      'alert_delivery slack',
      { desk: { sinks: [{ sink: 'slack', failuresInARow: 0, delivered: 9 }], blindInARow: 0 } },
      'clear',
    ],
    [
      'alert_delivery slack',
      { desk: { sinks: [{ sink: 'slack', failuresInARow: 0, delivered: 0 }], blindInARow: 0 } },
      'no_data',
    ],
    ['readings_missing', { desk: { sinks: [], blindInARow: 5 } }, 'breach'],
    ['readings_missing', { desk: { sinks: [], blindInARow: 4 } }, 'between'],
  ])('%s of %j is %s', (name, readings, verdict) => {
    expect(verdictOf(name, having(readings))).toBe(verdict);
  });

  it('are graver the worse it is', () => {
    expect(severityOf('error_rate timeout', of({ errors: { timeout: 199 } }))).toBe('error');
    expect(severityOf('error_rate timeout', of({ errors: { timeout: 200 } }))).toBe('critical');
    expect(severityOf('error_rate content_policy', of({ errors: { content_policy: 900 } }))).toBe('warning');
    expect([severityOf('budget hour', spent(100)), severityOf('budget hour', spent(101))]).toEqual([
      'warning',
      'error',
    ]);
  });

  it('have thresholds that are options, of all and of one workflow', () => {
    const chat = of({ workflow: 'chat', errors: { timeout: 150 }, retried: 500 });
    const options: AlertsOptions = {
      rules: { errorRate: { threshold: 0.1 }, retryRate: false, latencyP95: { staticP95Ms: 4_000 } },
      workflows: { chat: { errorRate: { threshold: 0.2, types: { connection: 0.5 } }, retryRate: { threshold: 0.4 } } },
    };
    expect(verdictOf('error_rate timeout chat', chat, options)).toBe('between');
    expect(verdictOf('error_rate timeout', of({ errors: { timeout: 150 } }), options)).toBe('breach');
    expect(
      verdictOf('error_rate connection chat', of({ workflow: 'chat', errors: { connection: 400 } }), options),
    ).toBe('between');
    expect(verdictOf('retry_rate chat', chat, options)).toBe('breach');
    expect(verdictOf('retry_rate', of({ retried: 900 }), options)).toBeUndefined();
    expect([learning(4_001), learning(4_000)].map((one) => verdictOf('latency_p95 chat', one, options))).toEqual([
      'breach',
      'between',
    ]);
  });

  it('say it in words that hold numbers', () => {
    const readings = having({
      traffic: [{ requests: 200, errors: { timeout: 12, billing: 2 }, retried: 30, failed: 0, workflow: 'chat' }],
      latencies: [{ workflow: 'chat', model: 'opus', samples: 90, p95Ms: 12_400, baselineMs: 5_000 }],
      spending: [{ windowUsd: 9.5, usualUsd: 2 }],
      budgets: [{ period: 'day', workflow: 'chat', spentUsd: 81, budgetUsd: 100, forecastUsd: 160 }],
    });
    const saidOf = (name: string) => judged(readings).find((finding) => finding.name === name)?.summary;
    expect(saidOf('error_rate timeout chat')).toBe('Claude timeouts in chat: 6 % of requests in 5 min (12 of 200)');
    expect(saidOf('retry_rate chat')).toBe('Claude retries in chat: 15 % of requests in 5 min (30 of 200)');
    expect(saidOf('latency_p95 opus chat')).toBe(
      'Claude latency in chat (opus): p95 is 12.4 s, 2.48 times usual (5 s), 90 calls in 5 min',
    );
    expect(saidOf('spend_ceiling')).toBe('Claude costs: 9.50 USD in 5 min, 4.75 times the dearest usual');
    expect(saidOf('budget day chat')).toBe(
      'Claude budget of the day in chat: 81 % spent (81.00 USD of 100.00 USD), 160.00 USD expected by the end of the day',
    );
  });
});

describe('options of alerts', () => {
  it.each<[object, string]>([
    [{ rules: { errorRate: { threshold: 5 } } }, 'alerts.rules.errorRate.threshold'],
    [{ rules: { errorRate: { types: { timeouts: 0.1 } } } }, 'alerts.rules.errorRate.types'],
    [{ rules: { errorRat: {} } }, 'alerts.rules.errorRat'],
    [{ rules: { latencyP95: { staticP95Ms: 0 } } }, 'alerts.rules.latencyP95.staticP95Ms'],
    [{ workflows: { chat: { queueOld: {} } } }, 'alerts.workflows.chat.queueOld'],
    [{ workflows: { chat: { retryRate: { threshold: 0 } } } }, 'alerts.workflows.chat.retryRate.threshold'],
    [{ sinks: [{}] }, 'alerts.sinks'],
    [{ runbookUrl: 'operating.md' }, 'alerts.runbookUrl'],
    [{ everyMs: 10 }, 'alerts.everyMs'],
    [{ delivery: { maxTries: 0 } }, 'alerts.delivery.maxTries'],
    [{ businessHours: { timeZone: 'x' } }, 'alerts.businessHours.timeZone'],
    [{ sink: [] }, 'alerts.sink'],
  ])('%j is refused, and named: %s', (options, path) => {
    expect(() => resolvedAlerts(options as AlertsOptions)).toThrow(`- ${path}: `);
  });
});
