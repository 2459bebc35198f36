import { ACCESS_ERROR_TYPES } from '../core/alerts/alert-error-type.js';
import { ALERT_RULE_IDS } from '../core/alerts/alert-rule.js';
import type { CircuitStateName } from '../core/circuit/circuit-state.js';
import type { AlertFacts, FleetFacts, MetricFacts } from '../runtime/metric-facts.js';
import type { MetricKey } from './metric-set.js';
import type { Labels, Sample } from './sample.js';

type Told = readonly [MetricKey, readonly Sample[]];

/** Names of buckets come from models, which can be anything: so many are told. */
export const MAX_BUCKETS = 50;
const CIRCUIT_STATES = [
  'closed',
  'open',
  'half_open',
  'forced_open',
  'forced_closed',
] as const satisfies readonly CircuitStateName[];
const LIMITS = { requests: 'requests', tokens: 'tokens', inputTokens: 'input_tokens', outputTokens: 'output_tokens' };

/** How circuits, accounts, limits, the queue, budgets and alerts stand. */
export function stateSamples(facts: MetricFacts): readonly Told[] {
  return [
    [
      'circuitState',
      facts.circuits.flatMap(({ circuit, state }) =>
        CIRCUIT_STATES.map((name) => ({ labels: { circuit, state: name }, value: name === state ? 1 : 0 })),
      ),
    ],
    [
      'accountStopped',
      facts.accounts.flatMap((gate) =>
        ACCESS_ERROR_TYPES.map((type) => ({
          labels: { account: gate.account, error_type: type },
          value: gate.name === 'stopped' && gate.failure.kind === type ? 1 : 0,
        })),
      ),
    ],
    ...limitSamples(facts),
    ...budgetSamples(facts),
    ...queueSamples(facts),
    ...(facts.alerts === undefined ? [] : alertSamples(facts.alerts)),
    ...(facts.fleet === undefined ? [] : fleetSamples(facts.fleet)),
  ];
}

function limitSamples({ buckets }: MetricFacts): readonly Told[] {
  const told = buckets.slice(0, MAX_BUCKETS);
  const limits = told.flatMap(({ bucket, pool, limits: known }) =>
    Object.entries(known).map(([name, { limit, remaining }]) => {
      return { labels: { bucket, pool, kind: LIMITS[name as keyof typeof LIMITS] }, limit, remaining };
    }),
  );
  return [
    // More was taken than there is: nothing is left.
    ['ratelimitRemaining', limits.map(({ labels, remaining }) => ({ labels, value: Math.max(0, remaining) }))],
    ['ratelimitLimit', limits.map(({ labels, limit }) => ({ labels, value: limit }))],
    [
      'pacingWaiting',
      told.map(({ bucket, pool, waiting }) => {
        return { labels: { bucket, pool }, value: Object.values(waiting).reduce((sum, count) => sum + count, 0) };
      }),
    ],
  ];
}

/** The budget of all workflows together has none. */
const labelsOf = ({ workflow = '', period }: MetricFacts['budgets'][number]): Labels => ({ workflow, period });

function budgetSamples({ budgets }: MetricFacts): readonly Told[] {
  return [
    ['budgetLimit', budgets.map((budget) => ({ labels: labelsOf(budget), value: budget.limitUsd }))],
    ['budgetSpent', budgets.map((budget) => ({ labels: labelsOf(budget), value: budget.spentUsd }))],
    [
      'budgetForecast',
      budgets.flatMap((budget) =>
        budget.forecastUsd === undefined ? [] : [{ labels: labelsOf(budget), value: budget.forecastUsd }],
      ),
    ],
  ];
}

function fleetSamples({ replicas, beatFailures }: FleetFacts): readonly Told[] {
  return [
    ['fleetReplicas', one(replicas)],
    ['fleetBeatFailures', one(beatFailures)],
  ];
}

function queueSamples({ queue }: MetricFacts): readonly Told[] {
  if (queue === undefined) return [];
  const { active, waiting, oldestMs } = queue;
  return [
    ['queueActive', one(active)],
    ['queueUp', one(waiting === undefined ? 0 : 1)],
    ['queueDepth', one(waiting)],
    ['queueOldest', one(oldestMs === undefined ? undefined : oldestMs / 1_000)],
  ];
}

function alertSamples({ firing, sinks, lastLookMs }: AlertFacts): readonly Told[] {
  const silent = ALERT_RULE_IDS.filter((id) => !firing.some(({ rule }) => rule === id));
  return [
    [
      'alertActive',
      [
        ...firing.map(({ rule, errorType = '' }) => ({ labels: { rule, error_type: errorType }, value: 1 })),
        ...silent.map((rule) => ({ labels: { rule, error_type: '' }, value: 0 })),
      ],
    ],
    ['alertLook', one(lastLookMs === undefined ? undefined : lastLookMs / 1_000)],
    ['alertDeliveries', sinks.map(({ sink, delivered }) => ({ labels: { sink }, value: delivered }))],
    [
      'alertDeliveryFailures',
      sinks.flatMap(({ sink, failures }) =>
        Object.entries(failures).map(([reason, value]) => ({ labels: { sink, reason }, value })),
      ),
    ],
  ];
}

function one(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}
