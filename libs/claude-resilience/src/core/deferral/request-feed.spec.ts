import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock, settle } from '../../testing/manual-clock.js';
import { wantedRequest } from '../../testing/wanted-request.js';
import type { DeferredRequest, RequestState } from './deferred-request.js';
import { isLastOfAll, type FeedEvent, type RequestSight } from './feed-event.js';
import { newDeferredRequest } from './new-deferred-request.js';
import { RequestFeed } from './request-feed.js';
import type { RequestPhase } from './request-phase.js';

const END: RequestState = { name: 'succeeded', attempts: 1, fencingNumber: 1, endedAtMs: 0, resultJson: '1' };

const WELL = async (): Promise<void> => {};

/** A store that fails every second time. */
const sometimes = () => {
  let looks = 0;
  return () => (looks++ % 2 === 0 ? Promise.reject(new Error('full')) : WELL());
};

/** A feed on a request that stands where it is told to, and whoever watches it. */
function bench(clock = new ManualClock()) {
  const request: DeferredRequest = newDeferredRequest(wantedRequest(), clock.wallMs());
  const at = { sight: { request, phase: 'queued', position: 3 } as RequestSight | undefined, looks: 0 };
  let looking = WELL;
  const feed = new RequestFeed(async () => {
    at.looks++;
    await looking();
    return at.sight;
  }, clock);
  return {
    clock,
    feed,
    at,
    onLook: (next: () => Promise<void>) => (looking = next),
    is: (phase: RequestPhase, position?: number) => {
      at.sight = { request, phase, ...(position !== undefined && { position }) };
    },
    ends: () => {
      at.sight = { request: { ...request, state: END }, phase: undefined };
    },
    /** Someone who takes every event at once. */
    watcher: (afterSeq = 0) => {
      const left = new AbortController();
      const events: FeedEvent[] = [];
      const watch = feed.watch('a', afterSeq, left.signal);
      const seen = { events, isOver: false, leave: () => left.abort(), return: () => watch.return() };
      void (async () => {
        for await (const event of watch) events.push(event);
        seen.isOver = true;
      })();
      return seen;
    },
  };
}

const told = (events: readonly FeedEvent[]) =>
  events.map(({ type, phase, position }) => [type, phase, position].filter((part) => part !== undefined).join(' '));

describe('whoever watches a request (R28)', () => {
  it('hears at once that it was taken in and where it stands, then what changes, then the end', async () => {
    const at = bench();
    const ann = at.watcher();
    await settle();
    expect(told(ann.events)).toEqual(['accepted queued 3', 'progress queued 3']);
    at.is('running');
    at.feed.changed('a');
    await settle();
    at.ends();
    at.feed.changed('a');
    await settle();
    expect(told(ann.events).slice(2)).toEqual(['progress running', 'ended']);
    expect([ann.isOver, at.clock.pendingTimers]).toEqual([true, 0]);
  });

  it('hears within a second of what nobody told, and every 10 s that nothing changed', async () => {
    const at = bench();
    const ann = at.watcher();
    await at.clock.advance(9_900);
    expect(told(ann.events)).toHaveLength(2);
    await at.clock.advance(200);
    expect(told(ann.events).slice(2)).toEqual(['progress queued 3']);
    at.is('slow');
    await at.clock.advance(1_000);
    expect(told(ann.events).slice(3)).toEqual(['progress slow']);
    ann.leave();
  });

  it('hears of its place once a second at most', async () => {
    const at = bench();
    const ann = at.watcher();
    await settle();
    for (let position = 2; position > 0; position--) {
      at.is('queued', position);
      at.feed.changed('a');
      await settle();
    }
    expect(told(ann.events)).toHaveLength(2);
    await at.clock.advance(1_000);
    expect(told(ann.events).slice(2)).toEqual(['progress queued 1']);
    ann.leave();
  });

  it('is alone with a clock that goes back: it still hears every 10 s', async () => {
    class Back extends ManualClock {
      backMs = 0;
      override wallMs() {
        return super.wallMs() - this.backMs;
      }
    }
    const clock = new Back();
    const at = bench(clock);
    const ann = at.watcher();
    await settle();
    clock.backMs = 3_600_000;
    await clock.advance(31_000);
    expect(ann.events).toHaveLength(5);
    const seqs = ann.events.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(5);
    ann.leave();
  });

  it('costs nothing when nobody watches any more', async () => {
    const at = bench();
    const [ann, bob] = [at.watcher(), at.watcher()];
    await settle();
    ann.leave();
    await settle();
    expect([ann.isOver, bob.isOver, at.clock.pendingTimers]).toEqual([true, false, 1]);
    bob.leave();
    await settle();
    const { looks } = at.at;
    at.feed.changed('a');
    await at.clock.advance(60_000);
    expect([bob.isOver, at.clock.pendingTimers, at.at.looks]).toEqual([true, 0, looks]);
  });

  it('may leave while the store is looked at, and before it has begun', async () => {
    const at = bench();
    const { promise, resolve } = Promise.withResolvers<void>();
    at.onLook(() => promise);
    const ann = at.watcher();
    await settle();
    ann.leave();
    await settle();
    resolve();
    await settle();
    expect([ann.isOver, told(ann.events), at.clock.pendingTimers]).toEqual([true, [], 0]);
    const looks = at.at.looks;
    const gone = at.feed.watch('a', 0, AbortSignal.abort());
    expect((await gone.next()).done).toBe(true);
    expect([at.at.looks, at.clock.pendingTimers]).toEqual([looks, 0]);
  });

  it('may take its time: others hear all, and it hears the end', async () => {
    const at = bench();
    const slow = at.feed.watch('a', 0, new AbortController().signal);
    const first = await slow.next();
    const quick = at.watcher();
    for (let n = 0; n < 200; n++) {
      at.is(n % 2 === 0 ? 'running' : 'retrying');
      at.feed.changed('a');
      await settle();
    }
    at.ends();
    at.feed.changed('a');
    await settle();
    expect([quick.isOver, quick.events.length]).toEqual([true, 203]);
    const rest: FeedEvent[] = [];
    for await (const event of slow) rest.push(event);
    expect([first.value?.type, rest.length, rest.at(-1)?.type]).toEqual(['accepted', 64, 'ended']);
    expect(rest.filter(({ type }) => type === 'ended')).toHaveLength(1);
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('may come after the end, beside one who has not taken it yet', async () => {
    const at = bench();
    const slow = at.feed.watch('a', 0, new AbortController().signal);
    await slow.next();
    at.ends();
    at.feed.changed('a');
    await settle();
    const late = at.watcher();
    const ahead = at.watcher((at.clock.wallMs() + 5_000) * 2); // another process has told more, by a clock that is ahead
    await settle();
    expect([late, ahead].map(({ isOver, events }) => [isOver, events.at(-1)?.type])).toEqual([
      [true, 'ended'],
      [true, 'ended'],
    ]);
    await slow.return();
  });

  it('hears nothing, and is let go, when there is no such request any more', async () => {
    const at = bench();
    const ann = at.watcher();
    await settle();
    at.at.sight = undefined;
    await at.clock.advance(1_000);
    expect([ann.isOver, ann.events.length, at.clock.pendingTimers]).toEqual([true, 2, 0]);
  });

  it('hears on after trouble of the store', async () => {
    const at = bench();
    let isBroken = true;
    at.onLook(() => (isBroken ? Promise.reject(new Error('full')) : Promise.resolve()));
    const ann = at.watcher();
    await at.clock.advance(5_000);
    expect([at.at.looks, ann.events.length]).toEqual([6, 0]);
    isBroken = false;
    await at.clock.advance(1_000);
    expect(told(ann.events)).toEqual(['accepted queued 3', 'progress queued 3']);
    ann.leave();
  });

  it('has one look made for all of them at a time', async () => {
    const at = bench();
    let now = 0;
    let most = 0;
    at.onLook(async () => {
      most = Math.max(most, ++now);
      await settle();
      now--;
    });
    const many = Array.from({ length: 20 }, () => at.watcher());
    for (let n = 0; n < 20; n++) at.feed.changed('a');
    await at.clock.advance(3_000);
    expect(most).toBe(1);
    expect(at.at.looks).toBeLessThan(10);
    for (const one of many) one.leave();
    await settle();
    expect(at.clock.pendingTimers).toBe(0);
  });
});

describe('numbers of events', () => {
  it('are odd for the last of all, and even for all others', async () => {
    for (const startMs of [1_000_000_000_000, 1_000_000_000_001]) {
      const at = bench(new ManualClock(startMs));
      const ann = at.watcher();
      await settle();
      at.ends();
      await at.clock.advance(1_000);
      expect(ann.events.map(({ seq }) => isLastOfAll(seq))).toEqual([false, false, true]);
    }
  });

  it('go on where they were after a restart: nothing older, no second acceptance', async () => {
    const first = bench();
    const ann = first.watcher();
    await settle();
    const seen = ann.events.at(-1)!.seq;
    ann.leave();
    const second = bench(new ManualClock(first.clock.wallMs() - 60_000)); // its clock is behind
    const again = second.watcher(seen);
    await settle();
    second.ends();
    await second.clock.advance(1_000);
    expect(told(again.events)).toEqual(['progress queued 3', 'ended']);
    expect(again.events.every(({ seq }) => seq > seen)).toBe(true);
  });

  it('tell the end once: not again to whoever has seen it', async () => {
    const at = bench();
    const ann = at.watcher();
    await settle();
    at.ends();
    await at.clock.advance(1_000);
    for (const feed of [at, bench(at.clock)]) {
      feed.ends();
      const again = feed.watcher(ann.events.at(-1)!.seq);
      await settle();
      expect([again.isOver, again.events, feed.clock.pendingTimers]).toEqual([true, [], 0]);
    }
  });

  it.each([Number.MAX_SAFE_INTEGER, 8e15, Infinity, NaN, -5, 0.5])('that no feed has told (%d) harm nobody', async (seq) => {
    const at = bench();
    const ann = at.watcher();
    const eve = at.watcher(seq);
    await settle();
    at.ends();
    await at.clock.advance(1_000);
    for (const { events, isOver } of [ann, eve]) {
      expect([isOver, told(events).at(-1)]).toEqual([true, 'ended']);
      const seqs = events.map((event) => event.seq);
      expect(seqs.every((n) => Number.isSafeInteger(n))).toBe(true);
      expect(isLastOfAll(seqs.at(-1)!)).toBe(true);
    }
  }); // oxfmt-ignore
});

describe('closing the feed', () => {
  it('ends all watching, and whoever comes back while the application goes down is let go at once', async () => {
    const at = bench();
    const [ann, bob] = [at.watcher(), at.watcher()];
    await settle();
    at.feed.close();
    await settle();
    const back = at.watcher(ann.events.at(-1)!.seq);
    await settle();
    expect([ann, bob, back].map(({ isOver }) => isOver)).toEqual([true, true, true]);
    expect([back.events, at.clock.pendingTimers]).toEqual([[], 0]);
    at.feed.changed('a');
    at.feed.close();
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('while the store is looked at leaves no timer behind', async () => {
    const at = bench();
    const { promise, resolve } = Promise.withResolvers<void>();
    at.onLook(() => promise);
    const ann = at.watcher();
    await settle();
    at.feed.close();
    resolve();
    await settle();
    expect([ann.isOver, at.clock.pendingTimers]).toEqual([true, 0]);
  });
});

describe('a feed in the hands of chance', () => {
  const PHASES = ['queued', 'running', 'slow', 'retrying', 'degraded', 'backgrounded'] as const;
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12_000 }) }) },
    { weight: 3, arbitrary: fc.record({ name: fc.constant('is' as const), phase: fc.constantFrom(...PHASES) }) },
    { weight: 2, arbitrary: fc.constant({ name: 'told' as const }) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('join' as const), back: fc.nat({ max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('leave' as const), nth: fc.nat({ max: 9 }) }) },
    { weight: 1, arbitrary: fc.constant({ name: 'restart' as const }) },
    { weight: 1, arbitrary: fc.constant({ name: 'trouble' as const }) },
  ); // oxfmt-ignore

  it('tells everybody only what is newer, in order, and the end exactly once', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let at = bench();
      const all: { seen: ReturnType<ReturnType<typeof bench>['watcher']>; afterSeq: number; isGone: boolean }[] = [];
      const join = (back: number) => {
        const numbers = all.flatMap(({ seen }) => seen.events.map(({ seq }) => seq)).sort((a, b) => b - a);
        const afterSeq = numbers[back] ?? 0;
        all.push({ seen: at.watcher(afterSeq), afterSeq, isGone: false });
      };
      for (const one of steps) {
        if (one.name === 'wait') await at.clock.advance(one.ms);
        if (one.name === 'is') at.is(one.phase, one.phase === 'queued' ? 1 : undefined);
        if (one.name === 'told') at.feed.changed('a');
        if (one.name === 'join') join(one.back);
        if (one.name === 'trouble') at.onLook(sometimes());
        if (one.name === 'leave') {
          const who = all[one.nth % Math.max(1, all.length)];
          who?.seen.leave();
          if (who !== undefined) who.isGone = true;
        }
        if (one.name === 'restart') {
          at.feed.close();
          for (const who of all) who.isGone = true;
          at = bench(at.clock);
        }
        await settle();
      }
      join(0);
      at.onLook(WELL);
      at.ends();
      await at.clock.advance(2_000);
      expect(at.clock.pendingTimers).toBe(0);
      for (const { seen, afterSeq, isGone } of all) {
        const seqs = seen.events.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
        expect(seqs.every((seq) => seq > afterSeq && Number.isSafeInteger(seq))).toBe(true);
        expect(seen.isOver).toBe(true);
        if (!isGone) expect(seen.events.filter(({ type }) => type === 'ended')).toHaveLength(1);
        if (!isGone) expect(seen.events.at(-1)?.type).toBe('ended');
      }
    });
    await fc.assert(property, { numRuns: 400, seed: 20261123 });
  }); // oxfmt-ignore
});
