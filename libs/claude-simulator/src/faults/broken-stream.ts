import type { EventsReply } from '../api/claude-api.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { type StreamScript, type StreamStep, step } from '../streams/stream-script.js';
import type { Fault } from './fault.js';
import type { FaultRule } from './fault-rule.js';
import { type Marked, markStrike, STRIKE } from './strike-point.js';
import { refusedMidway } from './refused-midway.js';
import { streamErrorEvent } from './stream-error-event.js';

/** `stream_slow` without a `delayMs` of its own. */
const SLOW_MS = 1_000;

/** What becomes of a healthy stream under a fault of streams. */
export function brokenStream(
  { headers, events }: EventsReply,
  { how, afterEvents }: Extract<Fault, { kind: 'stream' }>,
  rule: FaultRule,
): StreamScript {
  const marked = markStrike(events, rule.afterEvents === undefined ? afterEvents : rule.afterEvents);
  const script = (steps: Iterable<StreamStep>, ending: StreamScript['ending'] = 'end'): StreamScript => ({
    kind: 'script',
    headers,
    steps,
    ending,
  });
  switch (how) {
    case 'error':
      return script(withLast(marked, streamErrorEvent(rule, headers['request-id'] ?? '')));
    case 'eof':
      return script(untilStrike(marked));
    case 'eof_after_delta':
      return script(withoutStop(events));
    case 'reset':
      return script(untilStrike(marked), 'reset');
    case 'silence':
      return script(silenced(marked, rule.delayMs ?? null));
    case 'refusal':
      return script(refusedMidway(marked, rule));
    case 'unknown_event':
      return script(interspersed(marked));
    case 'slow':
      return script(slowed(marked, rule.delayMs ?? SLOW_MS));
    default:
      return how satisfies never;
  }
}

function* untilStrike(marked: Marked): Generator<StreamStep> {
  for (const event of marked) {
    if (event === STRIKE) return;
    yield step(event);
  }
}

function* withLast(marked: Marked, last: StreamEvent): Generator<StreamStep> {
  yield* untilStrike(marked);
  yield step(last);
}

function* withoutStop(events: Iterable<StreamEvent>): Generator<StreamStep> {
  for (const event of events) {
    if (event.type === 'message_stop') return;
    yield step(event);
  }
}

function* silenced(marked: Marked, ms: number | null): Generator<StreamStep> {
  for (const event of marked) yield event === STRIKE ? { kind: 'silence', ms } : step(event);
}

function* interspersed(marked: Marked): Generator<StreamStep> {
  let isStruck = false;
  for (const event of marked) {
    if (event === STRIKE) isStruck = true;
    else {
      if (isStruck) yield step({ type: 'simulated_unknown_event', note: 'clients must ignore what they do not know' });
      yield step(event);
    }
  }
}

function* slowed(marked: Marked, delayMs: number): Generator<StreamStep> {
  let isStruck = false;
  for (const event of marked) {
    if (event === STRIKE) isStruck = true;
    else yield isStruck ? { kind: 'event', event, delayMs } : step(event);
  }
}
