import {
  BatchTransport,
  type BatchLetter,
  type BatchLimits,
  type BatchSight,
  type ResultLine,
  type Told,
} from '../../libs/claude-resilience/src/core/deferral/batch/batch-transport.port.js';

/** Turns of the event loop without anything under way after which nothing more will come by itself. */
const QUIET_TURNS = 100;
/** Where something hangs, it is left alone after so long without a change, in milliseconds. */
const HANGS_AFTER_MS = 1_000;

/** Any other, whose work can be waited for: a clock that moves by hand must not overtake the network. */
export class BusyTransport extends BatchTransport {
  /** Whether something is under way for ever. */
  mayHang = false;
  #busy = 0;
  #changes = 0;

  constructor(private readonly inner: BatchTransport) {
    super();
  }

  submit(letters: readonly BatchLetter[], limits: BatchLimits): Promise<Told<BatchSight>> {
    return this.#counted(this.inner.submit(letters, limits));
  }

  look(batchId: string, limits: BatchLimits): Promise<Told<BatchSight>> {
    return this.#counted(this.inner.look(batchId, limits));
  }

  recent(sinceMs: number, limits: BatchLimits): Promise<Told<readonly BatchSight[]>> {
    return this.#counted(this.inner.recent(sinceMs, limits));
  }

  async *results(batchId: string, limits: BatchLimits): AsyncGenerator<Told<ResultLine>> {
    this.#busy++;
    try {
      yield* this.inner.results(batchId, limits);
    } finally {
      this.#busy--;
      this.#changes++;
    }
  }

  cancel(batchId: string, limits: BatchLimits): Promise<Told<undefined>> {
    return this.#counted(this.inner.cancel(batchId, limits));
  }

  /** Waits until nothing is under way any more, or only what hangs. */
  async quiet(): Promise<void> {
    let seen = this.#changes;
    let sinceMs = performance.now();
    for (let turns = 0; turns < QUIET_TURNS;) {
      await new Promise((resolve) => setImmediate(resolve));
      turns = this.#busy === 0 ? turns + 1 : 0;
      if (seen !== this.#changes) [seen, sinceMs] = [this.#changes, performance.now()];
      if (this.mayHang && this.#busy > 0 && performance.now() - sinceMs > HANGS_AFTER_MS) return;
    }
  }

  async #counted<T>(asking: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await asking;
    } finally {
      this.#busy--;
      this.#changes++;
    }
  }
}
