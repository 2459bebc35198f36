/** One message of a `text/event-stream`. */
export interface ServerSentEvent {
  /** Empty where the stream names none. */
  readonly event: string;
  /** Empty where there is none, which browsers would not tell of. */
  readonly data: string;
}

/**
 * Takes a `text/event-stream` apart, one message at a time, from chunks that may be cut anywhere, also within a character
 * or a CRLF. What the end of the stream cuts off is never told.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class ServerSentEvents {
  // It also takes the byte order mark off the beginning.
  readonly #decoder = new TextDecoder();
  /** Where a line may still end: not before `#at`. */
  #text = '';
  #at = 0;
  /** The beginning of a line whose end is not here: not looked at before it is, or long ones would be copied over and over. */
  #begun = '';
  #endsWithCr = false;
  #event = '';
  #data: string | undefined;

  push(chunk: Uint8Array | string): void {
    const text = this.#withPlainEnds(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, STREAMED));
    this.#begun += text;
    if (!text.includes('\n')) return;
    this.#text = this.#text.slice(this.#at) + this.#begun;
    this.#begun = '';
    this.#at = 0;
  }

  /** @returns the next one that is whole, if there is one */
  take(): ServerSentEvent | undefined {
    for (let end = this.#lineEnd(); end >= 0; end = this.#lineEnd()) {
      const start = this.#at;
      this.#at = end + 1;
      if (end > start) this.#read(this.#text.slice(start, end));
      else if (this.#event !== '' || this.#data !== undefined) return this.#whole();
    }
    return undefined;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    if (end >= 0) return end;
    this.#begun = this.#text.slice(this.#at) + this.#begun;
    this.#text = '';
    this.#at = 0;
    return -1;
  }

  #read(line: string): void {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#event = value;
    else this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #whole(): ServerSentEvent {
    const message = { event: this.#event, data: this.#data ?? '' };
    this.#event = '';
    this.#data = undefined;
    return message;
  }

  /** A CR ends a line at once: nobody waits for the LF that may belong to it. */
  #withPlainEnds(text: string): string {
    if (text === '') return text;
    const rest = this.#endsWithCr && text.startsWith('\n') ? text.slice(1) : text;
    this.#endsWithCr = text.endsWith('\r');
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
  }
}

const STREAMED = { stream: true } as const;
