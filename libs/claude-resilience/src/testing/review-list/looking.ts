import type { ReviewPageWish } from '../../core/fallback/review-list.port.js';
import { code, type ReviewBench } from './review-bench.js';

/** Pages and counts. */
export function looking(bench: ReviewBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, addAndResolve, pageOf, pages } = bench;

  describe('looking through the list', () => {
    it('turns pages, in either state, of one kind or of all, while things change', async () => {
      for (const input of [1, 2, 3, 4, 5]) await add(input, input % 2 === 0 ? { kind: 'content_policy' } : {});
      expect(await pages({ limit: 2 })).toEqual([[1, 2], [3, 4], [5]]);
      expect(await pages({ limit: 5 })).toEqual([[1, 2, 3, 4, 5]]);
      expect(await pages({ limit: 1, kind: 'content_policy' })).toEqual([[2], [4]]);
      const { items, next } = await bench.list.page({ limit: 2 });
      for (const { id } of items) await bench.list.resolve(id);
      expect(await pages({ limit: 9, ...(next !== undefined && { after: next }) })).toEqual([[3, 4, 5]]);
      // Those resolved last come first, and of the same moment those added last.
      expect(await pages({ limit: 1, state: 'resolved' })).toEqual([[2], [1]]);
      await bench.clock.advance(1);
      await addAndResolve(6);
      expect(await pages({ limit: 2, state: 'resolved' })).toEqual([[6, 2], [1]]);
      expect(await pageOf({ state: 'resolved', kind: 'unclassified' })).toEqual([6, 1]);
    });

    it('ends a page early when what is on it is long, and never without an item', async () => {
      const [long, half] = ['x'.repeat(98), 'y'.repeat(48)];
      for (const input of [long, half, half, half, 1]) await add(input);
      expect(await pages({ limit: 4 })).toEqual([[long], [half, half], [half, 1]]);
      expect(await bench.openInputs()).toHaveLength(5);
    });

    it('names everything that is wrong with a wish', async () => {
      for (const wish of [{ limit: 0 }, { limit: 1.5 }, { limit: 1001 }, { limit: 1, after: "1' OR 1" }]) {
        await expect(bench.list.page(wish)).rejects.toMatchObject(code('CLAUDE_INVALID_OPTIONS'));
      }
      const wish = { limit: 'many', state: 'lost', kind: 'all', after: 7 } as unknown as ReviewPageWish;
      const error = await bench.list.page(wish).catch((refused: unknown) => refused);
      expect((error as { issues: unknown }).issues).toHaveLength(4);
    });

    it('counts what is open', async () => {
      expect(await bench.list.countOpen()).toEqual({
        total: 0,
        byKind: { unclassified: 0, content_policy: 0 },
        oldestAddedAt: undefined,
      });
      await addAndResolve(0);
      await bench.clock.advance(7);
      const { addedAt } = await add(1, { kind: 'content_policy' });
      await bench.clock.advance(7);
      for (const input of [2, 3]) await add(input);
      expect(await bench.list.countOpen()).toEqual({
        total: 3,
        byKind: { unclassified: 2, content_policy: 1 },
        oldestAddedAt: addedAt,
      });
    });
  });
}
