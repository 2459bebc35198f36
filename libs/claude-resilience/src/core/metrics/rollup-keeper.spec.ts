import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import type { ClaudeCall } from '../call.js';
import { MemoryRollupStore } from './memory-rollup-store.js';
import { MetricsRecorder } from './metrics-recorder.js';
import { rollUp } from './rollup.js';
import { RollupKeeper } from './rollup-keeper.js';
import type { Resolution, RollupSlot } from './rollup-slot.js';
import { SeriesCounts } from './series-counts.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 10, 22, 12);
const ALL = { fromMs: 0, untilMs: 1e15 };

/** A store that fails when told to. */
class FailingStore extends MemoryRollupStore {
  failures = 0;
  puts = 0;

  override async put(slots: readonly RollupSlot[]): Promise<void> {
    this.puts += 1;
    if (this.failures-- > 0) throw new Error('disk full');
    return super.put(slots);
  }
}

describe('RollupKeeper (R38)', () => {
  let wallMs = START_MS;
  let store = new FailingStore();
  let recorder = new MetricsRecorder(new ManualClock());
  let keeper = new RollupKeeper(recorder, store, 'one');
  const begin = (source = 'one', wasUnwell = () => false) => {
    recorder = new MetricsRecorder(Object.assign(new ManualClock(), { wallMs: () => wallMs }));
    keeper = new RollupKeeper(recorder, store, source, wasUnwell);
  };
  beforeEach(() => {
    wallMs = START_MS;
    store = new FailingStore();
    begin();
  });

  const serve = (durationMs = 100, workflow = 'support') => {
    const call = { id: 'c', feature: 'chat', workflow, model: 'opus' } as ClaudeCall;
    recorder.hear({ type: 'call.completed', call, outcome: 'served', attempts: 1, durationMs });
  };
  /** One call in each minute, and a run at the end of each. */
  const live = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      serve(minute);
      wallMs += MINUTE_MS;
      await keeper.run();
    }
  };
  const kept = async (resolution: Resolution) =>
    (await store.read({ resolution, ...ALL })).map(({ startMs, source, counts }) => [
      (startMs - START_MS) / MINUTE_MS,
      source,
      counts.ok,
    ]);
  const marks = async (resolution: Resolution) =>
    (await store.read({ resolution, ...ALL })).map(({ isUnwell }) => isUnwell === true);
  const total = async (resolution: Resolution) =>
    (await kept(resolution)).reduce((sum, [, , ok]) => sum + Number(ok), 0);

  it('keeps 5 minutes when they are over, and hours when they are', async () => {
    await live(4);
    expect(await kept('5m')).toEqual([]);
    await live(1);
    expect(await kept('5m')).toEqual([[0, 'one', 5]]);
    await live(54);
    expect(await kept('1h')).toEqual([]);
    await live(1);
    expect(await kept('1h')).toEqual([[0, 'one', 60]]);
    expect(await kept('5m')).toHaveLength(12);
  });

  it('an hour has the quantiles of all its calls', async () => {
    await live(60);
    const [hour] = await store.read({ resolution: '1h', ...ALL });
    const sketch = SeriesCounts.fromJSON(hour!.counts).servedMs;
    expect([sketch.count, sketch.min, sketch.max]).toEqual([60, 0, 59]);
    expect(sketch.quantile(0.5)! / 29).toBeCloseTo(1, 1);
  });

  it('tells of each new slot once', async () => {
    await live(4);
    serve();
    wallMs += MINUTE_MS;
    expect(await keeper.run()).toHaveLength(1);
    expect(await keeper.run()).toEqual([]);
  });

  it('run again, or by two at a time, changes nothing', async () => {
    await live(120);
    const before = [await kept('5m'), await kept('1h')];
    expect(keeper.run()).toBe(keeper.run());
    await keeper.run();
    expect([await kept('5m'), await kept('1h')]).toEqual(before);
  });

  it('another keeper of the same process writes the same', async () => {
    await live(60);
    const before = [await kept('5m'), await kept('1h')];
    await new RollupKeeper(recorder, store, 'one').run();
    expect([await kept('5m'), await kept('1h')]).toEqual(before);
  });

  it('catches up after a pause, with all that the recorder has', async () => {
    for (let minute = 0; minute < 55; minute++) {
      serve();
      wallMs += MINUTE_MS;
    }
    await keeper.run();
    expect([await total('5m'), keeper.lostSlots]).toEqual([55, 0]);
  });

  it('after a longer pause the last hour is there, and what is lost is counted', async () => {
    await live(5);
    for (let minute = 0; minute < 200; minute++) {
      serve();
      wallMs += MINUTE_MS;
    }
    await keeper.run();
    expect(await total('5m')).toBe(5 + 55);
    expect(keeper.lostSlots).toBe((200 - 55) / 5);
  });

  it.each([1, 2, 3])(
    'tries again when the store fails %i times, and neither loses nor doubles anything',
    async (failures) => {
      await live(4);
      const told: RollupSlot[] = [];
      store.failures = failures;
      for (let minute = 0; minute < 60; minute++) {
        serve();
        wallMs += MINUTE_MS;
        told.push(...(await keeper.run().catch(() => [])));
      }
      expect([await total('5m'), await total('1h')]).toEqual([60, 60]);
      expect(told).toHaveLength(12);
    },
  );

  it('an hour that could not be kept is kept later, and its slots are told of all the same', async () => {
    await live(55);
    for (let minute = 0; minute < 4; minute++) serve();
    wallMs += 5 * MINUTE_MS;
    const before = store.put.bind(store);
    store.put = async (slots) =>
      slots.some(({ resolution }) => resolution === '1h') ? Promise.reject(new Error('no')) : before(slots);
    await expect(keeper.run()).rejects.toThrow('no');
    store.put = before;
    expect(await keeper.run()).toHaveLength(1);
    expect(await total('1h')).toBe(59);
  });

  it('a process that ends keeps what is not over, and the next one goes on beside it: hours are whole', async () => {
    await live(58);
    serve();
    await keeper.flush();
    expect(await total('5m')).toBe(59);
    wallMs += MINUTE_MS;
    begin('two');
    await live(3);
    expect(await total('5m')).toBe(60);
    expect(await kept('1h')).toEqual([
      [0, 'one', 59],
      [0, 'two', 1],
    ]);
    await live(60);
    expect(await total('1h')).toBe(60 + 60);
  });

  it('a process that was killed leaves hours that the next one finishes', async () => {
    await live(58);
    wallMs += 12 * HOUR_MS;
    begin('two');
    await keeper.run();
    expect(await kept('1h')).toEqual([[0, 'one', 55]]);
  });

  it('keeps slots of 5 minutes for 8 days, and hours for 30', async () => {
    await live(60);
    wallMs += 8 * 24 * HOUR_MS - 2 * HOUR_MS;
    await keeper.run();
    expect(await kept('5m')).toHaveLength(12);
    wallMs += 2 * HOUR_MS;
    await keeper.run();
    expect([await total('5m'), await total('1h')]).toEqual([0, 60]);
    wallMs += 22 * 24 * HOUR_MS - HOUR_MS;
    await keeper.run();
    expect(await total('1h')).toBe(60);
    wallMs += 2 * HOUR_MS;
    await keeper.run();
    expect(await total('1h')).toBe(0);
  });

  it('marks what was known to be bad, also in the hour', async () => {
    let isBad = false;
    begin('one', () => isBad);
    await live(30);
    isBad = true;
    await live(5);
    isBad = false;
    await live(25);
    expect(await marks('5m')).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(await marks('1h')).toEqual([true]);
  });

  it('a clock that was wrong stops nothing when it is right again', async () => {
    await live(10);
    wallMs += 365 * 24 * HOUR_MS;
    await live(10);
    wallMs = START_MS + 10 * MINUTE_MS;
    await live(50);
    const right = (await kept('5m')).filter(([minute]) => Number(minute) < 60);
    expect(right.map(([, , ok]) => ok)).toEqual(Array.from({ length: 12 }, () => 5));
    expect((await kept('1h')).filter(([minute]) => minute === 0)).toEqual([[0, 'one', 60]]);
  });

  it('a slot that is damaged does not stop the hour', async () => {
    await live(55);
    const [slot] = await store.read({ resolution: '5m', ...ALL });
    await store.put([{ ...slot!, counts: { servedMs: { count: 3 } } as never }]);
    await live(5);
    expect(await total('1h')).toBe(55);
  });
});

const part = (startMs: number, workflow = 'a', model = 'm', isUnwell = false) => {
  const counts = SeriesCounts.empty();
  counts.ok = 1;
  counts.servedMs.add(startMs);
  return { startMs, workflow, model, counts, isUnwell };
};
const told = (parts: ReturnType<typeof rollUp>) =>
  parts.map(({ startMs, workflow, model, counts, isUnwell }) => [startMs, workflow, model, counts.ok, isUnwell]);
const json = (folded: ReturnType<typeof rollUp>) =>
  JSON.stringify(
    folded.toSorted((one, other) => one.startMs - other.startMs || (one.workflow < other.workflow ? -1 : 1)),
  );

describe('rollUp', () => {
  it.each<[string, ReturnType<typeof part>[], unknown[]]>([
    ['nothing', [], []],
    [
      'the first and the last moment of a span',
      [part(0), part(299_999), part(300_000)],
      [
        [0, 'a', 'm', 2, false],
        [300_000, 'a', 'm', 1, false],
      ],
    ],
    [
      'two series',
      [part(0, 'a'), part(0, 'b'), part(0, 'a', 'n')],
      [
        [0, 'a', 'm', 1, false],
        [0, 'b', 'm', 1, false],
        [0, 'a', 'n', 1, false],
      ],
    ],
    [
      'any order',
      [part(600_000), part(1), part(300_000)],
      [
        [0, 'a', 'm', 1, false],
        [300_000, 'a', 'm', 1, false],
        [600_000, 'a', 'm', 1, false],
      ],
    ],
    ['one that was bad', [part(0), part(1, 'a', 'm', true)], [[0, 'a', 'm', 2, true]]],
  ])('folds %s', (_what, parts, expected) => {
    expect(told(rollUp(parts, 300_000))).toEqual(expected);
    expect(told(rollUp(parts, 300_000))).toEqual(expected);
  });

  it('in two steps comes to the same as in one', () => {
    const parts = Array.from({ length: 500 }, (_none, at) => part(at * 61_000, at % 3 === 0 ? 'a' : 'b'));
    expect(json(rollUp(rollUp(parts, 300_000), 3_600_000))).toBe(json(rollUp(parts, 3_600_000)));
  });
});
