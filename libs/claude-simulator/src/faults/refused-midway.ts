import { textTokens } from '../api/estimate-tokens.js';
import { stopDetails } from '../api/message.js';
import { deltaUsage } from '../streams/message-events.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { type StreamStep, step } from '../streams/stream-script.js';
import type { FaultRule } from './fault-rule.js';
import { type Marked, STRIKE } from './strike-point.js';

/** The model stops in the middle and declines: input and what was streamed are billed. */
export function* refusedMidway(marked: Marked, rule: FaultRule): Generator<StreamStep> {
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
