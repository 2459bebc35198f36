import { NOW, LEASE_MS, type StoreBench } from './store-bench.js';

export function claiming(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, claim, mustClaim, claimAll } = bench;

  describe('claiming', () => {
    it('takes the best priority first, in it the oldest', async () => {
      const priorities = { a: 'background', b: 'normal', c: 'urgent', d: 'normal', e: 'urgent' } as const;
      for (const [id, priority] of Object.entries(priorities)) await add(id, { priority });
      const ahead = await Promise.all(['a', 'b', 'c', 'd', 'e', 'x'].map((id) => bench.store.countAhead(id)));
      expect(ahead).toEqual([4, 2, 0, 3, 1, undefined]);
      expect((await bench.store.claim({ nowMs: NOW, leaseMs: LEASE_MS, order: 'oldest' }))?.id).toBe('a');
      expect(await bench.store.countAhead('a')).toBeUndefined();
      expect(await claimAll()).toEqual(['c', 'e', 'b', 'd']);
    });

    it('leaves out what is not due, what has expired, and features that are refused', async () => {
      await add('later', { notBeforeMs: NOW + 10, priority: 'urgent' });
      await add('over', { deadlineMs: NOW, priority: 'urgent' });
      await add('refused', { feature: 'chat', priority: 'urgent' });
      await add('due');
      const wish = { nowMs: NOW, leaseMs: LEASE_MS, exceptFeatures: ['chat', 'drafts'] };
      expect((await bench.store.claim(wish))?.id).toBe('due');
      expect(await bench.store.claim(wish)).toBeUndefined();
      expect(await claimAll(NOW + 9)).toEqual(['refused']);
      expect(await claimAll(NOW + 10)).toEqual(['later']);
    });

    it('gives a lease and a fencing number, and gives it to nobody else until the lease is over', async () => {
      await add('a');
      const first = await mustClaim();
      const state = {
        name: 'running',
        attempts: 1,
        fencingNumber: 1,
        startedAtMs: NOW,
        leaseUntilMs: NOW + LEASE_MS,
      };
      expect(first.state).toMatchObject(state);
      expect(await claim(NOW + LEASE_MS - 1)).toBeUndefined();
      const second = await mustClaim(NOW + LEASE_MS);
      expect(second.state).toMatchObject({ attempts: 2, fencingNumber: 2 });
      expect(await bench.store.get('a')).toMatchObject({ state: second.state });
    });

    it('gives each of many at the same time to one only', async () => {
      for (let n = 0; n < 5; n++) await add(`r${n}`);
      const claimed = await Promise.all(Array.from({ length: 9 }, () => claim()));
      const ids = claimed.map((one) => one?.id).filter((id) => id !== undefined);
      expect(ids.sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    });

    it('renews a lease, and never makes it shorter', async () => {
      await add('a');
      const lease = await mustClaim();
      expect(await bench.store.renew(lease, 10, NOW + 1)).toBe(NOW + LEASE_MS);
      expect(await bench.store.renew(lease, LEASE_MS, NOW + 1000)).toBe(NOW + 1000 + LEASE_MS);
      expect(await claim(NOW + LEASE_MS)).toBeUndefined();
    });
  });
}
