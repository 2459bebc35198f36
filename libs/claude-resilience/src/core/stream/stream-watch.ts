import type { ClaudeCall } from '../call.js';
import type { CancelTimer, Clock } from '../clock.port.js';
import type { AwaitedLimit, FailureFacts } from '../failure/failure-facts.js';

/** As exact as timers are. */
const SOON_MS = 1;

/**
 * Watches one request of a stream while it waits for the API: for its headers, then for one event after the other, each
 * within a limit of its own. One listener and one timer serve all of them; between two waits no time counts.
 */
export class StreamWatch {
  /** Fulfilled with why, when a wait ends before what was waited for is there. */
  readonly stopped: Promise<FailureFacts>;
  #stop: (facts: FailureFacts) => void = () => {};
  #awaited: AwaitedLimit = 'headers';
  #isWaiting = false;
  #isOver = false;
  #sinceMs = 0;
  #dueMs = 0;
  #isDeadline = false;
  #timer: { readonly atMs: number; readonly cancel: CancelTimer } | undefined;
  readonly #onAbort = () => this.#end({ from: 'abort' });

  constructor(
    private readonly call: Pick<ClaudeCall, 'deadlineAtMs' | 'fairTimeoutMs'>,
    private readonly clock: Clock,
    private readonly over: AbortSignal,
  ) {
    this.stopped = new Promise((resolve) => (this.#stop = resolve));
    over.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** What is waited for, or was last. */
  get awaited(): AwaitedLimit {
    return this.#awaited;
  }

  /** From now on `awaited` is waited for. @param ms how long at most; the call's deadline may be sooner */
  begin(awaited: AwaitedLimit, ms: number): void {
    const nowMs = this.clock.nowMs();
    const leftMs = Math.max(0, this.call.deadlineAtMs - nowMs);
    this.#awaited = awaited;
    this.#isWaiting = true;
    this.#sinceMs = nowMs;
    this.#isDeadline = ms > leftMs;
    this.#dueMs = nowMs + Math.max(0, Math.min(ms, leftMs));
    if (this.over.aborted) return this.#onAbort();
    // In a burst of events one that is due a little sooner stays: it finds nothing to do, and sets itself anew.
    const earlyMs = this.#dueMs - (this.#timer?.atMs ?? -Infinity);
    if (earlyMs < 0 || earlyMs >= SOON_MS) this.#setTimer(nowMs);
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

  #end(facts: FailureFacts): void {
    if (!this.#isWaiting || this.#isOver) return;
    this.#isOver = true;
    this.#stop(facts);
  }
}
