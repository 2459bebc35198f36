import { NOW, LEASE_MS, FAILURE, wanted, code, page, type StoreBench } from './store-bench.js';

export function ending(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, claim, mustClaim, claimAll, dead } = bench;

  describe('ending', () => {
    it('is cancelled at any moment, and once', async () => {
      await add('a');
      const cancelled = await bench.store.cancel('a', NOW + 1);
      expect(await bench.store.cancel('a', NOW + 2)).toEqual(cancelled);
      expect(await claim(NOW + 5)).toBeUndefined();
      await expect(bench.store.cancel('x', NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_FOUND'));
    });

    it('expires what nobody is at work on, the most overdue first', async () => {
      await add('held', { deadlineMs: NOW + 5, priority: 'urgent' });
      await add('second', { deadlineMs: NOW + 20 });
      await add('first', { deadlineMs: NOW + 10 });
      await add('later', { deadlineMs: NOW + 31, notBeforeMs: NOW + 31 });
      await mustClaim();
      expect((await bench.store.expire(NOW + 30, 1)).map(({ id }) => id)).toEqual(['first']);
      expect((await bench.store.expire(NOW + 30, 9)).map(({ id }) => id)).toEqual(['second']);
      expect(await bench.store.expire(NOW + 30, 9)).toEqual([]);
      const [held] = await bench.store.expire(NOW + LEASE_MS, 1);
      expect(held).toMatchObject({ id: 'held', state: { name: 'expired', endedAtMs: NOW + LEASE_MS, attempts: 1 } });
      expect(await bench.store.get('held')).toEqual(held);
    });

    it('redrives a dead letter as another request, once, with the answer that was paid for', async () => {
      const failed = await dead('a');
      expect(failed.state).toMatchObject({ name: 'failed', failure: FAILURE, endedAtMs: NOW + 5 });
      expect((await bench.store.deadLetters(page)).requests).toEqual([failed]);
      const wish = { newId: 'b', deadlineMs: NOW + 9_000_000, answer: 'keep' } as const;
      const again = await bench.store.redrive('a', wish, NOW + 100);
      expect(again).toMatchObject({
        ...wanted('b', { correlationId: 'of-a', notBeforeMs: NOW + 100, deadlineMs: NOW + 9_000_000 }),
        enqueuedAtMs: NOW + 100,
        redriveOf: 'a',
        state: { name: 'waiting', attempts: 0, answerJson: '"paid for"' },
      });
      expect(await bench.store.redrive('a', { ...wish, newId: 'c' }, NOW + 200)).toEqual(again);
      expect(await bench.store.get('c')).toBeUndefined();
      expect((await bench.store.get('a'))?.state).toEqual({ ...failed.state, redrivenAs: 'b' });
      expect((await bench.store.deadLetters(page)).requests).toEqual([]);
      expect(await claimAll(NOW + 100)).toEqual(['b']);
    });

    it('redrives without the answer when nothing could be made of it', async () => {
      await dead('a');
      const again = await bench.store.redrive('a', { newId: 'b', deadlineMs: NOW + 9, answer: 'forget' }, NOW);
      expect(again.state).toMatchObject({ name: 'waiting', answerJson: undefined });
      expect(await bench.store.get('b')).toEqual(again);
    });

    it('redrives nothing else', async () => {
      const wish = { newId: 'b', deadlineMs: NOW + 9, answer: 'keep' } as const;
      await expect(bench.store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_FOUND'));
      await add('a');
      await expect(bench.store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
      await bench.store.cancel('a', NOW);
      await expect(bench.store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
      await dead('c');
      await expect(bench.store.redrive('c', { ...wish, newId: 'a' }, NOW)).rejects.toMatchObject(
        code('CLAUDE_INVALID_OPTIONS'),
      );
      expect((await bench.store.deadLetters(page)).requests).toHaveLength(1);
    });

    it('discards a dead letter, once: it keeps its end and what was paid for, and nobody tries it again', async () => {
      const failed = await dead('a');
      const kept = await dead('b');
      const discarded = { ...failed, state: { ...failed.state, isDiscarded: true } };
      expect(await bench.store.discard('a')).toEqual(discarded);
      expect(await bench.store.discard('a')).toEqual(discarded);
      expect(await bench.store.get('a')).toEqual(discarded);
      expect((await bench.store.deadLetters(page)).requests).toEqual([kept]);
      const wish = { newId: 'c', deadlineMs: NOW + 9_000_000, answer: 'keep' } as const;
      await expect(bench.store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
      expect((await bench.store.count('failed')).total).toBe(2);
    });

    it('discards nothing else', async () => {
      await expect(bench.store.discard('a')).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_FOUND'));
      await add('a');
      await expect(bench.store.discard('a')).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
      await bench.store.cancel('a', NOW);
      await expect(bench.store.discard('a')).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
      await dead('b');
      await bench.store.redrive('b', { newId: 'c', deadlineMs: NOW + 9_000_000, answer: 'keep' }, NOW);
      await expect(bench.store.discard('b')).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
      expect((await bench.store.get('c'))?.state.name).toBe('waiting');
    });

    it('forgets what ended long ago, and its key, and nothing else', async () => {
      for (const [n, id] of ['a', 'b', 'c'].entries()) {
        await add(id, { idempotencyKey: id });
        await bench.store.cancel(id, NOW + n);
      }
      await add('open');
      expect(await bench.store.purge(NOW + 2, 1)).toBe(1);
      expect(await bench.store.purge(NOW + 2, 9)).toBe(1);
      expect(await bench.store.purge(NOW + 2, 9)).toBe(0);
      expect([await bench.store.get('a'), await bench.store.get('b')]).toEqual([undefined, undefined]);
      expect([(await bench.store.get('c'))?.id, (await bench.store.get('open'))?.id]).toEqual(['c', 'open']);
      expect((await bench.store.enqueue(wanted('new', { idempotencyKey: 'a' }), NOW)).status).toBe('added');
      expect((await bench.store.enqueue(wanted('new2', { idempotencyKey: 'c' }), NOW)).status).toBe('known');
    });
  });
}
