import { code, KEEP_MS, type ReviewBench } from './review-bench.js';

const ANN = { by: 'ann', label: 'invoice', note: 'Says "pay" twice.' };

/** What people decide, and for how long that is known. */
export function resolving(bench: ReviewBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, addAndResolve, pageOf } = bench;

  describe('resolving', () => {
    it('takes an item off for good, with who decided what, and when', async () => {
      const item = await add('a');
      await bench.clock.advance(9);
      const resolved = { ...item, resolvedAt: new Date(bench.clock.wallMs()), resolution: ANN };
      const two = await Promise.all([bench.list.resolve(item.id, ANN), bench.list.resolve(item.id, { by: 'bob' })]);
      expect(two).toEqual([resolved, undefined]);
      await bench.clock.advance(9);
      expect(await bench.list.resolve(item.id, { by: 'bob' })).toBeUndefined();
      expect(await bench.list.resolve('nobody', ANN)).toBeUndefined();
      expect(await bench.list.get(item.id)).toEqual(resolved);
      expect([await bench.list.list(), (await bench.list.page({ limit: 9, state: 'resolved' })).items]).toEqual([
        [],
        [resolved],
      ]);
    });

    it('takes an item off without a word, too', async () => {
      const item = await add('a');
      expect(await bench.list.resolve(item.id)).toEqual({ ...item, resolvedAt: new Date(bench.clock.wallMs()) });
    });

    it('keeps no resolution without a name, over its bounds, or with more in it', async () => {
      const { id } = await add('a');
      const texts = ['', '  ', 7, null, '\ud800'];
      const wrong: unknown[] = [{}, [], null, 'ann', { ...ANN, rest: 1 }, { ...ANN, note: 'x'.repeat(4001) }];
      for (const field of ['by', 'label', 'note']) wrong.push(...texts.map((text) => ({ ...ANN, [field]: text })));
      for (const field of ['by', 'label']) wrong.push({ ...ANN, [field]: 'x'.repeat(201) });
      for (const one of wrong) {
        await expect(bench.list.resolve(id, one as never)).rejects.toMatchObject(code('CLAUDE_INVALID_OPTIONS'));
      }
      const largest = { by: 'x'.repeat(200), label: 'x'.repeat(200), note: 'x'.repeat(4000) };
      expect((await bench.list.resolve(id, largest))?.resolution).toEqual(largest);
    });

    it('forgets what was resolved when it is old, and the oldest of too many', async () => {
      for (const input of [1, 2, 3, 4]) {
        await addAndResolve(input);
        await bench.clock.advance(1);
      }
      expect(await pageOf({ state: 'resolved' })).toEqual([4, 3, 2]);
      // It was resolved one millisecond ago; it is forgotten one after its time.
      await bench.clock.advance(KEEP_MS - 1);
      const open = await add('stays');
      expect(await pageOf({ state: 'resolved' })).toEqual([4]);
      await bench.clock.advance(1);
      await add('stays, too');
      expect(await pageOf({ state: 'resolved' })).toEqual([]);
      await bench.clock.advance(10 * KEEP_MS);
      await addAndResolve(5);
      expect(await bench.list.get(open.id)).toEqual(open);
    });
  });
}
