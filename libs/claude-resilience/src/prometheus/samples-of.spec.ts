import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LogSketch } from '../core/metrics/log-sketch.js';
import { HISTOGRAM_BOUNDS, histogramOf } from '../core/metrics/metrics-snapshot.js';
import { SeriesCounts } from '../core/metrics/series-counts.js';
import type { MetricFacts } from '../runtime/metric-facts.js';
import { METRICS } from './metric-set.js';
import { mergeSamples } from './sample.js';
import { samplesOf } from './samples-of.js';

const FACTS: MetricFacts = {
  sinceMs: 1_000,
  series: [],
  overflow: { workflow: 0, model: 0, series: 0 },
  circuits: [],
  accounts: [],
  buckets: [],
  budgets: [],
};
const of = (facts: Partial<MetricFacts>, key: keyof typeof METRICS) => samplesOf({ ...FACTS, ...facts }).get(key) ?? [];
const lines = (facts: Partial<MetricFacts>, key: keyof typeof METRICS) =>
  of(facts, key).map(({ labels, value }) => [...Object.values(labels), value].join(' '));

describe('histograms of sketches (R35)', () => {
  const DURATIONS_MS = fc.array(
    fc.oneof(
      fc.double({ min: 0, max: 700_000, noNaN: true }),
      fc.constantFrom(...HISTOGRAM_BOUNDS.requestSeconds.map((seconds) => seconds * 1_000)),
    ),
    { minLength: 1, maxLength: 60 },
  );

  it('never fall from one scrape to the next, rise from bucket to bucket, and end at what was counted', () => {
    fc.assert(
      fc.property(DURATIONS_MS, (durations) => {
        const sketch = new LogSketch();
        let before: readonly number[] = [];
        for (const durationMs of durations) {
          sketch.add(durationMs);
          const { buckets, count } = histogramOf(sketch, HISTOGRAM_BOUNDS.requestSeconds, 1_000);
          const now = [...buckets.map((bucket) => bucket.count), count];
          expect(now).toEqual([...now].sort((one, other) => one - other));
          expect(now.every((value, at) => value >= (before[at] ?? 0))).toBe(true);
          before = now;
        }
      }),
    );
  });

  it.each(HISTOGRAM_BOUNDS.requestSeconds.slice(0, -1))(
    'keep what took %d s where it is when something larger comes',
    (bound) => {
      const sketch = new LogSketch();
      sketch.add(bound * 1_000);
      const countOf = () => histogramOf(sketch, [bound], 1_000).buckets[0]?.count;
      const before = countOf();
      sketch.add(700_000);
      expect(countOf()).toBe(before);
    },
  );

  it('are absent while nothing was heard, and have sum, count and +Inf when something was', () => {
    const counts = SeriesCounts.empty();
    const series = [{ workflow: 'w', model: 'm', inFlight: 0, counts }];
    expect(of({ series }, 'requestDuration')).toEqual([]);
    counts.servedMs.add(1_500);
    const samples = of({ series }, 'requestDuration').filter(
      ({ labels }) => labels['le'] === undefined || labels['le'] === '+Inf',
    );
    expect(samples.map(({ part, value }) => [part, value])).toEqual([
      ['_bucket', 1],
      ['_sum', 1.5],
      ['_count', 1],
    ]);
  });
});

describe('states (R35)', () => {
  it('of a circuit are one of five', () => {
    const circuits = [{ circuit: 'chat', state: 'half_open' as const }];
    expect(lines({ circuits }, 'circuitState')).toEqual([
      'chat closed 0',
      'chat open 0',
      'chat half_open 1',
      'chat forced_open 0',
      'chat forced_closed 0',
    ]);
  });

  it('of the queue say whether its store answers, and nothing that is not known', () => {
    expect(lines({}, 'queueUp')).toEqual([]);
    const down = { queue: { active: 1 } };
    expect([lines(down, 'queueUp'), lines(down, 'queueDepth'), lines(down, 'queueActive')]).toEqual([['0'], [], ['1']]);
    const up = { queue: { active: 0, waiting: 3, oldestMs: 1_500 } };
    expect([lines(up, 'queueUp'), lines(up, 'queueDepth'), lines(up, 'queueOldest')]).toEqual([['1'], ['3'], ['1.5']]);
  });

  it('of the fleet are there with `fleet`, and say nothing of replicas that cannot be heard', () => {
    expect(lines({}, 'fleetBeatFailures')).toEqual([]);
    const unheard = { fleet: { beatFailures: 3 } };
    expect([lines(unheard, 'fleetReplicas'), lines(unheard, 'fleetBeatFailures')]).toEqual([[], ['3']]);
    expect(lines({ fleet: { beatFailures: 3, replicas: 30 } }, 'fleetReplicas')).toEqual(['30']);
  });

  it('of alerts are 1 for what fires, once for each type of error, and 0 for rules of which nothing does', () => {
    const alerts = {
      firing: [
        { rule: 'error_rate', errorType: 'timeout' },
        { rule: 'error_rate', errorType: 'timeout' },
        { rule: 'circuit_open' },
      ],
      sinks: [{ sink: 'slack', delivered: 2, failures: { refused: 0, exhausted: 1, dropped: 0 } }],
    };
    const told = mergeSamples(of({ alerts }, 'alertActive'), METRICS.alertActive.aggregator);
    expect(told.filter(({ value }) => value === 1).map(({ labels }) => labels)).toEqual([
      { rule: 'error_rate', error_type: 'timeout' },
      { rule: 'circuit_open', error_type: '' },
    ]);
    expect(told).toContainEqual({ labels: { rule: 'budget', error_type: '' }, value: 0 });
    expect(lines({ alerts }, 'alertDeliveryFailures')).toEqual([
      'slack refused 0',
      'slack exhausted 1',
      'slack dropped 0',
    ]);
  });

  it('of buckets are of so many, and those left out are counted', () => {
    const buckets = Array.from({ length: 60 }, (_none, at) => ({
      bucket: `b${at}`,
      pool: 'standard' as const,
      limits: { inputTokens: { limit: 100, remaining: -5 } },
      underWay: 0,
      waiting: { urgent: 0, normal: 2, background: 1, deferred: 0 },
      arrivalsPerSecond: 0,
      admissionsPerSecond: 0,
    }));
    expect(lines({ buckets }, 'ratelimitRemaining')).toHaveLength(50);
    expect(lines({ buckets }, 'ratelimitRemaining')[0]).toBe('b0 standard input_tokens 0');
    expect(lines({ buckets }, 'pacingWaiting')[0]).toBe('b0 standard 3');
    expect(lines({ buckets }, 'overflow')).toContain('bucket 10');
  });
});
