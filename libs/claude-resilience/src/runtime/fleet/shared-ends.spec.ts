import { describe, expect, it } from '@jest/globals';
import type { RequestEndedEvent } from '../../core/events.js';
import { FleetLoop } from '../../core/fleet/fleet-loop.js';
import { MemoryFleet } from '../../core/fleet/memory-fleet.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { SharedEnds } from './shared-ends.js';

async function start() {
  const clock = new ManualClock();
  const fleet = new MemoryFleet(clock);
  const beats: string[] = [];
  const beat = fleet.beat.bind(fleet);
  fleet.beat = (wish) => {
    beats.push(wish.news ?? '');
    return beat(wish);
  };
  const replica = async (name: string) => {
    const stopped: string[] = [];
    const listeners: ((event: RequestEndedEvent) => void)[] = [];
    let wakes = 0;
    const ends = new SharedEnds({
      clock,
      subscribe: (listener) => void listeners.push(listener),
      stopWorkOn: (id) => void stopped.push(id),
      endedElsewhere: () => wakes++,
    });
    const loop = new FleetLoop({ fleet, replica: name, participants: [ends], clock, tell: () => {} });
    await loop.start();
    const end = (requestId: string, state: string) =>
      listeners.forEach((hear) => hear({ type: 'request.ended', requestId, state } as unknown as RequestEndedEvent));
    return { stopped, end, wakes: () => wakes };
  };
  return { clock, fleet, beats, a: await replica('a'), b: await replica('b') };
}

describe('SharedEnds (R10)', () => {
  it('what is cancelled on one is told to the others once; other ends are not told', async () => {
    const { clock, a, b, beats } = await start();
    a.end('one', 'cancelled');
    a.end('other', 'succeeded');
    await clock.advance(2_000);
    expect([a.stopped, b.stopped]).toEqual([[], ['one']]);
    await clock.advance(30_000);
    expect(b.stopped).toEqual(['one']);
    expect(beats.at(-1)).toBe('');
    expect(beats.findLast((news) => news !== '')).toBe('{"ends":2}');
  });

  it('whoever tells people of ends hears that there are some, once for all of a beat, and not of its own', async () => {
    const { clock, a, b } = await start();
    await clock.advance(5_000);
    const before = [a.wakes(), b.wakes()];
    for (let n = 0; n < 5; n++) a.end(`r${n}`, 'succeeded');
    await clock.advance(5_000);
    expect([a.wakes(), b.wakes()]).toEqual([before[0], (before[1] ?? 0) + 1]);
  });

  it('ten thousand at once are a bounded word', async () => {
    const { clock, a, b } = await start();
    for (let n = 0; n < 10_000; n++) a.end(`r${n}`, 'cancelled');
    await clock.advance(2_000);
    expect(b.stopped).toHaveLength(200);
    expect(b.stopped).toContain('r9999');
  });

  it.each(['7', '{"cancelled":7}', '{"cancelled":[1,null,{}]}', '{"cancelled":{"length":3}}'])(
    'what is no list of names stops nothing: %s',
    async (news) => {
      const { clock, fleet, b } = await start();
      const nothing = { wants: {}, holds: {}, leases: [], adds: {}, addsId: 0, sums: [], since: '' };
      await fleet.beat({ replica: 'liar', ...nothing, news });
      await clock.advance(2_000);
      expect(b.stopped).toEqual([]);
    },
  );
});
