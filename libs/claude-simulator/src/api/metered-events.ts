import type { StreamEvent } from '../streams/stream-event.js';
import { tokensOfLength } from './estimate-tokens.js';

/** The same events; charges their tokens as they go out, so that a stream which is left or cut costs less. */
export function* meteredEvents(
  events: Iterable<StreamEvent>,
  charge: (outputTokens: number) => void,
  end: () => void,
): Generator<StreamEvent> {
  let characters = 0;
  try {
    for (const event of events) {
      yield event;
      if (event.type !== 'content_block_delta') continue;
      const charged = tokensOfLength(characters);
      characters += event.delta.text.length;
      charge(tokensOfLength(characters) - charged);
    }
  } finally {
    end();
  }
}
