import type { NotifyWish } from '../../core/deferral/deferred-request.js';
import { FAILURE, NOW, type StoreBench } from './store-bench.js';

const MAIL: NotifyWish = { channel: 'email', to: 'ann@example.org', when: 'always' };
const HOOK: NotifyWish = { channel: 'webhook', url: 'https://example.org/hook', when: 'slow' };
const SHOWN: NotifyWish = { channel: 'in_app', when: 'always' };

/** Telling people of an end (R28): the choice is `noticesDueOf`; a store keeps it until it is settled. */
export function telling(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, mustClaim } = bench;
  const pendingIds = async (limit = 9, except: readonly string[] = []) =>
    (await bench.store.noticesPending(limit, except)).map(({ id }) => id);

  describe('telling people of an end', () => {
    it('keeps who is to be told until each was, whatever the end', async () => {
      const notify = [MAIL, HOOK, SHOWN];
      for (const id of ['quick', 'slow', 'failed', 'expired', 'cancelled', 'silent']) {
        await add(id, { notify: id === 'silent' ? [] : notify, deadlineMs: NOW + 300_000 });
      }
      expect(await pendingIds()).toEqual([]);
      await bench.store.complete(await mustClaim(), '1', NOW + 119_999);
      await bench.store.complete(await mustClaim(), '1', NOW + 120_000);
      await bench.store.fail(await mustClaim(), { failure: FAILURE, retryAtMs: undefined }, NOW + 1);
      await bench.store.cancel('cancelled', NOW + 200_000);
      await bench.store.expire(NOW + 300_000, 9);
      const pending = await bench.store.noticesPending(9);
      expect(pending.map(({ id, noticesDue }) => [id, noticesDue])).toEqual([
        ['quick', [0]],
        ['slow', [0, 1]],
        ['failed', [0]],
        ['expired', [0, 1]],
      ]);
      expect(pending[1]).toEqual(await bench.store.get('slow'));
      await bench.store.noticeSettled('slow', 0);
      await bench.store.noticeSettled('slow', 0);
      await bench.store.noticeSettled('quick', 0);
      await bench.store.noticeSettled('nobody', 0);
      expect((await bench.store.get('slow'))?.noticesDue).toEqual([1]);
      expect(await pendingIds()).toEqual(['slow', 'failed', 'expired']);
      expect(await pendingIds(1)).toEqual(['slow']);
      expect(await pendingIds(1, ['slow', 'nobody'])).toEqual(['failed']);
      expect(await pendingIds(9, ['slow', 'failed', 'expired'])).toEqual([]);
    });

    it('shows an owner what ended, the newest first, and nobody the rest', async () => {
      for (const id of ['a', 'b', 'gone', 'open']) await add(id, { owner: 'ann' });
      await add('other', { owner: 'bob' });
      await add('nobodys', { owner: undefined });
      await bench.store.cancel('gone', NOW);
      const leases = [await mustClaim(), await mustClaim(), await mustClaim(), await mustClaim(), await mustClaim()];
      const open = leases.find(({ id }) => id === 'open');
      const ending = leases.filter(({ id }) => id !== 'open');
      for (const [n, lease] of ending.entries()) await bench.store.complete(lease, '1', NOW + n);
      if (open !== undefined) await bench.store.release(open, NOW);
      expect((await bench.store.endedOf('ann', 9)).map(({ id }) => id)).toEqual(['b', 'a']);
      expect((await bench.store.endedOf('ann', 1)).map(({ id }) => id)).toEqual(['b']);
      expect(await bench.store.endedOf('stranger', 9)).toEqual([]);
    });
  });
}
