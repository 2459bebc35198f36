import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../../testing/index.js';
import { Circuit, type Permit } from './circuit.js';
import { restoreCircuit, snapshotCircuit, type CircuitSnapshot } from './circuit-snapshot.js';
import { readCircuitOptions, type CircuitSetting } from './circuit.options.js';

const WALL_MS = Date.UTC(2026, 10, 22);

/** A process: its clock starts at 0, the wall clock goes on. */
function boot(laterMs = 0, setting?: CircuitSetting) {
  const clock = new ManualClock(WALL_MS + laterMs);
  return { clock, circuit: new Circuit('summarisation', readCircuitOptions('circuit', setting, 60_000, []), clock) };
}

function trip(circuit: Circuit): void {
  for (let n = 0; n < 5; n++) circuit.record(circuit.admit() as Permit, 'failure');
}

const json = (snapshot: CircuitSnapshot): unknown => JSON.parse(JSON.stringify(snapshot));
const base = { version: 1, feature: 'summarisation', openings: 2, sinceWallMs: WALL_MS - 1000 };

describe('what is kept', () => {
  it.each<[what: string, prepare: (circuit: Circuit, clock: ManualClock) => unknown, kept: object]>([
    ['closed', () => {}, { state: 'closed', openings: 0, sinceWallMs: WALL_MS }],
    ['open', trip, { state: 'open', openings: 1, sinceWallMs: WALL_MS, untilWallMs: WALL_MS + 5000 }],
    [
      'half-open, as open and due',
      async (circuit, clock) => {
        trip(circuit);
        await clock.advance(7000);
        circuit.admit();
      },
      { state: 'open', openings: 1, sinceWallMs: WALL_MS + 7000, untilWallMs: WALL_MS + 7000 },
    ],
    [
      'held open',
      (circuit) => circuit.forceOpen({ by: 'ann', reason: 'maintenance' }),
      { state: 'forced_open', openings: 0, sinceWallMs: WALL_MS, holders: [{ by: 'ann', reason: 'maintenance' }] },
    ],
    [
      'held open with an end, somebody overruled',
      (circuit) => {
        circuit.forceClosed({ by: 'bob', reason: 'verified' });
        circuit.forceOpen({ by: 'ann', reason: 'maintenance', untilMs: 9000 });
      },
      {
        state: 'forced_open',
        openings: 0,
        sinceWallMs: WALL_MS,
        holders: [{ by: 'ann', reason: 'maintenance', untilWallMs: WALL_MS + 9000 }],
        overruled: [{ by: 'bob', reason: 'verified' }],
      },
    ],
    [
      'held closed',
      (circuit) => circuit.forceClosed({ by: 'bob', reason: 'verified' }),
      { state: 'forced_closed', openings: 0, sinceWallMs: WALL_MS, holders: [{ by: 'bob', reason: 'verified' }] },
    ],
  ])('%s', async (_what, prepare, kept) => {
    const { clock, circuit } = boot();
    await prepare(circuit, clock);
    const snapshot = snapshotCircuit(circuit, clock);
    expect(snapshot).toEqual({ version: 1, feature: 'summarisation', ...kept });
    expect(json(snapshot)).toEqual(snapshot);
  });
});

describe('round trips', () => {
  it('open: the rest of the cool-down is served by the next process', async () => {
    const before = boot();
    trip(before.circuit);
    const after = boot(2000);
    expect(restoreCircuit(after.circuit, json(snapshotCircuit(before.circuit, before.clock)), after.clock)).toBe(true);
    expect(after.circuit.state()).toMatchObject({
      name: 'open',
      generation: 1,
      reason: 'restored',
      openings: 1,
      sinceMs: -2000,
      untilMs: 3000,
    });
    expect(after.circuit.admit()).toEqual({ admitted: false, retryAfterMs: 3000 });
    await after.clock.advance(3000);
    expect(after.circuit.admit()).toMatchObject({ admitted: true, probeId: 1 });
  });

  it('open: growth goes on where it was', () => {
    const { clock, circuit } = boot();
    restoreCircuit(circuit, { ...base, state: 'open', untilWallMs: WALL_MS }, clock);
    circuit.record(circuit.admit() as Permit, 'failure');
    expect(circuit.state()).toMatchObject({ name: 'open', openings: 3, untilMs: 20_000 });
  });

  it('held open: until the same person lets go', () => {
    const before = boot();
    before.circuit.forceOpen({ by: 'ann', reason: 'maintenance' });
    const after = boot(1e9);
    expect(restoreCircuit(after.circuit, json(snapshotCircuit(before.circuit, before.clock)), after.clock)).toBe(true);
    expect(after.circuit.admit()).toMatchObject({ admitted: false });
    after.circuit.release('bob');
    expect(after.circuit.admit()).toMatchObject({ admitted: false });
    after.circuit.release('ann');
    expect(after.circuit.admit()).toMatchObject({ admitted: true });
  });

  it('held both ways, with ends: both go on, to their ends', async () => {
    const before = boot();
    before.circuit.forceClosed({ by: 'bob', reason: 'verified', untilMs: 9000 });
    before.circuit.forceOpen({ by: 'ann', reason: 'maintenance', untilMs: 5000 });
    const first = json(snapshotCircuit(before.circuit, before.clock));
    const after = boot(2000);
    expect(restoreCircuit(after.circuit, first, after.clock)).toBe(true);
    expect(snapshotCircuit(after.circuit, after.clock)).toEqual(first);
    expect(after.circuit.admit()).toEqual({ admitted: false, retryAfterMs: 3000 });
    await after.clock.advance(3000);
    expect(after.circuit.state()).toMatchObject({ name: 'forced_closed', holders: [{ by: 'bob', untilMs: 7000 }] });
    await after.clock.advance(4000);
    expect(after.circuit.state().name).toBe('closed');
  });

  it('of several holds, those that are over stay out', () => {
    const { clock, circuit } = boot();
    const holders = [
      { by: 'ann', reason: 'r', untilWallMs: WALL_MS },
      { by: 'bob', reason: 'r', untilWallMs: WALL_MS + 1 },
    ];
    expect(restoreCircuit(circuit, { ...base, state: 'forced_open', holders }, clock)).toBe(true);
    expect(circuit.state()).toMatchObject({ name: 'forced_open', generation: 1, sinceMs: -1000, openings: 2 });
    expect(circuit.state()).toMatchObject({ holders: [{ by: 'bob', untilMs: 1 }] });
  });

  it('those who hold it open are over: those who hold it closed are heard', () => {
    const { clock, circuit } = boot();
    const holders = [{ by: 'ann', reason: 'r', untilWallMs: WALL_MS }];
    const overruled = [{ by: 'bob', reason: 'r' }];
    expect(restoreCircuit(circuit, { ...base, state: 'forced_open', holders, overruled }, clock)).toBe(true);
    expect(circuit.state()).toMatchObject({ name: 'forced_closed', holders: [{ by: 'bob' }] });
  });

  it('a file that names more people than can hold it is cut, and so are its texts', () => {
    const { clock, circuit } = boot();
    const holders = Array.from({ length: 5000 }, (_, n) => ({ by: `${n}`, reason: 'x'.repeat(10_000), more: 'data' }));
    restoreCircuit(circuit, { ...base, state: 'forced_closed', holders }, clock);
    const kept = snapshotCircuit(circuit, clock);
    expect(kept.holders).toHaveLength(100);
    expect(kept.holders?.[99]).toEqual({ by: '99', reason: 'x'.repeat(500) });
  });

  it('a second snapshot says the same as the first', () => {
    const before = boot();
    trip(before.circuit);
    const first = snapshotCircuit(before.circuit, before.clock);
    const after = boot(1234);
    restoreCircuit(after.circuit, json(first), after.clock);
    expect(snapshotCircuit(after.circuit, after.clock)).toEqual(first);
  });

  it('results of before the restoration change nothing', () => {
    const { clock, circuit } = boot();
    const early = circuit.admit() as Permit;
    restoreCircuit(circuit, { ...base, state: 'open', untilWallMs: WALL_MS + 5000 }, clock);
    const restored = circuit.state();
    circuit.record(early, 'success');
    expect(circuit.state()).toBe(restored);
    expect(circuit.report().stale).toBe(1);
  });
});

describe('what time has done to a snapshot', () => {
  it.each([
    ['its cool-down is over', WALL_MS - 60_000, 0],
    ['its cool-down ends now', WALL_MS, 0],
    ['a rest is left', WALL_MS + 700, 700],
    ['a far future is cut at the longest cool-down', WALL_MS + 1e12, 60_000],
    ['the end of time, too', Number.MAX_VALUE, 60_000],
    ['the beginning of time', -Number.MAX_VALUE, 0],
  ])('%s', (_what, untilWallMs, untilMs) => {
    const { clock, circuit } = boot();
    expect(restoreCircuit(circuit, { ...base, state: 'open', untilWallMs }, clock)).toBe(true);
    expect(circuit.openForMs()).toBe(untilMs);
  });

  it('a start in the future is now', () => {
    const { clock, circuit } = boot();
    restoreCircuit(circuit, { ...base, state: 'open', sinceWallMs: WALL_MS + 1e9, untilWallMs: WALL_MS + 500 }, clock);
    expect(circuit.state().sinceMs).toBe(0);
  });
});

describe('what is not restored', () => {
  const holders = [{ by: 'ann', reason: 'r' }];
  it.each<[what: string, snapshot: unknown]>([
    ['closed: a new circuit is closed anyway', { ...base, state: 'closed' }],
    ['another feature', { ...base, feature: 'generation', state: 'open', untilWallMs: WALL_MS }],
    ['another version', { ...base, version: 2, state: 'open', untilWallMs: WALL_MS }],
    ['another state', { ...base, state: 'half_open', untilWallMs: WALL_MS }],
    ['no state', base],
    ['open without an end', { ...base, state: 'open' }],
    ['open with a text for an end', { ...base, state: 'open', untilWallMs: '1' }],
    ['open until infinity', { ...base, state: 'open', untilWallMs: Infinity }],
    ['openings below zero', { ...base, openings: -1, state: 'open', untilWallMs: WALL_MS }],
    ['a fraction of openings', { ...base, openings: 0.5, state: 'open', untilWallMs: WALL_MS }],
    ['no start', { ...base, sinceWallMs: null, state: 'open', untilWallMs: WALL_MS }],
    ['held by nobody', { ...base, state: 'forced_open', holders: [] }],
    ['held by something', { ...base, state: 'forced_open', holders: [null] }],
    ['one of the holders damaged', { ...base, state: 'forced_open', holders: [...holders, { by: 1, reason: 'r' }] }],
    ['holders that are no list', { ...base, state: 'forced_open', holders: { length: 1 } }],
    ['held until no time', { ...base, state: 'forced_open', holders: [{ by: 'ann', reason: 'r', untilWallMs: null }] }],
    ['held until long ago', { ...base, state: 'forced_open', holders: [{ by: 'ann', reason: 'r', untilWallMs: 1 }] }],
    ['held closed until now', { ...base, state: 'forced_closed', holders: [{ ...holders[0], untilWallMs: WALL_MS }] }],
    ['held closed by nobody', { ...base, state: 'forced_closed', holders: [] }],
    ['held by somebody without a name', { ...base, state: 'forced_open', holders: [{ by: '', reason: 'r' }] }],
    ['overruled damaged', { ...base, state: 'forced_open', holders, overruled: [{ by: 'bob' }] }],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'open'],
    ['a list', [base]],
  ])('%s', (_what, snapshot) => {
    const { clock, circuit } = boot();
    const before = circuit.state();
    expect(restoreCircuit(circuit, snapshot, clock)).toBe(false);
    expect(circuit.state()).toBe(before);
  });

  it('one over a circuit that people hold open by now', () => {
    const { clock, circuit } = boot();
    circuit.forceOpen({ by: 'ada', reason: 'maintenance' });
    expect(restoreCircuit(circuit, { ...base, state: 'open', untilWallMs: WALL_MS }, clock)).toBe(false);
    expect(circuit.state()).toMatchObject({ name: 'forced_open', holders: [{ by: 'ada' }] });
  });

  it('nor one that people hold closed by now', () => {
    const { clock, circuit } = boot();
    circuit.forceClosed({ by: 'ada', reason: 'verified' });
    expect(restoreCircuit(circuit, { ...base, state: 'forced_open', holders }, clock)).toBe(false);
    expect(circuit.state()).toMatchObject({ name: 'forced_closed', holders: [{ by: 'ada' }] });
  });

  it('an open one into a disabled circuit, which could never close it', () => {
    const { clock, circuit } = boot(0, false);
    expect(restoreCircuit(circuit, { ...base, state: 'open', untilWallMs: WALL_MS }, clock)).toBe(false);
    expect(restoreCircuit(circuit, { ...base, state: 'forced_open', holders }, clock)).toBe(true);
  });

  it('any JSON value never throws, and never keeps the circuit shut for longer than the ceiling, unless a person does', () => {
    const damagedHolders = fc.oneof(
      fc.array(
        fc.record(
          {
            by: fc.string(),
            reason: fc.oneof(fc.string(), fc.jsonValue()),
            untilWallMs: fc.oneof(fc.double(), fc.jsonValue(), fc.constant(WALL_MS + 700)),
          },
          { requiredKeys: ['by', 'reason'] },
        ),
      ),
      fc.jsonValue(),
    );
    const damaged = fc.record(
      {
        version: fc.constantFrom(1, 2),
        feature: fc.constantFrom('summarisation', 'x'),
        state: fc.oneof(fc.constantFrom('closed', 'open', 'forced_open', 'forced_closed'), fc.jsonValue()),
        openings: fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.jsonValue()),
        sinceWallMs: fc.oneof(fc.double(), fc.jsonValue()),
        untilWallMs: fc.oneof(fc.double(), fc.jsonValue()),
        holders: damagedHolders,
        overruled: damagedHolders,
      },
      { requiredKeys: ['version', 'feature'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), damaged), (snapshot) => {
        const { clock, circuit } = boot();
        const restored = restoreCircuit(circuit, snapshot, clock);
        expect(restored).toBe(circuit.state().name !== 'closed');
        if (circuit.state().name !== 'forced_open') expect(circuit.openForMs()).toBeLessThanOrEqual(60_000);
        expect(json(snapshotCircuit(circuit, clock))).toEqual(snapshotCircuit(circuit, clock));
      }),
      { numRuns: 10_000, seed: 20261122 },
    );
  });
});
