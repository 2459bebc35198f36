import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import type { ClaudeCall, TokenUsage } from '../call.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { FAILURE_KINDS, type Failure, type FailureKind } from '../failure/failure.js';
import { figuresOf } from './metric-figures.js';
import { NO_COST } from '../cost/cost-sum.js';
import { LogSketch } from './log-sketch.js';
import { MetricsRecorder, type CountedEvent } from './metrics-recorder.js';
import { HISTOGRAM_BOUNDS, histogramOf, mergeSnapshots, snapshotOf } from './metrics-snapshot.js';
import { SeriesCounts } from './series-counts.js';

const call = (over: Partial<ClaudeCall> = {}) =>
  ({ id: 'c', feature: 'chat', workflow: 'support', model: 'opus', ...over }) as ClaudeCall;
const failure = (kind: FailureKind, over: Partial<Failure> = {}): Failure => ({
  ...diagnoseFailure({ from: 'abort' }, 0),
  kind,
  ...over,
});
const TARGET = { model: 'opus', platform: 'anthropic', bucket: 'opus' };
/** A quarter of a dollar. */
const COST = { ...NO_COST, exact: { dollars: 0, picoUsd: 0.25e12 } };
const USAGE: TokenUsage = { inputTokens: 100, cacheReadTokens: 1_000, cacheWriteTokens: 50, outputTokens: 20 };

const failed = (of: ClaudeCall, kind: FailureKind, attempt = 1): CountedEvent => ({
  type: 'attempt.failed',
  call: of,
  attempt,
  target: TARGET,
  failure: failure(kind),
  durationMs: 10,
});
const retry = (of: ClaudeCall, kind: FailureKind): CountedEvent => ({
  type: 'retry.scheduled',
  call: of,
  attempt: 1,
  kind,
  delayMs: 250,
});
const served = (of = call(), over: object = {}): CountedEvent => ({
  type: 'call.completed',
  call: of,
  outcome: 'served',
  attempts: 1,
  durationMs: 1_000,
  ...over,
});
const ended = (of: ClaudeCall, kind: FailureKind, attempts: number, over: Partial<Failure> = {}): CountedEvent => ({
  type: 'call.completed',
  call: of,
  outcome: 'failed',
  failure: failure(kind, over),
  attempts,
  durationMs: 2_000,
});

/** In one order, and without the digits that the order of adding changes. */
const sorted = ({ series, ...rest }: ReturnType<typeof snapshotOf>) => ({
  ...rest,
  series: [...series]
    .sort((a, b) => (a.workflow + a.model < b.workflow + b.model ? -1 : 1))
    .map(({ counts: { lnPromptTokens = 0, lnAnswerTokens = 0, ...counts }, ...about }) => ({
      ...about,
      ln: [lnPromptTokens.toFixed(6), lnAnswerTokens.toFixed(6)],
      counts,
    })),
});

describe('MetricsRecorder (R30-R33)', () => {
  let clock: ManualClock;
  let recorder: MetricsRecorder;
  beforeEach(() => {
    clock = new ManualClock();
    recorder = new MetricsRecorder(clock);
  });
  const hear = (...events: readonly CountedEvent[]) => {
    for (const event of events) recorder.hear(event);
  };
  const counted = () => recorder.window(5).toJSON();
  const inFlight = () => recorder.totals().map((total) => total.inFlight);
  const okIn = (minutes: number) => recorder.window(minutes).ok;
  const names = () => recorder.totals().map(({ workflow, model, counts }) => [workflow, model, counts.ok]);
  const latencyOf = (count: number) => {
    recorder = new MetricsRecorder(clock);
    for (let n = 0; n < count; n++) hear(served());
    return figuresOf(recorder.window(5)).latencyMs;
  };

  describe('how calls end', () => {
    it.each<[string, (of: ClaudeCall) => CountedEvent[], object]>([
      ['served', (of) => [served(of)], { ok: 1, attemptsOk: 1 }],
      [
        'failed',
        (of) => [failed(of, 'overloaded'), ended(of, 'overloaded', 1)],
        { error: 1, errors: { overloaded: 1 }, met5xx: 1 },
      ],
      [
        'failed, by a method of whose attempts nobody tells',
        (of) => [ended(of, 'timeout', 1)],
        { error: 1, errors: { timeout: 1 }, attemptsFailed: { timeout: 1 } },
      ],
      ['refused, since the circuit is open', (of) => [ended(of, 'circuit_open', 0)], { rejected: 1 }],
      ['refused, since its account stopped', (of) => [ended(of, 'billing', 0, { isHeld: true })], { rejected: 1 }],
      [
        'refused, since its turn would come too late',
        (of) => [ended(of, 'rate_limited', 0, { isHeld: true })],
        { rejected: 1 },
      ],
      [
        'declined before it was sent',
        (of) => [ended(of, 'content_policy', 0)],
        { error: 1, errors: { content_policy: 1 } },
      ],
      ['out of time before it was sent', (of) => [ended(of, 'timeout', 0)], { error: 1, errors: { timeout: 1 } }],
      [
        'cancelled',
        (of) => [failed(of, 'cancelled'), ended(of, 'cancelled', 1)],
        { cancelled: 1, attemptsFailed: { cancelled: 1 } },
      ],
    ])('%s', (_how, events, expected) => {
      hear(...events(call()));
      const { ok = 0, error = 0, cancelled = 0, rejected = 0 } = counted();
      expect(ok + error + cancelled + rejected).toBe(1);
      const { servedMs: _served, failedMs: _failed, attemptsFailed, ...rest } = counted();
      expect('attemptsFailed' in expected ? { ...rest, attemptsFailed } : rest).toEqual(expected);
    });

    it('what was answered instead is said beside what the call itself came to', () => {
      const about = { feature: 'chat', workflow: 'support', correlationId: 'c', kind: 'overloaded' } as const;
      hear(ended(call(), 'overloaded', 1), { type: 'fallback.answered', ...about });
      hear({ type: 'request.refused', feature: 'support', correlationId: 'c', retryAfterMs: 5 });
      const queued = {
        feature: 'chat',
        workflow: 'support',
        correlationId: 'c',
        requestId: 'r',
        priority: 'normal',
      } as const;
      hear({ type: 'request.deferred', ...queued, kind: 'overloaded' });
      hear({ type: 'request.ended', ...queued, state: 'succeeded', attempts: 1, tookMs: 90_000 });
      hear({ type: 'request.ended', ...queued, state: 'expired', attempts: 1, tookMs: 1 });
      expect(counted()).toMatchObject({
        error: 1,
        fallback: 1,
        rejected: 1,
        deferred: 1,
        laterMs: { count: 1, sum: 90_000 },
      });
    });

    it('counts of tokens are not counted', () => {
      const of = call({ isCount: true });
      hear(failed(of, 'overloaded'), retry(of, 'overloaded'), served(of, { usage: USAGE }));
      expect(recorder.totals()).toEqual([]);
    });
  });

  describe('errors by type', () => {
    it('a call counts once under each type that it met, though it was served in the end', () => {
      const of = call();
      hear(failed(of, 'overloaded'), retry(of, 'overloaded'), failed(of, 'overloaded', 2), retry(of, 'overloaded'));
      hear(failed(of, 'rate_limited', 3), failed(of, 'server_error', 4), served(of, { attempts: 5 }));
      expect(counted()).toMatchObject({
        ok: 1,
        errors: { overloaded: 1, rate_limited: 1, server_error: 1 },
        met5xx: 1,
        retried: 1,
        retries: { overloaded: 2 },
        retryWaitMs: 500,
        attemptsOk: 1,
        attemptsFailed: { overloaded: 2, rate_limited: 1, server_error: 1 },
      });
    });

    it('a call that was given up counts nowhere in a ratio, whatever it had met', () => {
      const of = call();
      hear(served(), failed(of, 'overloaded'), retry(of, 'overloaded'), ended(of, 'cancelled', 1));
      expect(figuresOf(recorder.window(5))).toMatchObject({
        judged: 1,
        cancelled: 1,
        errors: {},
        met5xx: 0,
        retryRatio: 0,
        errorRatio: 0,
      });
    });

    it('an attempt that was cut off is no error of a call that went on', () => {
      const of = call();
      hear(failed(of, 'cancelled'), served(of));
      expect(counted()).not.toHaveProperty('errors');
    });

    it('a circuit that opens between two attempts adds no type of its own', () => {
      const of = call();
      hear(failed(of, 'overloaded'), ended(of, 'circuit_open', 1));
      expect(counted()).toMatchObject({ error: 1, errors: { overloaded: 1 } });
      expect(counted().errors).toEqual({ overloaded: 1 });
    });

    it('calls with the same id, at the same time, are two calls; one that ended is forgotten', () => {
      const [one, other] = [call(), call()];
      hear(failed(one, 'timeout'), failed(other, 'rate_limited'), served(one), served(other), served(one));
      expect(counted()).toMatchObject({ ok: 3, errors: { timeout: 1, rate_limited: 1 } });
    });

    it.each(FAILURE_KINDS.filter((kind) => kind !== 'cancelled' && kind !== 'circuit_open').map((kind) => [kind]))(
      'no type is taken for another: %s',
      (kind) => {
        const of = call();
        hear(failed(of, kind), ended(of, kind, 1));
        expect(counted().errors).toEqual({ [kind]: 1 });
        expect(figuresOf(recorder.window(1)).errorRatios).toEqual({ [kind]: 1 });
      },
    );

    it('whatever happens, no type has more than there are judged calls', () => {
      let state = 7;
      const draw = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
      for (let n = 0; n < 2_000; n++) {
        const of = call();
        const attempts = draw(4);
        for (let at = 0; at < attempts; at++) hear(failed(of, FAILURE_KINDS[draw(13)]!), retry(of, 'timeout'));
        hear(draw(2) === 0 ? served(of, { attempts: attempts + 1 }) : ended(of, FAILURE_KINDS[draw(15)]!, attempts));
      }
      const { judged, errors, retryRatio, errorRatio, met5xx } = figuresOf(recorder.window(5));
      for (const met of [...Object.values(errors), met5xx]) expect(met).toBeLessThanOrEqual(judged);
      expect(judged).toBeGreaterThan(1_000);
      for (const ratio of [retryRatio, errorRatio]) expect(ratio).toBeLessThanOrEqual(1);
    });
  });

  it('counts tokens by direction, prompts as a whole, and cost where it is known', () => {
    hear(served(call(), { usage: USAGE, cost: COST, firstTokenMs: 300 }), served(call(), { usage: USAGE }), served());
    expect(counted()).toMatchObject({
      inputTokens: 200,
      cacheReadTokens: 2_000,
      cacheWriteTokens: 100,
      outputTokens: 40,
      costUsd: 0.25,
      unpriced: 1,
      promptTokens: { count: 2, sum: 2_300 },
      answerTokens: { count: 2, sum: 40 },
      lnPromptTokens: 2 * Math.log(1_150),
      lnAnswerTokens: 2 * Math.log(20),
      firstTokenMs: { count: 1, sum: 300 },
    });
  });

  it('tokens of a call that failed cost, and say nothing of what a call takes', () => {
    const of = call();
    hear({ ...ended(of, 'cancelled', 1), usage: USAGE } as CountedEvent);
    expect(counted()).toMatchObject({ inputTokens: 100, outputTokens: 20, unpriced: 1 });
    expect(counted()).not.toHaveProperty('promptTokens');
  });

  it('knows how many calls are under way, however often it is told of an end', () => {
    const [one] = [call(), call()].map((each) => recorder.began(each));
    expect(inFlight()).toEqual([2]);
    for (const flight of [one, one]) flight?.ended();
    expect(inFlight()).toEqual([1]);
  });

  it('knows how many calls failed in a row, of a workflow and of all; some say nothing', () => {
    const drafts = call({ workflow: 'drafts' });
    expect(recorder.failuresInARow()).toBeUndefined();
    hear(ended(call(), 'timeout', 1), ended(call({ model: 'haiku' }), 'overloaded', 1), ended(drafts, 'timeout', 1));
    hear(
      ended(call(), 'cancelled', 1),
      ended(call(), 'circuit_open', 0),
      ended(call(), 'billing', 0, { isHeld: true }),
    );
    expect(recorder.failuresInARow()).toEqual({ count: 3, kind: 'timeout' });
    expect(recorder.failuresInARow('support')).toEqual({ count: 2, kind: 'overloaded' });
    hear(served());
    expect(['support', 'drafts', 'nobody'].map((name) => recorder.failuresInARow(name)?.count)).toEqual([
      undefined,
      1,
      undefined,
    ]);
    expect(recorder.failuresInARow()).toBeUndefined();
  });

  it('knows when the newest call ended, however it did, and by a clock that was set back', () => {
    expect(recorder.lastEndMs()).toBeUndefined();
    const ends = [
      ended(call(), 'timeout', 1),
      served(),
      ended(call(), 'cancelled', 1),
      served(),
      ended(call(), 'timeout', 1),
    ];
    const newest = ends.map((event, n) => {
      recorder.hear(event, 9_000 - n);
      return [recorder.lastEndMs(), recorder.lastEndMs('support')];
    });
    expect(newest).toEqual(ends.map((_, n) => [9_000 - n, 9_000 - n]));
  });

  it.each([0, 1e-10, 0.004, 0.5, 1, 1.5, 24, 2_047, 2_048, 12_345.678, 200_000, 3e9, -3, NaN, Infinity])(
    'the sketches are those of the values, whatever they are: %d',
    (value) => {
      const sketch = new LogSketch();
      for (const _ of [1, 2]) sketch.add(value);
      const usage = { inputTokens: value, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: value };
      const over = { durationMs: value, firstTokenMs: value, usage };
      hear(served(call(), over), served(call(), over), {
        ...ended(call(), 'timeout', 1),
        durationMs: value,
      } as CountedEvent);
      const counts = recorder.window(5);
      for (const name of ['servedMs', 'firstTokenMs', 'promptTokens', 'answerTokens'] as const) {
        expect(counts[name].toJSON()).toEqual(sketch.toJSON());
      }
      expect(counts.failedMs.toJSON().buckets.length).toBe(sketch.toJSON().buckets.length);
      expect([counts.lnPromptTokens, counts.lnAnswerTokens]).toEqual(Array(2).fill(2 * Math.log(Math.max(1, value))));
    },
  );

  describe('minutes', () => {
    it('a window is the minutes that are over, and the one that runs', async () => {
      for (let minute = 0; minute < 8; minute++) {
        hear(served());
        await clock.advance(60_000);
      }
      expect([0, 1, 5, 7, 60].map(okIn)).toEqual([0, 1, 5, 7, 8]);
    });

    it('an hour is kept by minutes, and everything in the totals', async () => {
      for (let minute = 0; minute < 150; minute++) {
        hear(served());
        await clock.advance(60_000);
      }
      expect(okIn(1_000)).toBe(59);
      expect(recorder.totals().map(({ counts }) => counts.ok)).toEqual([150]);
      expect(recorder.minutes(0, Infinity)).toHaveLength(59);
    });

    it('gives the minutes of a span, by the wall clock', async () => {
      const startMs = clock.wallMs();
      for (let minute = 0; minute < 10; minute++) {
        hear(served());
        await clock.advance(60_000);
      }
      const starts = recorder.minutes(startMs + 120_000, startMs + 300_000).map((minute) => minute.startMs - startMs);
      expect(starts).toEqual([120_000, 180_000, 240_000]);
    });

    describe('when the wall clock', () => {
      const START = Date.UTC(2026, 10, 22, 12);
      let wallMs = START;
      beforeEach(() => {
        wallMs = START;
        recorder = new MetricsRecorder(Object.assign(new ManualClock(), { wallMs: () => wallMs }));
        hear(served());
      });

      it('stands still, all is in one minute', () => {
        hear(served(), served());
        expect(recorder.minutes(START, START + 60_000).map(({ counts }) => counts.ok)).toEqual([3]);
      });

      it('goes back a little, the minute goes on until it is over', () => {
        wallMs -= 2 * 60_000;
        hear(served());
        wallMs += 3 * 60_000;
        hear(served());
        expect(recorder.minutes(0, Infinity).map(({ startMs, counts }) => [startMs - START, counts.ok])).toEqual([
          [0, 2],
          [60_000, 1],
        ]);
      });

      it('jumps ahead, what was an hour ago is out of every window', () => {
        wallMs += 61 * 60_000;
        hear(served());
        expect([okIn(60), recorder.totals()[0]?.counts.ok]).toEqual([1, 2]);
      });

      it('was wrong by a year, the right time counts, and nothing is lost from the totals', () => {
        wallMs += 365 * 86_400_000 + 30 * 60_000;
        hear(served());
        wallMs = START + 60_000;
        hear(served());
        expect([okIn(5), recorder.totals()[0]?.counts.ok]).toEqual([2, 3]);
        wallMs += 60_000;
        hear(served());
        expect(okIn(5)).toBe(3);
      });
    });
  });

  describe('names', () => {
    it('tells workflows and models apart, and sums over either', () => {
      hear(
        served(call({ model: 'haiku' })),
        served(),
        served(call({ workflow: 'drafts' })),
        served(call({ model: undefined })),
      );
      expect(names()).toEqual([
        ['support', 'haiku', 1],
        ['support', 'opus', 1],
        ['support', 'none', 1],
        ['drafts', 'opus', 1],
      ]);
      expect(recorder.window(5, { workflow: 'support' }).ok).toBe(3);
      expect(recorder.window(5, { model: 'opus' }).ok).toBe(2);
      expect(recorder.window(5, { workflow: 'nobody' }).ok).toBe(0);
    });

    it('does not grow without bound: who comes late is `other`, and counted', () => {
      recorder = new MetricsRecorder(clock, { maxWorkflows: 2, maxModels: 2, maxSeries: 4 });
      for (const workflow of ['a', 'b', 'c', 'd', 'other']) hear(served(call({ workflow })));
      expect(names()).toEqual([
        ['a', 'opus', 1],
        ['b', 'opus', 1],
        ['other', 'opus', 3],
      ]);
      expect(recorder.overflow).toEqual({ workflow: 2, model: 0, series: 0 });
      for (const model of ['haiku', 'sonnet', 'fable', 'other']) hear(served(call({ workflow: 'a', model })));
      expect(recorder.overflow).toEqual({ workflow: 2, model: 3 - 1, series: 3 });
      expect(names().slice(0, 5)).toEqual([
        ['a', 'opus', 1],
        ['a', 'haiku', 1],
        ['b', 'opus', 1],
        ['other', 'opus', 3],
        ['other', 'other', 3],
      ]);
    });

    it('a million names take no more room than a few', () => {
      for (let n = 0; n < 20_000; n++) hear(served(call({ workflow: `w${n}`, model: `m${n}` })));
      expect(recorder.totals().length).toBeLessThanOrEqual(201);
      expect(recorder.window(5).ok).toBe(20_000);
    });

    it.each([['__proto__'], ['constructor'], ['']])('takes %p as any other name', (workflow) => {
      hear(served(call({ workflow, model: workflow })));
      expect(names()).toEqual([[workflow, workflow, 1]]);
    });
  });

  describe('figures', () => {
    it('below 20 values there is no quantile, below 100 no p99', () => {
      const nothing = { p50: null, p95: null, p99: null };
      expect(latencyOf(0)).toEqual({ count: 0, ...nothing, max: null });
      expect(latencyOf(19)).toEqual({ count: 19, ...nothing, max: 1_000 });
      expect(latencyOf(20)).toEqual({ count: 20, p50: 1_000, p95: 1_000, p99: null, max: 1_000 });
      expect(latencyOf(100)).toMatchObject({ p99: 1_000 });
    });

    it('of nothing have no ratio', () => {
      expect(figuresOf(SeriesCounts.empty())).toMatchObject({ errorRatio: null, retryRatio: null, errorRatios: {} });
    });

    it.each([
      [49, 0.049],
      [50, 0.05],
      [51, 0.051],
    ])('%i of 1 000 is %d', (bad, ratio) => {
      for (let n = 0; n < 1_000; n++) hear(n < bad ? ended(call(), 'timeout', 1) : served());
      expect(figuresOf(recorder.window(5)).errorRatios).toEqual({ timeout: ratio });
    });
  });

  describe('snapshots', () => {
    it('of replicas add up to the one that would have heard everything', () => {
      const one = new MetricsRecorder(clock);
      const replicas = [new MetricsRecorder(clock), new MetricsRecorder(clock)];
      for (let n = 0; n < 500; n++) {
        const of = call({ workflow: n % 3 === 0 ? 'a' : 'b', model: n % 5 === 0 ? 'm' : 'n' });
        const events = [
          failed(of, FAILURE_KINDS[n % 13]!),
          n % 7 === 0 ? ended(of, 'timeout', 1) : served(of, { durationMs: n * 10, usage: USAGE, cost: COST }),
        ];
        for (const event of events) one.hear(event);
        for (const event of events) replicas[n % 2]?.hear(event);
      }
      one.began(call({ workflow: 'a', model: 'm' }));
      replicas[1]?.began(call({ workflow: 'a', model: 'm' }));
      const wire = JSON.parse(JSON.stringify(replicas.map(snapshotOf))) as never;
      expect(sorted(mergeSnapshots(wire))).toEqual(sorted(snapshotOf(one)));
    });

    it('give histograms that only grow, with exact sum and count', () => {
      const seconds = [0.1, 0.26, 0.9, 4, 4, 700];
      for (const second of seconds) hear(served(call(), { durationMs: second * 1_000 }));
      const sketch = recorder.totals()[0]!.counts.servedMs;
      const { buckets, count, sum } = histogramOf(sketch, HISTOGRAM_BOUNDS.requestSeconds, 1_000);
      expect([count, sum]).toEqual([6, 709.26]);
      expect(buckets.map((bucket) => bucket.count)).toEqual([1, 2, 3, 3, 3, ...Array.from({ length: 13 }, () => 5)]);
    });
  });
});
