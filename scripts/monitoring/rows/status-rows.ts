import { ALERT_THRESHOLDS as T } from '../../../libs/claude-resilience/src/core/alerts/alert-thresholds.js';
import type { Row } from '../grafana-panel.js';
import { RECORDED, select } from '../promql.js';
import { inRange, judged, stat, JOB, OF_SERIES } from './panels.js';

const WORDS_OF_CIRCUITS = {
  '0': { text: 'closed', color: 'green' },
  '1': { text: 'open', color: 'red' },
  '2': { text: 'half open', color: 'orange' },
  '3': { text: 'forced open', color: 'purple' },
  '4': { text: 'forced closed', color: 'blue' },
};

/** The circuit's state as one number, for a word in its place. */
const circuitNumber = ['closed', 'open', 'half_open', 'forced_open', 'forced_closed']
  .map((state, at) => `${at} * max by (circuit) (${select('circuitState', `${JOB}, state="${state}"`)})`)
  .join(' + ');

/** How it stands at a glance. */
export const STATUS_ROWS: readonly Row[] = [
  {
    title: 'Status',
    height: 4,
    panels: [
      stat(
        'Alerts that fire',
        'Alerts of the module itself; 0 is good. docs/operating.md says what each means.',
        `sum(max by (rule, error_type) (${select('alertActive', JOB)}))`,
        {
          unit: 'short',
          alertAt: 1,
        },
      ),
      stat(
        'Circuits not closed',
        'Features whose calls are not sent to the API now, or only as probes.',
        `count(max by (circuit) (${select('circuitState', `${JOB}, state=~"open|half_open|forced_open"`)}) == 1) or vector(0)`,
        {
          unit: 'short',
          alertAt: 1,
        },
      ),
      stat(
        'Answered',
        'Of the calls that should have reached the API in the time shown, those that were answered in the end.',
        `sum(${inRange(select('requests', `${OF_SERIES}, outcome="ok"`))}) / sum(${inRange(judged)})`,
        {
          unit: 'percentunit',
          decimals: 2,
        },
      ),
      stat(
        'p95 / usual',
        `p95 of 5 minutes over what is usual in 7 days, of the worst workflow. An alert begins above ${T.latencyP95.factor}.`,
        `max(${RECORDED.p95}{${OF_SERIES}} / ${RECORDED.p95Baseline}{${OF_SERIES}})`,
        {
          unit: 'short',
          decimals: 2,
          alertAt: T.latencyP95.factor,
        },
      ),
      stat(
        'Cost in 24 hours',
        'What calls cost with all their attempts; calls without a price are not in it.',
        `sum(increase(${select('cost', OF_SERIES)}[24h]))`,
        { unit: 'currencyUSD', decimals: 2 },
      ),
      stat(
        'Calls without a price',
        'Calls in 24 hours that used tokens and whose cost is not known: the cost shown is too low by them.',
        `sum(increase(${select('unpriced', OF_SERIES)}[24h]))`,
        {
          unit: 'short',
          decimals: 0,
          warnAt: 1,
        },
      ),
    ],
  },
  {
    title: 'Circuits and accounts',
    height: 6,
    panels: [
      {
        title: 'Circuits',
        description: 'State of the circuit of each feature; of several replicas, the one that is furthest from closed.',
        type: 'state-timeline',
        width: 16,
        unit: 'short',
        words: WORDS_OF_CIRCUITS,
        warnAt: 1,
        queries: [{ expr: circuitNumber, legend: '{{circuit}}' }],
      },
      {
        title: 'Accounts',
        description: 'Credentials with which nothing is sent, and what the API refused them by.',
        type: 'state-timeline',
        width: 8,
        unit: 'short',
        words: { '0': { text: 'working', color: 'green' }, '1': { text: 'stopped', color: 'red' } },
        alertAt: 1,
        queries: [{ expr: `max by (account) (${select('accountStopped', JOB)})`, legend: '{{account}}' }],
      },
    ],
  },
];
