import type { RollupSlot } from '../core/metrics/rollup-slot.js';
import type { RollupStore } from '../core/metrics/rollup-store.port.js';
import { SeriesCounts } from '../core/metrics/series-counts.js';
import type { SpecRunner } from './request-store/spec-runner.js';

const START_MS = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;

const slot = (over: Partial<RollupSlot> = {}): RollupSlot => {
  const counts = SeriesCounts.empty();
  counts.ok = 3;
  counts.lnPromptTokens = 7.25;
  counts.errors.add('overloaded');
  for (const ms of [0, 120, 120, 45_000]) counts.servedMs.add(ms);
  return {
    resolution: '5m',
    startMs: START_MS,
    workflow: 'support',
    model: 'opus',
    source: 'replica-1',
    counts: JSON.parse(JSON.stringify(counts)) as RollupSlot['counts'],
    ...over,
  };
};
const ALL = { resolution: '5m', fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER } as const;

/**
 * What every store of rollups keeps to (R38). Call it in a spec, once for each store.
 *
 * @param make a new, empty store
 * @param close called with the store when its spec is over
 */
export function describeRollupStore(
  { describe, it, beforeEach, afterEach, expect }: SpecRunner,
  name: string,
  make: () => RollupStore | Promise<RollupStore>,
  close: (store: RollupStore) => void | Promise<void> = () => {},
): void {
  describe(`${name}, as a store of rollups (R38)`, () => {
    let made: RollupStore | undefined;
    const store = (): RollupStore => {
      if (made === undefined) throw new Error('There is a store once a spec runs');
      return made;
    };
    beforeEach(async () => {
      made = await make();
    });
    afterEach(async () => close(store()));

    it('has nothing at first', async () => {
      expect(await store().read(ALL)).toEqual([]);
      expect(await store().resets()).toEqual([]);
      expect(await store().removeBefore('5m', Number.MAX_SAFE_INTEGER)).toBe(0);
    });

    it('gives back all of what was put, the oldest first', async () => {
      const late = slot({ startMs: START_MS + HOUR_MS, isUnwell: true, workflow: 'Entwürfe "\u0000"' });
      await store().put([late, slot()]);
      expect(await store().read(ALL)).toEqual([slot(), late]);
    });

    it('nothing at all can be put', async () => {
      await store().put([]);
      expect(await store().read(ALL)).toEqual([]);
    });

    it('keeps a slot in place of the one of the same name: again, and with other counts', async () => {
      await store().put([slot({ isUnwell: true }), slot({ source: 'replica-2' })]);
      await store().put([slot({ counts: { ok: 9 } })]);
      await store().put([slot({ counts: { ok: 9 } })]);
      const read = await store().read(ALL);
      expect(read).toHaveLength(2);
      expect(read.find(({ source }) => source === 'replica-1')).toEqual(slot({ counts: { ok: 9 } }));
    });

    const OTHERS: readonly [string, Partial<RollupSlot>][] = [
      ['resolution', { resolution: '1h' }],
      ['start', { startMs: START_MS + 300_000 }],
      ['workflow', { workflow: 'drafts' }],
      ['model', { model: 'haiku' }],
      ['source', { source: 'replica-2' }],
    ];
    for (const [what, over] of OTHERS)
      it(`a slot of another ${what} is another slot`, async () => {
        await store().put([slot(), slot(over)]);
        const hours = await store().read({ ...ALL, resolution: '1h' });
        const both = [...(await store().read(ALL)), ...hours];
        expect(both).toHaveLength(2);
      });

    it('reads a span: its start belongs to it, its end does not', async () => {
      await store().put([0, 1, 2, 3].map((at) => slot({ startMs: START_MS + at * 300_000 })));
      const span = { ...ALL, fromMs: START_MS + 300_000, untilMs: START_MS + 900_000 };
      const starts = (await store().read(span)).map(({ startMs }) => startMs - START_MS);
      expect(starts).toEqual([300_000, 600_000]);
    });

    it('reads what is named, or any', async () => {
      await store().put([slot(), slot({ model: 'haiku' }), slot({ workflow: 'drafts' })]);
      const found = async (of: object) => (await store().read({ ...ALL, ...of })).length;
      expect(await found({ workflow: 'support' })).toBe(2);
      expect(await found({ model: 'opus' })).toBe(2);
      expect(await found({ workflow: 'support', model: 'haiku' })).toBe(1);
      expect(await found({ workflow: 'nobody' })).toBe(0);
    });

    it('forgets what began before a moment, of one resolution', async () => {
      const later = slot({ startMs: START_MS + 300_000 });
      await store().put([slot(), slot({ model: 'haiku' }), later, slot({ resolution: '1h' })]);
      expect(await store().removeBefore('5m', START_MS + 300_000)).toBe(2);
      expect(await store().read(ALL)).toEqual([later]);
      expect(await store().read({ ...ALL, resolution: '1h' })).toHaveLength(1);
    });

    it('keeps the last reset of each series', async () => {
      await store().noteReset({ workflow: 'support', atMs: 5 });
      await store().noteReset({ workflow: 'support', model: 'opus', atMs: 3 });
      await store().noteReset({ atMs: 4 });
      await store().noteReset({ workflow: 'support', atMs: 9 });
      expect(await store().resets()).toEqual([
        { workflow: 'support', model: 'opus', atMs: 3 },
        { atMs: 4 },
        { workflow: 'support', atMs: 9 },
      ]);
    });

    it('hands out, and keeps, nothing through which it could be changed', async () => {
      const counts = { ok: 1 };
      await store().put([slot({ counts })]);
      counts.ok = 2;
      for (const read of await store().read(ALL)) Object.assign(read.counts, { ok: 3 });
      expect((await store().read(ALL))[0]?.counts).toEqual({ ok: 1 });
    });
  });
}
