import { describe, expect, it } from '@jest/globals';
import { DrainBench, takes } from '../../testing/drain-bench.js';
import { ManualClock, settle } from '../../testing/manual-clock.js';
import type { Failure } from '../failure/failure.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { ClaudeRequestStoreError } from './request-store-errors.js';

const OVERLOADED = diagnoseFailure({ from: 'response', status: 529 }, 0);
const REFUSED = diagnoseFailure({ from: 'circuit', retryAfterMs: 7_000 }, 0);
const FULL = new ClaudeRequestStoreError('disk_full', 'memory', 'the disk is full');
const never = () => new Promise<never>(() => {});
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `r${from + n}`);
const urgent = (from: number) => numbered(50, from).map((id) => ({ id, priority: 'urgent' }) as const);
const broken = (): never => {
  throw new Error('a bug');
};

async function begun(bench: DrainBench, ...ids: readonly string[]): Promise<DrainBench> {
  await bench.add(...ids);
  bench.drain.start();
  await settle();
  return bench;
}

const fails = (failure: Failure) => async () => ({ ok: false, failure }) as const;

describe('the drain works off what waits (R10)', () => {
  it('starts with one, with one more after each success, and with as many as it may', async () => {
    const bench = new DrainBench({ concurrency: 4 });
    bench.answer = takes(bench.clock, 100);
    await begun(bench, ...numbered(20));
    const seen: number[] = [];
    for (let n = 0; n < 5; n++) {
      seen.push(bench.atWork.length);
      await bench.clock.advance(100);
    }
    expect(seen).toEqual([1, 2, 4, 4, 4]);
    await bench.clock.advance(5_000);
    expect([bench.mostAtWork, new Set(bench.started).size, bench.started.length]).toEqual([4, 20, 20]);
    await bench.stopped();
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('halves after a failure of the service, not after one of the request', async () => {
    const bench = new DrainBench({ concurrency: 8 });
    await begun(bench, ...numbered(10));
    await bench.clock.advance(1_000);
    expect(bench.drain.snapshot()).toMatchObject({ allowed: 8, active: 0 });
    bench.answer = fails(diagnoseFailure({ from: 'response', status: 400 }, 0));
    await bench.add('bad');
    await bench.clock.advance(1_000);
    expect(bench.drain.snapshot().allowed).toBe(8);
    bench.answer = fails(OVERLOADED);
    await bench.add('unlucky');
    await bench.clock.advance(1_000);
    expect(bench.drain.snapshot().allowed).toBe(4);
    expect(await bench.stateOf('bad')).toBe('failed');
    expect(await bench.stateOf('unlucky')).toBe('waiting');
    await bench.stopped();
  });

  it('hears of new work at once, however exactly it comes', async () => {
    // Whenever a poke comes while the last look ends, another look follows: no time passes here.
    for (let microtasks = 0; microtasks < 40; microtasks++) {
      const bench = await begun(new DrainBench());
      bench.strike.after = async (word, _given, answer) => {
        if (word !== 'claim' || answer !== undefined) return;
        bench.strike.after = () => undefined;
        void bench.add('late');
        void (async () => {
          for (let n = 0; n < microtasks; n++) await Promise.resolve();
          bench.drain.poke();
        })();
      };
      bench.drain.poke();
      await settle();
      await settle();
      expect([microtasks, bench.started]).toEqual([microtasks, ['late']]);
      await bench.stopped();
    }
  });

  it('has one look at a time, however often it is poked', async () => {
    const bench = new DrainBench({ concurrency: 100 });
    let looks = 0;
    let most = 0;
    bench.strike.before = async (word) => {
      if (word !== 'claim') return;
      most = Math.max(most, ++looks);
      await settle();
      looks--;
    };
    bench.answer = takes(bench.clock, 10);
    await bench.add(...numbered(30));
    bench.drain.start();
    for (let n = 0; n < 1_000; n++) bench.drain.poke();
    for (let n = 0; n < 100; n++) {
      bench.drain.poke();
      await settle();
      bench.drain.poke();
      await bench.clock.advance(5);
    }
    expect([most, bench.started.length, new Set(bench.started).size]).toEqual([1, 30, 30]);
    await bench.stopped();
  });

  it('lets nobody starve: every fourth start is the oldest, under urgent ones without end', async () => {
    const bench = new DrainBench({ concurrency: 1 });
    bench.answer = takes(bench.clock, 100);
    await begun(bench);
    await bench.add(...urgent(0));
    await bench.add({ id: 'patient', priority: 'background' });
    for (let n = 1; !bench.started.includes('patient'); n++) {
      if (n > 60) throw new Error('it starves');
      await bench.add(...urgent(n * 50));
      bench.drain.poke();
      await bench.clock.advance(500);
    }
    // 50 were older.
    expect(bench.started.indexOf('patient')).toBeLessThanOrEqual(50 + 4);
    await bench.stopped();
  });

  it('leaves features alone whose circuit is open, and takes them when it closes', async () => {
    const bench = new DrainBench();
    bench.closed = ['drafts'];
    await bench.add({ id: 'd', feature: 'drafts' }, { id: 'c', feature: 'chat' });
    bench.drain.start();
    await bench.clock.advance(5_000);
    expect(bench.started).toEqual(['c']);
    bench.closed = [];
    bench.drain.poke();
    await settle();
    expect(bench.started).toEqual(['c', 'd']);
    await bench.stopped();
  });

  it('holds a feature of which nothing was sent, for as long as it was told, or until that is over', async () => {
    const bench = new DrainBench();
    bench.answer = fails(REFUSED);
    await bench.add('a');
    await begun(bench);
    expect(bench.started).toEqual(['a']);
    await bench.clock.advance(6_900);
    expect(bench.started).toEqual(['a']);
    await bench.clock.advance(1_200);
    expect(bench.started).toEqual(['a', 'a']);
    bench.drain.poke();
    await settle();
    expect(bench.started).toHaveLength(2);
    bench.drain.letGo();
    await settle();
    expect(bench.started).toHaveLength(3);
    expect((await bench.memory.get('a'))?.state).toMatchObject({ name: 'waiting', attempts: 0 });
    await bench.stopped();
  });

  it('goes neither round nor round when it is told to wait for no time at all', async () => {
    const bench = new DrainBench();
    bench.answer = fails({ ...REFUSED, retryAfterMs: 0 });
    await begun(bench, 'a');
    for (let n = 0; n < 50; n++) await settle();
    expect(bench.started).toEqual(['a']);
    await bench.stopped();
  });

  it('ends what is too late, and forgets what is old, as fast as it comes', async () => {
    const bench = new DrainBench({ keepMs: 60_000 });
    const deadlineMs = bench.clock.wallMs() + 10_000;
    bench.drain.pause();
    await bench.add({ id: 'late', deadlineMs }, ...numbered(500));
    for (const id of numbered(500)) await bench.memory.cancel(id, bench.clock.wallMs());
    bench.drain.start();
    bench.drain.pause();
    await bench.clock.advance(11_000);
    expect(bench.changed).toEqual(['late expired']);
    await bench.clock.advance(120_000);
    expect((await bench.memory.count('cancelled')).total).toBe(0);
    await bench.stopped();
  });

  it('offers what it has claimed to whoever takes it, and leaves that alone', async () => {
    const offered: string[] = [];
    const divert = ({ id }: { readonly id: string }) => (offered.push(id), id === 'b');
    const bench = new DrainBench({}, undefined, undefined, { divert });
    await begun(bench, 'a', 'b', 'c');
    await bench.clock.advance(1_000);
    expect([offered, bench.started]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c'],
    ]);
    expect(await bench.stateOf('b')).toBe('running');
    await bench.stopped();
    expect(await bench.stateOf('b')).toBe('running');
  });

  it('says how long it is between two ends, and not how long there was nothing to do', async () => {
    const bench = new DrainBench({ concurrency: 1 });
    bench.answer = takes(bench.clock, 2_000);
    await begun(bench, 'a');
    await bench.clock.advance(3_600_000);
    await bench.add('b');
    bench.drain.poke();
    await bench.clock.advance(3_000);
    expect(bench.drain.snapshot().betweenEndsMs).toBe(2_000);
    await bench.stopped();
  });
});

describe('cancelling', () => {
  it('breaks off whoever works on it', async () => {
    const bench = new DrainBench();
    bench.answer = takes(bench.clock, 60_000);
    await begun(bench, 'a');
    await bench.memory.cancel('a', bench.clock.wallMs());
    bench.drain.cancelled('a');
    await settle();
    expect([bench.atWork, bench.changed, bench.drain.snapshot().active]).toEqual([[], [], 0]);
    await bench.stopped();
  });

  it('asks nobody when it came while the request was on its way from the store', async () => {
    const bench = new DrainBench();
    bench.strike.after = async (word, _given, answer) => {
      if (word !== 'claim' || (answer as { id?: string } | undefined)?.id !== 'a') return;
      await bench.memory.cancel('a', bench.clock.wallMs());
      bench.drain.cancelled('a');
    };
    await begun(bench, 'a', 'b');
    expect(bench.started).toEqual(['b']);
    expect(await bench.stateOf('a')).toBe('cancelled');
    await bench.stopped();
  });
});

describe('pausing', () => {
  it('starts nothing more, lets go on what is under way, and takes up again', async () => {
    const bench = new DrainBench();
    bench.answer = takes(bench.clock, 1_000);
    await begun(bench, 'a', 'b');
    bench.drain.pause();
    await bench.clock.advance(10_000);
    expect([bench.started, bench.changed, bench.drain.snapshot().state]).toEqual([['a'], ['a succeeded'], 'paused']);
    bench.drain.resume();
    await settle();
    expect(bench.started).toEqual(['a', 'b']);
    await bench.stopped();
  });

  it('while a request is on its way from the store hands that back: it was not tried', async () => {
    const bench = new DrainBench();
    bench.strike.after = (word, _given, answer) => word === 'claim' && answer !== undefined && bench.drain.pause();
    await begun(bench, 'a');
    expect(bench.started).toEqual([]);
    expect((await bench.memory.get('a'))?.state).toMatchObject({ name: 'waiting', attempts: 0 });
    bench.strike.after = () => undefined;
    bench.drain.resume();
    await settle();
    expect(bench.started).toEqual(['a']);
    await bench.stopped();
  });
});

describe('stopping', () => {
  it.each([
    [0, 0],
    [5_000, 5_000],
    [10_000, 10_000],
    [60_000, 10_000],
  ])('waits for what needs %i ms more, %i ms at most, and hands the rest back', async (needsMs, waitsMs) => {
    const bench = new DrainBench({ graceMs: 10_000 });
    bench.answer = takes(bench.clock, needsMs === 0 ? 0 : needsMs + 1_000);
    await begun(bench, 'a');
    await bench.clock.advance(1_000);
    expect(await bench.stopped()).toBe(waitsMs);
    const isDone = needsMs <= 10_000;
    const last = bench.started.at(-1)!;
    expect((await bench.memory.get(last))?.state).toMatchObject(
      isDone ? { name: 'succeeded' } : { name: 'waiting', attempts: 0 },
    );
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it.each(['claim', 'release', 'storeAnswer', 'complete', 'expire'])('ends though the store never answers to %s', async (word) => {
    const bench = new DrainBench({ graceMs: 2_000 });
    if (word === 'release') bench.answer = takes(bench.clock, 60_000);
    bench.strike.before = (said) => (said === word ? never() : undefined);
    await begun(bench, 'a');
    expect(await bench.stopped()).toBeLessThanOrEqual(7_000);
    await bench.clock.advance(300_000);
    expect(bench.clock.pendingTimers).toBe(0);
  }); // oxfmt-ignore

  it('ends though a worker never notices, and gives no more signs of life for it', async () => {
    const bench = new DrainBench({ graceMs: 2_000 });
    bench.answer = never;
    await begun(bench, 'a');
    expect(await bench.stopped()).toBe(7_000);
    await bench.clock.advance(300_000);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('is one stop, however often it is said, and before the start none', async () => {
    const bench = new DrainBench({ graceMs: 2_000 });
    await bench.stopped();
    bench.answer = takes(bench.clock, 60_000);
    await begun(bench, 'a');
    let ends = 0;
    for (let n = 0; n < 3; n++) void bench.drain.stop().then(() => ends++);
    await bench.clock.advance(1_900);
    expect(ends).toBe(0);
    await bench.clock.advance(200);
    expect([ends, bench.clock.pendingTimers]).toEqual([3, 0]);
  });

  it('hands back what was on its way from the store', async () => {
    const bench = new DrainBench();
    let stop: Promise<void> | undefined;
    bench.strike.after = (word, _given, answer) => {
      if (word === 'claim' && answer !== undefined) stop = bench.drain.stop();
    };
    await begun(bench, 'a');
    await stop;
    expect(bench.started).toEqual([]);
    expect((await bench.memory.get('a'))?.state).toMatchObject({ name: 'waiting', attempts: 0 });
  });

  it('starts nothing more, not even when poked, resumed or paused', async () => {
    const bench = await begun(new DrainBench());
    await bench.stopped();
    await bench.add('a');
    bench.drain.poke();
    bench.drain.resume();
    bench.drain.pause();
    bench.drain.letGo();
    await bench.clock.advance(10_000);
    expect([bench.started, bench.drain.snapshot().state]).toEqual([[], 'stopped']);
  });
});

describe('a store in trouble', () => {
  it.each<[string, unknown]>([
    ['an error of ours', FULL],
    ['an error of another', new RangeError('x')],
    ['a word', 'no'],
    ['null', null],
    ['nothing at all', undefined],
  ])('is told of once and works again by itself, whatever it throws: %s', async (_what, thrown) => {
    const bench = new DrainBench();
    bench.strike.before = () => Promise.reject(thrown);
    await begun(bench, 'a');
    await bench.clock.advance(30_000);
    expect(bench.troubles).toStrictEqual([thrown ?? expect.any(Error)]);
    bench.strike.before = () => undefined;
    await bench.clock.advance(2_000);
    expect(bench.troubles).toStrictEqual([thrown ?? expect.any(Error), undefined]);
    expect(await bench.stateOf('a')).toBe('succeeded');
    await bench.stopped();
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('is told of once while only some of its words fail', async () => {
    const bench = new DrainBench();
    let isFull = true;
    bench.strike.before = (word) => (isFull && word === 'complete' ? Promise.reject(FULL) : undefined);
    await begun(bench, 'a');
    await bench.clock.advance(60_000);
    expect(bench.troubles).toStrictEqual([FULL]);
    isFull = false;
    await bench.clock.advance(20_000);
    expect(bench.troubles).toStrictEqual([FULL, undefined]);
    expect(await bench.stateOf('a')).toBe('succeeded');
    await bench.stopped();
  });

  it('is over also when whoever met it first has given up', async () => {
    const bench = new DrainBench();
    const thrown: unknown[] = [FULL, new TypeError('a bug of a store')];
    bench.strike.before = (word) =>
      word === 'storeAnswer' && thrown.length > 0 ? Promise.reject(thrown.shift()) : undefined;
    await begun(bench, 'a');
    await bench.clock.advance(5_000);
    expect(bench.troubles).toStrictEqual([FULL, undefined]);
    await bench.clock.advance(120_000);
    expect(await bench.stateOf('a')).toBe('succeeded');
    await bench.stopped();
  });

  it('for longer than a lease costs no answer: what runs here is not taken from itself', async () => {
    const bench = new DrainBench({ concurrency: 4 });
    await begun(bench, ...numbered(4));
    await bench.clock.advance(2_000);
    let asked = 0;
    bench.answer = async () => (asked++, { ok: true, answerJson: '"paid"' });
    bench.strike.before = (word) => (word === 'claim' ? undefined : Promise.reject(FULL));
    await bench.add('a');
    await bench.clock.advance(1_000);
    bench.strike.before = () => Promise.reject(FULL);
    await bench.clock.advance(607_000); // the next look comes before the next word
    expect(asked).toBe(1);
    bench.strike.before = () => undefined;
    await bench.clock.advance(30_000);
    expect([asked, await bench.stateOf('a')]).toEqual([1, 'succeeded']);
    await bench.stopped();
  });

  it('and a process asleep for hours: the first thing it does is to say that it lives', async () => {
    class Sleeper extends ManualClock {
      sleptMs = 0;
      override wallMs() {
        return super.wallMs() + this.sleptMs;
      }
    }
    const clock = new Sleeper();
    const bench = new DrainBench({ concurrency: 4 }, clock);
    await begun(bench, ...numbered(4));
    await clock.advance(2_000);
    bench.answer = takes(clock, 20_000);
    await bench.add('a');
    bench.drain.poke();
    await clock.advance(100);
    clock.sleptMs = 3_600_000;
    await clock.advance(60_000);
    expect([bench.started.filter((id) => id === 'a'), await bench.stateOf('a')]).toEqual([['a'], 'succeeded']);
    await bench.stopped();
  });

  it('never has two at work on one request here, though another process had it in between', async () => {
    const bench = new DrainBench({ concurrency: 4, pollMs: 1_000 });
    await begun(bench, ...numbered(4));
    await bench.clock.advance(2_000);
    bench.answer = () => new Promise((resolve) => bench.clock.after(60_000, () => resolve({ ok: true, answerJson: '1' })));
    await bench.add('a');
    await bench.clock.advance(1_000);
    const wallMs = bench.clock.wallMs();
    const other = await bench.memory.claim({ nowMs: wallMs + 900_000, leaseMs: 1 });
    await bench.memory.release({ id: 'a', fencingNumber: other!.state.fencingNumber }, wallMs);
    for (let n = 0; n < 50; n++) {
      await bench.clock.advance(1_000);
      expect(bench.atWork).toEqual(['a']);
    }
    await bench.clock.advance(180_000);
    expect(await bench.stateOf('a')).toBe('succeeded');
    await bench.stopped();
  }); // oxfmt-ignore
});

describe('whoever the drain asks and tells', () => {
  it.each(['closedFeatures', 'longestAttemptMs', 'started', 'changed', 'divert'] as const)(
    'may fail without ending it: %s',
    async (hook) => {
      let isBroken = true;
      const works = { closedFeatures: () => [], longestAttemptMs: () => 1, started() {}, changed() {}, divert: () => false };
      const bench = new DrainBench({}, undefined, undefined, {
        [hook]: () => (isBroken ? broken() : works[hook]()),
      });
      await begun(bench, { id: 'late', deadlineMs: bench.clock.wallMs() } as never, 'a');
      await bench.clock.advance(5_000);
      isBroken = false;
      await bench.clock.advance(400_000);
      expect(await bench.stateOf('a')).toBe('succeeded');
      expect([bench.drain.snapshot().active, bench.drain.snapshot().state]).toEqual([0, 'running']);
      await bench.stopped();
      expect(bench.clock.pendingTimers).toBe(0);
    },
  ); // oxfmt-ignore
});
