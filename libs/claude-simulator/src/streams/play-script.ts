import { once } from 'node:events';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { Random } from '../random/seeded-random.js';
import { markLast } from './mark-last.js';
import { brokenFrame, sseFrame } from './sse-frame.js';
import type { StreamOptions } from './stream.options.js';
import type { StreamScript, StreamStep } from './stream-script.js';

export type Pace = Pick<Required<StreamOptions>, 'delayMs' | 'pingEveryMs'>;

interface Stage {
  readonly clock: SimulatorClock;
  readonly pace: Pace;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** Draws the padding. */
  readonly random: Random;
  /** Told of each event just before it goes out: a client may act on the last one before we hear of it again. */
  readonly onEvent: (isLast: boolean) => void;
}

/** Plays a script in time: gives the frames one by one, each when it is due, until the end or until the client leaves. */
export async function* playScript({ steps }: StreamScript, stage: Stage): AsyncGenerator<string> {
  const { clock, pace, signal, random, onEvent } = stage;
  let pingDueAtMs = clock.nowMs() + pace.pingEveryMs;
  let usualDelayMs = 0;
  for (const [step, isLast] of markLast(steps)) {
    if (step.kind === 'silence') {
      await (step.ms === null ? untilAborted(signal) : clock.sleep(step.ms, signal));
      if (signal.aborted) return;
      pingDueAtMs = clock.nowMs() + pace.pingEveryMs;
      continue;
    }
    const dueAtMs = clock.nowMs() + (step.delayMs ?? usualDelayMs);
    for (;;) {
      await clock.sleep(Math.min(dueAtMs, pingDueAtMs) - clock.nowMs(), signal);
      if (signal.aborted) return;
      if (clock.nowMs() < pingDueAtMs) break;
      pingDueAtMs = clock.nowMs() + pace.pingEveryMs;
      onEvent(false);
      yield sseFrame({ type: 'ping' }, random);
    }
    onEvent(isLast);
    yield frameOf(step, random);
    // Only the first event has none before it.
    usualDelayMs = pace.delayMs;
  }
}

function frameOf({ event, form = 'whole' }: Extract<StreamStep, { kind: 'event' }>, random: Random): string {
  if (form === 'broken_json') return brokenFrame(event, random);
  const frame = sseFrame(event, random);
  return form === 'half' ? frame.slice(0, Math.floor(frame.length / 2)) : frame;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
