import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import type { BullmqRequestStoreOptions } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.options.js';
import { FAILURE, wanted } from '../../libs/claude-resilience/src/testing/request-store/store-bench.js';
import { startEngines, type SeenQueue } from './support/bullmq-engines.js';

const engines = await startEngines();
afterAll(() => Promise.all(engines.map((engine) => engine.stop())));
const LEASE_MS = 60_000;
/** The engine keeps time by the clock of the process, so these specs do too. */
const now = () => Date.now();
const soon = (id: string, over = {}) => wanted(id, { notBeforeMs: now(), deadlineMs: now() + 3_600_000, ...over });
const claim = (store: BullmqRequestStore, nowMs = now(), over = {}) =>
  store.claim({ nowMs, leaseMs: LEASE_MS, ...over });
const mustClaim = async (store: BullmqRequestStore, nowMs = now()) => {
  const claimed = await claim(store, nowMs);
  if (claimed === undefined) throw new Error('nothing was claimed');
  return { id: claimed.id, fencingNumber: claimed.state.fencingNumber };
};

const toTell = async (store: BullmqRequestStore) => (await store.noticesPending(9)).map(({ id }) => id);

it('has a server to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? engines.length : 2).toBe(2);
});

for (const engine of engines)
  describe(`the line of BullMQ's on ${engine.name} (R10)`, () => {
    let number = 0;
    let prefix = '';
    let stores: BullmqRequestStore[] = [];
    let queue: SeenQueue;

    const open = async (options: Partial<BullmqRequestStoreOptions> = {}) => {
      const store = await BullmqRequestStore.open({ connection: engine.connection, prefix, ...options });
      stores.push(store);
      return store;
    };
    const counts = async () => {
      const all = Object.entries(await queue.getJobCounts()).filter(([, count]) => count > 0);
      return Object.fromEntries(all);
    };
    let store: BullmqRequestStore;
    beforeEach(async () => {
      prefix = `line${++number}`;
      store = await open();
      queue = engine.queueOf(prefix);
    });
    afterEach(async () => {
      await queue.close();
      await Promise.all(stores.splice(0).map((one) => one.close()));
    });

    it('lets one process at a time tell people of ends, and another when that one goes', async () => {
      const other = await open();
      await store.enqueue(soon('a', { notify: [{ channel: 'email', to: 'a@example.org', when: 'always' }] }), now());
      await store.complete(await mustClaim(store), '1', now());
      expect([await toTell(other), await toTell(store), await toTell(other)]).toEqual([['a'], [], ['a']]);
      await other.close();
      expect(await toTell(store)).toEqual(['a']);
    });

    it('stands in it as a job: waiting, active while it is held, completed or failed at the end', async () => {
      for (const id of ['a', 'b', 'c']) await store.enqueue(soon(id), now());
      await store.enqueue(soon('later', { notBeforeMs: now() + 60_000 }), now());
      expect(await counts()).toEqual({ prioritized: 3, delayed: 1 });
      const leases = [await mustClaim(store), await mustClaim(store), await mustClaim(store)] as const;
      expect(await counts()).toEqual({ active: 3, delayed: 1 });
      await store.complete(leases[0], '1', now());
      await store.fail(leases[1], { failure: FAILURE, retryAtMs: undefined }, now());
      await store.fail(leases[2], { failure: FAILURE, retryAtMs: now() + 60_000 }, now());
      expect(await counts()).toEqual({ completed: 1, failed: 1, delayed: 2 });
      await store.cancel('later', now());
      await store.cancel(leases[2].id, now());
      expect(await counts()).toEqual({ completed: 1, failed: 1 });
    });

    it('waits again by its clock, when it is told to try later, and stands in line at once when it is handed back', async () => {
      await store.enqueue(soon('a'), now());
      await store.release(await mustClaim(store), now());
      expect(await counts()).toEqual({ prioritized: 1 });
      const lease = await mustClaim(store);
      const before = now();
      await store.fail(lease, { failure: FAILURE, retryAtMs: now() + 30_000 }, now());
      const [job] = await queue.getJobs(['delayed']);
      expect(job?.delay).toBeGreaterThan(29_000);
      expect(job?.delay).toBeLessThanOrEqual(30_000 + now() - before);
    });

    it('locks the job for the lease, and for longer when that is renewed; who is stalled stands in line again', async () => {
      await store.enqueue(soon('a'), now());
      const first = await claim(store, now(), { leaseMs: 1 });
      const eye = queue.getBackend();
      // Twice: the first look marks what may have stalled, the second finds that it has.
      await eye.moveStalledJobsToWait();
      await pastThisMoment();
      expect(await eye.moveStalledJobsToWait()).toHaveLength(1);
      const second = await mustClaim(store);
      expect(second).toEqual({ id: 'a', fencingNumber: 2 });
      await eye.moveStalledJobsToWait();
      await pastThisMoment();
      expect(await eye.moveStalledJobsToWait()).toHaveLength(0);
      await expect(
        store.complete({ id: 'a', fencingNumber: first?.state.fencingNumber ?? 0 }, '1', now()),
      ).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_LEASE_STALE' });
      await store.complete(second, '1', now());
      expect(await counts()).toEqual({ completed: 1 });
    });

    it('takes a moment that is far away', async () => {
      await store.enqueue(soon('a', { notBeforeMs: 9e15, deadlineMs: 9e15 + 1 }), now());
      expect(await claim(store)).toBeUndefined();
      expect(await counts()).toEqual({ delayed: 1 });
      expect((await claim(store, 9e15))?.id).toBe('a');
    });

    it('is stopped, and goes on, when somebody pauses the queue', async () => {
      await store.enqueue(soon('a'), now());
      await queue.pause();
      expect(await claim(store)).toBeUndefined();
      expect(await claim(store, now(), { order: 'oldest' })).toBeUndefined();
      await queue.resume();
      expect((await claim(store))?.id).toBe('a');
    });

    it('gives no more than BullMQ allows in a time', async () => {
      const limited = await open({ limiter: { max: 2, durationMs: 60_000 } });
      for (const id of ['a', 'b', 'c']) await limited.enqueue(soon(id), now());
      const claimed = [await claim(limited), await claim(limited), await claim(limited)];
      expect(claimed.map((one) => one?.id)).toEqual(['a', 'b', undefined]);
      expect((await limited.count('waiting')).total).toBe(1);
    });

    it('loses no request when somebody empties it', async () => {
      await store.enqueue(soon('a'), now());
      await store.enqueue(soon('b'), now());
      const lease = await mustClaim(store);
      await queue.obliterate({ force: true });
      await store.complete(lease, '1', now());
      expect((await claim(store))?.id).toBe('b');
    });

    it('puts aside, and throws away once it is old, a job for which there is no request', async () => {
      await queue.add('chat', { requestId: 'of nobody' });
      await queue.add('chat', {});
      await queue.add('chat', { requestId: 'of nobody' }, { timestamp: now() - 61_000 });
      expect(await claim(store)).toBeUndefined();
      expect(await counts()).toEqual({ delayed: 2 });
    });

    it('steps over features that are refused, and comes back to them', async () => {
      for (const id of ['a', 'b']) await store.enqueue(soon(id, { feature: 'chat' }), now());
      await store.enqueue(soon('c'), now());
      expect((await claim(store, now(), { exceptFeatures: ['chat'] }))?.id).toBe('c');
      expect(await claim(store, now(), { exceptFeatures: ['chat'] })).toBeUndefined();
      expect((await claim(store))?.id).toBe('a');
    });

    it('gives each of many to one of several stores, and each end once', async () => {
      const others = [store, await open(), await open()];
      const ids = Array.from({ length: 60 }, (_, n) => `r${n}`);
      await Promise.all(ids.map((id, n) => others[n % 3]!.enqueue(soon(id), now())));
      const taken: string[] = [];
      const drain = async (one: BullmqRequestStore) => {
        for (let claimed = await claim(one); claimed !== undefined; claimed = await claim(one)) {
          taken.push(claimed.id);
          await one.complete({ id: claimed.id, fencingNumber: claimed.state.fencingNumber }, '1', now());
        }
      };
      await Promise.all([...others, ...others].map(drain));
      expect(taken.sort()).toEqual([...ids].sort());
      expect((await store.count('succeeded')).total).toBe(60);
      expect(await counts()).toMatchObject({ completed: expect.any(Number) });
    });

    it('gives the oldest to one, however many ask for the oldest at the same time', async () => {
      const others = [store, await open(), await open()];
      const ids = Array.from({ length: 8 }, (_, n) => `r${n}`);
      for (const id of ids) await store.enqueue(soon(id), now());
      const asked = Array.from({ length: 24 }, (_, n) => claim(others[n % 3]!, now(), { order: 'oldest' }));
      const claimed = (await Promise.all(asked)).flatMap((one) => (one === undefined ? [] : [one]));
      expect(claimed.map(({ id }) => id).sort()).toEqual(ids);
      expect(claimed.map(({ state }) => state.fencingNumber)).toEqual(ids.map(() => 1));
    });

    it('gives one request to many who ask with one key at the same time', async () => {
      const others = [store, await open()];
      const asked = Array.from({ length: 10 }, (_, n) =>
        others[n % 2]!.enqueue(soon(`r${n}`, { idempotencyKey: 'k' }), now()),
      );
      const results = await Promise.all(asked);
      expect(new Set(results.map(({ request }) => request.id)).size).toBe(1);
      expect(results.filter(({ status }) => status === 'added')).toHaveLength(1);
      expect((await store.count('waiting')).total).toBe(1);
      expect(await counts()).toEqual({ prioritized: 1 });
    });

    it('redrives once, whoever asks', async () => {
      await store.enqueue(soon('a'), now());
      await store.fail(await mustClaim(store), { failure: FAILURE, retryAtMs: undefined }, now());
      const wish = { deadlineMs: now() + 60_000, answer: 'keep' } as const;
      const others = [store, await open()];
      const again = await Promise.all(
        Array.from({ length: 6 }, (_, n) => others[n % 2]!.redrive('a', { ...wish, newId: `again${n}` }, now())),
      );
      expect(new Set(again.map(({ id }) => id)).size).toBe(1);
      expect((await store.count('waiting')).total).toBe(1);
    });

    it('sets aside what cannot be read, says so without its text, and goes on', async () => {
      const heard: unknown[] = [];
      const listening = await open({ onCorrupt: (corrupt) => heard.push(corrupt) });
      for (const id of ['a', 'b']) await store.enqueue(soon(id, { idempotencyKey: id }), now());
      await engine.damage(prefix, 'a');
      expect((await claim(listening))?.id).toBe('b');
      expect(heard).toEqual([{ id: 'a', problem: 'a text is no JSON' }]);
      expect(await store.corrupt()).toEqual(heard);
      const error = await store.get('a').catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'CLAUDE_REQUEST_CORRUPT' });
      expect(String(error)).not.toContain('prompt');
      expect((await listening.list('waiting', { limit: 9 })).requests).toEqual([]);
      expect(await claim(listening, now(), { order: 'oldest' })).toBeUndefined();
      expect((await listening.count('waiting')).total).toBe(0);
      expect(heard).toHaveLength(1);
    });

    it('gives back every text and every name as it was', async () => {
      const odd = soon('id:\0 \\0 \\ {ü} 🚀', {
        feature: 'a:\0b\\',
        owner: 'o\0\\',
        idempotencyKey: 'k\0',
        parametersJson: '{"a":"\0 \ud800 ü"}',
      });
      await store.enqueue(odd, now());
      expect(await store.get(odd.id)).toMatchObject(odd);
      expect(await claim(store, now(), { exceptFeatures: [odd.feature] })).toBeUndefined();
      const lease = await mustClaim(store);
      expect(lease.id).toBe(odd.id);
      await store.storeAnswer(lease, '"\ud800\0"');
      expect((await store.get(odd.id))?.state).toMatchObject({ answerJson: '"\ud800\0"' });
      const done = await store.complete(lease, '"\0\udc00"', now());
      expect((await store.list('succeeded', { limit: 1 })).requests).toEqual([done]);
      expect(await store.endedOf('o\0\\', 9)).toEqual([done]);
    });

    it('seals what it is told to, changes keys, and says at once that a key is not the one', async () => {
      const keys = { one: new Uint8Array(32).fill(1) };
      const encryption = { keys, currentKeyId: 'one' };
      const sealed = await open({ encryption });
      await sealed.enqueue(soon('a', { parametersJson: '"a prompt"' }), now());
      const lease = await mustClaim(sealed);
      await sealed.storeAnswer(lease, '"an answer"');
      expect(await engine.recordOf(prefix, 'a')).not.toMatch(/a prompt|an answer/);
      await expect(store.get('a')).rejects.toMatchObject({ trouble: 'wrong_key' });
      expect(await store.corrupt()).toEqual([]);
      const both = { keys: { ...keys, two: new Uint8Array(32).fill(2) }, currentKeyId: 'two' };
      const next = await open({ encryption: both });
      const done = await next.complete(lease, '"a result"', now());
      expect(await next.get('a')).toEqual(done);
      expect(await engine.recordOf(prefix, 'a')).not.toMatch(/a prompt|an answer|a result/);
      const wrong = { keys: { one: new Uint8Array(32).fill(3) }, currentKeyId: 'one' };
      await expect(open({ encryption: wrong })).rejects.toMatchObject({ trouble: 'wrong_key' });
    });

    it('is found again by another store, as it was', async () => {
      await store.enqueue(soon('a', { idempotencyKey: 'k' }), now());
      const lease = await mustClaim(store);
      await store.storeAnswer(lease, '"paid"');
      await store.close();
      const next = await open();
      expect((await next.get('a'))?.state).toMatchObject({ name: 'running', answerJson: '"paid"' });
      expect((await next.enqueue(soon('b', { idempotencyKey: 'k' }), now())).status).toBe('known');
      await next.complete(lease, '1', now());
      expect((await next.get('a'))?.state.name).toBe('succeeded');
    });

    it('keeps what has another prefix apart', async () => {
      await store.enqueue(soon('a'), now());
      const other = await open({ prefix: `${prefix}b` });
      expect(await other.get('a')).toBeUndefined();
      expect(await claim(other)).toBeUndefined();
    });
  });

/** Until the clock shows another millisecond. */
async function pastThisMoment(): Promise<void> {
  const before = Date.now();
  while (Date.now() <= before + 2) await new Promise((resolve) => setImmediate(resolve));
}
