import type { CallPriority } from '../../core/call.js';
import type { NewRequest } from '../../core/deferral/deferred-request.js';
import { NOW, wanted, code, LIMITS, type StoreBench } from './store-bench.js';

export function takingIn(bench: StoreBench): void {
  const { describe, it, expect } = bench.runner;
  const { add, mustClaim } = bench;

  describe('taking in', () => {
    it('gives back all of what was asked for', async () => {
      const request = wanted('a', {
        idempotencyKey: 'k',
        notBeforeMs: NOW + 1,
        notify: [
          { channel: 'in_app', when: 'always' },
          { channel: 'email', when: 'slow', to: 'ann@example.org' },
        ],
      });
      const { status, request: taken } = await bench.store.enqueue(request, NOW);
      expect(status).toBe('added');
      const state = { name: 'waiting', attempts: 0, fencingNumber: 0, notBeforeMs: NOW + 1 };
      expect(taken).toMatchObject({ ...request, enqueuedAtMs: NOW, state });
      expect(await bench.store.get('a')).toEqual(taken);
      expect(await bench.store.get('b')).toBeUndefined();
    });

    const keys: [string, Partial<NewRequest>, 'known' | 'added'][] = [
      ['the same key of the same owner', {}, 'known'],
      ['whatever else it says', { parametersJson: '{}', feature: 'classification' }, 'known'],
      ['the key of another owner', { owner: 'bob' }, 'added'],
      ['the key of nobody', { owner: undefined }, 'added'],
      ['another key', { idempotencyKey: 'other' }, 'added'],
      ['no key', { idempotencyKey: undefined }, 'added'],
    ];
    for (const [what, over, status] of keys)
      it(what, async () => {
        const first = await add('a', { idempotencyKey: 'k' });
        const second = await bench.store.enqueue(wanted('b', { idempotencyKey: 'k', ...over }), NOW + 1);
        expect(second.status).toBe(status);
        if (status === 'known') expect(second.request).toEqual(first);
        expect(await bench.store.get('b')).toEqual(status === 'known' ? undefined : second.request);
      });

    it('knows a key of nobody again, the same id again, and both after the end', async () => {
      await add('a', { idempotencyKey: 'k', owner: undefined });
      await bench.store.cancel('a', NOW);
      const ofKey = await bench.store.enqueue(wanted('b', { idempotencyKey: 'k', owner: undefined }), NOW);
      const ofId = await bench.store.enqueue(wanted('a'), NOW);
      for (const { status, request } of [ofKey, ofId]) {
        expect([status, request.id, request.state.name]).toEqual(['known', 'a', 'cancelled']);
      }
    });

    it('takes no more than it may hold open, and nothing too large', async () => {
      for (let n = 0; n < LIMITS.maxOpen; n++) await add(`r${n}`);
      await expect(add('more')).rejects.toMatchObject(code('CLAUDE_REQUEST_QUEUE_FULL'));
      expect((await bench.store.enqueue(wanted('r1'), NOW)).status).toBe('known');
      await bench.store.cancel('r0', NOW);
      await add('more');
      await expect(add('again')).rejects.toMatchObject(code('CLAUDE_REQUEST_QUEUE_FULL'));
    });

    it('counts bytes, not characters', async () => {
      await add('fits', { parametersJson: 'x'.repeat(LIMITS.maxPayloadBytes) });
      const parametersJson = '\u00fc'.repeat(LIMITS.maxPayloadBytes / 2 + 1);
      await expect(add('not', { parametersJson })).rejects.toMatchObject({
        code: 'CLAUDE_REQUEST_TOO_LARGE',
        bytes: LIMITS.maxPayloadBytes + 2,
      });
      const lease = await mustClaim();
      const large = 'x'.repeat(LIMITS.maxPayloadBytes + 1);
      await expect(bench.store.storeAnswer(lease, large)).rejects.toMatchObject(code('CLAUDE_REQUEST_TOO_LARGE'));
      await expect(bench.store.complete(lease, large, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_TOO_LARGE'));
      expect((await bench.store.complete(lease, 'x', NOW)).state.name).toBe('succeeded');
    });

    const unfit: [string, Partial<NewRequest>][] = [
      ['an empty id', { id: '' }],
      ['a time that is none', { deadlineMs: Number.NaN }],
      ['an owner that would be stored as another', { owner: 'ann\ud800' }],
      ['a priority of its own', { priority: 'first' as CallPriority }],
    ];
    for (const [what, over] of unfit)
      it(`refuses ${what}`, async () => {
        await expect(add('a', over)).rejects.toMatchObject(code('CLAUDE_INVALID_OPTIONS'));
        expect(await bench.store.get('a')).toBeUndefined();
      });
  });
}
