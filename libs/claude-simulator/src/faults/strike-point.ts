import type { StreamEvent } from '../streams/stream-event.js';

/** Stands between two events of a stream: here the fault strikes. */
export const STRIKE = Symbol('strike');

export type Marked = Iterable<StreamEvent | typeof STRIKE>;

/**
 * The events with one mark among them: after `afterEvents` text deltas, or after the last one where there are fewer;
 * 0 is before any text, null before the very first event.
 */
export function* markStrike(
  events: Iterable<StreamEvent>,
  afterEvents: number | null,
): Generator<StreamEvent | typeof STRIKE> {
  let deltas = 0;
  let hasStruck = afterEvents === null;
  if (hasStruck) yield STRIKE;
  for (const event of events) {
    if (!hasStruck && (endsText(event) || (isDelta(event) && deltas === afterEvents))) {
      hasStruck = true;
      yield STRIKE;
    }
    yield event;
    if (isDelta(event)) deltas += 1;
  }
}

function isDelta({ type }: StreamEvent): boolean {
  return type === 'content_block_delta';
}

/** The message's end where it has no text at all. */
function endsText({ type }: StreamEvent): boolean {
  return type === 'content_block_stop' || type === 'message_delta';
}
