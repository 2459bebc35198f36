import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { isEnded, type RequestState, type RequestStateName } from './deferred-request.js';
import { newDeferredRequest } from './new-deferred-request.js';
import { nextRequestState, type RequestEvent } from './next-request-state.js';

const DEADLINE = 1500;
const FAILURE = diagnoseFailure({ from: 'response', status: 529 }, 0);

/** Somebody who was once given the request, and may have lost it without noticing. */
interface Holder {
  readonly fencingNumber: number;
  readonly untilMs: number;
}

/** One request in the hands of chance: clocks that jump, holders that come back from the dead. */
class Life {
  nowMs = 0;
  state: RequestState = newDeferredRequest(
    {
      id: 'a',
      correlationId: 'of-a',
      workflow: 'chat',
      feature: 'chat',
      parametersJson: '{}',
      priority: 'normal',
      notBeforeMs: 0,
      deadlineMs: DEADLINE,
      owner: undefined,
      locale: undefined,
      idempotencyKey: undefined,
      notify: [],
    },
    0,
  ).state;
  readonly holders: Holder[] = [];
  readonly ends = new Set<RequestStateName>();
  /** Ever refused because they came too late; the run is worth something only if that happened. */
  stale = 0;

  take(event: RequestEvent): void {
    const before = this.state;
    const step = nextRequestState(before, event, DEADLINE);
    if (!step.ok) {
      this.stale += step.why === 'stale' ? 1 : 0;
      return;
    }
    this.state = step.state;
    this.#check(before, event);
  }

  #check(before: RequestState, event: RequestEvent): void {
    const { state } = this;
    expect(state.fencingNumber).toBeGreaterThanOrEqual(before.fencingNumber);
    expect(state.attempts).toBeGreaterThanOrEqual(0);
    if (event.type === 'claimed') {
      // Never two at a time: each claim has a number of its own, and no other holder's lease goes on.
      expect(this.holders.every(({ fencingNumber }) => fencingNumber < state.fencingNumber)).toBe(true);
      const last = this.holders.at(-1);
      if (before.name === 'running') expect(last?.untilMs ?? 0).toBeLessThanOrEqual(this.nowMs);
      expect(this.nowMs < DEADLINE || ('answerJson' in state && state.answerJson !== undefined)).toBe(true);
    }
    // Only the last holder changes anything.
    if ('fencingNumber' in event) expect(event.fencingNumber).toBe(this.holders.at(-1)?.fencingNumber);
    if (isEnded(before)) {
      // An end is for ever; all that is added is what became of a dead letter.
      expect({ ...state, redrivenAs: 0 }).toEqual({ ...before, redrivenAs: 0 });
      if ('redrivenAs' in before && before.redrivenAs !== undefined) expect(state).toEqual(before);
    } else if ('answerJson' in before && before.answerJson !== undefined) {
      // Paid for: gone only with a success, or because nobody wants it.
      if (!['succeeded', 'cancelled'].includes(state.name))
        expect(state).toMatchObject({ answerJson: before.answerJson });
    }
    if (state.name === 'running') {
      if (event.type === 'claimed' || event.type === 'renewed') {
        this.holders.push({ fencingNumber: state.fencingNumber, untilMs: state.leaseUntilMs });
      }
    }
    if (isEnded(state)) this.ends.add(state.name);
    expect(this.ends.size).toBeLessThanOrEqual(1);
  }
}

type Step = (life: Life) => void;

/** Whoever speaks: the last holder, or an earlier one. */
const byHolder = (say: (fencingNumber: number, nowMs: number) => RequestEvent) =>
  fc.nat({ max: 3 }).map((back): Step => (life) => {
    const who = life.holders.at(-1 - back) ?? { fencingNumber: 7 };
    life.take(say(who.fencingNumber, life.nowMs));
  });

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat({ max: 900 }).map(
      (leaseMs): Step =>
        (life) =>
          life.take({ type: 'claimed', nowMs: life.nowMs, leaseMs: leaseMs + 1 }),
    ),
  },
  // Clocks of two machines differ, so time goes back a little at times.
  { weight: 6, arbitrary: fc.integer({ min: -200, max: 900 }).map((ms): Step => (life) => void (life.nowMs += ms)) },
  { weight: 2, arbitrary: byHolder((fencingNumber, nowMs) => ({ type: 'renewed', fencingNumber, nowMs, leaseMs: 500 })) },
  { weight: 2, arbitrary: byHolder((fencingNumber, nowMs) => ({ type: 'answered', fencingNumber, answerJson: `${nowMs}` })) },
  { weight: 1, arbitrary: byHolder((fencingNumber, nowMs) => ({ type: 'completed', fencingNumber, nowMs, resultJson: `${nowMs}` })) },
  { weight: 2, arbitrary: byHolder((fencingNumber, nowMs) => ({ type: 'failed', fencingNumber, nowMs, failure: FAILURE, retryAtMs: nowMs + 300 })) },
  { weight: 1, arbitrary: byHolder((fencingNumber, nowMs) => ({ type: 'failed', fencingNumber, nowMs, failure: FAILURE, retryAtMs: undefined })) },
  { weight: 1, arbitrary: byHolder((fencingNumber, nowMs) => ({ type: 'released', fencingNumber, nowMs })) },
  { weight: 1, arbitrary: fc.constant<Step>((life) => life.take({ type: 'expired', nowMs: life.nowMs })) },
  { weight: 1, arbitrary: fc.boolean().map((yes): Step => (life) => void (yes && life.take({ type: 'cancelled', nowMs: life.nowMs }))) },
  { weight: 1, arbitrary: fc.nat().map((n): Step => (life) => life.take({ type: 'redriven', asId: `b${n}` })) },
); // oxfmt-ignore

describe('a deferred request in the hands of chance (R10)', () => {
  it('has one end at most, one holder at a time, and pays for one answer', () => {
    const seen = new Map<RequestStateName, number>();
    let stale = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const life = new Life();
        for (const step of steps) step(life);
        seen.set(life.state.name, (seen.get(life.state.name) ?? 0) + 1);
        stale += life.stale;
      }),
      { numRuns: 5000, seed: 20261123 },
    );
    expect(seen.size).toBe(6);
    expect(Math.min(stale, ...seen.values())).toBeGreaterThan(20);
  });
});
