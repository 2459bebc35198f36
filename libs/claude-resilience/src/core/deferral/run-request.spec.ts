import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock, settle } from '../../testing/manual-clock.js';
import { struckStore, type Strike } from '../../testing/struck-store.js';
import { claimedRequest } from '../../testing/wanted-request.js';
import type { Failure } from '../failure/failure.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { MemoryRequestStore } from './memory-request-store.js';
import { ClaudeRequestStoreError } from './request-store-errors.js';
import { runRequest, type Asked, type BreakOff, type Finished, type RunEnd } from './run-request.js';

const LEASE_MS = 90_000;
const OVERLOADED = diagnoseFailure({ from: 'response', status: 529 }, 0);
const INVALID = diagnoseFailure({ from: 'response', status: 400 }, 0);
const REFUSED = diagnoseFailure({ from: 'circuit', retryAfterMs: 7_000 }, 0);
const FULL = new ClaudeRequestStoreError('disk_full', 'memory', 'the disk is full');
const WORDS = ['storeAnswer', 'complete', 'fail', 'release'];

/** One claimed request, a worker that does as it is told, and a store to which anything can happen. */
async function desk(given: { readonly attempts?: number; readonly maxPayloadBytes?: number } = {}) {
  const clock = new ManualClock();
  const memory = new MemoryRequestStore({ maxPayloadBytes: given.maxPayloadBytes ?? 1_000 });
  const request = await claimedRequest(memory, clock.wallMs(), LEASE_MS);
  const { attempts = 1 } = given;
  const strike: Strike & { -readonly [K in keyof Strike]: Strike[K] } = {};
  const said: string[] = [];
  const store = struckStore(memory, {
    before: (word, words) => {
      said.push(word);
      return strike.before?.(word, words);
    },
    after: (...words) => strike.after?.(...words),
  });
  const off = new AbortController();
  const asks: AbortSignal[] = [];
  const finishes: AbortSignal[] = [];
  const trouble: unknown[] = [];
  const work = {
    ask: async (_signal: AbortSignal): Promise<Asked> => ({ ok: true, answerJson: '"answer"' }),
    finish: async (_signal: AbortSignal): Promise<Finished> => ({ ok: true, resultJson: '"result"' }),
  };
  let end: RunEnd | 'thrown' | undefined;
  const run = async () => {
    const worker = {
      ask: (_request: unknown, signal: AbortSignal) => (asks.push(signal), work.ask(signal)),
      finish: (_request: unknown, _answer: string, signal: AbortSignal) => (finishes.push(signal), work.finish(signal)),
    };
    const tools = {
      store,
      worker,
      clock,
      leaseMs: LEASE_MS,
      maxAttempts: 3,
      random: 0,
      onTrouble: (error: unknown) => void trouble.push(error),
      onWell: () => void trouble.push('well'),
    };
    const claimed = { ...request, state: { ...request.state, attempts } };
    end = await runRequest(claimed, tools, off.signal).catch(() => 'thrown' as const);
  };
  return {
    clock,
    memory,
    request,
    strike,
    said,
    asks,
    finishes,
    trouble,
    work,
    run,
    off: (why: BreakOff) => off.abort(why),
    cancel: async () => {
      await memory.cancel('a', clock.wallMs());
      off.abort('cancelled' satisfies BreakOff);
    },
    /** Another process takes it, as its lease has run out. */
    takeAway: () => memory.claim({ nowMs: clock.wallMs() + 10 * LEASE_MS, leaseMs: LEASE_MS }),
    end: () => end,
    state: async () => (await memory.get('a'))?.state,
    words: () => said.filter((word) => WORDS.includes(word)),
  };
}

const hangs = (signal: AbortSignal) =>
  new Promise<{ readonly ok: false; readonly failure: Failure }>((resolve) => {
    const over = () => resolve({ ok: false, failure: diagnoseFailure({ from: 'abort' }, 0) });
    if (signal.aborted) over();
    signal.addEventListener('abort', over, { once: true });
  });

describe('work on one deferred request (R10)', () => {
  it('keeps the answer before anything is made of it, then the result', async () => {
    const at = await desk();
    at.work.finish = async () => {
      expect(await at.state()).toMatchObject({ name: 'running', answerJson: '"answer"' });
      return { ok: true, resultJson: '"result"' };
    };
    await at.run();
    expect(at.end()).toMatchObject({ name: 'saved', failure: undefined, request: { state: { name: 'succeeded' } } });
    expect([at.said, await at.state()]).toMatchObject([['storeAnswer', 'complete'], { resultJson: '"result"' }]);
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('asks nobody for an answer that is there', async () => {
    const at = await desk();
    await at.memory.storeAnswer({ id: 'a', fencingNumber: 1 }, '"kept"');
    Object.assign(at.request.state, { answerJson: '"kept"' });
    await at.run();
    expect([at.asks.length, at.finishes.length, at.words()]).toEqual([0, 1, ['complete']]);
  });

  it.each<[string, Failure, number, object, object]>([
    ['waits again', OVERLOADED, 1, { name: 'saved', failure: OVERLOADED }, { name: 'waiting', attempts: 1 }],
    ['is a dead letter when nothing helps', INVALID, 1, { name: 'saved' }, { name: 'failed', failure: INVALID }],
    ['is a dead letter after the last time', OVERLOADED, 3, { name: 'saved' }, { name: 'failed' }],
    ['is handed back when nothing was sent', REFUSED, 3, { name: 'released', holdMs: 7_000 }, { name: 'waiting', attempts: 0 }],
  ])('%s', async (_what, failure, attempts, end, state) => {
    const at = await desk({ attempts });
    at.work.ask = async () => ({ ok: false, failure: { ...failure, isFinal: true, isInner: true } });
    await at.run();
    expect(at.end()).toMatchObject(end);
    const left = await at.state();
    expect(left).toMatchObject(state);
    expect(JSON.stringify(left)).not.toMatch(/isFinal|isInner/);
    expect(at.clock.pendingTimers).toBe(0);
  }); // oxfmt-ignore

  it('counts a handler that fails by an open circuit of its own as a try, and keeps the answer', async () => {
    const at = await desk();
    at.work.finish = async () => ({ ok: false, failure: { ...REFUSED, retryable: true } });
    await at.run();
    expect(at.end()).toMatchObject({ name: 'saved' });
    expect(await at.state()).toMatchObject({ name: 'waiting', attempts: 1, answerJson: '"answer"' });
  });

  it('starts no more what has never come to an end in all its times', async () => {
    const at = await desk({ attempts: 4 });
    await at.run();
    expect([at.asks.length, at.finishes.length]).toEqual([0, 0]);
    expect(await at.state()).toMatchObject({ name: 'failed', failure: { rule: 'deferred_request_never_ended' } });
  });

  it.each([
    ['answer', 'ask'],
    ['result', 'finish'],
  ] as const)('is a dead letter when the %s is too large to keep', async (_part, step) => {
    const at = await desk({ maxPayloadBytes: 20 });
    const json = JSON.stringify('x'.repeat(30));
    at.work[step] = async () => ({ ok: true, answerJson: json, resultJson: json });
    await at.run();
    expect(await at.state()).toMatchObject({ name: 'failed', failure: { rule: 'answer_too_large_to_keep' } });
  });
});

describe('who is to stop (R15)', () => {
  it.each(['ask', 'finish'] as const)('says nothing of what was cancelled during %s', async (step) => {
    const at = await desk();
    at.work[step] = hangs;
    const running = at.run();
    await settle();
    await at.cancel();
    await running;
    expect(at.end()).toEqual({ name: 'lost' });
    expect(at.words()).toEqual(step === 'ask' ? [] : ['storeAnswer']);
    expect([await at.state(), at.clock.pendingTimers]).toMatchObject([{ name: 'cancelled' }, 0]);
  });

  it.each(['ask', 'finish'] as const)('hands back at a shutdown what is in %s, and it was no try', async (step) => {
    const at = await desk();
    at.work[step] = hangs;
    const running = at.run();
    await settle();
    at.off('handed_back');
    await running;
    expect(at.end()).toEqual({ name: 'released', holdMs: 0, failure: undefined });
    const answerJson = step === 'finish' ? '"answer"' : undefined;
    expect(await at.state()).toMatchObject({ name: 'waiting', attempts: 0, answerJson });
    expect(at.clock.pendingTimers).toBe(0);
  });

  it.each([
    ['cancelled', { name: 'lost' }],
    ['handed_back', { name: 'released' }],
  ] as const)('begins nothing that was %s before', async (why, end) => {
    const at = await desk();
    at.off(why);
    await at.run();
    expect(at.end()).toMatchObject(end);
    expect([at.asks.length, at.finishes.length]).toEqual([0, 0]);
  });

  it.each([
    ['cancelled', { name: 'lost' }],
    ['handed_back', { name: 'released' }],
  ] as const)('runs no handler for what was %s while its answer was being kept', async (why, end) => {
    const at = await desk();
    at.strike.after = (word) => word === 'storeAnswer' && at.off(why);
    await at.run();
    expect(at.end()).toMatchObject(end);
    expect([at.words()[0], at.finishes.length]).toEqual(['storeAnswer', 0]);
    if (why === 'handed_back') expect(await at.state()).toMatchObject({ name: 'waiting', answerJson: '"answer"' });
  });

  it('keeps a result that came at the last moment of a shutdown', async () => {
    const at = await desk();
    at.work.finish = async () => (at.off('handed_back'), { ok: true, resultJson: '"result"' });
    await at.run();
    expect(await at.state()).toMatchObject({ name: 'succeeded' });
  });
});

describe('the lease', () => {
  it('is made longer while somebody works, two signs of life before it ends', async () => {
    const at = await desk();
    at.work.ask = hangs;
    const running = at.run();
    for (let minutes = 0; minutes < 10; minutes++) {
      await at.clock.advance(60_000);
      expect(await at.state()).toMatchObject({ name: 'running' });
      const state = await at.state();
      if (state?.name === 'running')
        expect(state.leaseUntilMs - at.clock.wallMs()).toBeGreaterThanOrEqual(LEASE_MS / 3);
    }
    at.off('handed_back');
    await running;
    expect(at.clock.pendingTimers).toBe(0);
  });

  it.each(['ask', 'finish'] as const)('lost during %s breaks it off, and not a word is said', async (step) => {
    const at = await desk();
    at.work[step] = hangs;
    const running = at.run();
    await settle();
    const other = await at.takeAway();
    const before = at.words().length;
    await at.clock.advance(LEASE_MS / 3);
    await running;
    expect(at.end()).toEqual({ name: 'lost' });
    expect(at.words()).toHaveLength(before);
    expect(await at.state()).toEqual(other?.state);
    expect(at.clock.pendingTimers).toBe(0);
  });

  it.each(['storeAnswer', 'complete', 'fail', 'release'])('found lost by %s is a loss, no trouble', async (word) => {
    const at = await desk();
    if (word === 'fail') at.work.ask = async () => ({ ok: false, failure: INVALID });
    if (word === 'release') at.work.ask = async () => ({ ok: false, failure: REFUSED });
    at.strike.before = async (said) => {
      if (said === word) await at.takeAway();
    };
    await at.run();
    expect([at.end(), at.trouble]).toEqual([{ name: 'lost' }, []]);
    expect(at.words().filter((said) => said === word)).toHaveLength(1);
    expect(await at.state()).toMatchObject({ name: 'running', fencingNumber: 2 });
  });

  it('outlives trouble of the store in its signs of life', async () => {
    const at = await desk();
    at.work.ask = hangs;
    let renewals = 0;
    at.strike.before = (word) => {
      if (word === 'renew' && ++renewals <= 2) throw FULL;
    };
    const running = at.run();
    await at.clock.advance(LEASE_MS + 1_000);
    expect([renewals, at.end()]).toEqual([3, undefined]);
    at.off('handed_back');
    await running;
  });

  it.each([
    ['stale', { code: 'CLAUDE_REQUEST_LEASE_STALE' }],
    ['closed', { code: 'CLAUDE_REQUEST_CLOSED' }],
    ['gone', { code: 'CLAUDE_REQUEST_NOT_FOUND' }],
    ['unreadable', { code: 'CLAUDE_REQUEST_CORRUPT' }],
  ])('is known to be lost by a code, whoever made the error: %s', async (_what, error) => {
    const at = await desk();
    at.strike.before = (word) => word === 'complete' && Promise.reject(error);
    await at.run();
    expect(at.end()).toEqual({ name: 'lost' });
  });
});

describe('a store in trouble', () => {
  it.each(['storeAnswer', 'complete'])('is told again and again, ever later: %s', async (word) => {
    const at = await desk();
    const times: number[] = [];
    at.strike.before = (said) => {
      if (said !== word) return;
      times.push(at.clock.nowMs());
      if (times.length < 9) throw { code: 'CLAUDE_REQUEST_STORE', trouble: 'io' }; // of another copy of this module
    };
    const running = at.run();
    await at.clock.advance(120_000);
    await running;
    expect(times).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 30_500, 45_500, 60_500]);
    expect(await at.state()).toMatchObject({ name: 'succeeded', resultJson: '"result"' });
    expect([at.asks.length, at.trouble.length, at.trouble.at(-1)]).toEqual([1, 9, 'well']);
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('does not pay twice when the acknowledgement alone was lost', async () => {
    const at = await desk();
    const lost = new Set(['storeAnswer', 'complete']);
    at.strike.after = (word) => lost.delete(word) && Promise.reject(FULL);
    const running = at.run();
    await at.clock.advance(5_000);
    await running;
    expect(at.end()).toMatchObject({ name: 'saved', request: { state: { name: 'succeeded' } } });
    expect([at.asks.length, at.finishes.length]).toEqual([1, 1]);
  });

  it('is tried for the last time when a shutdown breaks off the waiting', async () => {
    const at = await desk();
    let full = true;
    at.strike.before = (word) => (word === 'storeAnswer' && full ? Promise.reject(FULL) : undefined);
    const running = at.run();
    await at.clock.advance(100);
    full = false;
    at.off('handed_back');
    await running;
    expect(await at.state()).toMatchObject({ name: 'waiting', answerJson: '"answer"' });
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('is not told of what was cancelled meanwhile', async () => {
    const at = await desk();
    at.strike.before = (word) => (word === 'storeAnswer' ? Promise.reject(FULL) : undefined);
    const running = at.run();
    await at.clock.advance(100);
    await at.cancel();
    await running;
    expect([at.end(), at.words()]).toEqual([{ name: 'lost' }, ['storeAnswer']]);
  });

  it.each([
    ['closed', new ClaudeRequestStoreError('closed', 'memory', 'closed')],
    ['broken', new TypeError('a bug of a store')],
    ['silent', undefined],
  ])('that is %s is given up: the lease runs out', async (_what, error) => {
    const at = await desk();
    at.strike.before = (word) => (word === 'storeAnswer' ? Promise.reject(error) : undefined);
    await at.run();
    expect([at.end(), at.clock.pendingTimers]).toEqual(['thrown', 0]);
    expect(await at.state()).toMatchObject({ name: 'running' });
  });
});

describe('whatever happens to a request', () => {
  /** What strikes at the n-th word to the store, or while the worker works. */
  const blow = fc.record({
    at: fc.constantFrom('renew', 'storeAnswer', 'complete', 'fail', 'release', 'ask', 'finish'),
    what: fc.constantFrom(
      'full',
      'lost_word',
      'broken',
      'closed',
      'cancel',
      'taken',
      'shutdown',
      'slow',
    ) as fc.Arbitrary<string>,
    time: fc.integer({ min: 0, max: 3 }),
  });
  const failing = fc.constantFrom<Failure | undefined>(undefined, undefined, OVERLOADED, INVALID, REFUSED); // oxfmt-ignore

  it('keeps the answer before the end, is silent after a loss, and leaves nothing behind', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    const seen = new Map<string, number>();
    const property = fc.asyncProperty(
      fc.array(blow, { maxLength: 6 }),
      failing,
      failing,
      async (blows, asked, made) => {
        const at = await desk();
        const counts = new Map<string, number>();
        let isLost = false;
        const strike = async (place: string, isAfter: boolean): Promise<void> => {
          const time = counts.get(place) ?? 0;
          if (isAfter || place === 'ask' || place === 'finish') counts.set(place, time + 1);
          for (const { what } of blows.filter((one) => one.at === place && one.time === time)) {
            if ((what === 'lost_word') !== isAfter) continue;
            if (what === 'full' || what === 'lost_word') {
              counts.set(place, time + 1);
              throw FULL;
            }
            if (what === 'broken') throw new TypeError('a bug of a store');
            if (what === 'closed') throw new ClaudeRequestStoreError('closed', 'memory', 'closed');
            if (what === 'cancel') await at.cancel().catch(() => {});
            if (what === 'shutdown') at.off('handed_back');
            if (what === 'slow') await new Promise<void>((resolve) => at.clock.after(40_000, resolve));
            if (what === 'taken' && (await at.takeAway().catch(() => undefined)) !== undefined) isLost = true;
          }
        };
        const refused: string[] = [];
        let answered = false;
        at.strike.before = async (word) => {
          if (word === 'complete') expect(answered).toBe(true);
          if (isLost) refused.push(word);
          await strike(word, false);
        };
        at.strike.after = async (word) => {
          if (word === 'storeAnswer') answered = true;
          await strike(word, true);
        };
        at.work.ask = async () => {
          await strike('ask', false).catch(() => {});
          return asked === undefined ? { ok: true, answerJson: '"answer"' } : { ok: false, failure: asked };
        };
        at.work.finish = async () => {
          expect((await at.state())?.name === 'running' ? answered : true).toBe(true);
          await strike('finish', false).catch(() => {});
          return made === undefined ? { ok: true, resultJson: '"result"' } : { ok: false, failure: made };
        };
        const running = at.run();
        for (let n = 0; n < 40 && at.end() === undefined; n++) await at.clock.advance(20_000);
        await running;
        const end = at.end();
        const name = typeof end === 'object' ? end.name : String(end);
        seen.set(name, (seen.get(name) ?? 0) + 1);
        const state = await at.state();
        expect(at.asks.length).toBeLessThanOrEqual(1);
        expect(at.finishes.length).toBeLessThanOrEqual(1);
        // Whoever lost it hears so once from a word of its own, and once at most from a sign of life.
        expect(refused.filter((word) => word !== 'renew').length).toBeLessThanOrEqual(1);
        if (state?.name === 'succeeded') expect(answered).toBe(true);
        if (isLost) expect(state?.fencingNumber).toBe(2);
        if (name === 'saved' || name === 'released') expect(state?.name).not.toBe('running');
        await at.clock.advance(60_000);
        expect(at.clock.pendingTimers).toBe(0);
      },
    );
    await fc.assert(property, { numRuns: 1_500, seed: 20261123 });
    await settle();
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).toEqual([]);
    expect([...seen.keys()].sort()).toEqual(['lost', 'released', 'saved', 'thrown']);
    expect(Math.min(...seen.values())).toBeGreaterThan(30);
  });
});
