import type { Fleet, FleetBeat, FleetView } from '../core/fleet/fleet.port.js';
import type { SpecRunner } from './request-store/spec-runner.js';

/**
 * What every meeting place of replicas keeps to. Call it in a spec, once for each implementation.
 *
 * @param make a new, empty one; `passMs` lets time pass for it, as its own clock sees it
 * @param close called with it when its spec is over
 */
export function describeFleet<Made extends { readonly fleet: Fleet; passMs(ms: number): void | Promise<void> }>(
  { describe, it, beforeEach, afterEach, expect }: SpecRunner,
  title: string,
  make: () => Made | Promise<Made>,
  close: (made: Made) => void | Promise<void> = () => {},
): void {
  describe(`${title}, as a meeting place of replicas`, () => {
    let made: Made;
    beforeEach(async () => {
      made = await make();
    });
    afterEach(async () => close(made));

    const NOTHING = { wants: {}, holds: {}, leases: [], adds: {}, sums: [], since: '' };
    let addsId = 0;
    const beat = (replica: string, more: Partial<FleetBeat> = {}): Promise<FleetView> =>
      made.fleet.beat({ replica, ...NOTHING, addsId: ++addsId, ...more });

    it('a replica that is alone hears of itself, and of nothing else', async () => {
      const { upTo: _, ...view } = await beat('a');
      expect(view).toEqual({
        isWhole: true,
        isKnown: false,
        replicas: 1,
        news: [],
        notes: [],
        shares: {},
        leases: {},
        sums: {},
      });
    });

    it('news reach the others once, and not their author', async () => {
      await beat('a', { news: '{"x":1}' });
      const first = await beat('b');
      expect(first.news).toEqual([{ replica: 'a', text: '{"x":1}' }]);
      expect((await beat('b', { since: first.upTo })).news).toEqual([]);
      await beat('a', { news: '{"x":2}' });
      expect((await beat('b', { since: first.upTo })).news).toEqual([{ replica: 'a', text: '{"x":2}' }]);
      expect((await beat('a')).news).toEqual([]);
    });

    it('what was said under another store is told anew, as all there is', async () => {
      await beat('a', { news: '{"x":1}' });
      await made.fleet.note('n', '{}', 60_000);
      for (const since of ['', 'nonsense', 'other:1', 'other:99999999', ':', '1:']) {
        const view = await beat('b', { since });
        expect(view).toMatchObject({
          isWhole: true,
          news: [{ replica: 'a', text: '{"x":1}' }],
          notes: [{ name: 'n' }],
        });
        expect(await beat('b', { since: view.upTo })).toMatchObject({
          isWhole: false,
          isKnown: true,
          news: [],
          notes: [],
        });
      }
      const { upTo } = await beat('b');
      expect(await beat('b', { since: `${upTo}0` })).toMatchObject({ isWhole: true });
    });

    it('whoever is silent for too long is gone, with all that was theirs', async () => {
      await beat('a', { news: '{}', wants: { l: 1 }, leases: ['job'] });
      await made.passMs(3_000);
      const both = await beat('b');
      expect(both).toMatchObject({ replicas: 2, news: [{ replica: 'a', text: '{}' }] });
      await made.passMs(600);
      const view = await beat('b', { wants: { l: 1 }, leases: ['job'], since: both.upTo });
      expect(view).toMatchObject({ replicas: 1, shares: { l: 1 }, leases: { job: 'b' } });
      expect(view.news).toEqual([{ replica: 'a' }]);
      expect((await beat('b', { since: view.upTo })).news).toEqual([]);
    });

    it('whoever leaves is gone at once', async () => {
      await beat('a', { wants: { l: 1 }, leases: ['job'] });
      await made.fleet.leave('a');
      expect(await beat('b', { wants: { l: 1 }, leases: ['job'] })).toMatchObject({
        replicas: 1,
        shares: { l: 1 },
        leases: { job: 'b' },
      });
      await made.fleet.leave('nobody');
    });

    it('shares follow what is wanted, and are never more than all of it', async () => {
      const wants: Record<string, number> = { a: 90, b: 10, c: 0 };
      let shares: Record<string, number> = {};
      const round = async () => {
        for (const replica of Object.keys(wants)) {
          const view = await beat(replica, { wants: { limit: wants[replica] ?? 0 } });
          shares[replica] = view.shares['limit'] ?? 0;
          expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
      };
      await round();
      expect(shares).toEqual({ a: 1, b: 0, c: 0 });
      for (let time = 0; time < 3; time++) await round();
      expect(shares['a']).toBeGreaterThan(0.85);
      expect(shares['b']).toBeGreaterThan(0.09);
      expect(shares['c']).toBeGreaterThan(0.003);
      wants['a'] = 0;
      for (let time = 0; time < 3; time++) await round();
      expect(shares['b']).toBeGreaterThan(0.98);
      shares = {};
      expect((await beat('a')).shares).toEqual({});
      for (const replica of ['b', 'c', 'b']) {
        const { shares: own } = await beat(replica, { wants: { limit: 5 } });
        shares[replica] = own['limit'] ?? 0;
      }
      expect(shares['b']).toBeGreaterThan(0.45);
    });

    it('who was forgotten gets no more than it held at first: the others may hold the rest', async () => {
      const wants = { limit: 10 };
      expect((await beat('a', { wants, holds: { limit: 0.4 } })).shares).toEqual({ limit: 0.4 });
      expect((await beat('b', { wants, holds: { limit: 0.6 } })).shares['limit']).toBeLessThanOrEqual(0.6);
      expect((await beat('a', { wants })).shares['limit']).toBeGreaterThan(0.4);
      expect((await beat('c', { wants: { other: 1 }, holds: { limit: 0.4 } })).shares).toEqual({ other: 1 });
    });

    it('limits of other names, also odd ones, do not touch each other', async () => {
      const odd = 'anthropic:sonnet "4" \\ {x} \u0000 ü 漢';
      await beat('a', { wants: { [odd]: 1 } });
      const view = await beat('b', { wants: { other: 1, [odd]: 1 } });
      expect(view.shares['other']).toBe(1);
      expect(view.shares[odd]).toBe(0);
    });

    it('a lease is one replica’s, until it gives it up', async () => {
      expect((await beat('a', { leases: ['job', 'own'] })).leases).toEqual({ job: 'a', own: 'a' });
      expect((await beat('b', { leases: ['job'] })).leases).toEqual({ job: 'a' });
      for (let time = 0; time < 3; time++) {
        await made.passMs(2_000);
        expect((await beat('a', { leases: ['job'] })).leases).toEqual({ job: 'a' });
      }
      await beat('a', { leases: [] });
      expect((await beat('b', { leases: ['job'] })).leases).toEqual({ job: 'b' });
      expect((await beat('a', { leases: ['job'] })).leases).toEqual({ job: 'b' });
    });

    it('counters add up, whoever adds', async () => {
      await beat('a', { adds: { spent: 5, other: 1 } });
      expect((await beat('b', { adds: { spent: 7 }, sums: ['spent', 'none'] })).sums).toEqual({ spent: 12, none: 0 });
      const many = Array.from({ length: 20 }, (_, n) => beat(`r${n}`, { adds: { spent: 1 } }));
      await Promise.all(many);
      expect((await beat('a', { sums: ['spent'] })).sums).toEqual({ spent: 32 });
    });

    it('what is said twice, because nobody heard that it arrived, is added once', async () => {
      const again = { adds: { spent: 5 }, addsId: 7, sums: ['spent'] };
      for (let time = 0; time < 3; time++) expect((await beat('a', again)).sums).toEqual({ spent: 5 });
      await made.passMs(10_000);
      expect((await beat('a', again)).sums).toEqual({ spent: 5 });
      expect((await beat('b', again)).sums).toEqual({ spent: 10 });
      expect((await beat('a', { ...again, addsId: 8 })).sums).toEqual({ spent: 15 });
    });

    it('a beat that comes after a later one has no effect, and is no answer', async () => {
      await beat('a', { no: 1, news: '1' });
      await beat('a', { no: 3, adds: { spent: 3 }, news: '3', leases: ['job'] });
      await expect(beat('a', { no: 2, adds: { spent: 2 }, news: '2' })).rejects.toMatchObject({ code: 'CLAUDE_FLEET' });
      expect(await beat('b', { sums: ['spent'], leases: ['job'] })).toMatchObject({
        sums: { spent: 3 },
        leases: { job: 'a' },
        news: [{ replica: 'a', text: '3' }],
      });
    });

    it('large sums of micro-dollars are exact', async () => {
      const micros = 9_007_199_254_740;
      await beat('a', { adds: { spent: micros } });
      expect((await beat('a', { adds: { spent: 1 }, sums: ['spent'] })).sums).toEqual({ spent: micros + 1 });
    });

    it('what people decided is known to all, later ones too, until it is taken back or over', async () => {
      const { upTo } = await beat('a');
      await made.fleet.note('hold:chat', '{"by":"ann"}', 60_000);
      const heard = await beat('a', { since: upTo });
      expect(heard.notes).toEqual([{ name: 'hold:chat', text: '{"by":"ann"}' }]);
      expect((await beat('a', { since: heard.upTo })).notes).toEqual([]);
      expect((await beat('late')).notes).toEqual([{ name: 'hold:chat', text: '{"by":"ann"}' }]);
      await made.fleet.note('hold:chat', undefined, 60_000);
      expect((await beat('a', { since: heard.upTo })).notes).toEqual([{ name: 'hold:chat' }]);
      await made.fleet.note('short', '{}', 1_000);
      await made.passMs(1_100);
      expect((await beat('b')).notes.map(({ name }) => name)).not.toContain('short');
    });

    it('what is shown is there for all who ask, its newest only, until its time is over', async () => {
      expect(await made.fleet.shown('figures')).toEqual(new Map());
      const large = JSON.stringify({ odd: '"4" \\ \n ü 漢', filling: 'x'.repeat(200_000) });
      await made.fleet.show('a', 'figures', 'old', 60_000);
      await made.fleet.show('a', 'figures', large, 60_000);
      await made.fleet.show('b', 'figures', '', 1_000);
      await made.fleet.show('a', 'other', '1', 60_000);
      expect(await made.fleet.shown('figures')).toEqual(
        new Map([
          ['a', large],
          ['b', ''],
        ]),
      );
      await made.passMs(1_100);
      expect([...(await made.fleet.shown('figures')).keys()]).toEqual(['a']);
    });

    it('what a replica showed that died stays for its time; who leaves takes it along', async () => {
      await beat('a');
      for (const by of ['a', 'b', 'of-a']) await made.fleet.show(by, 'figures', '1', 60_000);
      await made.passMs(10_000);
      await beat('b');
      expect([...(await made.fleet.shown('figures')).keys()].toSorted()).toEqual(['a', 'b', 'of-a']);
      await made.fleet.leave('a');
      expect([...(await made.fleet.shown('figures')).keys()].toSorted()).toEqual(['b', 'of-a']);
    });

    it('only the holder of a lease keeps something, and only on top of what it knows', async () => {
      const keep = (replica: string, revision: number, text: string) =>
        made.fleet.keep({ name: 'state', lease: 'job', replica, revision, text });
      expect(await made.fleet.kept('state')).toBeUndefined();
      expect(await keep('a', 0, 'nobody holds it')).toBeUndefined();
      await beat('a', { leases: ['job'] });
      await beat('b', { leases: ['job'] });
      expect(await keep('b', 0, 'not the holder')).toBeUndefined();
      expect(await keep('a', 0, 'one')).toBe(1);
      expect(await keep('a', 0, 'older than what is there')).toBeUndefined();
      expect(await keep('a', 1, 'two "4" \n ü')).toBe(2);
      expect(await made.fleet.kept('state')).toEqual({ text: 'two "4" \n ü', revision: 2 });
      await made.passMs(3_600);
      expect(await keep('a', 2, 'its lease is over')).toBeUndefined();
      await beat('b', { leases: ['job'] });
      expect(await keep('b', 2, 'three')).toBe(3);
      await made.fleet.leave('b');
      await beat('a', { leases: ['job'] });
      expect(await keep('a', 2, 'it missed one')).toBeUndefined();
      expect(await keep('a', 3, 'four')).toBe(4);
      expect(await made.fleet.kept('other')).toBeUndefined();
    });

    it('a store that has forgotten takes what it is given', async () => {
      await beat('a', { leases: ['job'] });
      expect(await made.fleet.keep({ name: 'state', lease: 'job', replica: 'a', revision: 41, text: 'x' })).toBe(42);
    });
  });
}
