/** One server-sent event whose data is JSON. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** All events of a stream that has ended. Comments are left out, and so is a last event that was cut. */
export function parseEvents(stream: string): readonly ServerSentEvent[] {
  return stream.split('\n\n').slice(0, -1).flatMap(eventIn);
}

/** The same of a stream that still goes on, event by event. Leaving the loop cancels it. */
export async function* readEvents(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let rest = '';
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const frames = `${rest}${text}`.split('\n\n');
    rest = frames.pop() ?? '';
    yield* frames.flatMap(eventIn);
  }
}

function eventIn(frame: string): readonly ServerSentEvent[] {
  const fields = new Map(frame.split('\n').map((line) => splitAt(line, ':')));
  const data = fields.get('data');
  if (data === undefined) return [];
  return [{ id: fields.get('id'), name: fields.get('event'), data: JSON.parse(data) as ServerSentEvent['data'] }];
}

/** The text that the `delta` events of a chat make. */
export function textIn(events: readonly ServerSentEvent[]): string {
  return events.map(({ name, data }) => (name === 'delta' ? String(data['text']) : '')).join('');
}

function splitAt(line: string, mark: string): readonly [string, string] {
  const at = line.indexOf(mark);
  return [line.slice(0, at), line.slice(at + mark.length).replace(/^ /, '')];
}
