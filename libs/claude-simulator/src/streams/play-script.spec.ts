import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../clock/manual-clock.js';
import { playScript } from './play-script.js';
import type { StreamScript, StreamStep } from './stream-script.js';

const STOP = { kind: 'event', event: { type: 'message_stop' } } as const;

/** Plays steps on a clock of its own, and notes what came when. */
function play(steps: Iterable<StreamStep>, pace: { readonly delayMs: number; readonly pingEveryMs: number }) {
  const clock = new ManualClock(0);
  const client = new AbortController();
  const seen: string[] = [];
  const ends: boolean[] = [];
  const script: StreamScript = { kind: 'script', headers: {}, steps, ending: 'end' };
  const onEvent = (isLast: boolean): number => ends.push(isLast);
  const frames = playScript(script, { clock, pace, signal: client.signal, random: () => 0, onEvent });
  const done = (async () => {
    for await (const frame of frames) seen.push(`${clock.nowMs()} ${/^event: (\w+)/.exec(frame)?.[1] ?? frame}`);
  })();
  return { clock, client, seen, ends, done };
}

async function pass(clock: ManualClock, ...steps: readonly number[]): Promise<void> {
  for (const ms of steps) {
    await clock.whenSleeping();
    clock.advance(ms);
  }
}

describe('playScript', () => {
  it('sends the first event at once and waits before each other', async () => {
    const { clock, seen, ends, done } = play([STOP, STOP, STOP], { delayMs: 10, pingEveryMs: 1_000 });
    await pass(clock, 10, 10);
    await done;
    expect(seen).toEqual(['0 message_stop', '10 message_stop', '20 message_stop']);
    expect(ends).toEqual([false, false, true]);
  });

  it('sends a ping whenever it is time, between events too', async () => {
    const { clock, seen, done } = play([STOP, { ...STOP, delayMs: 250 }, STOP], { delayMs: 60, pingEveryMs: 100 });
    await pass(clock, 100, 100, 50, 50, 10);
    await done;
    expect(seen).toEqual([
      '0 message_stop',
      '100 ping',
      '200 ping',
      '250 message_stop',
      '300 ping',
      '310 message_stop',
    ]);
  });

  it('sends one ping, not many, when the time has leapt', async () => {
    const { clock, seen, done } = play([STOP, { ...STOP, delayMs: 500 }], { delayMs: 0, pingEveryMs: 100 });
    await pass(clock, 5_000);
    await done;
    expect(seen).toEqual(['0 message_stop', '5000 ping', '5000 message_stop']);
  });

  it('is silent without pings', async () => {
    const steps: readonly StreamStep[] = [STOP, { kind: 'silence', ms: 1_000 }, STOP];
    const { clock, seen, done } = play(steps, { delayMs: 0, pingEveryMs: 100 });
    await pass(clock, 1_000);
    await done;
    expect(seen).toEqual(['0 message_stop', '1000 message_stop']);
  });

  it.each<[string, readonly StreamStep[]]>([
    ['between two events', [STOP, { ...STOP, delayMs: 500 }]],
    ['in a silence', [STOP, { kind: 'silence', ms: 500 }, STOP]],
    ['in a silence for ever', [STOP, { kind: 'silence', ms: null }, STOP]],
  ])('ends when the client leaves %s', async (_where, steps) => {
    const { client, seen, ends, done } = play(steps, { delayMs: 0, pingEveryMs: 1_000 });
    client.abort();
    await done;
    expect(seen.length).toBeLessThanOrEqual(1);
    expect(ends).not.toContain(true);
  });

  it('makes no step before its time', async () => {
    let made = 0;
    function* endless(): Generator<StreamStep> {
      for (;;) {
        made += 1;
        yield { ...STOP, delayMs: 10 };
      }
    }
    const { clock, client, seen, done } = play(endless(), {
      delayMs: 0,
      pingEveryMs: 1_000,
    });
    await pass(clock, 10, 10, 10);
    await clock.whenSleeping();
    client.abort();
    await done;
    expect([seen.length, made]).toEqual([3, 5]);
  });
});
