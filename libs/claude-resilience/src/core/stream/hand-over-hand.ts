/** Whoever gives, and is told what became of it when that is not known at once. */
export interface Giver<T> {
  taken(value: T): void;
  /** Nobody reads any more. */
  refused(): void;
}

/** What a writer needs of it. */
export interface Hands<T> {
  /** @returns whether the reader waited for it; else `giver` hears of it, of a refusal also at once */
  give(value: T, giver: Giver<T>): boolean;
}

type Answer<T> = (result: IteratorResult<T, undefined>) => void;

/**
 * Passes values from one side to the other, one at a time: whoever gives waits until it is taken. So a slow reader slows
 * the writer down, and nothing piles up between them.
 */
export class HandOverHand<T> implements Hands<T> {
  #offered: T | undefined;
  #giver: Giver<T> | undefined;
  #answer: Answer<T> | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #asked: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #end: { readonly error?: unknown } | undefined;
  readonly #ask = (answer: Answer<T>, fail: (error: unknown) => void): void => {
    this.#answer = answer;
    this.#fail = fail;
  };

  give(value: T, giver: Giver<T>): boolean {
    if (this.#isClosed) return (giver.refused(), false);
    const answer = this.#answer;
    if (answer === undefined) {
      this.#offered = value;
      this.#giver = giver;
      return false;
    }
    this.#answer = undefined;
    answer({ done: false, value });
    return true;
  }

  /** The writer is done, or failed. */
  end(end: { readonly error?: unknown } = {}): void {
    this.#isClosed = true;
    this.#end ??= end;
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) return;
    if ('error' in this.#end) this.#fail?.(this.#end.error);
    else answer({ done: true, value: undefined });
  }

  /** Takes back what is offered and was not taken, and takes nothing more: the writer is told that nobody wants it. */
  withdraw(): void {
    this.#isClosed = true;
    const giver = this.#giver;
    this.#offered = undefined;
    this.#giver = undefined;
    giver?.refused();
  }

  /** The reader leaves. */
  leave(): void {
    this.#end = {};
    this.withdraw();
    this.end();
  }

  /** @throws what the writer failed with, once, after the last value */
  take(): Promise<IteratorResult<T, undefined>> {
    const giver = this.#giver;
    if (giver !== undefined) {
      const value = this.#offered as T;
      this.#offered = undefined;
      this.#giver = undefined;
      giver.taken(value);
      return Promise.resolve({ done: false, value });
    }
    if (this.#end === undefined) return this.#wait();
    const end = this.#end;
    this.#end = {};
    return 'error' in end ? Promise.reject(end.error as Error) : Promise.resolve({ done: true, value: undefined });
  }

  /** Who asks for two at once gets the second after the first. */
  #wait(): Promise<IteratorResult<T, undefined>> {
    if (this.#answer === undefined) {
      const asked = new Promise(this.#ask);
      this.#asked = asked;
      return asked;
    }
    const again = () => this.take();
    const asked = this.#asked.then(again, again);
    this.#asked = asked;
    return asked;
  }
}
