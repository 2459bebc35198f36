import type { EventsReply } from '../api/claude-api.js';
import { textTokens } from '../api/estimate-tokens.js';
import { stopDetails } from '../api/message.js';
import { deltaUsage } from '../streams/message-events.js';
import type { StreamEvent } from '../streams/stream-event.js';
import type { StreamScript, StreamStep } from '../streams/stream-script.js';
import type { Fault } from './fault.js';
import type { FaultRule } from './fault-rule.js';
import { markStrike, STRIKE } from './strike-point.js';
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
      return script(refused(marked, rule));
    case 'unknown_event':
      return script(interspersed(marked));
    case 'slow':
      return script(slowed(marked, rule.delayMs ?? SLOW_MS));
    default:
      return how satisfies never;
  }
}

type Marked = Iterable<StreamEvent | typeof STRIKE>;

const step = (event: StreamEvent): StreamStep => ({ kind: 'event', event });

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

/** The model stops in the middle and declines: input and what was streamed are billed. */
function* refused(marked: Marked, rule: FaultRule): Generator<StreamStep> {
  const sent: StreamEvent[] = [];
  let isStruck = false;
  for (const event of marked) {
    if (event === STRIKE) isStruck = true;
    else {
      sent.push(event);
      yield step(event);
    }
    // There is no message without its start, even if nothing of it is said.
    if (isStruck && sent.length > 0) break;
  }
  const [start] = sent;
  if (start?.type !== 'message_start') return;
  const text = sent.map((event) => (event.type === 'content_block_delta' ? event.delta.text : '')).join('');
  if (sent.some(({ type }) => type === 'content_block_start')) yield step({ type: 'content_block_stop', index: 0 });
  const stop_details = stopDetails({
    kind: 'refusal',
    category: rule.category ?? null,
    explanation: rule.message ?? null,
  });
  yield step({
    type: 'message_delta',
    delta: { stop_reason: 'refusal', stop_sequence: null, stop_details, container: null },
    usage: deltaUsage(start.message.usage, textTokens(text)),
  });
  yield step({ type: 'message_stop' });
}
