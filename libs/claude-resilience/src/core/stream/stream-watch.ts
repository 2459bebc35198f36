import type { ClaudeCall } from '../call.js';
import type { CancelTimer, Clock } from '../clock.port.js';
import type { AwaitedLimit, FailureFacts } from '../failure/failure-facts.js';

/**
 * Watches one request of a stream while it waits for the API: for its headers, then for one event after the other, each
 * within a limit of its own. One listener and one timer serve all of them; between two waits no time counts. In a burst
 * of events the clock is looked at once, for the wait that is left when the burst is over.
 */
export class StreamWatch {
  /** Fulfilled with why, when a wait ends before what was waited for is there. */
  readonly stopped: Promise<FailureFacts>;
  #stop: (facts: FailureFacts) => void = () => {};
  #awaited: AwaitedLimit = 'headers';
  #limitMs = 0;
  #isWaiting = false;
  #isGivenUp: boolean;
  #isOver = false;
  #isTimed = true;
  #sinceMs = 0;
  #dueMs = 0;
  #isDeadline = false;
  #timer: { readonly atMs: number; readonly cancel: CancelTimer } | undefined;
  readonly #onAbort = () => this.#giveUp();
  readonly #onTurn = () => this.#time();

  constructor(
    private readonly call: Pick<ClaudeCall, 'deadlineAtMs' | 'fairTimeoutMs'>,
    private readonly clock: Clock,
    private readonly over: AbortSignal,
  ) {
    this.stopped = new Promise((resolve) => (this.#stop = resolve));
    this.#isGivenUp = over.aborted;
    over.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** What is waited for, or was last. */
  get awaited(): AwaitedLimit {
    return this.#awaited;
  }

  /** From now on `awaited` is waited for. @param ms how long at most; the call's deadline may be sooner */
  begin(awaited: AwaitedLimit, ms: number): void {
    this.#awaited = awaited;
    this.#limitMs = ms;
    this.#isWaiting = true;
    if (this.#isGivenUp) return this.#giveUp();
    if (!this.#isTimed) return; // it will be, with this turn's others
    this.#isTimed = false;
    this.clock.afterTurn(this.#onTurn);
  }

  /** It is there. @returns whether it came in time; else nobody is interested any more */
  end(): boolean {
    this.#isWaiting = false;
    return !this.#isOver;
  }

  /** To be called once the request is over, however it ended. */
  close(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.over.removeEventListener('abort', this.#onAbort);
  }

  /** Begins to count, unless what was waited for is there already. */
  #time(): void {
    this.#isTimed = true;
    if (!this.#isWaiting || this.#isOver) return;
    const nowMs = this.clock.nowMs();
    const leftMs = Math.max(0, this.call.deadlineAtMs - nowMs);
    this.#sinceMs = nowMs;
    this.#isDeadline = this.#limitMs > leftMs;
    this.#dueMs = nowMs + Math.max(0, Math.min(this.#limitMs, leftMs));
    // One that is due sooner stays until half of the wait: it would find nothing to do, and set itself anew.
    const atMs = this.#timer?.atMs ?? -Infinity;
    if (atMs > this.#dueMs || atMs - nowMs < (this.#dueMs - nowMs) / 2) this.#setTimer(nowMs);
  }

  #setTimer(nowMs: number): void {
    this.#timer?.cancel();
    const cancel = this.clock.after(this.#dueMs - nowMs, () => this.#look());
    this.#timer = { atMs: this.#dueMs, cancel };
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.#isWaiting) return;
    const nowMs = this.clock.nowMs();
    if (nowMs < this.#dueMs) return this.#setTimer(nowMs);
    const isHurried = this.call.deadlineAtMs - this.#sinceMs < this.call.fairTimeoutMs;
    this.#end(
      this.#isDeadline ? { from: 'timeout', limit: 'deadline', isHurried } : { from: 'timeout', limit: this.#awaited },
    );
  }

  #giveUp(): void {
    this.#isGivenUp = true;
    this.#end({ from: 'abort' });
  }

  #end(facts: FailureFacts): void {
    if (!this.#isWaiting || this.#isOver) return;
    this.#isOver = true;
    this.#stop(facts);
  }
}
