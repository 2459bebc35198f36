import { beforeEach, describe, expect, it } from '@jest/globals';
import { FleetLoop } from '../../core/fleet/fleet-loop.js';
import { MemoryFleet } from '../../core/fleet/memory-fleet.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { SharedWords } from './shared-words.js';

let clock: ManualClock;
let store: MemoryFleet;
beforeEach(() => {
  clock = new ManualClock();
  store = new MemoryFleet(clock);
});

/** A replica, and what is in force on it. */
class Listener {
  readonly inForce = new Set<unknown>();
  isReady = true;
  isCutOff = false;
  readonly words = new SharedWords({
    clock,
    prefix: 'word:',
    put: (value) => {
      if (this.isReady) this.inForce.add(value);
      return this.isReady;
    },
    takeBack: (value) => void this.inForce.delete(value),
    note: (...wish) => (this.isCutOff ? Promise.reject(new Error('down')) : store.note(...wish)),
  });
  readonly loop: FleetLoop;

  constructor(replica: string) {
    const reach = <T>(ask: () => Promise<T>) => (this.isCutOff ? Promise.reject(new Error('down')) : ask());
    const fleet = {
      beat: (beat: Parameters<MemoryFleet['beat']>[0]) => reach(() => store.beat(beat)),
      leave: (name: string) => reach(() => store.leave(name)),
    };
    this.loop = new FleetLoop({ fleet, replica, participants: [this.words], clock, tell: () => {} });
  }

  async start(): Promise<this> {
    await this.loop.start();
    return this;
  }

  says(name: string, isTakenBack = false): void {
    const atMs = clock.wallMs();
    if (isTakenBack) this.inForce.delete(name);
    else this.inForce.add(name);
    const about = { atMs, untilMs: atMs + 3_600_000, isTakenBack };
    this.words.said(name, isTakenBack ? about : { ...about, value: name });
  }
}

const start = (...names: string[]) => Promise.all(names.map((name) => new Listener(name).start()));
const beats = (count: number) => clock.advance(count * 1_000);

describe('what people decided, on all replicas (R36; issue 9)', () => {
  it('is in force on all of them, those that start later among them, until it is taken back by anybody', async () => {
    const [a, b] = (await start('a', 'b')) as [Listener, Listener];
    a.says('hold');
    await beats(2);
    const [late] = (await start('late')) as [Listener];
    for (const one of [a, b, late]) expect([...one.inForce]).toEqual(['hold']);
    late.says('hold', true);
    await beats(2);
    for (const one of [a, b, late]) expect([...one.inForce]).toEqual([]);
    const [later] = (await start('later')) as [Listener];
    expect([...later.inForce]).toEqual([]);
  });

  it('outlives the store: whoever knows it says it again, and that it was taken back, too', async () => {
    const [a, b] = (await start('a', 'b')) as [Listener, Listener];
    a.says('hold');
    a.says('gone');
    await beats(2);
    b.says('gone', true);
    await beats(2);
    await a.loop.stop();
    store = new MemoryFleet(clock);
    await beats(2);
    const [late] = (await start('late')) as [Listener];
    expect([...late.inForce]).toEqual(['hold']);
    expect([...b.inForce]).toEqual(['hold']);
  });

  it('said while the others could not be heard, it is said when they are; what was said last holds', async () => {
    const [a, b] = (await start('a', 'b')) as [Listener, Listener];
    a.says('hold');
    await beats(2);
    a.isCutOff = true;
    a.says('new');
    a.says('hold', true);
    await beats(5);
    b.says('hold');
    await beats(1);
    expect([...b.inForce]).toEqual(['hold']);
    a.isCutOff = false;
    await beats(3);
    for (const one of [a, b]) expect([...one.inForce].toSorted()).toEqual(['hold', 'new']);
  });

  it('waits for those who are not ready for it', async () => {
    const [a, b] = (await start('a', 'b')) as [Listener, Listener];
    b.isReady = false;
    a.says('hold');
    await beats(3);
    expect([...b.inForce]).toEqual([]);
    b.isReady = true;
    await beats(1);
    expect([...b.inForce]).toEqual(['hold']);
  });

  it.each([['null'], ['1'], ['"x"'], ['{}'], ['{"atMs":1,"untilMs":"x","isTakenBack":false,"value":"x"}']])(
    'a note that is %s says nothing',
    async (text) => {
      const [a] = (await start('a')) as [Listener];
      await store.note('word:x', text, 60_000);
      await store.note('other:x', JSON.stringify({ atMs: 1, untilMs: 1e15, isTakenBack: false, value: 'x' }), 60_000);
      await beats(2);
      expect([...a.inForce]).toEqual([]);
    },
  );

  it('nothing is said over and over', async () => {
    const [a] = (await start('a', 'b')) as [Listener];
    let notes = 0;
    const note = store.note.bind(store);
    store.note = (...wish) => {
      notes++;
      return note(...wish);
    };
    a.says('hold');
    await beats(30);
    expect(notes).toBeLessThanOrEqual(2);
  });
});
