import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Clock } from '../clock.port.js';
import type { CircuitState, HalfOpenState } from './circuit-state.js';
import { Circuit, type CircuitTransition, type Permit, type Refusal } from './circuit.js';
import { readCircuitOptions, type CircuitOptions, type ResolvedCircuitOptions } from './circuit.options.js';
import type { Verdict } from './circuit-event.js';

/** A clock without promises, so that a run of fifty steps costs microseconds. */
class SteppedClock extends Clock {
  ms = 0;
  nowMs = () => this.ms;
  wallMs = () => this.ms;
  after(): never {
    throw new Error('a circuit needs no timer');
  }
}

/** A circuit in the hands of chance, with everything checked that must hold after every step. */
class Run {
  readonly clock = new SteppedClock();
  readonly options: ResolvedCircuitOptions;
  readonly circuit: Circuit;
  readonly out: Permit[] = [];
  /** What people said, kept apart from the circuit: who holds it how, and until when. */
  readonly #holds = new Map<string, { readonly as: 'open' | 'closed'; readonly untilMs: number }>();
  readonly #heard: CircuitTransition[] = [];
  reliefs = 0;
  #generation = 0;

  constructor(given: CircuitOptions) {
    const issues: string[] = [];
    this.options = readCircuitOptions('circuit', given, 1000, issues);
    expect(issues).toEqual([]);
    this.circuit = new Circuit('chat', this.options, this.clock, (transition) => {
      expect(this.circuit.state()).toBe(transition.to);
      this.#heard.push(transition);
    });
  }

  admit(): Permit | Refusal {
    const lookedForMs = this.circuit.openForMs();
    const before = this.circuit.state();
    const answer = this.circuit.admit();
    expect(answer.admitted).toBe(lookedForMs === 0);
    if (answer.admitted) this.out.push(answer);
    else expect(answer.retryAfterMs).toBe(lookedForMs);
    const after = this.circuit.state();
    if (before.name === 'half_open' && after.name === 'half_open' && countSilent(after) > countSilent(before)) {
      // One more probe than slots: only when none was let in for a whole interval.
      const sinceMs = this.clock.ms - (before.lastProbeMs ?? NaN);
      expect(sinceMs).toBeGreaterThanOrEqual(this.options.probeIntervalMs);
      expect(countSilent(after)).toBe(countSilent(before) + 1);
      this.reliefs++;
    }
    return answer;
  }

  hold(as: 'open' | 'closed', by: string, forMs: number | undefined): void {
    const untilMs = forMs === undefined ? Infinity : this.clock.ms + forMs;
    const holder = { by, reason: 'r', ...(forMs !== undefined && { untilMs }) };
    const isHeard = as === 'open' ? this.circuit.forceOpen(holder) : this.circuit.forceClosed(holder);
    if (untilMs > this.clock.ms) this.#holds.set(by, { as, untilMs });
    const stands = this.#holds.get(by); // a hold that is over at once leaves an older one as it is
    expect(isHeard).toBe(this.#heldAs() === as && stands?.as === as && stands.untilMs > this.clock.ms);
  }

  release(by: string): void {
    const wasHeld = this.#heldAs() !== undefined;
    this.circuit.release(by);
    this.#holds.delete(by);
    if (wasHeld && this.#heldAs() === undefined) {
      expect(this.circuit.state()).toMatchObject({ name: 'closed', openings: 0 });
    }
  }

  reset(): void {
    this.circuit.reset();
    this.#holds.clear();
  }

  #heldAs(): 'open' | 'closed' | undefined {
    const live = [...this.#holds.values()].filter(({ untilMs }) => this.clock.ms < untilMs);
    return live.some(({ as }) => as === 'open') ? 'open' : live.length > 0 ? 'closed' : undefined;
  }

  /** A refused caller who waits what an open circuit told him gets in. */
  admitPatiently(): void {
    const answer = this.admit();
    if (answer.admitted || this.circuit.state().name !== 'open') return;
    this.clock.ms += answer.retryAfterMs;
    expect(this.admit().admitted).toBe(true);
  }

  skipCooldown(): void {
    const state = this.circuit.state();
    if (state.name === 'open') this.clock.ms = Math.max(this.clock.ms, state.untilMs);
  }

  /** The next caller after a silent probe. */
  admitAfterInterval(): void {
    this.clock.ms += this.options.probeIntervalMs;
    this.admit();
  }

  report(pick: number, verdict: Verdict, hintMs: number | undefined): void {
    const [permit] = this.out.splice(pick % Math.max(1, this.out.length), 1);
    if (permit === undefined) return;
    const before = this.circuit.state();
    const staleBefore = this.circuit.report().stale;
    this.circuit.record(permit, verdict, hintMs);
    if (permit.generation === before.generation) {
      this.#checkProbe(permit, verdict, before);
      return;
    }
    expect(this.circuit.state()).toBe(before);
    expect(this.circuit.report().stale).toBe(staleBefore + 1);
  }

  #checkProbe({ probeId }: Permit, verdict: Verdict, before: CircuitState): void {
    if (before.name !== 'half_open') return;
    const after = this.circuit.state();
    const slot = before.probes.find(({ id }) => id === probeId)?.slot;
    if (slot === undefined) expect(after).toBe(before);
    else if (verdict === 'success' && before.successes + 1 >= this.options.halfOpenSuccesses) {
      expect(after.name).toBe('closed');
    } else if (slot === 'handed_on') {
      expect(after).toMatchObject({ name: 'half_open', generation: before.generation, failures: before.failures });
    }
  }

  check(): void {
    const state = this.circuit.state();
    const heldAs = this.#heldAs();
    expect(state.name === 'forced_open' ? 'open' : state.name === 'forced_closed' ? 'closed' : undefined).toBe(heldAs);
    expect(state.generation).toBeGreaterThanOrEqual(this.#generation);
    this.#generation = state.generation;
    if (state.name === 'open') expect(state.untilMs - state.sinceMs).toBeLessThanOrEqual(this.options.maxCooldownMs);
    if (state.name === 'half_open') {
      const holding = this.out.filter(
        ({ generation, admittedAtMs }) =>
          generation === state.generation && this.clock.ms < admittedAtMs + this.options.probeLeaseMs,
      );
      const { halfOpenCalls, maxSilentProbes } = this.options;
      expect(holding.length).toBeLessThanOrEqual(halfOpenCalls + maxSilentProbes);
      if (maxSilentProbes === 0) {
        expect(holding.length + state.successes + state.failures).toBeLessThanOrEqual(halfOpenCalls);
      }
      expect(state.probes.length - countSilent(state)).toBeLessThanOrEqual(halfOpenCalls);
      expect(countSilent(state)).toBeLessThanOrEqual(maxSilentProbes);
      // Never shut for good: a place is free, or it is known when one will be.
      const told = this.circuit.explain();
      expect(told.rule === 'probes' && told.nextProbeInMs <= this.options.probeLeaseMs).toBe(true);
    }
    const isPath = this.#heard.every(({ from, to }, n) => {
      return from !== to.name && (this.#heard[n + 1]?.from ?? state.name) === to.name;
    });
    expect(isPath).toBe(true);
  }

  /** However badly it went: with time somebody gets in, unless a person holds it. */
  checkNotStuck(): void {
    expect(this.circuit.explain().sentence).not.toMatch(/undefined|NaN|Infinity/);
    if (this.circuit.state().name === 'forced_open') return;
    this.clock.ms += this.options.maxHalfOpenMs;
    const first = this.circuit.admit();
    if (first.admitted) return;
    this.clock.ms += this.options.maxCooldownMs;
    expect(this.circuit.admit().admitted).toBe(true);
  }
}

const countSilent = ({ probes }: HalfOpenState) => probes.filter(({ slot }) => slot === 'handed_on').length;

const anyOptions: fc.Arbitrary<CircuitOptions> = fc
  .record(
    {
      window: fc.constantFrom('time', 'count', 'run'),
      failureThreshold: fc.integer({ min: 1, max: 5 }),
      failureRatio: fc.constantFrom(0, 0.5, 1),
      slowCallMs: fc.constantFrom<false | number>(false, 500),
      slowMinimumCalls: fc.integer({ min: 1, max: 3 }),
      cooldownMs: fc.integer({ min: 1, max: 5000 }),
      cooldownFactor: fc.constantFrom(1, 2, 10),
      cooldownFromFailure: fc.boolean(),
      growthResetMs: fc.constantFrom(0, 1000, 60_000),
      halfOpenCalls: fc.constantFrom(1, 3),
      halfOpenSuccesses: fc.integer({ min: 1, max: 3 }),
      probeLeaseMs: fc.constantFrom(1000, 2000),
      probeIntervalMs: fc.constantFrom(100, 700),
      maxSilentProbes: fc.constantFrom(0, 1, 4),
      maxHalfOpenMs: fc.constantFrom(2000, 10_000),
    },
    { requiredKeys: ['halfOpenCalls'] },
  )
  .map((options): CircuitOptions =>
    options.maxHalfOpenMs !== undefined && options.probeLeaseMs === undefined
      ? { ...options, probeLeaseMs: 1000 }
      : options,
  )
  .map((options): CircuitOptions =>
    options.halfOpenSuccesses === undefined || options.halfOpenCalls === 3
      ? options
      : { ...options, halfOpenSuccesses: 1 },
  );

const step = (weight: number, arbitrary: fc.Arbitrary<(run: Run) => void>) => ({ weight, arbitrary });
const anyVerdict = fc.constantFrom<Verdict>('failure', 'failure', 'failure', 'success', 'neutral');
const anyStep = fc.oneof(
  step(
    8,
    fc.constant((run) => void run.admit()),
  ),
  step(
    2,
    fc.constant((run) => run.admitPatiently()),
  ),
  step(
    2,
    fc.constant((run) => run.admitAfterInterval()),
  ),
  step(
    10,
    fc.tuple(fc.nat({ max: 9 }), anyVerdict, fc.option(fc.nat({ max: 1e6 }), { nil: undefined })).map(
      ([pick, verdict, hintMs]) =>
        (run: Run) =>
          run.report(pick, verdict, hintMs),
    ),
  ),
  step(
    4,
    fc
      .oneof(
        fc.nat({ max: 500 }),
        fc.nat({ max: 20_000 }),
        fc.nat({ max: 4000 }).map((n) => n / 4),
      )
      .map((ms) => (run: Run) => {
        run.clock.ms += ms;
      }),
  ),
  step(
    1,
    fc
      .tuple(
        fc.constantFrom<'open' | 'closed'>('open', 'closed'),
        fc.constantFrom('ann', 'bob', 'eve'),
        fc.constantFrom(undefined, undefined, 0, 700, 10_000),
      )
      .map(
        ([as, by, forMs]) =>
          (run: Run) =>
            run.hold(as, by, forMs),
      ),
  ),
  step(
    2,
    fc.constantFrom('ann', 'bob', 'eve').map((by) => (run: Run) => run.release(by)),
  ),
  step(
    1,
    fc.constant((run) => run.reset()),
  ),
);

/** What happens around probes, mostly silence. */
const anyProbingStep = fc.oneof(
  step(
    3,
    fc.constant((run) => void run.admit()),
  ),
  step(
    6,
    fc.constant((run) => run.admitAfterInterval()),
  ),
  step(
    2,
    fc.tuple(fc.nat({ max: 9 }), anyVerdict).map(
      ([pick, verdict]) =>
        (run: Run) =>
          run.report(pick, verdict, undefined),
    ),
  ),
  step(
    2,
    fc.nat({ max: 1000 }).map((ms) => (run: Run) => {
      run.clock.ms += ms;
    }),
  ),
);

describe('a circuit in the hands of chance (R19-R21)', () => {
  it('keeps its promises after every step', () => {
    const visited = new Set<string>();
    fc.assert(
      fc.property(anyOptions, fc.array(anyStep, { maxLength: 50 }), (options, steps) => {
        const run = new Run(options);
        for (const take of steps) {
          take(run);
          run.check();
          visited.add(run.circuit.state().name);
        }
        run.checkNotStuck();
      }),
      { numRuns: 6_000, seed: 20261122 },
    );
    expect([...visited].sort()).toEqual(['closed', 'forced_closed', 'forced_open', 'half_open', 'open']);
  });

  it('keeps them while probes are silent', () => {
    let reliefs = 0;
    fc.assert(
      fc.property(anyOptions, fc.array(anyProbingStep, { maxLength: 30 }), (options, steps) => {
        const run = new Run({ ...options, failureThreshold: 1, mode: 'enforce' });
        run.admit();
        run.report(0, 'failure', undefined);
        for (const take of steps) {
          run.skipCooldown();
          take(run);
          run.check();
        }
        run.checkNotStuck();
        reliefs += run.reliefs;
      }),
      { numRuns: 3_000, seed: 20261123 },
    );
    expect(reliefs).toBeGreaterThan(1_000);
  });

  it('opens exactly when a list of the last calls says so', () => {
    const anyCall = fc.record({ pauseMs: fc.nat({ max: 12_000 }), failed: fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom(0, 0.5, 0.9), fc.array(anyCall, { maxLength: 30 }), (failureRatio, calls) => {
        const run = new Run({ failureRatio });
        const seen: { atMs: number; failed: boolean }[] = [];
        for (const { pauseMs, failed } of calls) {
          run.clock.ms += pauseMs - (pauseMs % 500); // whole slices: the edge of the window is sharp there
          run.circuit.record(run.circuit.admit() as Permit, failed ? 'failure' : 'success');
          seen.push({ atMs: run.clock.ms, failed });
          const last = seen.filter(({ atMs }) => run.clock.ms - atMs <= 30_000);
          const failures = last.filter((call) => call.failed).length;
          const trips = failures >= 5 && failures / last.length >= failureRatio;
          expect(run.circuit.state().name).toBe(trips ? 'open' : 'closed');
          if (trips) return;
        }
      }),
      { numRuns: 10_000, seed: 20261122 },
    );
  });
});
