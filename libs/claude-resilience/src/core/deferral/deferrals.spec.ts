import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { ScriptedRandom } from '../../testing/scripted-random.js';
import { struckStore } from '../../testing/struck-store.js';
import type { ClaudeCall, Outcome } from '../call.js';
import { EventHub, type ClaudeEvent } from '../events.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { Failure } from '../failure/failure.js';
import type { DeferredRequest } from './deferred-request.js';
import { Deferrals } from './deferrals.js';
import type { Later } from './later.js';
import { MemoryRequestStore } from './memory-request-store.js';

const DAY_MS = 86_400_000;
const LIMITED = diagnoseFailure({ from: 'response', status: 429, retryAfter: '30' }, 0);
const OVERLOADED = diagnoseFailure({ from: 'response', status: 529 }, 0);

const CALL = {
  id: 'of-the-call',
  feature: 'chat',
  workflow: 'answers',
  priority: 'background',
  locale: 'de',
  signal: undefined,
} as unknown as ClaudeCall;

const failed = (failure: Failure): Outcome<never> => ({ status: 'failed', failure, cause: undefined, attempts: 6 });

function bench({ maxOpen = 10, isOpen = true } = {}) {
  const clock = new ManualClock();
  const events: ClaudeEvent[] = [];
  const hub = new EventHub(clock);
  hub.subscribe((event) => events.push(event));
  const strike: { error?: unknown } = {};
  const memory = new MemoryRequestStore({ maxOpen });
  const store = struckStore(memory, { before: () => ('error' in strike ? Promise.reject(strike.error) : undefined) });
  const deferrals = new Deferrals(hub, clock, new ScriptedRandom());
  const taken: DeferredRequest[] = [];
  if (isOpen) deferrals.open({ store, deadlineMs: DAY_MS, taken: (request) => taken.push(request) });
  return { clock, events, deferrals, memory, strike, taken };
}

const later = (terms: Partial<Later> = {}): Later => ({
  when: 'when_refused',
  kinds: new Set(['rate_limited']),
  ownerOf: async () => 'ann',
  notifyOf: async () => [],
  parametersJson: () => '{"params":{}}',
  ...terms,
});

const throwing = (error: unknown) => async () => Promise.reject(error);

describe('a call that failed (R10)', () => {
  it('is in the store, and the drain knows, before its caller hears of it', async () => {
    const { deferrals, taken, memory, events, clock } = bench();
    const outcome = await deferrals.instead(failed(LIMITED), CALL, later());
    expect(outcome).toEqual({
      status: 'deferred',
      requestId: 'secret-1',
      state: 'waiting',
      failure: LIMITED,
      attempts: 6,
    });
    const kept = await memory.get('secret-1');
    expect(taken).toEqual([kept]);
    expect(kept).toMatchObject({
      correlationId: 'of-the-call',
      feature: 'chat',
      workflow: 'answers',
      priority: 'background',
      locale: 'de',
      owner: 'ann',
      idempotencyKey: undefined,
      notify: [],
      parametersJson: '{"params":{}}',
      enqueuedAtMs: clock.wallMs(),
      notBeforeMs: clock.wallMs() + 30_000,
      deadlineMs: clock.wallMs() + DAY_MS,
    });
    expect(events).toMatchObject([{ type: 'request.deferred', kind: 'rate_limited', requestId: 'secret-1' }]);
    expect(JSON.stringify(events)).not.toContain('params');
  });

  const gone = { ...CALL, signal: AbortSignal.abort() } as ClaudeCall;
  it.each<[string, Outcome<unknown>, ClaudeCall, Later | undefined]>([
    ['it succeeded', { status: 'served' } as Outcome<unknown>, CALL, later()],
    ['nobody said that it may', failed(LIMITED), CALL, undefined],
    ['it failed in another way', failed(OVERLOADED), CALL, later()],
    ['none of its failures defers it', failed(LIMITED), CALL, later({ kinds: new Set() })],
    ['a part of the answer is with its reader', failed({ ...LIMITED, isFinal: true }), CALL, later()],
    ['its caller has gone', failed(LIMITED), gone, later()],
  ])('stays as it is when %s', (_when, outcome, call, terms) => {
    const { deferrals, taken, events } = bench();
    expect(deferrals.instead(outcome, call, terms)).toBe(outcome); // at once: nothing is waited for
    expect([taken, events]).toEqual([[], []]);
  });

  it.each<[string, Partial<Later>, string]>([
    ['nobody knows whose it is', { ownerOf: throwing(new RangeError('SECRET')) }, 'RangeError'],
    ['something that is no error is thrown', { ownerOf: throwing('SECRET') }, 'string'],
    ['nobody knows whom to tell', { notifyOf: throwing(new RangeError('SECRET')) }, 'RangeError'],
    ['its parameters have no JSON', { parametersJson: () => JSON.stringify({ n: 1n }) }, 'TypeError'],
    ['its owner is no name', { ownerOf: async () => '' }, 'CLAUDE_INVALID_OPTIONS'],
    ['its time is over before the API takes it', { deadlineMs: 30_000 }, 'CLAUDE_INVALID_OPTIONS'],
  ])('stays as it is, and an event says so, when %s', async (_when, terms, errorCode) => {
    const { deferrals, taken, events } = bench();
    const outcome = failed(LIMITED);
    expect(await deferrals.instead(outcome, CALL, later(terms))).toBe(outcome);
    expect(taken).toEqual([]);
    expect(events).toEqual([
      { type: 'request.not_deferred', feature: 'chat', correlationId: 'of-the-call', errorCode },
    ]);
  });

  it.each([[new TypeError('SECRET')], [undefined], ['SECRET'], [{ code: 'ENOSPC', name: 7 }]])(
    'stays as it is whatever the store throws: %p',
    async (error) => {
      const at = bench();
      at.strike.error = error;
      const outcome = failed(LIMITED);
      expect(await at.deferrals.instead(outcome, CALL, later())).toBe(outcome);
      expect(at.events).toMatchObject([{ type: 'request.not_deferred' }]);
      expect(JSON.stringify(at.events)).not.toContain('SECRET');
    },
  );

  it('stays as it is when the queue is full, and when there is none', async () => {
    const full = bench({ maxOpen: 1 });
    await full.deferrals.instead(failed(LIMITED), CALL, later());
    const outcome = failed(LIMITED);
    expect(await full.deferrals.instead(outcome, CALL, later())).toBe(outcome);
    expect(full.events.at(-1)).toMatchObject({ errorCode: 'CLAUDE_REQUEST_QUEUE_FULL' });
    const none = bench({ isOpen: false });
    expect(await none.deferrals.instead(outcome, CALL, later())).toBe(outcome);
    expect([none.events, none.deferrals.isOpen]).toEqual([[], false]);
    full.deferrals.close();
    expect(await full.deferrals.instead(outcome, CALL, later())).toBe(outcome);
    await expect(none.deferrals.enqueue(CALL, later())).rejects.toThrow('no queue');
  });
});

describe('the terms of a deferred call', () => {
  it.each<[string, Partial<Later>, Failure | undefined, number, number]>([
    ['at once, for a day', {}, undefined, 0, DAY_MS],
    ['not before the API takes it', {}, LIMITED, 30_000, DAY_MS],
    ['as its caller says', { notBeforeMs: 5_000, deadlineMs: 60_000 }, undefined, 5_000, 60_000],
    ['as its caller says, before what the API says', { notBeforeMs: 0 }, LIMITED, 0, DAY_MS],
    ['in whole milliseconds', { notBeforeMs: 0.2, deadlineMs: 99.1 }, undefined, 1, 100],
  ])('are %s', async (_what, terms, failure, notBeforeMs, deadlineMs) => {
    const { deferrals, clock } = bench();
    const request = await deferrals.enqueue(CALL, later(terms), failure);
    expect([request.notBeforeMs - clock.wallMs(), request.deadlineMs - clock.wallMs()]).toEqual([
      notBeforeMs,
      deadlineMs,
    ]);
  });

  it('say whom to tell of the end', async () => {
    const wish = { channel: 'email', to: 'ann@example.org', when: 'slow' } as const;
    const request = await bench().deferrals.enqueue(CALL, later({ notifyOf: async () => [wish] }));
    expect(request.notify).toEqual([wish]);
  });

  it.each([
    [5_000, 5_000],
    [5_000, 100],
    [DAY_MS, undefined],
  ])('are refused when it may start after %i ms and nobody wants it after %i', async (notBeforeMs, deadlineMs) => {
    const { deferrals, taken } = bench();
    const refused = deferrals.enqueue(CALL, later({ notBeforeMs, deadlineMs }));
    await expect(refused).rejects.toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
    expect(taken).toEqual([]);
  });

  it('give the same request for the same key of the same owner, told once', async () => {
    const { deferrals, taken, events } = bench();
    const one = await deferrals.enqueue(CALL, later({ idempotencyKey: 'k' }));
    const same = await deferrals.enqueue({ ...CALL, id: 'another' }, later({ idempotencyKey: 'k' }));
    const other = await deferrals.enqueue(CALL, later({ idempotencyKey: 'k', ownerOf: async () => 'bob' }));
    expect([same.id, other.id === one.id, taken.length, events.length]).toEqual([one.id, false, 2, 2]);
    expect(await deferrals.take(CALL, later({ idempotencyKey: 'k' }))).toMatchObject({ requestId: one.id });
  });
});
