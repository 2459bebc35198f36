import type { CallPriority } from '../../core/call.js';
import type { RequestStateName } from '../../core/deferral/deferred-request.js';
import { FAILURE, NOW, wanted, page, type StoreBench } from './store-bench.js';

export function looking(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, claim, mustClaim } = bench;

  describe('looking at it', () => {
    it('lists by state, page by page, and counts', async () => {
      expect(await bench.store.count('waiting')).toEqual({
        total: 0,
        byPriority: { urgent: 0, normal: 0, background: 0 },
        oldestDueAtMs: undefined,
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
        oldestDueAtMs: NOW + 100,
      });
      expect((await bench.store.count('running')).total).toBe(0);
      expect(await bench.store.corrupt()).toEqual([]);
    });

    it('counts age from when the first was due, whatever became of its attempts', async () => {
      const { store } = bench;
      const dueSince = async (state: RequestStateName) => (await store.count(state)).oldestDueAtMs;
      await add('in an hour', { notBeforeMs: NOW + 3_000_000 });
      expect(await dueSince('waiting')).toBe(NOW + 3_000_000);
      await store.enqueue(wanted('soon', { priority: 'background', notBeforeMs: NOW + 50 }), NOW + 1);
      expect(await dueSince('waiting')).toBe(NOW + 50);
      // It asks for a moment that is over: nobody has waited for longer than the request is there.
      await store.enqueue(wanted('at once', { priority: 'urgent', notBeforeMs: NOW - 999 }), NOW + 2);
      expect(await dueSince('waiting')).toBe(NOW + 2);
      const lease = await mustClaim(NOW + 3);
      expect([await dueSince('waiting'), await dueSince('running')]).toEqual([NOW + 50, NOW + 2]);
      await store.fail(lease, { failure: FAILURE, retryAtMs: NOW + 40 }, NOW + 4);
      expect([await dueSince('waiting'), await dueSince('running')]).toEqual([NOW + 2, undefined]);
      const again = await mustClaim(NOW + 45);
      expect(again.id).toBe('at once');
      await store.release(again, NOW + 46);
      expect(await dueSince('waiting')).toBe(NOW + 2);
      await store.cancel('at once', NOW + 47);
      expect([await dueSince('waiting'), await dueSince('cancelled')]).toEqual([NOW + 50, NOW + 2]);
      expect(await store.purge(NOW + 48, 10)).toBe(1);
      expect(await dueSince('cancelled')).toBeUndefined();
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
