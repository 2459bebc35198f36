import type { ClaudeCall } from '../call.js';
import type { CancelTimer, Clock } from '../clock.port.js';
import type { AwaitedLimit, FailureFacts } from '../failure/failure-facts.js';

type TimeoutFacts = Extract<FailureFacts, { from: 'timeout' }>;

/** What ends when its time is over. */
export interface TimedWork {
  /** Called once, if nobody stops the time before. */
  timeIsOver(facts: TimeoutFacts): void;
}

/**
 * The time of one attempt: its own limit, the deadline of its call, and the limit of whatever is waited for at the
 * moment. The first to end ends the attempt; the deadline, if it is one of several. There is one timer, which is set
 * anew only when the end moves.
 */
export class AttemptTime {
  /** Milliseconds the attempt may take, all in all. */
  readonly totalMs: number;
  readonly #endsAtMs: number;
  #awaited: AwaitedLimit | 'attempt' = 'attempt';
  #timerAtMs = NaN;
  #cancelTimer: CancelTimer | undefined;
  readonly #atEnd = () => this.work.timeIsOver(this.#facts());

  constructor(
    private readonly call: ClaudeCall,
    private readonly clock: Clock,
    nowMs: number,
    private readonly work: TimedWork,
  ) {
    this.totalMs = Math.min(call.timeoutMs, call.deadlineAtMs - nowMs);
    this.#endsAtMs = Math.min(nowMs + call.timeoutMs, call.deadlineAtMs);
    this.#endAt(this.#endsAtMs, nowMs);
  }

  /** @param withinMs milliseconds from now; absent: to the end of the attempt */
  waitsFor(limit: AwaitedLimit, withinMs = Infinity): void {
    this.#awaited = limit;
    if (withinMs === Infinity && this.#timerAtMs === this.#endsAtMs) return;
    const nowMs = this.clock.nowMs();
    this.#endAt(Math.min(this.#endsAtMs, nowMs + withinMs), nowMs);
  }

  /** Whatever is late then is not a request of this attempt: its silence says nothing. */
  leaveOnlyDeadline(graceMs: number): void {
    this.stop();
    const leftMs = Math.max(0, this.call.deadlineAtMs - this.clock.nowMs());
    this.#cancelTimer = this.clock.after(leftMs + graceMs, () =>
      this.work.timeIsOver({ from: 'timeout', limit: 'deadline', isHurried: true }),
    );
  }

  stop(): void {
    this.#cancelTimer?.();
  }

  #endAt(atMs: number, nowMs: number): void {
    if (atMs === this.#timerAtMs) return;
    this.#timerAtMs = atMs;
    this.#cancelTimer?.();
    this.#cancelTimer = this.clock.after(atMs - nowMs, this.#atEnd, nowMs);
  }

  #facts(): TimeoutFacts {
    const limit = this.#timerAtMs >= this.call.deadlineAtMs ? 'deadline' : this.#awaited;
    // A limit that the feature set for what is awaited is fair, however short.
    const isHurried = this.#timerAtMs >= this.#endsAtMs && this.totalMs < this.call.fairTimeoutMs;
    return { from: 'timeout', limit, ...(isHurried && { isHurried }) };
  }
}
