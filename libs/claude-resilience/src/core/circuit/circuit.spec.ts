import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import { Clock } from '../clock.port.js';
import { Circuit, type CircuitTransition, type Permit } from './circuit.js';
import { readCircuitOptions, type CircuitSetting } from './circuit.options.js';
import type { Verdict } from './circuit-event.js';

const UNKNOWN_WAIT_MS = 1000;

/** A circuit whose probes have a lease of 65 s: the timeout is 60 s. */
function start(setting?: CircuitSetting) {
  const clock = new ManualClock();
  const heard: CircuitTransition[] = [];
  const circuit = new Circuit(
    'summarisation',
    readCircuitOptions('circuit', setting, 60_000, []),
    clock,
    (transition) => heard.push(transition),
  );
  const permit = () => circuit.admit() as Permit;
  const call = (verdict: Verdict, times = 1, hintMs?: number) => {
    for (let n = 0; n < times; n++) circuit.record(permit(), verdict, hintMs);
  };
  return { clock, circuit, heard, permit, call, path: () => heard.map(({ from, to }) => `${from} -> ${to.name}`) };
}

const refused = (retryAfterMs: number) => ({ admitted: false, retryAfterMs });
const PROBE = { admitted: true, probeId: 1 };

describe('by default (R19-R21)', () => {
  it('goes through an incident', async () => {
    const { clock, circuit, call, permit, path } = start();
    call('failure', 4);
    expect(circuit.state()).toMatchObject({ name: 'closed', generation: 0 });
    expect(circuit.openForMs()).toBe(0);
    call('failure');
    expect(circuit.state()).toMatchObject({ name: 'open', generation: 1, openings: 1, untilMs: 5000 });
    expect(circuit.admit()).toEqual(refused(5000));
    await clock.advance(4998.5);
    expect([circuit.admit(), circuit.openForMs()]).toEqual([refused(2), 2]);
    await clock.advance(1.25);
    expect([circuit.admit(), circuit.openForMs()]).toEqual([refused(1), 1]);
    await clock.advance(0.25);
    expect(circuit.openForMs()).toBe(0);
    const first = permit();
    expect(first).toMatchObject(PROBE);
    expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
    expect(circuit.openForMs()).toBe(UNKNOWN_WAIT_MS);
    circuit.record(first, 'failure');
    expect(circuit.state()).toMatchObject({
      name: 'open',
      openings: 2,
      sinceMs: 5000,
      untilMs: 15_000,
      reason: 'probe_failed',
    });
    await clock.advance(10_000);
    circuit.record(permit(), 'success');
    expect(circuit.state()).toMatchObject({ name: 'closed', sinceMs: 15_000, openings: 2 });
    expect(circuit.admit()).toMatchObject({ admitted: true, probeId: undefined });
    expect(path()).toEqual([
      'closed -> open',
      'open -> half_open',
      'half_open -> open',
      'open -> half_open',
      'half_open -> closed',
    ]);
  });

  it.each([
    ['4 failures and a 5th more than 30 s after the first', [0, 0, 0, 0, 31_000], 'closed'],
    ['5 failures within 30 s', [0, 7500, 15_000, 22_500, 30_000], 'open'],
  ])('%s', async (_what, atMs, name) => {
    const { clock, circuit, call } = start();
    for (const ms of atMs) {
      await clock.advance(ms - clock.nowMs());
      call('failure');
    }
    expect(circuit.state().name).toBe(name);
  });

  it.each<[what: string, calls: [Verdict, number][], name: string]>([
    [
      '5 failures among 56 calls',
      [
        ['success', 51],
        ['failure', 5],
      ],
      'closed',
    ],
    [
      '5 failures, neutral ones do not thin them',
      [
        ['neutral', 1000],
        ['failure', 5],
      ],
      'open',
    ],
    ['neutral ones alone', [['neutral', 1000]], 'closed'],
    [
      'a success may be the call that makes the share',
      [
        ['failure', 4],
        ['success', 1],
        ['failure', 5],
      ],
      'open',
    ],
  ])('%s', (_what, calls, name) => {
    const { circuit, call } = start();
    for (const [verdict, times] of calls) call(verdict, times);
    expect(circuit.state().name).toBe(name);
  });

  it('takes the wait of the failure that opens it, up to a minute', () => {
    const first = start();
    first.call('failure', 5, 20_000);
    expect(first.circuit.admit()).toEqual(refused(20_000));
    const second = start();
    second.call('failure', 5, 1e12);
    expect(second.circuit.admit()).toEqual(refused(60_000));
  });

  it('flapping does not bring the first step back, a minute closed does', async () => {
    const { clock, circuit, call, permit } = start();
    call('failure', 5);
    await clock.advance(5000);
    circuit.record(permit(), 'success');
    call('failure', 5);
    expect(circuit.admit()).toEqual(refused(10_000));
    await clock.advance(10_000);
    circuit.record(permit(), 'success');
    await clock.advance(60_000);
    call('failure', 5);
    expect(circuit.admit()).toEqual(refused(5000));
  });

  it('the more calls arrive, the sooner it is probed again: one probe in 25 calls, from 5 s to the ceiling', async () => {
    const { clock, circuit, call, permit } = start();
    call('failure', 5);
    const cooldowns: number[] = [];
    for (const callsASecond of [0, 0, 0, 0, 1, 2, 100, 0, 1]) {
      const opened = circuit.state();
      const waitMs = circuit.openForMs();
      const calls = (waitMs / 1000) * callsASecond;
      for (let n = 0; n < calls; n++) circuit.arrived();
      for (let asked = 0; asked < 10; asked++) circuit.admit(); // asking again is no arrival
      await clock.advance(waitMs);
      circuit.record(permit(), 'failure');
      expect(circuit.state()).toMatchObject({ name: 'open', generation: opened.generation + 2 });
      cooldowns.push(circuit.openForMs());
    }
    expect(cooldowns).toEqual([10_000, 20_000, 40_000, 60_000, 25_000, 12_500, 5_000, 60_000, 25_000]);
  });

  it('starts each state with an empty window', async () => {
    const { clock, circuit, call, permit } = start();
    call('failure', 5);
    await clock.advance(5000);
    circuit.record(permit(), 'success');
    call('failure', 4);
    expect(circuit.state().name).toBe('closed');
  });
});

describe("'classic' (R20, R21)", () => {
  it('5 failures in 30 s whatever else happens, one probe after 60 s, the same again', async () => {
    const { clock, circuit, call, permit } = start('classic');
    call('success', 1000);
    call('failure', 5);
    expect(circuit.admit()).toEqual(refused(60_000));
    await clock.advance(60_000);
    circuit.record(permit(), 'failure', 90_000);
    expect(circuit.admit()).toEqual(refused(60_000));
    await clock.advance(60_000);
    circuit.record(permit(), 'success');
    expect(circuit.state().name).toBe('closed');
  });
});

describe('other windows', () => {
  it.each<[what: string, setting: CircuitSetting, calls: [Verdict, number][], name: string]>([
    [
      'count: the last calls only',
      { window: 'count', windowCalls: 10, failureRatio: 0.5 },
      [
        ['success', 100],
        ['failure', 4],
      ],
      'closed',
    ],
    [
      'count: enough of them',
      { window: 'count', windowCalls: 10, failureRatio: 0.5 },
      [
        ['success', 100],
        ['failure', 5],
      ],
      'open',
    ],
    [
      'count: a success that is the call which was missing',
      { window: 'count', windowCalls: 10, failureRatio: 0.5, minimumCalls: 6, outageFailures: false },
      [
        ['failure', 5],
        ['success', 1],
      ],
      'open',
    ],
    [
      'time: a success that is the call which was missing',
      { failureRatio: 0.5, minimumCalls: 6, outageFailures: false },
      [
        ['failure', 5],
        ['success', 1],
      ],
      'open',
    ],
    [
      'run: broken by a success',
      { window: 'run', failureThreshold: 3 },
      [
        ['failure', 2],
        ['success', 1],
        ['failure', 2],
      ],
      'closed',
    ],
    [
      'run: not broken by neutral',
      { window: 'run', failureThreshold: 3 },
      [
        ['failure', 2],
        ['neutral', 9],
        ['failure', 1],
      ],
      'open',
    ],
  ])('%s', (_what, setting, calls, name) => {
    const { circuit, call } = start(setting);
    for (const [verdict, times] of calls) call(verdict, times);
    expect(circuit.state().name).toBe(name);
  });

  it.each([
    [4999, 'closed'],
    [5000, 'open'],
  ])('slow: ten successes of %i ms with a limit of 5000 ms', async (durationMs, name) => {
    const { clock, circuit, permit } = start({ slowCallMs: 5000 });
    const permits = Array.from({ length: 10 }, permit);
    await clock.advance(durationMs);
    for (const each of permits) circuit.record(each, 'success');
    expect(circuit.state().name).toBe(name);
  });
});

describe('late results (R21)', () => {
  it.each<Verdict>(['success', 'failure', 'neutral'])(
    'a late %s of the closed time changes nothing',
    async (verdict) => {
      const { clock, circuit, call, permit } = start();
      const late = Array.from({ length: 4 }, permit);
      call('failure', 5);
      const expectStill = (each: Permit | undefined) => {
        const before = circuit.state();
        if (each !== undefined) circuit.record(each, verdict, 60_000);
        expect(circuit.state()).toBe(before);
      };
      expectStill(late.pop());
      await clock.advance(5000);
      expectStill(late.pop());
      const probe = permit();
      expectStill(late.pop());
      circuit.record(probe, 'success');
      expectStill(late.pop());
      expect(circuit.report().stale).toBe(4);
      call('failure', 4);
      expect(circuit.state().name).toBe('closed');
    },
  );

  it('a probe of an earlier half-open time has no say in this one', async () => {
    const { clock, circuit, call, permit } = start({ halfOpenCalls: 2 });
    call('failure', 5);
    await clock.advance(5000);
    const [early, failing] = [permit(), permit()];
    circuit.record(failing, 'failure');
    await clock.advance(10_000);
    expect(permit()).toMatchObject({ probeId: early.probeId });
    const before = circuit.state();
    circuit.record(early, 'success');
    expect(circuit.state()).toBe(before);
  });

  it('is published all the same', async () => {
    const { circuit, call, permit } = start();
    const late = permit();
    call('failure', 5);
    circuit.record(late, 'success');
    expect(circuit.report()).toMatchObject({ calls: 6, failures: 5, slow: 0, failuresInARow: 0, stale: 1 });
  });
});

describe('half-open (R21)', () => {
  it('a probe that hangs loses its slot, and its result has no say', async () => {
    const { clock, circuit, call, permit } = start({ maxSilentProbes: 0 });
    call('failure', 5);
    await clock.advance(5000);
    const hung = permit();
    await clock.advance(63_500);
    expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
    await clock.advance(1499);
    expect(circuit.admit()).toEqual(refused(1)); // the end of its lease is known
    await clock.advance(1);
    const second = permit();
    expect(second).toMatchObject({ admitted: true, probeId: 2 });
    circuit.record(hung, 'failure');
    expect(circuit.state().name).toBe('half_open');
    expect(circuit.report().stale).toBe(1);
    circuit.record(second, 'success');
    expect(circuit.state().name).toBe('closed');
  });

  it('a probe that outlived its lease has no say, also when nobody looked in between', async () => {
    const { clock, circuit, call, permit } = start();
    call('failure', 5);
    await clock.advance(5000);
    const hung = permit();
    await clock.advance(65_000);
    circuit.record(hung, 'success');
    expect(circuit.state()).toMatchObject({ name: 'half_open', successes: 0, probes: [] });
    expect(circuit.report().stale).toBe(1);
  });

  it('probes that all hang open it again', async () => {
    const { clock, circuit, call, permit } = start();
    call('failure', 5);
    await clock.advance(5000);
    for (let n = 1; n <= 4; n++) {
      expect(permit()).toMatchObject({ probeId: n });
      await clock.advance(65_000);
    }
    expect(circuit.state()).toMatchObject({ name: 'open', openings: 2, reason: 'no_verdict' });
    expect(circuit.admit()).toEqual(refused(10_000));
  });

  it('waits for traffic as long as it takes: looking is not probing', async () => {
    const { clock, circuit, call, permit, path } = start();
    call('failure', 5);
    for (let hour = 0; hour < 24; hour++) {
      await clock.advance(3_600_000);
      expect(circuit.state().name).toBe('half_open');
    }
    const probe = permit();
    await clock.advance(2000);
    circuit.record(probe, 'success');
    expect(path()).toEqual(['closed -> open', 'open -> half_open', 'half_open -> closed']);
  });

  it('neutral gives the slot to the next', async () => {
    const { clock, circuit, call, permit } = start();
    call('failure', 5);
    await clock.advance(5000);
    circuit.record(permit(), 'neutral');
    expect(circuit.openForMs()).toBe(0);
    expect(permit()).toMatchObject({ probeId: 2 });
  });

  it('2 of 3: three slots, closes with the second success', async () => {
    const { clock, circuit, call, permit } = start({ halfOpenCalls: 3, halfOpenSuccesses: 2 });
    call('failure', 5);
    await clock.advance(5000);
    const [a, b, c] = [permit(), permit(), permit()];
    expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
    circuit.record(a, 'failure');
    expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
    circuit.record(b, 'success');
    expect(circuit.state().name).toBe('half_open');
    circuit.record(c, 'success');
    expect(circuit.state().name).toBe('closed');
  });
});

/** Half-open, its first probe out and silent. */
async function silence(setting?: CircuitSetting) {
  const run = start(setting);
  run.call('failure', 5);
  await run.clock.advance(5000);
  return { ...run, hung: run.permit() };
}

describe('a probe that is silent is not waited for (R21)', () => {
  it.each<[what: string, setting: CircuitSetting, intervalMs: number]>([
    ['by default', {}, 5000],
    ['with leases of ten minutes, spaced so that a place is always free', { probeLeaseMs: 600_000 }, 37_500],
    ['with an interval of their own', { probeIntervalMs: 4500 }, 4500],
  ])('one more is let in after each interval, for ever: %s', async (_what, setting, intervalMs) => {
    const { clock, circuit, permit } = await silence(setting);
    for (let n = 2; n <= 40; n++) {
      await clock.advance(intervalMs - 1);
      expect(circuit.admit()).toEqual(refused(1));
      await clock.advance(1);
      expect(circuit.openForMs()).toBe(0);
      expect(permit()).toMatchObject({ admitted: true, probeId: n });
      expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
    }
    expect(circuit.state()).toMatchObject({ name: 'half_open', failures: 0 });
  });

  it('an outage in which probes hang until their timeout ends with the first that answers', async () => {
    const { clock, circuit, permit } = await silence();
    await clock.advance(5000);
    circuit.record(permit(), 'success'); // 10 s after the opening, not 70 s
    expect(circuit.state()).toMatchObject({ name: 'closed', sinceMs: 10_000 });
  });

  it('the silent one may close it, too', async () => {
    const { clock, circuit, permit, hung } = await silence();
    await clock.advance(5000);
    const second = permit();
    circuit.record(hung, 'success');
    expect(circuit.state().name).toBe('closed');
    circuit.record(second, 'failure');
    expect([circuit.state().name, circuit.report().stale]).toEqual(['closed', 1]);
  });

  it('the timeout of the silent one opens nothing: the younger one will tell', async () => {
    const { clock, circuit, permit, hung } = await silence();
    await clock.advance(5000);
    const second = permit();
    circuit.record(hung, 'failure');
    expect(circuit.state()).toMatchObject({ name: 'half_open', failures: 0, probes: [{ id: second.probeId }] });
    expect(circuit.report().stale).toBe(0);
    circuit.record(second, 'success');
    expect(circuit.state().name).toBe('closed');
  });

  it('the failure of the younger one opens it, and the silent one judges nothing any more', async () => {
    const { clock, circuit, permit, hung } = await silence();
    await clock.advance(5000);
    circuit.record(permit(), 'failure');
    const opened = circuit.state();
    expect(opened).toMatchObject({ name: 'open', openings: 2, untilMs: 20_000 });
    circuit.record(hung, 'success');
    expect(circuit.state()).toBe(opened);
  });

  it('without a younger one, its failure opens as ever', async () => {
    const { clock, circuit, hung } = await silence();
    await clock.advance(60_000);
    circuit.record(hung, 'failure');
    expect(circuit.state()).toMatchObject({ name: 'open', reason: 'probe_failed' });
  });

  it('waits again once as many as may be are silent', async () => {
    const { clock, circuit, permit } = await silence({ probeIntervalMs: 100, maxSilentProbes: 2 });
    for (let n = 0; n < 2; n++) {
      await clock.advance(100);
      permit();
    }
    await clock.advance(60_000);
    expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
    await clock.advance(5000 - 200); // the lease of the first ends
    expect(circuit.admit()).toMatchObject({ admitted: true, probeId: 4 });
  });

  it.each<CircuitSetting>(['classic', { maxSilentProbes: 0 }])('%j: it is waited for', async (setting) => {
    const { clock, circuit, call, permit } = start(setting);
    call('failure', 5);
    await clock.advance(60_000);
    permit();
    await clock.advance(63_000);
    expect(circuit.admit()).toEqual(refused(UNKNOWN_WAIT_MS));
  });
});

describe('held by people', () => {
  const ANN = { by: 'ann', reason: 'maintenance' };
  const BOB = { by: 'bob', reason: 'verified' };

  it.each<CircuitSetting>([{}, { mode: 'observe' }, false])(
    'closed: every call passes, none is judged: %j',
    (setting) => {
      const { circuit, call, path } = start(setting);
      expect(circuit.forceClosed(BOB)).toBe(true);
      call('failure', 100);
      expect([circuit.admit().admitted, circuit.openForMs(), circuit.state().name]).toEqual([true, 0, 'forced_closed']);
      circuit.release('bob');
      call('failure', 4);
      expect(circuit.state()).toMatchObject({ name: 'closed', openings: 0 });
      expect(path()).toEqual(['closed -> forced_closed', 'forced_closed -> closed']);
    },
  );

  it('closed opens what the rules had shut', () => {
    const { circuit, call } = start();
    call('failure', 5);
    circuit.forceClosed(BOB);
    expect(circuit.admit().admitted).toBe(true);
  });

  it('open beats closed, which is heard when open lets go', () => {
    const { circuit, path } = start();
    expect([circuit.forceClosed(BOB), circuit.forceOpen(ANN)]).toEqual([true, true]);
    expect(circuit.admit().admitted).toBe(false);
    expect(circuit.forceClosed({ by: 'eve', reason: 'impatience' })).toBe(false);
    expect(circuit.state()).toMatchObject({ holders: [ANN], overruled: [BOB, { by: 'eve' }] });
    circuit.release('ann');
    expect(circuit.state()).toMatchObject({ name: 'forced_closed', holders: [BOB, { by: 'eve' }] });
    circuit.release('eve');
    circuit.release('bob');
    expect(path()).toEqual([
      'closed -> forced_closed',
      'forced_closed -> forced_open',
      'forced_open -> forced_closed',
      'forced_closed -> closed',
    ]);
  });

  it('an end lets go by itself, when somebody asks', async () => {
    const { clock, circuit, heard } = start();
    circuit.forceOpen({ ...ANN, untilMs: 60_000 });
    circuit.forceClosed({ ...BOB, untilMs: 90_000 });
    expect([circuit.admit(), circuit.openForMs()]).toEqual([refused(60_000), 60_000]);
    await clock.advance(59_999.5);
    expect(circuit.admit()).toEqual(refused(1));
    await clock.advance(0.5);
    expect(heard).toHaveLength(1); // no timer
    expect(circuit.admit().admitted).toBe(true);
    expect(circuit.state()).toMatchObject({ name: 'forced_closed', sinceMs: 60_000 });
    await clock.advance(30_000);
    expect(circuit.state()).toMatchObject({ name: 'closed', sinceMs: 90_000, openings: 0 });
  });

  it('one hold without an end makes the end unknown', () => {
    const { circuit } = start();
    circuit.forceOpen({ ...ANN, untilMs: 60_000 });
    circuit.forceOpen(BOB);
    expect(circuit.openForMs()).toBe(UNKNOWN_WAIT_MS);
  });

  it('at most 100 names hold it, of either kind; known names may still change their minds', () => {
    const { circuit } = start();
    for (let n = 0; n < 100; n++) circuit[n % 2 ? 'forceOpen' : 'forceClosed']({ by: `operator ${n}`, reason: 'r' });
    expect(circuit.forceOpen(ANN)).toBe(false);
    expect(circuit.state()).toMatchObject({ holders: { length: 50 }, overruled: { length: 50 } });
    expect(circuit.forceOpen({ by: 'operator 0', reason: 'now open' })).toBe(true);
    expect(circuit.state()).toMatchObject({ holders: { length: 51 }, overruled: { length: 49 } });
  });
});

describe('modes', () => {
  it('observe: counts, moves and reports, and refuses nobody', async () => {
    const { clock, circuit, call, permit, path } = start({ mode: 'observe' });
    call('failure', 5);
    expect(circuit.state().name).toBe('open');
    expect([circuit.openForMs(), permit().admitted]).toEqual([0, true]);
    await clock.advance(5000);
    const probe = permit();
    expect(probe).toMatchObject(PROBE);
    const beside = permit();
    expect(beside).toMatchObject({ admitted: true, probeId: undefined });
    circuit.record(beside, 'failure');
    expect(circuit.state().name).toBe('half_open');
    circuit.record(probe, 'success');
    expect(path()).toEqual(['closed -> open', 'open -> half_open', 'half_open -> closed']);
  });

  it('disabled: does nothing', () => {
    const { circuit, call, heard } = start(false);
    call('failure', 1000);
    expect(circuit.state()).toMatchObject({ name: 'closed', generation: 0 });
    expect(circuit.report()).toMatchObject({ calls: 0, failures: 0, slow: 0, failuresInARow: 0, stale: 0 });
    expect(heard).toEqual([]);
  });

  it.each<CircuitSetting>([{}, { mode: 'observe' }, false])('what people hold open stays shut: %j', async (setting) => {
    const { clock, circuit } = start(setting);
    circuit.forceOpen({ by: 'ann', reason: 'maintenance' });
    circuit.forceOpen({ by: 'bob', reason: 'costs' });
    await clock.advance(1e9);
    expect([circuit.admit(), circuit.openForMs()]).toEqual([refused(UNKNOWN_WAIT_MS), UNKNOWN_WAIT_MS]);
    circuit.release('ann');
    expect(circuit.admit()).toMatchObject({ admitted: false });
    circuit.release('bob');
    expect(circuit.admit()).toMatchObject({ admitted: true });
  });

  it('reset closes it at once, and what was on its way judges nothing', () => {
    const { circuit, call, permit } = start();
    const late = permit();
    call('failure', 4);
    circuit.reset();
    circuit.record(late, 'failure');
    call('failure', 4);
    expect(circuit.state()).toMatchObject({ name: 'closed', openings: 0 });
  });
});

describe('who listens', () => {
  it('hears of each real transition once, when the state has changed, with what the rule saw', () => {
    const clock = new ManualClock();
    const states: string[] = [];
    const heard: CircuitTransition[] = [];
    const circuit: Circuit = new Circuit('chat', readCircuitOptions('circuit', {}, 60_000, []), clock, (transition) => {
      states.push(circuit.state().name);
      expect(circuit.state()).toBe(transition.to);
      heard.push(transition);
    });
    const late = circuit.admit() as Permit;
    for (let n = 0; n < 5; n++) circuit.record(circuit.admit() as Permit, 'failure');
    circuit.record(late, 'failure');
    circuit.state();
    circuit.forceOpen({ by: 'ann', reason: 'r' });
    circuit.forceOpen({ by: 'bob', reason: 'r' });
    circuit.release('ann');
    circuit.release('bob');
    circuit.reset();
    expect(states).toEqual(['open', 'forced_open', 'closed']);
    expect(heard.map(({ feature, from }) => [feature, from])).toEqual([
      ['chat', 'closed'],
      ['chat', 'open'],
      ['chat', 'forced_open'],
    ]);
    expect(heard[0]?.window).toMatchObject({ calls: 5, failures: 5, slow: 0, failuresInARow: 5 });
  });
});

describe('figures', () => {
  it('report the last minute, whatever the state, and forget it', async () => {
    const { clock, circuit, call } = start();
    call('success', 3);
    call('neutral', 3);
    await clock.advance(20_000);
    call('failure', 2);
    expect(circuit.report()).toMatchObject({ calls: 5, failures: 2, slow: 0, failuresInARow: 2, stale: 0 });
    await clock.advance(41_000);
    expect(circuit.report()).toMatchObject({ calls: 2, failures: 2 });
    await clock.advance(60_000);
    expect(circuit.report()).toMatchObject({ calls: 0, failures: 0 });
  });
});

/** Goes where it is told, also back. */
class LeapingClock extends Clock {
  ms = 100_000;
  nowMs = () => this.ms;
  wallMs = () => this.ms;
  after(): never {
    throw new Error('a circuit needs no timer');
  }
}

describe('a clock that goes back', () => {
  it('stands still for the circuit', () => {
    const clock = new LeapingClock();
    const circuit = new Circuit('chat', readCircuitOptions('circuit', {}, 60_000, []), clock);
    const fail = (times: number) => {
      for (let n = 0; n < times; n++) circuit.record(circuit.admit() as Permit, 'failure');
    };
    fail(3);
    clock.ms = 0;
    fail(2);
    expect(circuit.state()).toMatchObject({ name: 'open', sinceMs: 100_000, untilMs: 105_000 });
    expect(circuit.admit()).toEqual(refused(5000));
    clock.ms = 104_999;
    expect(circuit.admit()).toEqual(refused(1));
    clock.ms = 105_000;
    const probe = circuit.admit() as Permit;
    clock.ms = 50;
    circuit.record(probe, 'failure');
    expect(circuit.state()).toMatchObject({ name: 'open', sinceMs: 105_000, untilMs: 115_000 });
  });
});
