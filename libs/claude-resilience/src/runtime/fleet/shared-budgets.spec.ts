import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BudgetEvent } from '../../core/cost/budget-event.js';
import type { BudgetsOptions } from '../../core/cost/budget.options.js';
import { readCostOptions } from '../../core/cost/cost.options.js';
import { Costs, type EarlierSpending } from '../../core/cost/costs.js';
import { NO_COST, plusCost } from '../../core/cost/cost-sum.js';
import { FleetLoop } from '../../core/fleet/fleet-loop.js';
import type { Fleet, FleetBeat, FleetView } from '../../core/fleet/fleet.port.js';
import { MemoryFleet } from '../../core/fleet/memory-fleet.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { SharedBudgets } from './shared-budgets.js';

const HOUR_MS = 3_600_000;
const BUDGETS: BudgetsOptions = {
  overall: { perHourUsd: 10, whenSpent: 'stop' },
  workflows: { digest: { perDayUsd: 100, whenSpent: 'stop' } },
};
const UNKNOWN = plusCost(NO_COST, { certainty: 'unknown', reason: 'model' });

/** A meeting place that can be down, can answer after it was heard, or forget everything. */
class MovableFleet {
  state: 'up' | 'down' | 'heard, and no answer' = 'up';
  behind: Fleet;
  constructor(private readonly time: ManualClock) {
    this.behind = new MemoryFleet(time);
  }
  forget(): void {
    this.behind = new MemoryFleet(this.time);
  }
  async beat(beat: FleetBeat): Promise<FleetView> {
    if (this.state === 'down') throw new Error('down');
    const view = await this.behind.beat(beat);
    if (this.state !== 'up') throw new Error('late');
    return view;
  }
  note: Fleet['note'] = (...note) => this.behind.note(...note);
  show: Fleet['show'] = (...wish) => this.behind.show(...wish);
  shown: Fleet['shown'] = (topic) => this.behind.shown(topic);
  keep: Fleet['keep'] = (keeping) => this.behind.keep(keeping);
  kept: Fleet['kept'] = (name) => this.behind.kept(name);
  leave: Fleet['leave'] = (who) => this.behind.leave(who);
  close: Fleet['close'] = async () => {};
}

let clock = new ManualClock();
let fleet = new MovableFleet(clock);
let told: string[] = [];
beforeEach(async () => {
  clock = new ManualClock();
  await clock.advance(6 * HOUR_MS);
  fleet = new MovableFleet(clock);
  told = [];
});

async function replica(name: string, { earlier = [] as EarlierSpending[], budgets = BUDGETS, application = '' } = {}) {
  const tell = ({ type, period, workflow }: BudgetEvent) =>
    void told.push(`${name}: ${type} ${period} ${workflow ?? 'all'}`);
  const costs = new Costs(readCostOptions('cost', { budgets }, []), clock, tell);
  costs.remember(earlier);
  const participants = [new SharedBudgets({ costs, clock, application, tell })];
  // One that was killed says and hears nothing any more.
  const life: { fleet: Pick<Fleet, 'beat' | 'leave'> } = { fleet };
  const own = {
    beat: (beat: FleetBeat) => life.fleet.beat(beat),
    leave: (who: string) => life.fleet.leave(who),
  } as unknown as Fleet;
  const loop = new FleetLoop({ fleet: own, replica: name, participants, clock, tell: () => {} });
  await loop.start();
  return {
    costs,
    loop,
    kill: () => (life.fleet = { beat: () => new Promise(() => {}), leave: async () => {} }),
    spend: (usd: number, workflow = 'digest') =>
      costs.book(workflow, plusCost(NO_COST, { certainty: 'exact', picoUsd: Math.round(usd * 1e12) })),
    hourUsd: () => costs.statuses().find(({ period }) => period === 'hour')?.spentUsd,
    dayUsd: () => costs.statuses().find(({ period }) => period === 'day')?.spentUsd,
    isStopped: () => costs.stopFor('digest') !== undefined,
  };
}

const replicas = async (count: number) => {
  const all = [];
  for (let at = 0; at < count; at++) all.push(await replica(`r${at}`));
  return all;
};
const beats = (count: number) => clock.advance(count * 1_000);

describe('SharedBudgets (R34)', () => {
  it('what all spend stops all, after two beats at most', async () => {
    const all = await replicas(3);
    for (const { spend } of all) spend(3.5);
    expect(all.map(({ isStopped }) => isStopped())).toEqual([false, false, false]);
    await beats(2);
    expect(all.map(({ isStopped }) => isStopped())).toEqual([true, true, true]);
    expect(all.map(({ hourUsd }) => hourUsd())).toEqual([10.5, 10.5, 10.5]);
    expect(all.map(({ dayUsd }) => dayUsd())).toEqual([10.5, 10.5, 10.5]);
  });

  it('a replica that is new knows after its first beat, also what others spent that have ended', async () => {
    const [a, b] = (await replicas(2)) as [Awaited<ReturnType<typeof replica>>, Awaited<ReturnType<typeof replica>>];
    a.spend(4);
    b.spend(6.5);
    await b.loop.stop();
    await beats(1);
    a.kill();
    await beats(10);
    expect((await replica('late')).isStopped()).toBe(true);
  });

  it('nothing drifts: a thousand small amounts come to the same everywhere', async () => {
    const all = await replicas(3);
    for (let call = 0; call < 1_000; call++) {
      all[call % 3]?.spend(0.000_000_7);
      if (call % 50 === 0) await beats(1);
    }
    await beats(2);
    for (const { hourUsd } of all) expect(Math.abs((hourUsd() ?? 0) - 0.0007)).toBeLessThan(3e-6);
  });

  it('what has no price is counted by all', async () => {
    const [a, b] = await replicas(2);
    a?.costs.book('digest', UNKNOWN);
    b?.costs.book('digest', UNKNOWN);
    await beats(2);
    for (const one of [a, b]) expect(one?.costs.statuses().map(({ unknown }) => unknown)).toEqual([2, 2]);
  });

  it('with the next hour all are free; the day goes on', async () => {
    const all = await replicas(2);
    all[0]?.spend(11);
    await beats(2);
    expect(all[1]?.isStopped()).toBe(true);
    await clock.advance(HOUR_MS);
    expect(all.map(({ isStopped, hourUsd, dayUsd }) => [isStopped(), hourUsd(), dayUsd()])).toEqual([
      [false, 0, 11],
      [false, 0, 11],
    ]);
  });

  describe('events', () => {
    it('are told by one, once, whoever spends', async () => {
      const all = await replicas(30);
      for (const { spend } of all) spend(8.1 / 30);
      await beats(15);
      expect(told).toEqual(['r0: budget.warned hour all']);
      all[17]?.spend(5);
      await beats(15);
      expect(told).toEqual(['r0: budget.warned hour all', 'r0: budget.spent hour all']);
    });

    it('are told by another one when their teller was killed before it heard of it', async () => {
      const all = await replicas(3);
      all[0]?.kill();
      all[1]?.spend(20);
      await beats(15);
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^r[12]: budget.spent hour all/);
    });

    it('are not told again by those that come, or take over', async () => {
      const all = await replicas(3);
      all[1]?.spend(9);
      await beats(3);
      await all[0]?.loop.stop();
      await replica('new');
      await beats(15);
      expect(told).toEqual(['r0: budget.warned hour all']);
    });

    it('are told by each that is alone, and not again by all when they meet', async () => {
      const all = await replicas(3);
      fleet.state = 'down';
      all[1]?.spend(20);
      await beats(10);
      expect(told).toEqual(['r1: budget.spent hour all']);
      fleet.state = 'up';
      await beats(20);
      expect(told).toEqual(['r1: budget.spent hour all']);
      expect(all[2]?.isStopped()).toBe(true);
    });

    it('are told at once by a replica that never met the others', async () => {
      fleet.state = 'down';
      const lonely = await replica('lonely');
      lonely.spend(20);
      expect(told).toEqual(['lonely: budget.spent hour all']);
    });
  });

  describe('the store', () => {
    it.each(['down', 'heard, and no answer'] as const)(
      '%s: own figures go on, and nothing is lost or doubled',
      async (state) => {
        const all = await replicas(3);
        for (const { spend } of all) spend(1);
        await beats(2);
        fleet.state = state;
        for (let beat = 0; beat < 20; beat++) {
          for (const { spend } of all) spend(0.05);
          await beats(1);
        }
        // What was heard before, and what it spent since.
        expect(all.map(({ hourUsd }) => hourUsd())).toEqual(all.map(() => expect.closeTo(4, 6)));
        fleet.state = 'up';
        await beats(3);
        expect(all.map(({ hourUsd }) => hourUsd())).toEqual(all.map(() => expect.closeTo(6, 6)));
        expect((await replica('late')).hourUsd()).toBeCloseTo(6, 6);
      },
    );

    it('emptied: what was spent stays spent, also for a replica that comes later', async () => {
      const all = await replicas(3);
      for (const { spend } of all) spend(2);
      await beats(2);
      fleet.forget();
      await beats(3);
      expect(all.map(({ hourUsd }) => hourUsd())).toEqual(all.map(() => expect.closeTo(6, 6)));
      for (const { spend } of all) spend(1);
      await beats(2);
      expect(all.map(({ hourUsd }) => hourUsd())).toEqual(all.map(() => expect.closeTo(9, 6)));
      const late = await replica('late');
      expect(late.hourUsd()).toBeCloseTo(9, 6);
    });
  });

  it('a store that is emptied while more is spent than it had is found out', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    a.spend(0.5);
    await beats(2);
    fleet.forget();
    a.spend(0.5);
    b.spend(1);
    await beats(3);
    expect([a.hourUsd(), b.hourUsd()]).toEqual([2, 2]);
  });

  it('what a process remembers of the one before it is not counted twice, whoever else spends', async () => {
    const before = await replica('before');
    before.spend(3);
    (await replica('other')).spend(2);
    await beats(2);
    await before.loop.stop();
    const earlier = [{ workflow: 'digest', usd: 3, atMs: clock.wallMs() - 60_000 }];
    const after = await replica('after', { earlier });
    expect(after.hourUsd()).toBeCloseTo(5, 6);
    after.spend(1);
    await beats(2);
    expect([after.hourUsd(), after.dayUsd()]).toEqual([expect.closeTo(6, 6), expect.closeTo(6, 6)]);
    expect((await replica('late')).hourUsd()).toBeCloseTo(6, 6);
  });

  it('what is remembered only after others were heard goes into its own day', async () => {
    const other = await replica('other');
    other.spend(2);
    await beats(1);
    const late = await replica('late');
    late.costs.remember([{ workflow: 'digest', usd: 50, atMs: clock.wallMs() - 20 * HOUR_MS }]);
    await beats(1);
    expect([late.hourUsd(), late.dayUsd()]).toEqual([2, 2]);
  });

  it('another application at the same meeting place has budgets of its own', async () => {
    const [a, other] = [await replica('a'), await replica('other', { application: 'billing/test' })];
    a.spend(20);
    await beats(5);
    expect([other.hourUsd(), other.isStopped()]).toEqual([0, false]);
    expect(told).toEqual(['a: budget.spent hour all']);
    other.spend(20);
    await beats(5);
    expect(told).toEqual(['a: budget.spent hour all', 'other: budget.spent hour all']);
  });

  it('names of workflows are any text, and what others say may be anything', async () => {
    const odd = 'all" \\ __proto__ \u0000';
    const budgets = { workflows: { [odd]: { perHourUsd: 1 }, ['__proto__']: { perHourUsd: 1 } } };
    const [a, b] = [await replica('a', { budgets }), await replica('b', { budgets })];
    a.spend(0.5, odd);
    const beat = { replica: 'liar', wants: {}, holds: {}, leases: [], adds: {}, addsId: 0, sums: [], since: '' };
    for (const lost of ['7', 7, null, ['x'], { __proto__: 1 }, { 'budget::usd:hour': 'much' }]) {
      await fleet.beat({ ...beat, news: JSON.stringify({ 'budgets:lost': lost }) });
      await beats(1);
    }
    expect(b.costs.statuses()[0]).toMatchObject({ workflow: odd, spentUsd: 0.5 });
  });
});
