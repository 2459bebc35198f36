import { describe, expect, it } from '@jest/globals';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { REQUEST_STATES, type RequestState } from './deferred-request.js';
import { phaseOf, type RequestPhase } from './request-phase.js';

const FAILURE = diagnoseFailure({ from: 'response', status: 529 }, 0);
const as = (name: RequestState['name'], lastFailure?: typeof FAILURE) => ({ name, lastFailure }) as RequestState;

describe('where a request stands, for whoever waits (R28)', () => {
  it.each<[RequestState, number, boolean, RequestPhase]>([
    [as('waiting'), 0, false, 'queued'],
    [as('waiting'), 119_999, false, 'queued'],
    [as('waiting'), 120_000, false, 'backgrounded'],
    [as('waiting', FAILURE), 0, false, 'retrying'],
    [as('waiting'), 0, true, 'degraded'],
    [as('waiting', FAILURE), 0, true, 'degraded'],
    [as('running'), 0, false, 'running'],
    [as('running'), 0, true, 'running'],
    [as('running'), 9_999, false, 'running'],
    [as('running'), 10_000, false, 'slow'],
    [as('running', FAILURE), 9_999, false, 'retrying'],
    [as('running', FAILURE), 10_000, false, 'slow'],
    [as('running'), 120_000, false, 'backgrounded'],
    [as('running'), -5_000, false, 'running'], // the clock went back
  ])('%j after %i ms, held up: %s, is %s', (state, elapsedMs, isHeldUp, phase) => {
    const surroundings = { nowMs: 7_000 + elapsedMs, slowAfterMs: 10_000, isHeldUp };
    expect(phaseOf({ state, enqueuedAtMs: 7_000 }, surroundings)).toBe(phase);
  });

  it('is none after any end', () => {
    for (const name of REQUEST_STATES.slice(2)) {
      const seen = phaseOf({ state: as(name), enqueuedAtMs: 0 }, { nowMs: 999_999, slowAfterMs: 0, isHeldUp: true });
      expect(seen).toBeUndefined();
    }
  });
});
