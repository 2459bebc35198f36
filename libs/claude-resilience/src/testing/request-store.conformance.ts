import type { CallPriority } from '../core/call.js';
import type { NewRequest, RequestFailure } from '../core/deferral/deferred-request.js';
import type { ClaimedRequest, RequestStore } from '../core/deferral/request-store.port.js';

/** What the suite needs of a test runner: Jest, Vitest and their like have it. */
export interface SpecRunner {
  describe(name: string, specs: () => void): void;
  it(name: string, spec: () => Promise<void>): void;
  beforeEach(prepare: () => void): void;
  afterEach(tidy: () => Promise<void>): void;
  expect(actual: unknown): Matchers<void> & { readonly rejects: Matchers<Promise<void>> };
}

interface Matchers<Done> {
  toBe(expected: unknown): Done;
  toBeUndefined(): Done;
  toEqual(expected: unknown): Done;
  toHaveLength(expected: number): Done;
  toMatchObject(expected: object): Done;
}

/** What a store under test must be made with. */
export interface StoreLimits {
  readonly maxOpen: number;
  readonly maxPayloadBytes: number;
}

const LIMITS: StoreLimits = { maxOpen: 8, maxPayloadBytes: 1000 };
const NOW = Date.UTC(2026, 10, 22);
const LEASE_MS = 90_000;
const FAILURE: RequestFailure = {
  kind: 'overloaded',
  retryable: true,
  verdict: 'failure',
  rule: 'overloaded',
  scope: 'service',
  severity: 'info',
};

const wanted = (id: string, over: Partial<NewRequest> = {}): NewRequest => ({
  id,
  feature: 'summarisation',
  parametersJson: '{"document":"\u00fc \ud83d\ude80 \\u0000"}',
  priority: 'normal',
  notBeforeMs: NOW,
  deadlineMs: NOW + 3_600_000,
  owner: 'ann',
  locale: 'de-AT',
  idempotencyKey: undefined,
  notify: [],
  ...over,
});

const code = (expected: string) => ({ code: expected });
const page = { limit: 100 };

/**
 * What every store of deferred requests keeps to (R10). Call it in a spec, once for each store:
 * `describeRequestStore({ describe, it, beforeEach, afterEach, expect }, 'MyStore', (limits) => new MyStore(limits))`.
 *
 * @param runner
 *   the functions of the test runner
 * @param make a new, empty store with these limits
 */
export function describeRequestStore(
  { describe, it, beforeEach, afterEach, expect }: SpecRunner,
  name: string,
  make: (limits: StoreLimits) => RequestStore,
): void {
  describe(`${name}, as a store of deferred requests (R10)`, () => {
    let store: RequestStore;
    beforeEach(() => {
      store = make(LIMITS);
    });
    afterEach(() => store.close());

    const add = async (id: string, over: Partial<NewRequest> = {}) =>
      (await store.enqueue(wanted(id, over), NOW)).request;
    const claim = (nowMs = NOW) => store.claim({ nowMs, leaseMs: LEASE_MS });
    const mustClaim = async (nowMs = NOW): Promise<ClaimedRequest & { fencingNumber: number }> => {
      const claimed = await claim(nowMs);
      if (claimed === undefined) throw new Error('nothing was claimed');
      return { ...claimed, fencingNumber: claimed.state.fencingNumber };
    };
    const claimAll = async (nowMs = NOW): Promise<string[]> => {
      const ids: string[] = [];
      for (let one = await claim(nowMs); one !== undefined; one = await claim(nowMs)) ids.push(one.id);
      return ids;
    };
    const dead = async (id: string) => {
      await add(id);
      const lease = await mustClaim();
      await store.storeAnswer(lease, '"paid for"');
      return store.fail(lease, { failure: FAILURE, retryAtMs: undefined }, NOW + 5);
    };

    describe('taking in', () => {
      it('gives back all of what was asked for', async () => {
        const request = wanted('a', {
          idempotencyKey: 'k',
          notBeforeMs: NOW + 1,
          notify: [{ channel: 'in_app' }, { channel: 'email', to: 'ann@example.org' }],
        });
        const { status, request: taken } = await store.enqueue(request, NOW);
        expect(status).toBe('added');
        const state = { name: 'waiting', attempts: 0, fencingNumber: 0, notBeforeMs: NOW + 1 };
        expect(taken).toMatchObject({ ...request, enqueuedAtMs: NOW, state });
        expect(await store.get('a')).toEqual(taken);
        expect(await store.get('b')).toBeUndefined();
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
          const second = await store.enqueue(wanted('b', { idempotencyKey: 'k', ...over }), NOW + 1);
          expect(second.status).toBe(status);
          if (status === 'known') expect(second.request).toEqual(first);
          expect(await store.get('b')).toEqual(status === 'known' ? undefined : second.request);
        });

      it('knows a key of nobody again, the same id again, and both after the end', async () => {
        await add('a', { idempotencyKey: 'k', owner: undefined });
        await store.cancel('a', NOW);
        const ofKey = await store.enqueue(wanted('b', { idempotencyKey: 'k', owner: undefined }), NOW);
        const ofId = await store.enqueue(wanted('a'), NOW);
        for (const { status, request } of [ofKey, ofId]) {
          expect([status, request.id, request.state.name]).toEqual(['known', 'a', 'cancelled']);
        }
      });

      it('takes no more than it may hold open, and nothing too large', async () => {
        for (let n = 0; n < LIMITS.maxOpen; n++) await add(`r${n}`);
        await expect(add('more')).rejects.toMatchObject(code('CLAUDE_REQUEST_QUEUE_FULL'));
        expect((await store.enqueue(wanted('r1'), NOW)).status).toBe('known');
        await store.cancel('r0', NOW);
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
        await expect(store.storeAnswer(lease, large)).rejects.toMatchObject(code('CLAUDE_REQUEST_TOO_LARGE'));
        await expect(store.complete(lease, large, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_TOO_LARGE'));
        expect((await store.complete(lease, 'x', NOW)).state.name).toBe('succeeded');
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
          expect(await store.get('a')).toBeUndefined();
        });
    });

    describe('claiming', () => {
      it('takes the best priority first, in it the oldest', async () => {
        const priorities = { a: 'background', b: 'normal', c: 'urgent', d: 'normal', e: 'urgent' } as const;
        for (const [id, priority] of Object.entries(priorities)) await add(id, { priority });
        const ahead = await Promise.all(['a', 'b', 'c', 'd', 'e', 'x'].map((id) => store.countAhead(id)));
        expect(ahead).toEqual([4, 2, 0, 3, 1, undefined]);
        expect((await store.claim({ nowMs: NOW, leaseMs: LEASE_MS, order: 'oldest' }))?.id).toBe('a');
        expect(await store.countAhead('a')).toBeUndefined();
        expect(await claimAll()).toEqual(['c', 'e', 'b', 'd']);
      });

      it('leaves out what is not due, what has expired, and features that are refused', async () => {
        await add('later', { notBeforeMs: NOW + 10, priority: 'urgent' });
        await add('over', { deadlineMs: NOW, priority: 'urgent' });
        await add('refused', { feature: 'chat', priority: 'urgent' });
        await add('due');
        const wish = { nowMs: NOW, leaseMs: LEASE_MS, exceptFeatures: ['chat', 'drafts'] };
        expect((await store.claim(wish))?.id).toBe('due');
        expect(await store.claim(wish)).toBeUndefined();
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
        expect(await store.get('a')).toMatchObject({ state: second.state });
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
        expect(await store.renew(lease, 10, NOW + 1)).toBe(NOW + LEASE_MS);
        expect(await store.renew(lease, LEASE_MS, NOW + 1000)).toBe(NOW + 1000 + LEASE_MS);
        expect(await claim(NOW + LEASE_MS)).toBeUndefined();
      });
    });

    describe('working', () => {
      it('keeps the answer over a crash, and a request that has one does not expire', async () => {
        await add('a');
        const lease = await mustClaim();
        await store.storeAnswer(lease, '{"first":1}');
        await store.storeAnswer(lease, '{"second":2}');
        const overMs = NOW + 3_600_000;
        expect(await store.expire(overMs, 10)).toEqual([]);
        const next = await mustClaim(overMs);
        expect(next.state.answerJson).toBe('{"first":1}');
        const done = await store.complete(next, '{"result":1}', overMs + 5);
        const end = {
          name: 'succeeded',
          attempts: 2,
          fencingNumber: 2,
          endedAtMs: overMs + 5,
          resultJson: '{"result":1}',
        };
        expect(done.state).toEqual(end);
        expect(await store.get('a')).toEqual(done);
      });

      it('ends once: the first word of one holder counts', async () => {
        await add('a');
        const lease = await mustClaim();
        const done = await store.complete(lease, '1', NOW);
        expect(await store.complete(lease, '2', NOW + 1)).toEqual(done);
        const reason = { failure: FAILURE, retryAtMs: undefined };
        await expect(store.fail(lease, reason, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_CLOSED'));
        await expect(store.cancel('a', NOW)).rejects.toMatchObject({
          code: 'CLAUDE_REQUEST_CLOSED',
          state: 'succeeded',
        });
        expect(await claim(NOW + 2 * LEASE_MS)).toBeUndefined();
        expect(await store.get('a')).toEqual(done);
      });

      it('tries again when told to, and remembers why', async () => {
        await add('a');
        const lease = await mustClaim();
        await store.fail(lease, { failure: FAILURE, retryAtMs: NOW + 50 }, NOW + 5);
        expect(await claim(NOW + 49)).toBeUndefined();
        expect((await mustClaim(NOW + 50)).state).toMatchObject({ attempts: 2, lastFailure: FAILURE });
      });

      it('has expired when the next try would come too late', async () => {
        await add('a');
        const failed = await store.fail(await mustClaim(), { failure: FAILURE, retryAtMs: NOW + 3_600_000 }, NOW + 5);
        expect(failed.state).toMatchObject({ name: 'expired', endedAtMs: NOW + 5, lastFailure: FAILURE });
        expect(await store.get('a')).toEqual(failed);
      });

      it('goes back unfinished, and the attempt does not count', async () => {
        await add('a');
        await store.release(await mustClaim(), NOW + 7);
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
          await expect(say(store, first)).rejects.toMatchObject(stale);
          await expect(say(store, { id: 'a', fencingNumber: 3 })).rejects.toMatchObject(stale);
          expect(await store.get('a')).toMatchObject({ state: second.state });
          await store.release(second, NOW);
          const before = await store.get('a');
          await expect(say(store, second)).rejects.toMatchObject(stale);
          expect(await store.get('a')).toEqual(before);
          await expect(say(store, { id: 'x', fencingNumber: 1 })).rejects.toMatchObject(
            code('CLAUDE_REQUEST_NOT_FOUND'),
          );
        });

      for (const [word, say] of says)
        it(`answers ${word} after it was cancelled with that end`, async () => {
          await add('a');
          const lease = await mustClaim();
          const cancelled = await store.cancel('a', NOW + 3);
          expect(cancelled.state).toEqual({ name: 'cancelled', attempts: 1, fencingNumber: 1, endedAtMs: NOW + 3 });
          await expect(say(store, lease)).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_CLOSED', state: 'cancelled' });
          expect(await store.get('a')).toEqual(cancelled);
        });
    });

    describe('ending', () => {
      it('is cancelled at any moment, and once', async () => {
        await add('a');
        const cancelled = await store.cancel('a', NOW + 1);
        expect(await store.cancel('a', NOW + 2)).toEqual(cancelled);
        expect(await claim(NOW + 5)).toBeUndefined();
        await expect(store.cancel('x', NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_FOUND'));
      });

      it('expires what nobody is at work on, the most overdue first', async () => {
        await add('held', { deadlineMs: NOW + 5, priority: 'urgent' });
        await add('second', { deadlineMs: NOW + 20 });
        await add('first', { deadlineMs: NOW + 10 });
        await add('later', { deadlineMs: NOW + 31, notBeforeMs: NOW + 31 });
        await mustClaim();
        expect((await store.expire(NOW + 30, 1)).map(({ id }) => id)).toEqual(['first']);
        expect((await store.expire(NOW + 30, 9)).map(({ id }) => id)).toEqual(['second']);
        expect(await store.expire(NOW + 30, 9)).toEqual([]);
        const [held] = await store.expire(NOW + LEASE_MS, 1);
        expect(held).toMatchObject({ id: 'held', state: { name: 'expired', endedAtMs: NOW + LEASE_MS, attempts: 1 } });
        expect(await store.get('held')).toEqual(held);
      });

      it('redrives a dead letter as another request, once, with the answer that was paid for', async () => {
        const failed = await dead('a');
        expect(failed.state).toMatchObject({ name: 'failed', failure: FAILURE, endedAtMs: NOW + 5 });
        expect((await store.deadLetters(page)).requests).toEqual([failed]);
        const wish = { newId: 'b', deadlineMs: NOW + 9_000_000, answer: 'keep' } as const;
        const again = await store.redrive('a', wish, NOW + 100);
        expect(again).toMatchObject({
          ...wanted('b', { notBeforeMs: NOW + 100, deadlineMs: NOW + 9_000_000 }),
          enqueuedAtMs: NOW + 100,
          redriveOf: 'a',
          state: { name: 'waiting', attempts: 0, answerJson: '"paid for"' },
        });
        expect(await store.redrive('a', { ...wish, newId: 'c' }, NOW + 200)).toEqual(again);
        expect(await store.get('c')).toBeUndefined();
        expect((await store.get('a'))?.state).toEqual({ ...failed.state, redrivenAs: 'b' });
        expect((await store.deadLetters(page)).requests).toEqual([]);
        expect(await claimAll(NOW + 100)).toEqual(['b']);
      });

      it('redrives without the answer when nothing could be made of it', async () => {
        await dead('a');
        const again = await store.redrive('a', { newId: 'b', deadlineMs: NOW + 9, answer: 'forget' }, NOW);
        expect(again.state).toMatchObject({ name: 'waiting', answerJson: undefined });
        expect(await store.get('b')).toEqual(again);
      });

      it('redrives nothing else', async () => {
        const wish = { newId: 'b', deadlineMs: NOW + 9, answer: 'keep' } as const;
        await expect(store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_FOUND'));
        await add('a');
        await expect(store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
        await store.cancel('a', NOW);
        await expect(store.redrive('a', wish, NOW)).rejects.toMatchObject(code('CLAUDE_REQUEST_NOT_DEAD'));
        await dead('c');
        await expect(store.redrive('c', { ...wish, newId: 'a' }, NOW)).rejects.toMatchObject(
          code('CLAUDE_INVALID_OPTIONS'),
        );
        expect((await store.deadLetters(page)).requests).toHaveLength(1);
      });

      it('forgets what ended long ago, and its key, and nothing else', async () => {
        for (const [n, id] of ['a', 'b', 'c'].entries()) {
          await add(id, { idempotencyKey: id });
          await store.cancel(id, NOW + n);
        }
        await add('open');
        expect(await store.purge(NOW + 2, 1)).toBe(1);
        expect(await store.purge(NOW + 2, 9)).toBe(1);
        expect(await store.purge(NOW + 2, 9)).toBe(0);
        expect([await store.get('a'), await store.get('b')]).toEqual([undefined, undefined]);
        expect([(await store.get('c'))?.id, (await store.get('open'))?.id]).toEqual(['c', 'open']);
        expect((await store.enqueue(wanted('new', { idempotencyKey: 'a' }), NOW)).status).toBe('added');
        expect((await store.enqueue(wanted('new2', { idempotencyKey: 'c' }), NOW)).status).toBe('known');
      });
    });

    it('lists by state, page by page, and counts', async () => {
      expect(await store.count('waiting')).toEqual({
        total: 0,
        byPriority: { urgent: 0, normal: 0, background: 0 },
        oldestEnqueuedAtMs: undefined,
      });
      const priorities: CallPriority[] = ['normal', 'urgent', 'background', 'normal', 'urgent'];
      for (const [n, priority] of priorities.entries()) {
        await store.enqueue(wanted(`r${n}`, { priority, notBeforeMs: NOW + 100 }), NOW + n);
      }
      await store.cancel('r0', NOW);
      const first = await store.list('waiting', { limit: 2 });
      expect(first.requests.map(({ id }) => id)).toEqual(['r1', 'r2']);
      const second = await store.list('waiting', { limit: 2, after: first.next ?? '' });
      expect(second.requests.map(({ id }) => id)).toEqual(['r3', 'r4']);
      expect(second.next).toBeUndefined();
      expect((await store.list('cancelled', page)).requests).toEqual([await store.get('r0')]);
      expect(await store.count('waiting')).toEqual({
        total: 4,
        byPriority: { urgent: 2, normal: 1, background: 1 },
        oldestEnqueuedAtMs: NOW + 1,
      });
      expect((await store.count('running')).total).toBe(0);
      expect(await store.corrupt()).toEqual([]);
    });

    it('does nothing more once it is closed, and closes twice', async () => {
      await store.close();
      await store.close();
      const closed = { code: 'CLAUDE_REQUEST_STORE', trouble: 'closed' };
      await expect(add('a')).rejects.toMatchObject(closed);
      await expect(store.get('a')).rejects.toMatchObject(closed);
      await expect(claim()).rejects.toMatchObject(closed);
    });
  });
}
