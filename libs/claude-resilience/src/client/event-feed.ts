/** One thing told; the next one hangs on it. Who has read it lets go of it, so nothing piles up. */
interface Link<Event> {
  readonly event?: Event;
  next?: Link<Event>;
}

/** What one source tells any number of readers. */
export class EventFeed<Event> {
  #newest: Link<Event> = {};
  #end: { readonly error?: unknown } | undefined;
  #waiting: (() => void)[] = [];

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  publish(event: Event): void {
    this.#newest = this.#newest.next = { event };
    this.#wake();
  }

  /** Nothing follows. With an error, readers get it after what was published before. */
  end(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#wake();
  }

  /** From the newest event on, which is the state of things; all that is published while somebody reads. */
  async *read(): AsyncGenerator<Event, void, undefined> {
    let link = this.#newest;
    if (link.event !== undefined) yield link.event;
    for (;;) {
      if (link.next !== undefined) {
        link = link.next;
        if (link.event !== undefined) yield link.event;
      } else if (this.#end === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else if ('error' in this.#end) throw this.#end.error;
      else return;
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
