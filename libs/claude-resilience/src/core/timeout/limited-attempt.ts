import type { Attempt, ClaudeCall, Sending, Target, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { AwaitedLimit, FailureFacts } from '../failure/failure-facts.js';
import { AttemptTime } from './attempt-time.js';

/** A call inside has the same deadline, and must be the first to say so: it knows what it waited for. */
const AFTER_INNER_DEADLINE_MS = 100;

/** Who holds the permit of an attempt. */
export interface PermitHolder {
  /** A call inside asks for its own. */
  handedOver(): void;
}

/** One attempt under way: ends once, by what came back, by its time or by its caller. */
export class LimitedAttempt<T> implements Attempt {
  readonly number: number;
  readonly target: Target;
  readonly isReformulated: boolean;
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #time: AttemptTime;
  readonly #onAbort: (() => void) | undefined;
  #isSettled = false;
  #isHandedOver = false;

  /** @param resolve called once, with what came of it */
  constructor(
    private readonly call: ClaudeCall,
    { number, target, isReformulated }: Sending,
    clock: Clock,
    nowMs: number,
    private readonly holder: PermitHolder,
    private readonly resolve: (result: WireResult<T>) => void,
  ) {
    this.number = number;
    this.target = target;
    this.isReformulated = isReformulated;
    this.#time = new AttemptTime(call, clock, nowMs, (facts) => this.#stop(facts));
    this.timeoutMs = this.#time.totalMs;
    if (call.signal === undefined) return;
    this.#onAbort = () => this.#stop({ from: 'abort' }, call.signal?.reason);
    call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  waitsFor(limit: AwaitedLimit, withinMs?: number): void {
    if (!this.#isHandedOver && !this.#isSettled) this.#time.waitsFor(limit, withinMs);
  }

  handOver(): void {
    if (this.#isHandedOver || this.#isSettled) return;
    this.#isHandedOver = true;
    this.#time.leaveOnlyDeadline(AFTER_INNER_DEADLINE_MS);
    this.holder.handedOver();
  }

  settle(result: WireResult<T>): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#time.stop();
    if (this.#onAbort !== undefined) this.call.signal?.removeEventListener('abort', this.#onAbort);
    this.resolve(result);
  }

  #stop(facts: FailureFacts, cause?: unknown): void {
    this.settle({ ok: false, facts, cause });
    this.#controller.abort();
  }
}
