import type { ReplyHeaders, StreamReply } from '../http/reply.js';
import type { StreamEvent } from './stream-event.js';

export type StreamStep =
  | {
      readonly kind: 'event';
      readonly event: StreamEvent;
      /** Milliseconds before it, in place of the usual ones. */
      readonly delayMs?: number;
      /** `half`: its bytes stop half-way; `broken_json`: it is an event, but its JSON stops half-way. @default 'whole' */
      readonly form?: 'whole' | 'half' | 'broken_json';
    }
  /** Nothing comes, not even pings; null: for ever. */
  | { readonly kind: 'silence'; readonly ms: number | null };

/** All that a stream will do. The steps are made one by one, while it runs. */
export interface StreamScript {
  readonly kind: 'script';
  readonly headers: ReplyHeaders;
  readonly steps: Iterable<StreamStep>;
  /** What happens to the connection after the last step. */
  readonly ending: StreamReply['ending'];
}

export const step = (event: StreamEvent): StreamStep => ({ kind: 'event', event });

export function healthyScript(headers: ReplyHeaders, events: Iterable<StreamEvent>): StreamScript {
  return { kind: 'script', headers, steps: stepsOf(events), ending: 'end' };
}

function* stepsOf(events: Iterable<StreamEvent>): Generator<StreamStep> {
  for (const event of events) yield step(event);
}
