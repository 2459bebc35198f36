import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BatchBench } from '../../../testing/batch-bench.js';
import { ManualClock } from '../../../testing/manual-clock.js';
import { OVERLOADED, ScriptedBatchApi } from '../../../testing/scripted-batch-api.js';
import type { FailureFacts } from '../../failure/failure-facts.js';
import { MemoryRequestStore } from '../memory-request-store.js';
import { BATCH_LEASE_MS } from './batch-at-hand.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BAD: FailureFacts = { from: 'response', status: 400, type: 'invalid_request_error' };

let clock = new ManualClock();
let api = new ScriptedBatchApi(clock);
let bench = new BatchBench(api, { clock });
beforeEach(async () => {
  clock = new ManualClock();
  api = new ScriptedBatchApi(clock);
  bench = new BatchBench(api, { clock });
  await bench.start();
});
afterEach(() => bench.stop());

const pass = (ms: number) => clock.advance(ms);
/** Sends one batch of these and waits until the API has it. */
const sendAll = async (...ids: readonly string[]) => {
  expect(await bench.enqueueAndOffer(...ids)).toEqual([]);
  await pass(MINUTE);
};
const askedIn = (place: number) => api.batches[place]?.letters.map(({ params }) => params['ask']);
/** What was asked of the API from now on, in order. */
const watch = () => {
  const asked: string[] = [];
  const { fate } = api;
  api.fate = (what) => {
    asked.push(what);
    return fate(what);
  };
  return asked;
};

describe('BatchDesk: collecting (R12)', () => {
  it('collects so long, and no longer', async () => {
    expect(await bench.enqueueAndOffer('a')).toEqual([]);
    await pass(59_000);
    await bench.enqueueAndOffer('b');
    expect(bench.desk.snapshot()).toEqual({ collecting: 2, batches: [] });
    expect(api.batches).toEqual([]);
    await pass(1_000);
    expect(askedIn(0)).toEqual(['a', 'b']);
    expect(bench.desk.snapshot()).toEqual({ collecting: 0, batches: [{ state: 'sent', requests: 2 }] });
    // The next one waits its own time.
    await bench.enqueueAndOffer('c');
    await pass(59_999);
    expect(api.batches).toHaveLength(1);
    await pass(1);
    expect(askedIn(1)).toEqual(['c']);
  });

  it('holds the leases of what it collects, however long that takes', async () => {
    bench.options = { maxWaitMs: 10 * MINUTE };
    await bench.start();
    await bench.enqueueAndOffer('a');
    await pass(9 * MINUTE);
    expect(await bench.offerAll()).toEqual([]);
    expect(bench.desk.snapshot().collecting).toBe(1);
    await pass(MINUTE);
    expect(askedIn(0)).toEqual(['a']);
  });

  it('sends as many as it may at once', async () => {
    bench.options = { maxRequests: 2 };
    await bench.start();
    await bench.enqueueAndOffer('a', 'b', 'c');
    await pass(0);
    expect([askedIn(0), api.batches.length]).toEqual([['a', 'b'], 1]);
    await pass(MINUTE);
    expect(askedIn(1)).toEqual(['c']);
  });

  it('sends as many bytes as it may, and what is larger alone', async () => {
    bench.options = { maxBytes: 40 };
    await bench.start();
    const parametersJson = JSON.stringify({ ask: '\u00fc'.repeat(30) });
    await bench.enqueue('small');
    await bench.enqueue('large', { parametersJson });
    await bench.enqueue('late');
    await bench.offerAll();
    await pass(0);
    expect(api.batches.map(({ letters }) => letters.length)).toEqual([1, 1]);
    await pass(MINUTE);
    expect(askedIn(2)).toEqual(['late']);
  });

  it('names no request to the API by its id', async () => {
    await sendAll('secret-1', 'secret-2');
    const names = api.batches[0]!.letters.map(({ customId }) => customId);
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(name).not.toMatch(/secret/);
    }
  });

  it('leaves to the queue what somebody waits for, and all of it where 529s do not persist', async () => {
    await bench.enqueue('normal', { priority: 'normal' });
    await bench.enqueue('short', { deadlineMs: clock.wallMs() + HOUR });
    expect(await bench.offerAll()).toEqual(['normal', 'short']);
    bench.isOverloaded = false;
    expect(await bench.enqueueAndOffer('a')).toEqual(['a']);
    expect(bench.desk.takesFrom('summarisation')).toBe(false);
    bench.wishes.set('summarisation', 'always');
    expect(await bench.enqueueAndOffer('b')).toEqual([]);
    expect(bench.desk.takesFrom('summarisation')).toBe(true);
  });

  it('hands back what was only collected at a shutdown, and it costs no attempt', async () => {
    await bench.enqueueAndOffer('a', 'b');
    await bench.stop();
    expect((await bench.store.get('a'))?.state).toMatchObject({ name: 'waiting', attempts: 0 });
    expect(await bench.statesOf('a', 'b')).toEqual(['waiting', 'waiting']);
    await pass(HOUR);
    expect(api.batches).toEqual([]);
    expect(await bench.offerAll()).toEqual(['a', 'b']);
  });
});

describe('BatchDesk: from sending to the results', () => {
  it('holds the leases for longer than a batch can last, answers each, and forgets the batch', async () => {
    await sendAll('a', 'b');
    expect((await bench.store.get('a'))?.state).toMatchObject({
      name: 'running',
      leaseUntilMs: clock.wallMs() + BATCH_LEASE_MS,
    });
    expect(await bench.ledger.all()).toMatchObject([{ state: { name: 'sent', batchId: 'msgbatch_1' } }]);
    await pass(11 * MINUTE);
    for (const id of ['a', 'b']) {
      const resultJson = JSON.stringify({ to: id });
      expect((await bench.store.get(id))?.state).toMatchObject({ name: 'succeeded', attempts: 1, resultJson });
    }
    expect(await bench.ledger.all()).toEqual([]);
    expect(bench.desk.snapshot().batches).toEqual([]);
    expect(bench.changes.map(([id, state]) => [id, state])).toEqual([
      ['a', 'succeeded'],
      ['b', 'succeeded'],
    ]);
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const about = { feature: 'summarisation', workflow: 'digest', model: 'm', usage, serviceTier: 'batch' };
    expect(bench.events).toEqual([
      { type: 'batch.submitted', batchId: 'msgbatch_1', requests: 2, isFound: false },
      { type: 'batch.answered', batchId: 'msgbatch_1', correlationId: 'of-a', outcome: 'kept', ...about },
      { type: 'batch.answered', batchId: 'msgbatch_1', correlationId: 'of-b', outcome: 'kept', ...about },
      {
        type: 'batch.ended',
        batchId: 'msgbatch_1',
        requests: 2,
        answered: 2,
        failed: 0,
        canceled: 0,
        expired: 0,
        missing: 0,
        tookMs: 615_000,
      },
    ]);
  });

  it('stores every answer before the first handler runs', async () => {
    let seen: unknown[] = [];
    bench.finish = async () => {
      const states = await Promise.all(['a', 'b', 'c'].map((id) => bench.store.get(id)));
      seen = states.map((request) => request?.state.name === 'running' && request.state.answerJson);
      return { ok: true, resultJson: '1' };
    };
    let first: unknown[] | undefined;
    const { finish } = bench;
    bench.finish = async (...given) => {
      const done = await finish(...given);
      first ??= seen;
      return done;
    };
    await sendAll('a', 'b', 'c');
    await pass(11 * MINUTE);
    expect(first).toEqual(['a', 'b', 'c'].map((id) => JSON.stringify({ to: id })));
  });

  it('asks soon at first, and then as often as it is told', async () => {
    api.durationMs = () => HOUR;
    await sendAll('a');
    const asked = watch();
    for (const [ms, looks] of [
      [5_000, 1],
      [10_000, 2],
      [20_000, 3],
      [40_000, 4],
      [60_000, 5],
      [60_000, 6],
    ] as const) {
      await pass(ms - 1);
      expect(asked).toHaveLength(looks - 1);
      await pass(1);
      expect(asked).toHaveLength(looks);
    }
  });

  it.each<[string, FailureFacts, string | undefined, string[]]>([
    ['overloaded', OVERLOADED, 'waiting', []],
    ['a bad request', BAD, 'failed', []],
    ['a refusal', { from: 'refusal', category: 'cyber' }, 'failed', ['a']],
    [
      'a model that another one can stand in for',
      { from: 'response', status: 404, type: 'not_found_error' },
      'waiting',
      [],
    ],
    ['a stopped account', { from: 'response', status: 401, type: 'authentication_error' }, 'waiting', []],
  ])('an item that failed: %s', async (_name, facts, state, declined) => {
    api.result = () => ({ name: 'failed', facts, model: undefined, usage: undefined });
    await sendAll('a');
    await pass(11 * MINUTE);
    expect(await bench.stateOf('a')).toBe(state);
    expect(bench.declined.map(([id]) => id)).toEqual(declined);
    expect(await bench.ledger.all()).toEqual([]);
    // What waits again goes alone.
    await pass(HOUR);
    expect(await bench.offerAll()).toEqual(state === 'waiting' ? ['a'] : []);
  });

  it.each(['expired', 'canceled'] as const)('an item that is %s goes back, and then alone', async (name) => {
    api.result = () => ({ name });
    await sendAll('a');
    await pass(11 * MINUTE);
    expect((await bench.store.get('a'))?.state).toMatchObject({ name: 'waiting', attempts: 0 });
    expect(await bench.offerAll()).toEqual(['a']);
  });

  it('a request that was declined is put differently, once (R18)', async () => {
    bench.mayReformulate = true;
    bench.writeLetter = async ({ id }, _signal, isReformulated) => ({ ask: isReformulated ? `${id}, politely` : id });
    let helps = true;
    const { result } = api;
    const declines = { name: 'failed', facts: { from: 'refusal' }, model: 'm', usage: undefined } as const;
    api.result = (letter) => (helps && String(letter.params['ask']).includes('politely') ? result(letter) : declines);
    await sendAll('a');
    await pass(11 * MINUTE);
    expect([await bench.stateOf('a'), bench.declined]).toEqual(['waiting', []]);
    await bench.offerAll();
    await pass(12 * MINUTE);
    expect([askedIn(1), await bench.stateOf('a')]).toEqual([['a, politely'], 'succeeded']);
    helps = false;
    await sendAll('b');
    await pass(11 * MINUTE);
    await bench.offerAll();
    await pass(12 * MINUTE);
    expect([askedIn(3), await bench.stateOf('b')]).toEqual([['b, politely'], 'failed']);
    expect([api.batches.length, bench.declined]).toEqual([4, [['b', 'content_policy']]]);
  });

  it('a refusal has its price', async () => {
    const usage = { inputTokens: 9, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    api.result = () => ({ name: 'failed', facts: { from: 'refusal' }, model: 'm', usage });
    await sendAll('a');
    await pass(11 * MINUTE);
    expect(bench.eventsOf('batch.answered')).toMatchObject([{ outcome: 'declined', usage, model: 'm' }]);
  });

  it('an answer that is too large to keep is paid for once', async () => {
    bench = new BatchBench(api, { clock, store: new MemoryRequestStore({ maxPayloadBytes: 20 }) });
    await bench.start();
    api.result = () => ({ name: 'answered', answerJson: '"much too large to keep"', model: 'm', usage: undefined });
    await sendAll('a');
    await pass(11 * MINUTE);
    expect(await bench.stateOf('a')).toBe('failed');
    expect(bench.eventsOf('batch.answered')).toMatchObject([{ outcome: 'dropped' }]);
    expect(await bench.offerAll()).toEqual([]);
  });

  it('a handler that fails leaves the answer to the queue', async () => {
    const failure = {
      kind: 'internal',
      retryable: true,
      verdict: 'neutral',
      rule: 'x',
      scope: 'request',
      severity: 'info',
    };
    bench.finish = async () => ({ ok: false, failure: failure as never });
    await sendAll('a');
    await pass(11 * MINUTE);
    expect((await bench.store.get('a'))?.state).toMatchObject({ name: 'waiting', answerJson: '{"to":"a"}' });
    expect(await bench.ledger.all()).toEqual([]);
    await pass(HOUR);
    expect(await bench.offerAll()).toEqual(['a']);
  });

  it('takes the first line of an id, none of strangers, and reads on after one that is broken', async () => {
    const other = { name: 'answered', answerJson: '"other"', model: 'm', usage: undefined } as const;
    api.lines = (lines) => [
      { name: 'unreadable' },
      { name: 'item', customId: 'stranger', result: other },
      ...lines,
      ...lines.map((line) => ({ ...line, result: other })),
    ];
    await sendAll('a', 'b');
    await pass(11 * MINUTE);
    expect(bench.handled).toEqual([
      ['a', '{"to":"a"}'],
      ['b', '{"to":"b"}'],
    ]);
    expect(bench.eventsOf('batch.ended')).toMatchObject([{ answered: 2, missing: 0 }]);
  });

  it('reads again what is missing, and asks alone what stays so', async () => {
    api.lines = (lines) => lines.slice(1);
    await sendAll('a', 'b', 'c');
    const asked = watch();
    await pass(9 * MINUTE + 45_000);
    asked.length = 0;
    await pass(HOUR);
    expect(asked.filter((what) => what === 'results')).toHaveLength(5);
    expect(await bench.statesOf('a', 'b', 'c')).toEqual(['waiting', 'succeeded', 'succeeded']);
    expect(bench.handled).toHaveLength(2);
    expect(bench.eventsOf('batch.ended')).toMatchObject([{ answered: 2, missing: 1 }]);
    expect(bench.eventsOf('batch.answered')).toHaveLength(2);
    expect(await bench.offerAll()).toEqual(['a']);
  });

  it('tells of a price once, however often results are read', async () => {
    api.lines = (lines) => lines.slice(1);
    await sendAll('missing', 'cancelled');
    await bench.cancel('cancelled');
    await pass(HOUR);
    expect(bench.eventsOf('batch.answered')).toMatchObject([{ correlationId: 'of-cancelled', outcome: 'dropped' }]);
  });

  it('waits while results cannot be had, however often', async () => {
    await sendAll('a');
    let isWell = false;
    api.fate = (what) => (isWell || what !== 'results' ? 'done' : { refused: OVERLOADED });
    await pass(3 * HOUR);
    expect(await bench.stateOf('a')).toBe('running');
    isWell = true;
    await pass(11 * MINUTE);
    expect(await bench.stateOf('a')).toBe('succeeded');
  });

  it('gives up a batch that is not there', async () => {
    await sendAll('a');
    api.batches.length = 0;
    await pass(HOUR);
    expect(await bench.stateOf('a')).toBe('waiting');
    expect(bench.eventsOf('batch.ended')).toMatchObject([{ missing: 1 }]);
    expect(await bench.ledger.all()).toEqual([]);
  });
});

describe('BatchDesk: a batch that was not taken', () => {
  it.each([[OVERLOADED], [{ from: 'connection', networkCode: 'ECONNREFUSED' } as const]])(
    'tries again, later each time, and takes nothing more meanwhile: %j',
    async (refused) => {
      api.fate = (what) => (what === 'submit' ? { refused } : 'done');
      const asked = watch();
      await sendAll('a');
      expect(asked).toEqual(['submit']);
      expect(await bench.enqueueAndOffer('b')).toEqual(['b']);
      expect(bench.desk.takesFrom('summarisation')).toBe(false);
      await pass(5_000);
      await pass(10_000);
      await pass(20_000);
      expect(asked).toEqual(['submit', 'submit', 'submit', 'submit']);
      api.fate = () => 'done';
      await pass(40_000);
      expect([api.batches.length, askedIn(0)]).toEqual([1, ['a']]);
      expect(bench.eventsOf('batch.not_submitted').map(({ next }) => next)).toEqual(Array(4).fill('again'));
    },
  );

  it('gives everything back after an hour of that', async () => {
    api.fate = (what) => (what === 'submit' ? { refused: OVERLOADED } : 'done');
    await sendAll('a', 'b');
    await pass(50 * MINUTE);
    expect(await bench.stateOf('a')).toBe('running');
    await pass(20 * MINUTE);
    expect(await bench.statesOf('a', 'b')).toEqual(['waiting', 'waiting']);
    expect(await bench.ledger.all()).toEqual([]);
    expect(bench.eventsOf('batch.not_submitted').at(-1)).toMatchObject({ requests: 2, next: 'one_by_one' });
    api.fate = () => 'done';
    expect(await bench.enqueueAndOffer('c')).toEqual(['a', 'b']);
  });

  it('a request that is refused as such goes back, each for itself, and none of them by batch again', async () => {
    api.fate = (what) => (what === 'submit' ? { refused: BAD } : 'done');
    await sendAll('good', 'bad');
    expect(await bench.statesOf('good', 'bad')).toEqual(['waiting', 'waiting']);
    expect(bench.eventsOf('batch.not_submitted')).toMatchObject([{ next: 'one_by_one', requests: 2 }]);
    expect(await bench.offerAll()).toEqual(['good', 'bad']);
    expect(await bench.ledger.all()).toEqual([]);
  });

  it('a stopped account holds it back, before anything is sent', async () => {
    await bench.enqueueAndOffer('a');
    bench.isAccountStopped = true;
    const asked = watch();
    await pass(10 * MINUTE);
    expect(asked).toEqual([]);
    bench.isAccountStopped = false;
    await pass(10 * MINUTE);
    expect(askedIn(0)).toEqual(['a']);
  });

  it('leaves out what people hold back, what has too little time, what cannot be in a batch, and what was cancelled', async () => {
    bench.writeLetter = async ({ id }) => (id === 'odd' ? undefined : { ask: id });
    await bench.enqueue('late', { deadlineMs: clock.wallMs() + 2 * HOUR });
    await bench.enqueue('held', { feature: 'classification' });
    await bench.enqueueAndOffer('odd', 'cancelled', 'fine');
    bench.held.add('classification');
    bench.isAccountStopped = true;
    await bench.cancel('cancelled');
    await pass(MINUTE);
    // It was held up for so long that the first has too little time left.
    await pass(59 * MINUTE);
    bench.isAccountStopped = false;
    await pass(10 * MINUTE);
    expect(api.batches.map(({ letters }) => letters.map(({ params }) => params['ask']))).toEqual([['fine']]);
    expect(await bench.statesOf('late', 'held', 'odd', 'cancelled')).toEqual([
      'waiting',
      'waiting',
      'waiting',
      'cancelled',
    ]);
    // What people held back may leave by batch once they let go; what could not be in one may not.
    bench.held.clear();
    expect(await bench.offerAll()).toEqual(['late', 'odd']);
  });
});
