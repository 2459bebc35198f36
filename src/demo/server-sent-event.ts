/** One server-sent event whose data is JSON. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** All events of a stream that has ended. Comments are left out, and so is a last event that was cut. */
export function parseEvents(stream: string): readonly ServerSentEvent[] {
  const frames = stream.split('\n\n').slice(0, -1);
  return frames.flatMap((frame) => {
    const fields = new Map(frame.split('\n').map((line) => splitAt(line, ':')));
    const data = fields.get('data');
    if (data === undefined) return [];
    return [{ id: fields.get('id'), name: fields.get('event'), data: JSON.parse(data) as ServerSentEvent['data'] }];
  });
}

/** The text that the `delta` events of a chat make. */
export function textIn(events: readonly ServerSentEvent[]): string {
  return events.map(({ name, data }) => (name === 'delta' ? String(data['text']) : '')).join('');
}

function splitAt(line: string, mark: string): readonly [string, string] {
  const at = line.indexOf(mark);
  return [line.slice(0, at), line.slice(at + mark.length).replace(/^ /, '')];
}
