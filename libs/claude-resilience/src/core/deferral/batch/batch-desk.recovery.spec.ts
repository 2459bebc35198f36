import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BatchBench } from '../../../testing/batch-bench.js';
import { ManualClock } from '../../../testing/manual-clock.js';
import { OVERLOADED, RESET, ScriptedBatchApi } from '../../../testing/scripted-batch-api.js';
import { ClaudeRequestStoreError } from '../request-store-errors.js';
import { BatchLedger } from './batch-ledger.port.js';
import type { BatchRecord } from './batch-record.js';
import { MemoryBatchLedger } from './memory-batch-ledger.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A ledger that fails as long as somebody says so. */
class TroubledLedger extends BatchLedger {
  readonly #inner = new MemoryBatchLedger();
  fails: (what: 'put' | 'all' | 'remove', record?: BatchRecord) => boolean = () => false;

  async put(record: BatchRecord): Promise<void> {
    this.#check('put', record);
    await this.#inner.put(record);
  }
  async all(): Promise<readonly BatchRecord[]> {
    this.#check('all');
    return this.#inner.all();
  }
  async remove(id: string): Promise<void> {
    this.#check('remove');
    await this.#inner.remove(id);
  }
  #check(what: 'put' | 'all' | 'remove', record?: BatchRecord): void {
    if (this.fails(what, record)) throw new ClaudeRequestStoreError('disk_full', 'here', 'the disk is full');
  }
}

let clock = new ManualClock();
let api = new ScriptedBatchApi(clock);
let ledger = new TroubledLedger();
let bench = new BatchBench(api, { clock });
beforeEach(async () => {
  clock = new ManualClock();
  api = new ScriptedBatchApi(clock);
  ledger = new TroubledLedger();
  bench = new BatchBench(api, { clock, ledger });
  await bench.start();
});
afterEach(() => bench.stop());

const pass = (ms: number) => clock.advance(ms);
const sendAll = async (...ids: readonly string[]) => {
  expect(await bench.enqueueAndOffer(...ids)).toEqual([]);
  await pass(MINUTE);
};
const submissions = () => bench.eventsOf('batch.submitted');
const ledgerState = async () => (await ledger.all()).map(({ state }) => state.name);
/** The next sending is done by the API, and nobody learns of it; or it is not even done. */
const loseNextSending = (isDone: boolean) => {
  api.fate = (what) => {
    if (what !== 'submit') return 'done';
    api.fate = () => 'done';
    return isDone ? 'lost' : { refused: RESET };
  };
};
/** Somebody else in the same workspace. */
const addForeign = (requests: number) =>
  api.add(Array.from({ length: requests }, (_, n) => ({ customId: `theirs-${n}`, params: { ask: 'theirs' } })));

describe('BatchDesk: nobody saw the end of a sending (R12)', () => {
  it('finds a batch that is there, waits for its results to be sure, and sends nothing twice', async () => {
    loseNextSending(true);
    await sendAll('a', 'b');
    expect(bench.eventsOf('batch.not_submitted').map(({ next }) => next)).toEqual(['find']);
    expect(await ledgerState()).toEqual(['sending']);
    await pass(MINUTE);
    expect(await ledger.all()).toMatchObject([{ state: { name: 'suspected', batchIds: ['msgbatch_1'] } }]);
    expect(submissions()).toEqual([]);
    await pass(10 * MINUTE);
    expect(api.batches).toHaveLength(1);
    expect(submissions()).toMatchObject([{ batchId: 'msgbatch_1', isFound: true }]);
    expect(await bench.statesOf('a', 'b')).toEqual(['succeeded', 'succeeded']);
  });

  it('sends it again when nothing is there, once there has been time for it to appear', async () => {
    loseNextSending(false);
    await sendAll('a');
    await pass(59 * SECOND);
    expect(api.batches).toHaveLength(0);
    await pass(SECOND);
    expect(api.batches).toHaveLength(1);
    await pass(15 * MINUTE);
    expect(await bench.stateOf('a')).toBe('succeeded');
  });

  it('does not send it again while nobody can say', async () => {
    loseNextSending(true);
    await sendAll('a');
    api.fate = (what) => (what === 'recent' ? { refused: OVERLOADED } : 'done');
    await pass(HOUR);
    expect([api.batches.length, await ledgerState()]).toEqual([1, ['sending']]);
    api.fate = () => 'done';
    await pass(30 * MINUTE);
    expect([api.batches.length, await bench.stateOf('a')]).toEqual([1, 'succeeded']);
  });

  it('tells its own from one of as many requests that somebody else has sent', async () => {
    api.durationMs = () => 5 * MINUTE;
    addForeign(2);
    loseNextSending(true);
    api.durationMs = () => 20 * MINUTE;
    await sendAll('a', 'b');
    addForeign(2);
    addForeign(3);
    await pass(MINUTE);
    const suspects = ['msgbatch_1', 'msgbatch_2', 'msgbatch_3'];
    expect(await ledger.all()).toMatchObject([{ state: { name: 'suspected', batchIds: suspects } }]);
    // The other has ended, and is not ours.
    await pass(7 * MINUTE);
    expect(await ledger.all()).toMatchObject([{ state: { batchIds: suspects.slice(1) } }]);
    await pass(20 * MINUTE);
    expect(submissions()).toMatchObject([{ batchId: 'msgbatch_2', isFound: true }]);
    expect(await bench.statesOf('a', 'b')).toEqual(['succeeded', 'succeeded']);
    expect(api.batches.some(({ isCancelled }) => isCancelled)).toBe(false);
  });

  it('sends it again when all that could have been it were not', async () => {
    addForeign(1);
    loseNextSending(false);
    await sendAll('a');
    await pass(25 * MINUTE);
    expect(api.batches).toHaveLength(2);
    expect(submissions()).toMatchObject([{ batchId: 'msgbatch_2', isFound: false }]);
    expect(await bench.stateOf('a')).toBe('succeeded');
  });

  it("never cancels what may be somebody else's, though nobody wants its own any more", async () => {
    loseNextSending(true);
    await sendAll('a');
    await bench.cancel('a');
    await pass(5 * MINUTE);
    expect(api.batches[0]?.isCancelled).toBe(false);
    await pass(10 * MINUTE);
    expect(await bench.stateOf('a')).toBe('cancelled');
    expect(bench.eventsOf('batch.answered')).toMatchObject([{ outcome: 'dropped' }]);
    expect(await ledger.all()).toEqual([]);
  });

  it('knows its own batches of an earlier life', async () => {
    await sendAll('a');
    await bench.stop();
    await bench.start();
    loseNextSending(true);
    await sendAll('b');
    await pass(MINUTE);
    const known = { state: { name: 'sent', batchId: 'msgbatch_1' } };
    expect(await ledger.all()).toMatchObject([known, { state: { name: 'suspected', batchIds: ['msgbatch_2'] } }]);
  });

  it('does not mistake one batch of its own for another', async () => {
    bench.options = { maxRequests: 1 };
    await bench.start();
    loseNextSending(true);
    await bench.enqueueAndOffer('a');
    await pass(0);
    await bench.enqueueAndOffer('b');
    await pass(MINUTE);
    // The second one is known by its id.
    expect(await ledger.all()).toMatchObject([
      { state: { name: 'suspected', batchIds: ['msgbatch_1'] } },
      { state: { name: 'sent', batchId: 'msgbatch_2' } },
    ]);
    await pass(15 * MINUTE);
    expect(bench.handled).toEqual(
      expect.arrayContaining([
        ['a', '{"to":"a"}'],
        ['b', '{"to":"b"}'],
      ]),
    );
  });
});

describe('BatchDesk: cancelled requests (R12)', () => {
  it('cancels a batch upstream when all of it was cancelled, and no sooner; what was done is paid for', async () => {
    await sendAll('a', 'b');
    await bench.cancel('a');
    await pass(2 * MINUTE);
    expect(api.batches[0]?.isCancelled).toBe(false);
    await bench.cancel('b');
    await pass(2 * MINUTE);
    expect(api.batches[0]?.isCancelled).toBe(true);
    await pass(5 * MINUTE);
    expect(bench.handled).toEqual([]);
    expect(await ledger.all()).toEqual([]);
    expect(bench.eventsOf('batch.ended')).toMatchObject([{ canceled: 2 }]);
  });

  it('drops the result of one that was cancelled, and tells its price', async () => {
    await sendAll('a', 'b');
    await bench.cancel('a');
    await pass(11 * MINUTE);
    expect(bench.handled.map(([id]) => id)).toEqual(['b']);
    expect(await bench.statesOf('a', 'b')).toEqual(['cancelled', 'succeeded']);
    const told = bench.eventsOf('batch.answered').map(({ correlationId, outcome }) => [correlationId, outcome]);
    expect(told).toEqual([
      ['of-a', 'dropped'],
      ['of-b', 'kept'],
    ]);
  });

  it('tries to cancel again until it works', async () => {
    api.durationMs = () => HOUR;
    await sendAll('a');
    api.fate = (what) => (what === 'cancel' ? { refused: OVERLOADED } : 'done');
    await bench.cancel('a');
    await pass(5 * MINUTE);
    expect(api.batches[0]?.isCancelled).toBe(false);
    api.fate = () => 'done';
    await pass(2 * MINUTE);
    expect(api.batches[0]?.isCancelled).toBe(true);
  });

  it('remembers over a restart that nobody wants it', async () => {
    api.durationMs = () => 10 * HOUR;
    await sendAll('a');
    await bench.stop();
    await bench.store.cancel('a', clock.wallMs());
    await bench.start();
    await pass(2 * MINUTE);
    expect(api.batches[0]?.isCancelled).toBe(true);
  });

  it('stops a handler at work', async () => {
    let signal: AbortSignal | undefined;
    bench.finish = (_request, _answer, given) =>
      new Promise((resolve) => {
        signal = given;
        given.addEventListener('abort', () => resolve({ ok: true, resultJson: '1' }));
      });
    await sendAll('a');
    await pass(11 * MINUTE);
    expect(signal?.aborted).toBe(false);
    await bench.cancel('a');
    expect([signal?.aborted, signal?.reason]).toEqual([true, 'cancelled']);
    expect(await bench.stateOf('a')).toBe('cancelled');
  });
});

describe('BatchDesk: stops and starts (R12)', () => {
  it('keeps what is with the API at a shutdown, asks nothing more, and takes it up again', async () => {
    await sendAll('a');
    await bench.stop();
    let asked = 0;
    api.fate = () => {
      asked++;
      return 'done';
    };
    await pass(HOUR);
    expect([asked, await bench.stateOf('a'), await ledgerState()]).toEqual([0, 'running', ['sent']]);
    await bench.start();
    await pass(0);
    expect(await bench.stateOf('a')).toBe('succeeded');
  });

  it('nobody was there for three days: nothing is started twice, and the results are had', async () => {
    await sendAll('a');
    await bench.stop();
    await pass(72 * HOUR);
    await bench.start();
    expect(await bench.offerAll()).toEqual([]);
    await pass(MINUTE);
    expect(await bench.stateOf('a')).toBe('succeeded');
    expect(api.batches).toHaveLength(1);
  });

  it('a batch that does not end in 26 hours is given up', async () => {
    api.durationMs = () => 90 * HOUR;
    await bench.enqueue('a', { deadlineMs: clock.wallMs() + 96 * HOUR });
    await bench.offerAll();
    await pass(26 * HOUR);
    expect(await bench.stateOf('a')).toBe('running');
    await pass(10 * MINUTE);
    expect(await bench.stateOf('a')).toBe('waiting');
    expect(await ledger.all()).toEqual([]);
  });

  it('what the API has not taken goes back into the queue at a shutdown', async () => {
    api.fate = () => ({ refused: OVERLOADED });
    await sendAll('a', 'b');
    await bench.stop();
    expect(await bench.statesOf('a', 'b')).toEqual(['waiting', 'waiting']);
    expect(await ledger.all()).toEqual([]);
    api.fate = () => 'done';
    await bench.start();
    expect(await bench.offerAll()).toEqual([]);
  });

  it('a handler that outlasts the shutdown is handed back, with its answer', async () => {
    bench.finish = (_request, _answer, signal) =>
      new Promise((resolve) => {
        const failure = {
          kind: 'internal',
          retryable: true,
          verdict: 'neutral',
          rule: 'x',
          scope: 'request',
          severity: 'info',
        };
        signal.addEventListener('abort', () => resolve({ ok: false, failure: failure as never }));
      });
    await sendAll('a');
    await pass(11 * MINUTE);
    await bench.stop();
    expect((await bench.store.get('a'))?.state).toMatchObject({
      name: 'waiting',
      attempts: 0,
      answerJson: '{"to":"a"}',
    });
    // The next process has nothing left to do with the batch, and says nothing of its price a second time.
    bench.finish = async (_request, answerJson) => ({ ok: true, resultJson: answerJson });
    await bench.start();
    await pass(MINUTE);
    expect(await ledger.all()).toEqual([]);
    expect(bench.eventsOf('batch.answered')).toHaveLength(1);
    expect(await bench.offerAll()).toEqual(['a']);
  });

  it('a store that does not answer keeps nobody from stopping', async () => {
    await bench.enqueueAndOffer('a');
    bench.store.release = () => new Promise(() => {});
    let isStopped = false;
    void bench.desk.stop().then(() => (isStopped = true));
    await pass(14_999);
    expect(isStopped).toBe(false);
    await pass(1);
    expect(isStopped).toBe(true);
  });

  it('sending that outlasts the shutdown is looked for at the next start', async () => {
    const sent = api.submit.bind(api);
    api.submit = async (letters, limits) => {
      const told = await sent(letters, limits);
      await new Promise((resolve) => limits.signal.addEventListener('abort', resolve));
      return told.ok ? { ok: false, facts: { from: 'abort' } } : told;
    };
    await sendAll('a');
    await bench.stop();
    expect(await ledgerState()).toEqual(['sending']);
    api.submit = sent;
    await bench.start();
    await pass(HOUR);
    expect([api.batches.length, await bench.stateOf('a')]).toEqual([1, 'succeeded']);
  });
});

describe('BatchDesk: trouble of the ledger (R12)', () => {
  it('sends nothing that it could not write down', async () => {
    ledger.fails = () => true;
    await sendAll('a');
    await pass(MINUTE);
    expect(api.batches).toEqual([]);
    expect(bench.troubles).toEqual([expect.objectContaining({ trouble: 'disk_full' })]);
    ledger.fails = () => false;
    await pass(5 * MINUTE);
    expect(api.batches).toHaveLength(1);
    expect(bench.troubles).toHaveLength(2);
    expect(bench.troubles[1]).toBeUndefined();
  });

  it('sends nothing when it could only write down that it might', async () => {
    ledger.fails = (what, record) => what === 'put' && record?.state.name === 'sending';
    await sendAll('a');
    await pass(MINUTE);
    expect(api.batches).toEqual([]);
  });

  it('remembers the id of a batch that it could not write down, and writes it when it can', async () => {
    ledger.fails = (what, record) => what === 'put' && record?.state.name === 'sent';
    await sendAll('a');
    expect(await ledgerState()).toEqual(['sending']);
    ledger.fails = () => false;
    await pass(MINUTE);
    expect(await ledger.all()).toMatchObject([{ state: { name: 'sent', batchId: 'msgbatch_1' } }]);
    expect(api.batches).toHaveLength(1);
  });

  it('starts all the same, and takes up what is left once it can be read', async () => {
    await sendAll('a');
    await bench.stop();
    ledger.fails = (what) => what === 'all';
    await bench.start();
    expect(bench.troubles).toHaveLength(1);
    ledger.fails = () => false;
    await pass(HOUR);
    expect([await bench.stateOf('a'), api.batches.length]).toEqual(['succeeded', 1]);
  });

  it('settles once more what it could not forget', async () => {
    ledger.fails = (what) => what === 'remove';
    await sendAll('a');
    await pass(11 * MINUTE);
    expect(await bench.stateOf('a')).toBe('succeeded');
    ledger.fails = () => false;
    await pass(20 * MINUTE);
    expect(await ledger.all()).toEqual([]);
    expect(bench.handled).toHaveLength(1);
    expect(bench.eventsOf('batch.answered')).toHaveLength(1);
  });
});
