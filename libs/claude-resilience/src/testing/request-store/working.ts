import type { RequestStore } from '../../core/deferral/request-store.port.js';
import { NOW, LEASE_MS, FAILURE, code, type StoreBench } from './store-bench.js';

export function working(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, claim, mustClaim } = bench;

  describe('working', () => {
    it('keeps the answer over a crash, and a request that has one does not expire', async () => {
      await add('a');
      const lease = await mustClaim();
      await bench.store.storeAnswer(lease, '{"first":1}');
      await bench.store.storeAnswer(lease, '{"second":2}');
      const overMs = NOW + 3_600_000;
      expect(await bench.store.expire(overMs, 10)).toEqual([]);
      const next = await mustClaim(overMs);
      expect(next.state.answerJson).toBe('{"first":1}');
      const done = await bench.store.complete(next, '{"result":1}', overMs + 5);
      const end = {
        name: 'succeeded',
        attempts: 2,
        fencingNumber: 2,
        endedAtMs: overMs + 5,
        resultJson: '{"result":1}',
      };
      expect(done.state).toEqual(end);
      expect(await bench.store.get('a')).toEqual(done);
    });

    it('ends once: the first word of one holder counts', async () => {
      await add('a');
      const lease = await mustClaim();
      const done = await bench.store.complete(lease, '1', NOW);
      expect(await bench.store.complete(lease, '2', NOW + 1)).toEqual(done);
      const reason = { failure: FAILURE, retryAtMs: undefined };
      await expect(bench.store.fail(lease, reason, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_CLOSED'));
      await expect(bench.store.cancel('a', NOW)).rejects.toMatchObject({
        code: 'CLAUDE_REQUEST_CLOSED',
        state: 'succeeded',
      });
      expect(await claim(NOW + 2 * LEASE_MS)).toBeUndefined();
      expect(await bench.store.get('a')).toEqual(done);
    });

    it('tries again when told to, and remembers why', async () => {
      await add('a');
      const lease = await mustClaim();
      await bench.store.fail(lease, { failure: FAILURE, retryAtMs: NOW + 50 }, NOW + 5);
      expect(await claim(NOW + 49)).toBeUndefined();
      expect((await mustClaim(NOW + 50)).state).toMatchObject({ attempts: 2, lastFailure: FAILURE });
    });

    it('has expired when the next try would come too late', async () => {
      await add('a');
      const failed = await bench.store.fail(
        await mustClaim(),
        { failure: FAILURE, retryAtMs: NOW + 3_600_000 },
        NOW + 5,
      );
      expect(failed.state).toMatchObject({ name: 'expired', endedAtMs: NOW + 5, lastFailure: FAILURE });
      expect(await bench.store.get('a')).toEqual(failed);
    });

    it('goes back unfinished, and the attempt does not count', async () => {
      await add('a');
      await bench.store.release(await mustClaim(), NOW + 7);
      expect(await claim(NOW + 6)).toBeUndefined();
      expect((await mustClaim(NOW + 7)).state).toMatchObject({ attempts: 1, fencingNumber: 2 });
    });

    // oxfmt-ignore
    const says: [string, (store: RequestStore, lease: { id: string; fencingNumber: number }) => Promise<unknown>][] = [
        ['renew',       (of, lease) => of.renew(lease, LEASE_MS, NOW)],
        ['storeAnswer', (of, lease) => of.storeAnswer(lease, '"late"')],
        ['complete',    (of, lease) => of.complete(lease, '"late"', NOW)],
        ['fail',        (of, lease) => of.fail(lease, { failure: FAILURE, retryAtMs: undefined }, NOW)],
        ['release',     (of, lease) => of.release(lease, NOW)],
      ];
    for (const [word, say] of says)
      it(`does not hear ${word} from one who lost the lease, never had it, or gave it back`, async () => {
        const stale = code('CLAUDE_REQUEST_LEASE_STALE');
        await add('a');
        const first = await mustClaim();
        const second = await mustClaim(NOW + LEASE_MS);
        await expect(say(bench.store, first)).rejects.toMatchObject(stale);
        await expect(say(bench.store, { id: 'a', fencingNumber: 3 })).rejects.toMatchObject(stale);
        expect(await bench.store.get('a')).toMatchObject({ state: second.state });
        await bench.store.release(second, NOW);
        const before = await bench.store.get('a');
        await expect(say(bench.store, second)).rejects.toMatchObject(stale);
        expect(await bench.store.get('a')).toEqual(before);
        await expect(say(bench.store, { id: 'x', fencingNumber: 1 })).rejects.toMatchObject(
          code('CLAUDE_REQUEST_NOT_FOUND'),
        );
      });

    for (const [word, say] of says)
      it(`answers ${word} after it was cancelled with that end`, async () => {
        await add('a');
        const lease = await mustClaim();
        const cancelled = await bench.store.cancel('a', NOW + 3);
        expect(cancelled.state).toEqual({ name: 'cancelled', attempts: 1, fencingNumber: 1, endedAtMs: NOW + 3 });
        await expect(say(bench.store, lease)).rejects.toMatchObject({
          code: 'CLAUDE_REQUEST_CLOSED',
          state: 'cancelled',
        });
        expect(await bench.store.get('a')).toEqual(cancelled);
      });
  });
}
