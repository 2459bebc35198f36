import type { AnthropicClient, ClaudeStreamEvent } from 'nestjs-claude-resilience';
import { MODEL, PARAMS } from './answer.js';
import { FEATURES, openOurApp } from './our-app.js';
import { streamEvents } from './stream-events.js';

/** One way to read a stream. */
export interface Reader {
  readonly name: string;
  /** Reads one stream to its end. @returns how many events there were */
  read(): Promise<number>;
}

export interface Readers {
  /** Events of one stream, about. */
  readonly events: number;
  readonly readers: readonly Reader[];
  close(): Promise<void>;
}

/** A stream whose events are there already. @param pieces of text in it */
export async function openStreams(pieces: number): Promise<Readers> {
  const events = streamEvents(pieces, MODEL);
  const source = () => sourceOf(events);
  const client = { messages: { create: async () => source() } } as unknown as AnthropicClient;
  const { service, close } = await openOurApp(FEATURES, client);
  return {
    events: events.length,
    readers: [
      { name: 'bare source', read: () => counted(source()) },
      { name: 'through an async generator', read: () => counted(passedOn(source())) },
      { name: 'ours: messages.stream', read: () => counted(service.messages.stream(PARAMS, { feature: 'plain' })) },
    ],
    close,
  };
}

async function* sourceOf(events: readonly ClaudeStreamEvent[]): AsyncGenerator<ClaudeStreamEvent> {
  for (const event of events) yield event;
}

async function* passedOn(source: AsyncIterable<ClaudeStreamEvent>): AsyncGenerator<ClaudeStreamEvent> {
  for await (const event of source) yield event;
}

async function counted(stream: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const event of stream) if (event !== undefined) count++;
  return count;
}
