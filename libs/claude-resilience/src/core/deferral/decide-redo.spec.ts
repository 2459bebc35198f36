import { describe, expect, it } from '@jest/globals';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { FAILURE_KINDS, type Failure } from '../failure/failure.js';
import { decideRedo, type RedoSituation } from './decide-redo.js';

const OVERLOADED = diagnoseFailure({ from: 'response', status: 529 }, 0);
const REFUSED = diagnoseFailure({ from: 'circuit', retryAfterMs: 30_000 }, 0);
const NO_TURN: Failure = { ...OVERLOADED, isHeld: true, retryAfterMs: 2_000 };
const INVALID = diagnoseFailure({ from: 'response', status: 400 }, 0);
const STOPPED: Failure = { ...INVALID, kind: 'billing', stopsAccount: true };

const FIRST: RedoSituation = { attempts: 1, maxAttempts: 20, hasAnswer: false, random: 0 };

describe('what becomes of a deferred request that failed (R10)', () => {
  it.each<[string, Failure, Partial<RedoSituation>, ReturnType<typeof decideRedo>]>([
    ['waits 5 s the first time', OVERLOADED, {}, { next: 'again', inMs: 5_000 }],
    ['twice as long the second time', OVERLOADED, { attempts: 2 }, { next: 'again', inMs: 10_000 }],
    ['ten minutes at most', OVERLOADED, { attempts: 19 }, { next: 'again', inMs: 600_000 }],
    ['is spread over a quarter more', OVERLOADED, { random: 0.999_999 }, { next: 'again', inMs: 6_250 }],
    ['never sooner than the API asked', { ...OVERLOADED, retryAfterMs: 90_000 }, {}, { next: 'again', inMs: 90_000 }],
    ['is dead after the last time', OVERLOADED, { attempts: 20 }, { next: 'dead' }],
    ['is dead at once when nothing helps', INVALID, {}, { next: 'dead' }],
    ['was not tried before an open circuit', REFUSED, { attempts: 20 }, { next: 'hold', holdMs: 30_000 }],
    ['is held a minute at most', { ...REFUSED, retryAfterMs: 3_600_000 }, {}, { next: 'hold', holdMs: 60_000 }],
    ['never so shortly that it goes round and round', { ...REFUSED, retryAfterMs: 0 }, {}, { next: 'hold', holdMs: 100 }],
    ['was not tried when no turn came', NO_TURN, { attempts: 20 }, { next: 'hold', holdMs: 2_000 }],
    ['was not tried while the account stands still', STOPPED, { attempts: 99 }, { next: 'hold', holdMs: 1_000 }],
    ['was tried when it has its answer', { ...REFUSED, retryable: true }, { hasAnswer: true }, { next: 'again', inMs: 30_000 }],
    ['is dead at last, too, with its answer', { ...REFUSED, retryable: true }, { hasAnswer: true, attempts: 20 }, { next: 'dead' }],
  ])('%s', (_what, failure, situation, decision) => {
    expect(decideRedo(failure, { ...FIRST, ...situation })).toEqual(decision);
  }); // oxfmt-ignore

  it('ends for every failure that counts, whatever it is', () => {
    for (const kind of FAILURE_KINDS) {
      for (const retryable of [true, false]) {
        const decision = decideRedo({ ...OVERLOADED, kind, retryable }, { ...FIRST, attempts: 20 });
        expect(decision.next).toBe(kind === 'circuit_open' ? 'hold' : 'dead');
      }
    }
  });

  it('waits in whole milliseconds, never less the next time, however often', () => {
    let lastMs = 0;
    for (let attempts = 1; attempts < 1_000; attempts++) {
      const decision = decideRedo(OVERLOADED, { ...FIRST, attempts, maxAttempts: 1_000 });
      if (decision.next !== 'again') throw new Error(decision.next);
      expect(Number.isSafeInteger(decision.inMs) && decision.inMs >= lastMs).toBe(true);
      lastMs = decision.inMs;
    }
  });
});
