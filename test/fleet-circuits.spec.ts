import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeCircuits, type CircuitHold } from 'nestjs-claude-resilience';
import { ManualClock, MemoryFleet } from 'nestjs-claude-resilience/testing';
import { closeApps, startApp, type StartedApp } from './support/start-app.js';

afterEach(closeApps);

const FEATURE = 'generation';
const HOLD: CircuitHold = { by: 'ann', reason: 'costs' };
const DAY_MS = 86_400_000;

/** A store that can forget everything, and that replicas can be cut off from. */
class ForgetfulFleet extends MemoryFleet {
  #behind: MemoryFleet;
  readonly cut = new Set<object>();

  constructor(private readonly time: ManualClock) {
    super(time);
    this.#behind = new MemoryFleet(time);
  }

  forget(): void {
    this.#behind = new MemoryFleet(this.time);
  }

  /** The way of one application to it. */
  path(): MemoryFleet {
    const path = new MemoryFleet(this.time);
    const reach = () => {
      if (this.cut.has(path)) throw new Error('cut off');
      return this.#behind;
    };
    path.beat = async (...asked) => reach().beat(...asked);
    path.note = async (...asked) => reach().note(...asked);
    path.leave = async (...asked) => reach().leave(...asked);
    return path;
  }
}

async function start(replicas: number) {
  const clock = new ManualClock();
  const store = new ForgetfulFleet(clock);
  const apps: { readonly app: StartedApp; readonly path: MemoryFleet; readonly circuits: ClaudeCircuits }[] = [];
  const add = async (time = clock) => {
    const path = store.path();
    const app = await startApp({ clock: time, claude: { fleet: { store: path } } });
    apps.push({ app, path, circuits: app.app.get(ClaudeCircuits) });
  };
  for (let n = 0; n < replicas; n++) await add();
  const states = () => apps.map(({ circuits }) => circuits.state(FEATURE).name);
  return { clock, store, apps, add, states, beats: (count: number) => clock.advance(count * 1_000) };
}

const all = (state: string, count: number) => Array.from({ length: count }, () => state);

describe('circuits held by people, among replicas (R22; issue 9)', () => {
  it.each([
    ['forceOpen', 'forced_open'],
    ['forceClosed', 'forced_closed'],
  ] as const)(
    '%s: in force everywhere, also where one starts later; let go anywhere, let go everywhere',
    async (hand, state) => {
      const { apps, add, states, beats } = await start(3);
      apps[0]?.circuits[hand](FEATURE, HOLD);
      await beats(2);
      expect(states()).toEqual(all(state, 3));
      expect(apps[2]?.circuits.state(FEATURE)).toMatchObject({ holders: [HOLD] });
      await add();
      await beats(2);
      expect(states()).toEqual(all(state, 4));
      apps[3]?.circuits.release(FEATURE, 'ann');
      await beats(2);
      expect(states()).toEqual(all('closed', 4));
      await add();
      await beats(2);
      expect(states()).toEqual(all('closed', 5));
    },
  );

  it('ends by its own time everywhere, and no later start brings it back', async () => {
    const { apps, add, states, beats } = await start(2);
    apps[0]?.circuits.forceOpen(FEATURE, { ...HOLD, forMs: 10_000 });
    await beats(5);
    await add();
    await beats(2);
    expect(states()).toEqual(all('forced_open', 3));
    await beats(3);
    expect(states()).toEqual(all('closed', 3));
    await add();
    await beats(2);
    expect(states()).toEqual(all('closed', 4));
  });

  it('a store that forgot is told again; what was taken back stays so, for those who were away, too', async () => {
    const { store, apps, add, states, beats } = await start(3);
    apps[0]?.circuits.forceOpen(FEATURE, HOLD);
    await beats(2);
    store.forget();
    await beats(3);
    await add();
    await beats(2);
    expect(states()).toEqual(all('forced_open', 4));
    const away = apps[1];
    if (away === undefined) throw new Error('There are four');
    store.cut.add(away.path);
    await beats(10);
    apps[0]?.circuits.release(FEATURE, 'ann');
    await beats(60);
    expect(states()).toEqual(['closed', 'forced_open', 'closed', 'closed']);
    store.forget();
    store.cut.clear();
    await beats(4);
    expect(states()).toEqual(all('closed', 4));
  });

  it('one that is cut off holds for itself, and for all when it is back', async () => {
    const { store, apps, states, beats } = await start(2);
    const path = apps[0]?.path;
    if (path === undefined) throw new Error('There are two');
    store.cut.add(path);
    await beats(6);
    apps[0]?.circuits.forceOpen(FEATURE, HOLD);
    await beats(5);
    expect(states()).toEqual(['forced_open', 'closed']);
    store.cut.clear();
    await beats(3);
    expect(states()).toEqual(['forced_open', 'forced_open']);
  });

  it('clocks that differ keep nothing held', async () => {
    const { clock, add, apps, states } = await start(1);
    const late = new ManualClock(clock.wallMs() - 5 * 60_000);
    await add(late);
    const beats = async (count: number) => {
      for (let n = 0; n < count; n++) for (const each of [clock, late]) await each.advance(1_000);
    };
    apps[0]?.circuits.forceOpen(FEATURE, HOLD);
    await beats(2);
    expect(states()).toEqual(all('forced_open', 2));
    apps[1]?.circuits.release(FEATURE, 'ann');
    await beats(3);
    expect(states()).toEqual(all('closed', 2));
    apps[1]?.circuits.forceOpen(FEATURE, HOLD);
    await beats(3);
    expect(states()).toEqual(all('forced_open', 2));
  });

  it.each<[what: string, text: string]>([
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['a hold without a name', JSON.stringify({ ...word(), value: { ...decision(), by: '' } })],
    ['a hold of both kinds', JSON.stringify({ ...word(), value: { ...decision(), as: 'ajar' } })],
    ['a feature that nobody declared', JSON.stringify({ ...word(), value: { ...decision(), feature: 'x' } })],
    ['one that is over', JSON.stringify({ ...word(), value: { ...decision(), untilMs: 1 } })],
    ['an end that is none', JSON.stringify({ ...word(), value: { ...decision(), untilMs: 'soon' } })],
  ])('a note that makes no sense is passed over: %s', async (_what, text) => {
    const { apps, states, beats } = await start(2);
    await apps[0]?.path.note(`decision:hold:${FEATURE}:ann`, text, DAY_MS);
    await apps[0]?.path.note('decision:', text, DAY_MS);
    await beats(2);
    expect(states()).toEqual(all('closed', 2));
    apps[1]?.circuits.forceOpen(FEATURE, { by: 'bob', reason: 'trial' });
    await beats(2);
    expect(states()).toEqual(all('forced_open', 2));
  });
});

function decision() {
  return { kind: 'hold', feature: FEATURE, as: 'open', by: 'ann', reason: 'costs' };
}

function word() {
  return { atMs: Date.UTC(2026, 10, 22), untilMs: Date.UTC(2027, 0, 1), isTakenBack: false };
}
