import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import type { ClaudeCall } from '../call.js';
import type { FailureKind } from '../failure/failure.js';
import { mergeRuns, type FailureRunTail } from './failure-run.js';
import { MergedMetrics } from './merged-metrics.js';
import { MINUTE_MS } from './minute-ring.js';
import { MetricsRecorder, type CountedEvent } from './metrics-recorder.js';
import { MOST_SHOWN, readShownMetrics, readShownMinute, showMetrics, SHOWN_MINUTES } from './shown-metrics.js';

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

/** A replica: its own counts, and what it knows of all. */
class Replica {
  readonly own = new MetricsRecorder(clock);
  readonly all = new MergedMetrics(this.own);

  constructor(readonly source: string) {}

  calls(
    count: number,
    over: { workflow?: string; model?: string; kind?: FailureKind; durationMs?: number } = {},
  ): this {
    const { workflow = 'digest', model = 'm', kind, durationMs = 100 } = over;
    for (let n = 0; n < count; n++) {
      const call = { workflow, model, feature: workflow } as unknown as ClaudeCall;
      const failure = kind && { kind };
      const outcome = kind === undefined ? 'served' : 'failed';
      const event = { type: 'call.completed', call, outcome, attempts: 1, durationMs, ...(failure && { failure }) };
      this.own.hear(event as unknown as CountedEvent);
    }
    return this;
  }

  hears(...others: readonly Replica[]): this {
    for (const { source, own } of others) {
      const shown = readShownMetrics(showMetrics(own));
      if (shown !== undefined) this.all.hear(source, shown);
    }
    return this;
  }
}

const minutes = (count: number) => clock.advance(count * MINUTE_MS);

const tail = (count: number, sinceMs: number, newestMs: number, servedMs?: number): FailureRunTail => ({
  count,
  kind: 'timeout',
  sinceMs,
  newestMs,
  ...(servedMs !== undefined && { servedMs }),
});

describe('metrics of several replicas (issue 9)', () => {
  it('without others they are its own', () => {
    const { own, all } = new Replica('a').calls(3).calls(1, { workflow: 'chat', kind: 'timeout' });
    expect(all.window(5).toJSON()).toEqual(own.window(5).toJSON());
    expect(all.minutes(0, Infinity)).toEqual(own.minutes(0, Infinity));
    expect(all.names()).toEqual(own.names());
    expect(all.failuresInARow()).toEqual({ count: 1, kind: 'timeout' });
    expect(all.lastEndMs('chat')).toBe(clock.wallMs());
    expect(all.lastEndMs('none')).toBeUndefined();
  });

  it('are what one would have counted that had done the work of all', () => {
    const [a, b, c] = [new Replica('a'), new Replica('b'), new Replica('c')];
    const one = new Replica('one');
    for (const [at, replica] of [a, b, c].entries()) {
      for (const counting of [replica, one]) {
        counting.calls(20 + at, { durationMs: 10 ** at }).calls(at, { workflow: 'chat', kind: 'overloaded' });
      }
    }
    a.hears(b, c);
    expect(a.all.window(5).toJSON()).toEqual(one.own.window(5).toJSON());
    expect(a.all.window(5, { workflow: 'chat' }).toJSON()).toEqual(one.own.window(5, { workflow: 'chat' }).toJSON());
    const startMs = clock.wallMs();
    const whole = a.all.minutes(0, Infinity).map((minute) => [minute.workflow, minute.startMs, minute.counts.judged]);
    expect(whole.toSorted()).toEqual([
      ['chat', startMs, 3],
      ['digest', startMs, 63],
    ]);
    expect(
      a.all
        .names()
        .map(({ workflow }) => workflow)
        .toSorted(),
    ).toEqual(['chat', 'digest']);
  });

  it('a minute counts once, however often it is shown, and grows with what is shown of it', () => {
    const [a, b] = [new Replica('a'), new Replica('b').calls(10)];
    a.hears(b, b).hears(b);
    expect(a.all.window(5).judged).toBe(10);
    a.hears(b.calls(5));
    expect(a.all.window(5).judged).toBe(15);
  });

  it('what a replica showed that died stays in until it is too old, and its successor doubles nothing', async () => {
    const [a, b] = [new Replica('a'), new Replica('b').calls(10)];
    a.hears(b);
    await minutes(1);
    const again = new Replica('b2').calls(7);
    a.hears(again);
    for (const judged of [17, 17, 17, 17, 17, 7, 0]) {
      expect([clock.nowMs() / MINUTE_MS, a.all.window(5).judged]).toEqual([clock.nowMs() / MINUTE_MS, judged]);
      await minutes(1);
      a.hears(new Replica('c'));
    }
  });

  it('an hour is kept of what was shown, and nothing of it twice when it is shown late', async () => {
    const [a, b] = [new Replica('a'), new Replica('b')];
    for (let minute = 0; minute < 70; minute++) {
      b.calls(1);
      if (minute % 4 === 0) a.hears(b);
      await minutes(1);
    }
    a.hears(b);
    expect(a.all.minutes(0, Infinity).map(({ counts }) => counts.judged)).toEqual(Array.from({ length: 59 }, () => 1));
    const late = readShownMetrics(showMetrics(b.own));
    const old = Math.floor(clock.wallMs() / MINUTE_MS) - SHOWN_MINUTES - 1;
    const [, line = ''] = [...(late?.lines ?? [])][0] ?? [];
    if (late !== undefined) a.all.hear('z', { ...late, lines: new Map([[old, line]]) });
    expect(a.all.minutes(old * MINUTE_MS, (old + 1) * MINUTE_MS)[0]?.counts.judged).toBe(1);
  });

  it('failures in a row are those of all since one of them was served', async () => {
    const [a, b] = [new Replica('a').calls(2, { kind: 'timeout' }), new Replica('b').calls(1)];
    await clock.advance(10);
    a.calls(1, { kind: 'timeout' });
    b.calls(3, { kind: 'connection' });
    a.hears(b);
    // Two of the first were before the one that was served; of them only the newest is known to be later.
    expect(a.all.failuresInARow()).toEqual({ count: 4, kind: expect.any(String) });
    expect(b.all.failuresInARow()).toEqual({ count: 3, kind: 'connection' });
    await clock.advance(10);
    a.calls(1);
    expect(a.all.failuresInARow('digest')).toBeUndefined();
    expect(a.all.lastEndMs()).toBe(clock.wallMs());
  });

  it('names of others are told apart as far as there is room', () => {
    const a = new Replica('a').calls(1);
    for (let replica = 0; replica < 8; replica++) {
      const other = new Replica(`o${replica}`);
      for (let n = 0; n < 35; n++) other.calls(1, { workflow: `w${replica}-${n}` });
      a.hears(other);
    }
    expect(a.all.names().length).toBeLessThanOrEqual(53);
    expect(a.all.window(5).judged).toBe(1 + 8 * 35);
  });

  it('the busiest series of a minute are shown by themselves, all others as one; nothing is lost', () => {
    const [a, b] = [new Replica('a'), new Replica('b')];
    for (let n = 0; n < 45; n++) b.calls(n + 1, { workflow: `w${n}` }).calls(1, { workflow: `w${n}`, model: 'n' });
    const shown = readShownMetrics(showMetrics(b.own));
    const [line = ''] = shown?.lines.values() ?? [];
    const series = readShownMinute(line);
    expect(series).toHaveLength(MOST_SHOWN);
    expect(series.at(-1)?.name).toEqual({ workflow: 'other', model: 'other' });
    expect(a.hears(b).all.window(5).judged).toBe(b.own.window(5).judged);
  });

  it('a minute of 60 calls of a workflow and model is shown in some 1 KB', () => {
    const b = new Replica('b');
    for (let n = 0; n < 60; n++) b.calls(1, { durationMs: 500 + ((n * 7_919) % 60) * 40.123456789 });
    expect(showMetrics(b.own).length).toBeLessThan(1_200);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['another version', '{"version":2,"all":{"count":0}}'],
    ['no tail', '{"version":1,"all":{"count":"x"}}'],
  ])('of %s nothing is taken', (_what, text) => {
    expect(readShownMetrics(text)).toBeUndefined();
  });

  it.each([
    ['no JSON', '[['],
    ['no list', '[1,"x"]'],
    ['a name that is none', '[[1,"m",{"ok":1}]]'],
    ['a name without end', `[["${'x'.repeat(201)}","m",{"ok":1}]]`],
    ['a count that is a text', '[["w","m",{"ok":"1"}]]'],
    ['a count below zero', '[["w","m",{"ok":-1}]]'],
    ['a kind that is a text', '[["w","m",{"errors":{"timeout":"x"}}]]'],
    ['a sketch that is none', '[["w","m",{"servedMs":{"count":3}}]]'],
    ['no counts', '[["w","m",null]]'],
  ])('a minute with %s counts nothing of that', (_what, line) => {
    expect(readShownMinute(line)).toEqual([]);
  });

  it.each<[string, FailureRunTail[], number | undefined]>([
    ['nobody', [], undefined],
    ['nobody failed', [{ count: 0, servedMs: 5 }], undefined],
    ['one', [tail(3, 10, 20, 5)], 3],
    ['two that failed alike', [tail(3, 10, 20, 5), tail(4, 11, 21)], 7],
    ['one was served later than all', [tail(3, 10, 20), { count: 0, servedMs: 30 }], undefined],
    ['one was served in between', [tail(3, 10, 20), { count: 0, servedMs: 15 }], 1],
  ])('the run of %s', (_what, tails, count) => {
    expect(mergeRuns(tails)?.count).toBe(count);
  });
});
