import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { FleetLoop, type FleetEvent } from './fleet-loop.js';
import type { FleetHearing, FleetParticipant, FleetSaying } from './fleet-participant.js';
import { FLEET_BEAT_MS, type Fleet, type FleetBeat, type FleetView } from './fleet.port.js';
import { MemoryFleet } from './memory-fleet.js';

let clock: ManualClock;
let fleet: MovableFleet;
beforeEach(() => {
  clock = new ManualClock();
  fleet = new MovableFleet(clock);
});

/** A meeting place that can be down, can answer after it was heard, or be another one. */
class MovableFleet {
  state: 'up' | 'down' | 'heard, and no answer' = 'up';
  behind: Fleet;
  readonly beats: FleetBeat[] = [];

  constructor(private readonly time: ManualClock) {
    this.behind = new MemoryFleet(time);
  }

  forget(): void {
    this.behind = new MemoryFleet(this.time);
  }

  async beat(beat: FleetBeat): Promise<FleetView> {
    this.beats.push(beat);
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
  leave: Fleet['leave'] = (replica) => this.behind.leave(replica);
  close: Fleet['close'] = async () => {};
}

/** Says what it is told to say, and keeps what it hears. */
class Member implements FleetParticipant {
  says: (saying: FleetSaying) => void = () => {};
  heard: FleetHearing | undefined;
  alones = 0;
  readonly events: FleetEvent[] = [];
  readonly loop: FleetLoop;

  constructor(readonly replica: string) {
    const tell = (event: FleetEvent) => this.events.push(event);
    this.loop = new FleetLoop({ fleet, replica, participants: [this], clock, tell });
  }

  say(saying: FleetSaying): void {
    this.says(saying);
  }
  hear(hearing: FleetHearing): void {
    this.heard = hearing;
  }
  alone(): void {
    this.alones++;
  }
}

async function start(...names: string[]): Promise<Member[]> {
  const members = names.map((name) => new Member(name));
  for (const { loop } of members) await loop.start();
  return members;
}

const beats = (count: number) => clock.advance(count * FLEET_BEAT_MS);

describe('FleetLoop', () => {
  it('what one tells, the others hear, by topic; and no more when it is gone', async () => {
    const [a, b, c] = (await start('a', 'b', 'c')) as [Member, Member, Member];
    a.says = ({ tell }) => tell('circuits', { chat: 'open' });
    b.says = ({ tell }) => tell('other', 1);
    await beats(2);
    expect(c.heard?.told('circuits')).toEqual(new Map([['a', { chat: 'open' }]]));
    expect(a.heard?.told('circuits')).toEqual(new Map());
    expect([a.heard?.replicas, a.loop.replicas]).toEqual([3, 3]);
    await a.loop.stop();
    await beats(1);
    expect(c.heard?.told('circuits')).toEqual(new Map());
    expect(c.heard?.replicas).toBe(2);
    expect(clock.unrefTimers).toBe(2);
  });

  it('what is the same is not sent again', async () => {
    const [a] = (await start('a')) as [Member];
    a.says = ({ tell }) => tell('topic', 1);
    await beats(5);
    expect(fleet.beats.map(({ news }) => news)).toEqual([
      '{}',
      '{"topic":1}',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('trouble is told once, and its end; others are over after the time of a lease, not before', async () => {
    const [a, b] = (await start('a', 'b')) as [Member, Member];
    b.says = ({ tell }) => tell('topic', 1);
    await beats(1);
    fleet.state = 'down';
    await beats(3);
    expect([a.alones, a.loop.replicas]).toEqual([0, 2]);
    await beats(3);
    expect([a.alones, a.loop.replicas]).toEqual([1, undefined]);
    expect(a.events).toEqual([{ type: 'fleet.trouble', errorCode: 'Error' }]);
    fleet.state = 'up';
    await beats(2);
    expect(a.events.slice(1)).toEqual([{ type: 'fleet.well', replicas: 1 }]);
    expect(a.loop.replicas).toBe(2);
    expect(a.heard?.told('topic')).toEqual(new Map([['b', 1]]));
  });

  it('a store that forgot is told everything again', async () => {
    const [a, b] = (await start('a', 'b')) as [Member, Member];
    b.says = ({ tell, want }) => {
      tell('topic', 1);
      want('limit', 5);
    };
    await beats(2);
    await fleet.note('n', '{"by":"ann"}', 60_000);
    await beats(1);
    expect([...(a.heard?.notes ?? [])]).toEqual([['n', { by: 'ann' }]]);
    fleet.forget();
    await beats(3);
    expect(a.heard?.told('topic')).toEqual(new Map([['b', 1]]));
    expect([...(a.heard?.notes ?? [])]).toEqual([]);
    expect(fleet.beats.findLast(({ replica }) => replica === 'b')?.holds).toEqual({ limit: 1 });
  });

  it('whoever slept for so long that it was forgotten is heard of again', async () => {
    const [a, b] = (await start('a', 'b')) as [Member, Member];
    b.says = ({ tell }) => tell('topic', 1);
    await beats(2);
    await fleet.behind.leave('b');
    await beats(3);
    expect(a.heard?.told('topic')).toEqual(new Map([['b', 1]]));
  });

  it.each(['down', 'heard, and no answer'] as const)('counters lose and double nothing: %s', async (state) => {
    const [a, b] = (await start('a', 'b')) as [Member, Member];
    let said = 0;
    a.says = ({ add }) => {
      add('spent', 10);
      said += 10;
    };
    b.says = ({ sum }) => sum('spent');
    await beats(2);
    fleet.state = state;
    await beats(5);
    fleet.state = 'up';
    await beats(2);
    a.says = () => {};
    await beats(2);
    expect(said).toBeGreaterThan(80);
    expect(b.heard?.sum('spent')).toBe(said);
  });

  it.each<[what: string, view: Partial<FleetView>]>([
    ['news that are no JSON', { news: [{ replica: 'x', text: '{' }] }],
    ['news that are no record', { news: [{ replica: 'x', text: '7' }] }],
    ['notes that are no JSON', { notes: [{ name: 'n', text: '}' }] }],
    ['a share above all', { shares: { limit: 7 } }],
    ['a sum that is none', { sums: { spent: NaN } }],
  ])('%s: harmless', async (_what, odd) => {
    const [a] = (await start('a')) as [Member];
    fleet.behind = new LyingFleet(clock, odd);
    await beats(1);
    expect(a.events).toEqual([]);
    expect([a.heard?.told('topic').size, a.heard?.share('limit'), a.heard?.sum('spent')]).toEqual([
      0,
      undefined,
      undefined,
    ]);
    expect(a.heard?.holder('job')).toBe('nobody');
  });

  it('a share is never nothing: who has none could not find out what a limit is', async () => {
    const [a, b] = (await start('a', 'b')) as [Member, Member];
    a.says = ({ want }) => want('limit', 1_000_000);
    b.says = ({ want }) => want('limit', 0);
    await beats(3);
    expect(b.heard?.share('limit')).toBeGreaterThan(0);
  });
});

class LyingFleet extends MemoryFleet {
  constructor(
    time: ManualClock,
    private readonly odd: Partial<FleetView>,
  ) {
    super(time);
  }
  override async beat(beat: FleetBeat): Promise<FleetView> {
    return { ...(await super.beat(beat)), ...this.odd };
  }
}
