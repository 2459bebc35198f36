import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../../testing/index.js';
import { Circuit, type Permit } from './circuit.js';
import type { Verdict } from './circuit-event.js';
import { readCircuitOptions, type CircuitOptions, type CircuitSetting } from './circuit.options.js';

function start(setting?: CircuitSetting) {
  const clock = new ManualClock();
  const options = readCircuitOptions('circuit', setting, 60_000, []);
  const circuit = new Circuit('chat', options, clock);
  const permit = () => circuit.admit() as Permit;
  const call = (verdict: Verdict, times = 1) => {
    for (let n = 0; n < times; n++) circuit.record(permit(), verdict);
  };
  return { clock, circuit, permit, call };
}
type Started = ReturnType<typeof start>;

const ANN = { by: 'ann', reason: 'maintenance' };

describe('explain() names the rule, its numbers and what is missing (R19-R21)', () => {
  it.each<
    [what: string, setting: CircuitSetting, prepare: (run: Started) => unknown, reasons: object, sentence: string]
  >([
    [
      'untouched',
      {},
      () => {},
      { rule: 'failures', mode: 'enforce', calls: 0, failures: 0, missingFailures: 5 },
      'Closed: 0 failures of 0 calls in the last 30 s; opens at 5 failures that are at least 90 % of the calls: 5 more failures.',
    ],
    [
      'one failure is missing',
      {},
      ({ call }) => call('failure', 4),
      {
        rule: 'failures',
        calls: 4,
        failures: 4,
        needs: { failures: 5, failureRatio: 0.9, calls: 1 },
        missingFailures: 1,
      },
      'Closed: 4 failures of 4 calls in the last 30 s; opens at 5 failures that are at least 90 % of the calls: 1 more failure.',
    ],
    [
      'enough failures, too small a share',
      {},
      ({ call }) => (call('success', 10), call('failure', 20)),
      { calls: 30, failures: 20, missingFailures: 70 },
      'Closed: 20 failures of 30 calls in the last 30 s; opens at 5 failures that are at least 90 % of the calls: 70 more failures.',
    ],
    [
      'a share that cannot be reached',
      { failureRatio: 1 },
      ({ call }) => (call('success'), call('failure', 9)),
      { missingFailures: undefined },
      'Closed: 9 failures of 10 calls in the last 30 s; opens at 5 failures that are at least 100 % of the calls: no number of failures is enough until the others have left.',
    ],
    [
      'classic',
      'classic',
      ({ call }) => (call('success', 100), call('failure')),
      { calls: 101, failures: 1, missingFailures: 4 },
      'Closed: 1 failure of 101 calls in the last 30 s; opens at 5 failures: 4 more failures.',
    ],
    [
      'a minimum of calls',
      { minimumCalls: 20, window: 'count' },
      ({ call }) => call('failure', 12),
      { missingFailures: 8 },
      'Closed: 12 failures of 12 calls among the last 100; opens at 5 failures that are at least 90 % of the calls, from 20 calls on: 8 more failures.',
    ],
    [
      'failures in a row',
      { window: 'run', failureThreshold: 3 },
      ({ call }) => call('failure', 2),
      { rule: 'failures_in_a_row', failuresInARow: 2, needs: { failures: 3 }, missingFailures: 1 },
      'Closed: 2 failures in a row; opens at 3: 1 more failure.',
    ],
    [
      'slowness is nearer',
      { slowCallMs: 500, slowMinimumCalls: 3 },
      async ({ clock, circuit, permit }) => {
        const permits = [permit(), permit()];
        await clock.advance(500);
        for (const each of permits) circuit.record(each, 'success');
      },
      { rule: 'slow_calls', calls: 2, slow: 2, missingSlowCalls: 1 },
      'Closed: 2 slow of 2 calls in the last 30 s; opens when at least 90 % of the calls take 500 ms or longer, from 3 calls on: 1 more slow call.',
    ],
    [
      'open',
      {},
      async ({ clock, call }) => (call('failure', 5), clock.advance(1800)),
      { rule: 'cool_down', reason: 'failures', openings: 1, missingMs: 3200 },
      'Open because of too many failures, opening 1 in a row; a probe is let in in 3.2 s.',
    ],
    [
      'open, only observed',
      { mode: 'observe' },
      ({ call }) => call('failure', 5),
      { rule: 'cool_down', mode: 'observe' },
      'Open because of too many failures, opening 1 in a row; a probe is let in in 5 s. It only observes: every call passes.',
    ],
    [
      'a probe is wanted',
      {},
      async ({ clock, call }) => (call('failure', 5), clock.advance(5000)),
      { rule: 'probes', underWay: 0, missingSuccesses: 1, bearableFailures: 0, nextProbeInMs: 0 },
      'Half-open after too many failures: 0 probes under way; 1 more success closes it, 1 more failure opens it; the next call is a probe.',
    ],
    [
      'a probe is silent, another out',
      { maxSilentProbes: 1, probeIntervalMs: 5000 },
      async ({ clock, call, permit }) => {
        call('failure', 5);
        await clock.advance(5000);
        permit();
        await clock.advance(5000);
        permit();
        await clock.advance(1000);
      },
      { rule: 'probes', underWay: 2, silent: 1, nextProbeInMs: 59_000 },
      'Half-open after too many failures: 2 probes under way (1 of them silent for long); 1 more success closes it, 1 more failure opens it; the next probe in 59 s at most.',
    ],
    [
      'verdicts of 2 of 3',
      { halfOpenCalls: 3, halfOpenSuccesses: 2 },
      async ({ clock, call }) => {
        call('failure', 5);
        await clock.advance(5000);
        call('failure');
        call('success');
      },
      { successes: 1, failures: 1, missingSuccesses: 1, bearableFailures: 0 },
      'Half-open after too many failures: 0 probes under way, 1 succeeded and 1 failed; 1 more success closes it, 1 more failure opens it; the next call is a probe.',
    ],
    [
      'held open, somebody overruled',
      {},
      ({ circuit }) => (circuit.forceClosed({ by: 'bob', reason: 'verified' }), circuit.forceOpen(ANN)),
      { rule: 'held_open', holders: [ANN], overruled: [{ by: 'bob', reason: 'verified' }], missingMs: undefined },
      'Held open by ann (maintenance) until released; overruled: bob (verified).',
    ],
    [
      'held open by many, with an end, while it only observes',
      { mode: 'observe' },
      ({ circuit }) => {
        for (const by of ['a', 'b', 'c', 'd']) circuit.forceOpen({ by, reason: 'r', untilMs: 60_000 });
      },
      { rule: 'held_open', missingMs: 60_000 },
      'Held open by a (r), b (r), c (r) and 1 other for 60 s at most.',
    ],
    [
      'held closed',
      {},
      ({ circuit }) => circuit.forceClosed(ANN),
      { rule: 'held_closed', holders: [ANN], overruled: [] },
      'Held closed, every call passes, by ann (maintenance) until released.',
    ],
    ['off', false, () => {}, { rule: 'off' }, 'Switched off: nothing is counted, every call passes.'],
  ])('%s', async (_what, setting, prepare, reasons, sentence) => {
    const run = start(setting);
    await prepare(run);
    expect(run.circuit.explain()).toMatchObject({ ...reasons, sentence });
  });
});

describe('what it says is missing, is', () => {
  const anyOptions: fc.Arbitrary<CircuitOptions> = fc.record({
    window: fc.constantFrom('time', 'count', 'run'),
    failureThreshold: fc.integer({ min: 1, max: 12 }),
    failureRatio: fc.constantFrom(0, 0.28, 0.5, 0.9, 1),
    minimumCalls: fc.integer({ min: 1, max: 15 }),
    windowCalls: fc.constantFrom(15, 40),
  });

  it('that many failures open it, and one fewer does not', () => {
    let reached = 0;
    fc.assert(
      fc.property(anyOptions, fc.array(fc.boolean(), { maxLength: 30 }), (options, past) => {
        const { circuit, call } = start(options);
        for (const failed of past) call(failed ? 'failure' : 'success');
        const told = circuit.explain();
        if (told.rule !== 'failures' && told.rule !== 'failures_in_a_row') return;
        const missing = told.missingFailures;
        if (missing === undefined) {
          call('failure', 500);
          // A count window forgets the successes in the end; a time window does not, while time stands still.
          if (options.window === 'time') expect(circuit.state().name).toBe('closed');
          return;
        }
        call('failure', missing - 1);
        expect(circuit.state().name).toBe('closed');
        // A full count window loses a call with each new one: there it is a lower bound.
        if (options.window === 'count' && past.length + missing > (options.windowCalls ?? 100)) return;
        call('failure');
        expect(circuit.state().name).toBe('open');
        reached++;
      }),
      { numRuns: 3000, seed: 20261123 },
    );
    expect(reached).toBeGreaterThan(1000);
  });
});
