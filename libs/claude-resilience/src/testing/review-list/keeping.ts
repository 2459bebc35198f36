import { code, type ReviewBench } from './review-bench.js';

const circle: Record<string, unknown> = { name: 'ring', twice: [] };
circle['self'] = circle;
const broken = {
  toJSON: () => {
    throw new Error('SECRET');
  },
};

/** What goes in comes out, and what cannot be kept is refused. */
export function keeping(bench: ReviewBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, pageOf } = bench;

  describe('keeping what people should look at', () => {
    it('shows what is open, the oldest first, as it was added', async () => {
      const input = { text: 'ü 🚀 \u0000', list: [1, null, { deep: true }] };
      const addedAt = new Date(bench.clock.wallMs());
      const first = await add(input);
      await bench.clock.advance(5);
      const other = { kind: 'content_policy', feature: 'chat', correlationId: 'c-2' } as const;
      const second = await add('b', other);
      const { id } = first;
      expect(first).toEqual({
        id,
        kind: 'unclassified',
        feature: 'classification',
        correlationId: 'c-1',
        input,
        addedAt,
      });
      expect(second).toEqual({ ...other, id: second.id, input: 'b', addedAt: new Date(bench.clock.wallMs()) });
      expect(await bench.list.list()).toEqual([first, second]);
      expect(await bench.list.get(id)).toEqual(first);
      expect(await bench.list.get('nobody')).toBeUndefined();
      expect(id === second.id).toBe(false);
    });

    it('keeps an input as it was then, whatever becomes of it', async () => {
      const input = { text: 'before' };
      const { id } = await add(input);
      input.text = 'after';
      expect((await bench.list.get(id))?.input).toEqual({ text: 'before' });
    });

    it('keeps what JSON has no word for as well as that is possible', async () => {
      for (const input of [undefined, 7n, circle, [circle['twice'], circle['twice']]]) await add(input);
      const ring = { name: 'ring', twice: [], self: '[circular]' };
      expect(await bench.openInputs()).toEqual([null, '7', ring, [[], []]]);
    });

    it('refuses what it cannot keep, and says by a code why', async () => {
      const tooLarge = { code: 'CLAUDE_REVIEW_INPUT', trouble: 'too_large' };
      await add('x'.repeat(98));
      await expect(add('x'.repeat(99))).rejects.toMatchObject(tooLarge);
      await expect(add('ü'.repeat(50))).rejects.toMatchObject(tooLarge);
      const refused = await add(broken).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'CLAUDE_REVIEW_INPUT', trouble: 'no_json' });
      expect(String((refused as Error).stack).includes('SECRET')).toBe(false);
      await expect(add('x', { kind: 'other' as never })).rejects.toMatchObject(code('CLAUDE_INVALID_OPTIONS'));
      expect(await bench.list.list()).toHaveLength(1);
    });

    it('is bounded: what does not fit is refused, and nothing is dropped for it', async () => {
      for (const input of [1, 2, 3, 4, 5]) await add(input);
      await expect(add(6)).rejects.toMatchObject({ code: 'CLAUDE_REVIEW_LIST_FULL', maxOpen: 5 });
      const [first] = await bench.list.list();
      await bench.list.resolve(first?.id ?? '');
      await add(6);
      await expect(add(7)).rejects.toMatchObject(code('CLAUDE_REVIEW_LIST_FULL'));
      expect(await pageOf({})).toEqual([2, 3, 4, 5, 6]);
    });
  });
}
