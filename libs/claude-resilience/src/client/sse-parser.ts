export interface SseMessage {
  /** The last event id at that point of the stream; empty if there was none. */
  readonly id: string;
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads `text/event-stream` as browsers do, in chunks that may be cut anywhere, also within a character or a CRLF.
 * An event that the end of the stream cuts off is never told.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseParser {
  // It also takes the byte order mark off the beginning.
  readonly #decoder = new TextDecoder();
  #line = '';
  #endedWithCr = false;
  #data: string[] = [];
  #event = '';
  #id = '';
  #retryMs: number | undefined;

  /** What the server last said about the pause before a new connection, in milliseconds. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** @returns the messages that these bytes complete, in order */
  push(bytes: Uint8Array): readonly SseMessage[] {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return [];
    // A CR ends a line at once: nobody waits for the LF that may belong to it.
    if (this.#endedWithCr && text.startsWith('\n')) text = text.slice(1);
    this.#endedWithCr = text.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop() ?? '';
    return lines.flatMap((line) => this.#readLine(line));
  }

  #readLine(line: string): readonly SseMessage[] {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value);
    return [];
  }

  #dispatch(): readonly SseMessage[] {
    const message = { id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#data = [];
    this.#event = '';
    return isEmpty ? [] : [message];
  }
}
