import type { CallPriority } from '../../core/call.js';
import { NOW, wanted, page, type StoreBench } from './store-bench.js';

export function looking(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, claim } = bench;

  describe('looking at it', () => {
    it('lists by state, page by page, and counts', async () => {
      expect(await bench.store.count('waiting')).toEqual({
        total: 0,
        byPriority: { urgent: 0, normal: 0, background: 0 },
        oldestEnqueuedAtMs: undefined,
      });
      const priorities: CallPriority[] = ['normal', 'urgent', 'background', 'normal', 'urgent'];
      for (const [n, priority] of priorities.entries()) {
        await bench.store.enqueue(wanted(`r${n}`, { priority, notBeforeMs: NOW + 100 }), NOW + n);
      }
      await bench.store.cancel('r0', NOW);
      const first = await bench.store.list('waiting', { limit: 2 });
      expect(first.requests.map(({ id }) => id)).toEqual(['r1', 'r2']);
      const second = await bench.store.list('waiting', { limit: 2, after: first.next ?? '' });
      expect(second.requests.map(({ id }) => id)).toEqual(['r3', 'r4']);
      expect(second.next).toBeUndefined();
      expect((await bench.store.list('cancelled', page)).requests).toEqual([await bench.store.get('r0')]);
      expect(await bench.store.count('waiting')).toEqual({
        total: 4,
        byPriority: { urgent: 2, normal: 1, background: 1 },
        oldestEnqueuedAtMs: NOW + 1,
      });
      expect((await bench.store.count('running')).total).toBe(0);
      expect(await bench.store.corrupt()).toEqual([]);
    });

    it('does nothing more once it is closed, and closes twice', async () => {
      await bench.store.close();
      await bench.store.close();
      const closed = { code: 'CLAUDE_REQUEST_STORE', trouble: 'closed' };
      await expect(add('a')).rejects.toMatchObject(closed);
      await expect(bench.store.get('a')).rejects.toMatchObject(closed);
      await expect(claim()).rejects.toMatchObject(closed);
    });
  });
}
