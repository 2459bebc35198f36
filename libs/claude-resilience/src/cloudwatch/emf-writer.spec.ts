import { describe, expect, it } from '@jest/globals';
import { MetricsRecorder } from '../core/metrics/metrics-recorder.js';
import { ManualClock } from '../testing/manual-clock.js';
import { EmfWriter } from './emf-writer.js';

const MINUTE_MS = 60_000;

/** A wall clock that somebody sets. */
class SetClock extends ManualClock {
  offByMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.offByMs;
  }
}

function start() {
  const clock = new SetClock();
  const recorder = new MetricsRecorder(clock);
  const lines: { readonly Requests: number; readonly _aws: { readonly Timestamp: number } }[] = [];
  const writer = new EmfWriter(recorder, clock, { namespace: 'N', write: (line) => lines.push(JSON.parse(line)) });
  writer.start();
  return {
    clock,
    writer,
    lines,
    refuse: () => recorder.hear({ type: 'request.refused', feature: 'chat', correlationId: 'id', retryAfterMs: 1 }),
    written: () => lines.reduce((sum, { Requests }) => sum + Requests, 0),
  };
}

describe('minutes are written once each (R35)', () => {
  it.each([
    ['goes on as it should', 0, 0],
    ['is set back by a little', -2 * MINUTE_MS, 0],
    // The recorder forgets the minute that ran.
    ['is set back by a lot', -20 * MINUTE_MS, 1],
    ['is set forward', 20 * MINUTE_MS, 0],
  ])('when the wall clock %s', async (_, byMs, lost) => {
    const { clock, writer, refuse, written } = start();
    for (let i = 0; i < 30; i++) {
      refuse();
      await clock.advance(MINUTE_MS);
    }
    clock.offByMs = byMs;
    for (let i = 0; i < 30; i++) {
      refuse();
      await clock.advance(MINUTE_MS);
    }
    writer.stop();
    expect(written()).toBe(60 - lost);
    expect([clock.pendingTimers, clock.unrefTimers]).toEqual([0, 0]);
  });

  it('a process that was asleep writes what it has when it wakes, each at its own minute', async () => {
    const { clock, writer, refuse, lines } = start();
    refuse();
    clock.offByMs = 40 * MINUTE_MS;
    refuse();
    writer.stop();
    const [first = 0, ...later] = lines.map(({ _aws: { Timestamp } }) => Timestamp);
    expect(later).toEqual([first + 40 * MINUTE_MS]);
  });
});
