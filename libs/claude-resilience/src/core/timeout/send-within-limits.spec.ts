import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../../testing/index.js';
import type { Attempt, ClaudeCall, Sending, WireResult } from '../call.js';
import { AWAITED_LIMITS, type AwaitedLimit, type TimeLimit } from '../failure/failure-facts.js';
import { Transport } from '../transport.port.js';
import { sendWithinLimits } from './send-within-limits.js';

/** A wire that the spec ends by hand, and that ignores its signal. */
class HeldTransport extends Transport<string> {
  attempt: Attempt | undefined;
  answer: (result: WireResult<string>) => void = () => {};
  fail: (error: unknown) => void = () => {};

  send(_call: ClaudeCall, attempt: Attempt): Promise<WireResult<string>> {
    this.attempt = attempt;
    return new Promise((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
  }
}

const SENDING: Sending = {
  number: 3,
  target: { model: undefined, platform: undefined, bucket: '' },
  isReformulated: false,
};

const asItIs = (reply: WireResult<string>) => reply;

interface Limits {
  readonly timeoutMs?: number;
  readonly deadlineAtMs?: number;
  readonly fairTimeoutMs?: number;
}

function start(
  { timeoutMs = 1000, deadlineAtMs = 5000, fairTimeoutMs = 0 }: Limits = {},
  transport = new HeldTransport(),
) {
  const clock = new ManualClock();
  const controller = new AbortController();
  const { signal } = controller;
  const call: ClaudeCall = {
    id: 'call-1',
    feature: 'default',
    workflow: 'default',
    priority: 'normal',
    model: undefined,
    targets: [SENDING.target],
    startedAtMs: 0,
    deadlineAtMs,
    timeoutMs,
    fairTimeoutMs,
    signal,
  };
  const ends: { result: WireResult<string>; atMs: number }[] = [];
  const counts = { handOvers: 0 };
  void sendWithinLimits(transport, call, SENDING, clock, { handedOver: () => counts.handOvers++ }, asItIs).then(
    (result) => ends.push({ result, atMs: clock.nowMs() }),
  );
  const leftBehind = () => [clock.pendingTimers, getEventListeners(signal, 'abort').length];
  return { clock, controller, transport, ends, counts, leftBehind };
}

const HOLDER = { handedOver: () => {} };
const timedOut = (limit: TimeLimit) => ({ ok: false, facts: { from: 'timeout', limit } });
const NOTHING = [0, 0];

describe('what the transport brings (R7)', () => {
  it('passes a value on', async () => {
    const { clock, transport, ends, leftBehind } = start();
    await clock.advance(999);
    expect(leftBehind()).toEqual([1, 1]);
    transport.answer({ ok: true, value: 'hello' });
    await clock.advance(0);
    expect(ends).toEqual([{ result: { ok: true, value: 'hello' }, atMs: 999 }]);
    expect(leftBehind()).toEqual(NOTHING);
    expect(transport.attempt?.signal.aborted).toBe(false);
  });

  it('passes facts on', async () => {
    const { clock, transport, ends, leftBehind } = start();
    const result: WireResult<string> = { ok: false, facts: { from: 'refusal' }, cause: 'why' };
    transport.answer(result);
    await clock.advance(0);
    expect(ends).toEqual([{ result, atMs: 0 }]);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('makes facts of a rejection', async () => {
    const { clock, transport, ends, leftBehind } = start();
    transport.fail('broken promise');
    await clock.advance(0);
    expect(ends[0]?.result).toEqual({ ok: false, facts: { from: 'code' }, cause: 'broken promise' });
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('gives what is made of it, once; what throws there is a rejection, and leaves nothing behind', async () => {
    const clock = new ManualClock();
    const transport = new HeldTransport();
    const call = { deadlineAtMs: 5000, timeoutMs: 1000, signal: undefined } as ClaudeCall;
    const made = sendWithinLimits(transport, call, SENDING, clock, HOLDER, ({ ok }) => ({ ok }));
    transport.answer({ ok: true, value: 'hello' });
    expect(await made).toEqual({ ok: true });
    const broken = sendWithinLimits(transport, call, SENDING, clock, HOLDER, () => {
      throw new RangeError('a bug');
    });
    const seen = expect(broken).rejects.toMatchObject({ name: 'RangeError' });
    await clock.advance(1000);
    await seen;
    expect(clock.pendingTimers).toBe(0);
  });

  it('makes facts of a throw', async () => {
    class ThrowingTransport extends HeldTransport {
      override send(): never {
        throw new RangeError('before the first byte');
      }
    }
    const { clock, ends, leftBehind } = start({}, new ThrowingTransport());
    await clock.advance(0);
    expect(ends[0]?.result).toMatchObject({ ok: false, facts: { from: 'code' }, cause: { name: 'RangeError' } });
    expect(leftBehind()).toEqual(NOTHING);
  });
});

describe('time (R13, R14)', () => {
  // oxfmt-ignore
  it.each<[what: string, limits: Limits, limit: 'attempt' | 'deadline', endsAtMs: number]>([
    ['the time of the attempt comes first', { timeoutMs: 1000, deadlineAtMs: 5000 }, 'attempt',  1000],
    ['the deadline comes first',            { timeoutMs: 6000, deadlineAtMs: 5000 }, 'deadline', 5000],
    ['both at once: the deadline',          { timeoutMs: 5000, deadlineAtMs: 5000 }, 'deadline', 5000],
    ['a millisecond is time',               { timeoutMs: 1000, deadlineAtMs: 1 },    'deadline', 1],
    ['a fraction before',                   { timeoutMs: 4999.5, deadlineAtMs: 5000 }, 'attempt', 4999.5],
  ])('%s: ends a wire that hangs, and tells it', async (_what, limits, limit, endsAtMs) => {
    const { clock, transport, ends, leftBehind } = start(limits);
    expect(transport.attempt).toMatchObject({ number: 3, timeoutMs: endsAtMs });
    await clock.advance(endsAtMs - 0.25);
    expect(ends).toEqual([]);
    expect(transport.attempt?.signal.aborted).toBe(false);
    await clock.advance(0.25);
    expect(ends).toMatchObject([{ result: timedOut(limit), atMs: endsAtMs }]);
    expect(transport.attempt?.signal.aborted).toBe(true);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('counts from now', async () => {
    const clock = new ManualClock();
    await clock.advance(4400);
    const transport = new HeldTransport();
    const call = { deadlineAtMs: 5000, timeoutMs: 1000, signal: undefined } as ClaudeCall;
    void sendWithinLimits(transport, call, SENDING, clock, HOLDER, asItIs);
    expect([clock.nextTimerInMs, transport.attempt?.timeoutMs]).toEqual([600, 600]);
  });

  it.each<[what: string, late: (transport: HeldTransport) => void]>([
    ['an answer', (transport) => transport.answer({ ok: true, value: 'late' })],
    ['a rejection', (transport) => transport.fail(new Error('late'))],
  ])('%s after that is dropped', async (_what, late) => {
    const { clock, transport, ends } = start();
    await clock.advance(1000);
    late(transport);
    await clock.advance(10_000);
    expect(ends).toMatchObject([{ result: timedOut('attempt'), atMs: 1000 }]);
  });

  it.each([0, -5])('a deadline %d ms away sends nothing', async (deadlineAtMs) => {
    const { clock, transport, ends, leftBehind } = start({ deadlineAtMs });
    await clock.advance(0);
    expect(ends).toMatchObject([{ result: timedOut('deadline'), atMs: 0 }]);
    expect(transport.attempt).toBeUndefined();
    expect(leftBehind()).toEqual(NOTHING);
  });
});

describe('time for the parts of an answer (R13, R14)', () => {
  type Step = readonly [atMs: number, limit: AwaitedLimit, withinMs?: number];

  // oxfmt-ignore
  it.each<[what: string, limits: Limits, steps: readonly Step[], limit: TimeLimit, endsAtMs: number]>([
    ['headers never come',                   {},                    [[0, 'headers', 300]],                                        'headers',     300],
    ['headers, no limit of their own',       {},                    [[0, 'headers']],                                             'headers',     1000],
    ['a limit beyond the attempt',           {},                    [[0, 'headers', 9000]],                                       'headers',     1000],
    ['the body stalls',                      {},                    [[0, 'headers', 300], [200, 'body', 400]],                    'body',        600],
    ['the body, no limit of its own',        {},                    [[0, 'headers', 300], [299, 'body']],                         'body',        1000],
    ['the body, beyond the attempt',         {},                    [[0, 'headers', 300], [299, 'body', 900]],                    'body',        1000],
    ['the body has less than the headers',   {},                    [[0, 'headers', 900], [100, 'body', 50]],                     'body',        150],
    ['the first event never comes',          {},                    [[0, 'headers', 300], [100, 'first_event', 250]],             'first_event', 350],
    ['silence is counted from each event',   {},                    [[0, 'headers'], [100, 'silence', 250], [300, 'silence', 250], [549, 'silence', 250]], 'silence', 799],
    ['events do not stretch the attempt',    {},                    [[700, 'silence', 250], [900, 'silence', 250]],               'silence',     1000],
    ['the deadline first',                   { deadlineAtMs: 200 }, [[0, 'headers', 300]],                                        'deadline',    200],
    ['at once with the deadline',            { deadlineAtMs: 300 }, [[0, 'headers', 300]],                                        'deadline',    300],
    ['the deadline, while the body comes',   { deadlineAtMs: 500 }, [[0, 'headers', 300], [200, 'body', 400]],                    'deadline',    500],
    ['before the deadline, by a millisecond', { deadlineAtMs: 601 }, [[0, 'headers', 300], [200, 'body', 400]],                   'body',        600],
  ])('%s', async (_what, limits, steps, limit, endsAtMs) => {
    const { clock, transport, ends, leftBehind } = start(limits);
    for (const [atMs, awaited, withinMs] of steps) {
      await clock.advance(atMs - clock.nowMs());
      transport.attempt?.waitsFor(awaited, withinMs);
      expect(clock.pendingTimers).toBe(1);
    }
    await clock.advance(endsAtMs - 1 - clock.nowMs());
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toMatchObject([{ result: timedOut(limit), atMs: endsAtMs }]);
    expect(transport.attempt?.signal.aborted).toBe(true);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('an answer in time is an answer, and leaves no timer', async () => {
    const { clock, transport, ends, leftBehind } = start();
    transport.attempt?.waitsFor('headers', 300);
    transport.attempt?.waitsFor('body', 300);
    transport.answer({ ok: true, value: 'hello' });
    await clock.advance(10_000);
    expect(ends).toMatchObject([{ result: { ok: true }, atMs: 0 }]);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('after the end, and after a hand-over, nothing is waited for', async () => {
    const late = start();
    late.transport.answer({ ok: true, value: 'hello' });
    await late.clock.advance(0);
    late.transport.attempt?.waitsFor('body', 10);
    expect(late.leftBehind()).toEqual(NOTHING);
    const inner = start();
    inner.transport.attempt?.handOver();
    inner.transport.attempt?.waitsFor('body', 10);
    expect(inner.clock.nextTimerInMs).toBe(5100);
  });

  // oxfmt-ignore
  it.each<[what: string, limits: Limits, withinMs: number | undefined, isHurried: boolean]>([
    ['a limit of its own is fair, however short', { timeoutMs: 1000, fairTimeoutMs: 500 },                   10,        false],
    ['also in a call with little time',           { timeoutMs: 400, fairTimeoutMs: 500 },                    10,        false],
    ['the attempt had its time',                  { timeoutMs: 1000, fairTimeoutMs: 500 },                   undefined, false],
    ['the caller left too little',                { timeoutMs: 400, fairTimeoutMs: 500 },                    undefined, true],
    ['the deadline left too little',              { timeoutMs: 1000, deadlineAtMs: 400, fairTimeoutMs: 500 }, 900,      true],
  ])('%s', async (_what, limits, withinMs, isHurried) => {
    const { clock, transport, ends } = start(limits);
    transport.attempt?.waitsFor('headers', withinMs);
    await clock.advance(1000);
    expect(JSON.stringify(ends).includes('isHurried')).toBe(isHurried);
  });

  it('whatever is waited for: it ends at the first of all limits, never later, with one timer at a time', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: 40 }),
            fc.constantFrom(...AWAITED_LIMITS),
            fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
          ),
        ),
        async (timeoutMs, deadlineAtMs, steps) => {
          const { clock, transport, ends, leftBehind } = start({ timeoutMs, deadlineAtMs });
          const latestMs = Math.min(timeoutMs, deadlineAtMs);
          let endsAtMs = latestMs;
          let expected: TimeLimit = 'attempt';
          for (const [afterMs, limit, withinMs] of steps) {
            await clock.advance(afterMs);
            if (ends.length > 0) break;
            transport.attempt?.waitsFor(limit, withinMs);
            endsAtMs = Math.min(latestMs, clock.nowMs() + (withinMs ?? Infinity));
            expected = limit;
            expect(clock.pendingTimers).toBe(1);
          }
          await clock.advance(1000);
          if (endsAtMs >= deadlineAtMs) expected = 'deadline';
          expect(ends).toMatchObject([{ result: timedOut(expected), atMs: endsAtMs }]);
          expect(leftBehind()).toEqual(NOTHING);
        },
      ),
      { numRuns: 100, seed: 13 },
    ));
});

describe('the caller gives up (R15)', () => {
  it('midway: ends at once, with the reason, and tells the wire', async () => {
    const { clock, controller, transport, ends, leftBehind } = start();
    await clock.advance(500);
    controller.abort('gone');
    await clock.advance(0);
    expect(ends).toEqual([{ result: { ok: false, facts: { from: 'abort' }, cause: 'gone' }, atMs: 500 }]);
    expect(transport.attempt?.signal.aborted).toBe(true);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('before: sends nothing', async () => {
    const clock = new ManualClock();
    const sent = new HeldTransport();
    const call = { deadlineAtMs: 5000, timeoutMs: 1000, signal: AbortSignal.abort('gone') } as ClaudeCall;
    await expect(sendWithinLimits(sent, call, SENDING, clock, HOLDER, asItIs)).resolves.toMatchObject({
      facts: { from: 'abort' },
      cause: 'gone',
    });
    expect(sent.attempt).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('after the answer: changes nothing', async () => {
    const { clock, controller, transport, ends } = start();
    transport.answer({ ok: true, value: 'hello' });
    await clock.advance(0);
    controller.abort();
    await clock.advance(10_000);
    expect(ends).toMatchObject([{ result: { ok: true } }]);
    expect(transport.attempt?.signal.aborted).toBe(false);
  });
});

describe('time too short to judge by', () => {
  it.each([
    [{ timeoutMs: 1000, fairTimeoutMs: 1000 }, undefined],
    [{ timeoutMs: 999, fairTimeoutMs: 1000 }, true],
    [{ timeoutMs: 60_000, deadlineAtMs: 400, fairTimeoutMs: 500 }, true],
    [{ timeoutMs: 60_000, deadlineAtMs: 500, fairTimeoutMs: 500 }, undefined],
  ])('%j: hurried %s', async (limits, isHurried) => {
    const { clock, ends } = start(limits);
    await clock.advance(60_000);
    expect(ends[0]?.result).toMatchObject({ ok: false, facts: { from: 'timeout' } });
    expect(ends[0]).toMatchObject({ result: { facts: isHurried === true ? { isHurried } : { from: 'timeout' } } });
    expect(JSON.stringify(ends[0]).includes('isHurried')).toBe(isHurried === true);
  });
});

describe('handing over to a call inside (R14)', () => {
  it('gives the permit back once, and leaves only the deadline', async () => {
    const { clock, transport, ends, counts, leftBehind } = start();
    await clock.advance(900);
    transport.attempt?.handOver();
    transport.attempt?.handOver();
    expect(counts.handOvers).toBe(1);
    expect(clock.nextTimerInMs).toBe(4200);
    await clock.advance(4199);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toMatchObject([{ result: { facts: { limit: 'deadline', isHurried: true } }, atMs: 5100 }]);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('does nothing after the end', async () => {
    const { clock, transport, counts, leftBehind } = start();
    await clock.advance(1000);
    transport.attempt?.handOver();
    expect(counts.handOvers).toBe(0);
    expect(leftBehind()).toEqual(NOTHING);
  });

  it('may happen before the wire returns', async () => {
    class NestedTransport extends HeldTransport {
      override send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<string>> {
        attempt.handOver();
        return super.send(call, attempt);
      }
    }
    const { clock, counts, leftBehind } = start({}, new NestedTransport());
    expect([counts.handOvers, clock.nextTimerInMs]).toEqual([1, 5100]);
    await clock.advance(5100);
    expect(leftBehind()).toEqual(NOTHING);
  });
});
