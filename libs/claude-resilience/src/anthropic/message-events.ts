import { APIError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/core/streaming';

/** What shows that a model is still at work. */
export interface PingEvent {
  readonly type: 'ping';
}

/**
 * The events of a streamed answer. The SDK keeps pings to itself, and they are what tells a model that thinks from a
 * connection that is dead.
 *
 * @throws {APIError} for an `error` event, as the SDK's own stream does; a `SyntaxError` for one that is no JSON
 */
export async function* messageEvents(
  response: Response,
): AsyncGenerator<Anthropic.RawMessageStreamEvent | PingEvent, void, undefined> {
  for await (const { event, data } of Stream.rawEvents(response)) {
    if (event === 'ping') yield PING;
    else if (event === 'error') throw new APIError(undefined, JSON.parse(data) as object, undefined, response.headers);
    else if (event !== null && data !== '') yield JSON.parse(data) as Anthropic.RawMessageStreamEvent;
  }
}

/** Whether a 200 is a page or a message, where a stream was asked for. */
export function isNoStream({ headers }: Response): boolean {
  return /^(text\/html|application\/json)\b/i.test(headers.get('content-type') ?? '');
}

const PING: PingEvent = Object.freeze({ type: 'ping' });
