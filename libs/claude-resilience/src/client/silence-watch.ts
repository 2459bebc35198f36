import type { ClaudeClientTimer } from './client-timer.js';

/** Three missed heartbeats: the server sends one every 15 s. In milliseconds. */
const LONGEST_SILENCE_MS = 45_000;

/** Guards one connection: ends it when nothing was heard for 45 s, or when the caller goes away. */
export class SilenceWatch {
  readonly #controller = new AbortController();
  readonly #end = () => this.#controller.abort();
  #callOff = () => {};
  #isSilent = false;

  constructor(
    private readonly timer: ClaudeClientTimer,
    private readonly caller?: AbortSignal,
  ) {
    if (caller?.aborted === true) this.#end();
    caller?.addEventListener('abort', this.#end);
    this.heard();
  }

  /** For `fetch`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the silence that ended the connection. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Something arrived: the 45 s start again. */
  heard(): void {
    this.#callOff();
    this.#callOff = this.timer.after(LONGEST_SILENCE_MS, () => {
      this.#isSilent = true;
      this.#end();
    });
  }

  /** Lets go of the timer, the caller and the connection, if it is still there. */
  close(): void {
    this.#callOff();
    this.caller?.removeEventListener('abort', this.#end);
    this.#end();
  }
}
