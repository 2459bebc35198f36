import type { Attempt, ClaudeCall, Sending, Target, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { AwaitedLimit, FailureFacts } from '../failure/failure-facts.js';
import type { Transport } from '../transport.port.js';
import { AttemptTime, type TimedWork } from './attempt-time.js';

/** A call inside has the same deadline, and must be the first to say so: it knows what it waited for. */
const AFTER_INNER_DEADLINE_MS = 100;

/** Who holds the permit of an attempt. */
export interface PermitHolder {
  /** A call inside asks for its own. */
  handedOver(): void;
}

/** One attempt under way: ends once, by what came back, by its time or by its caller. */
export class LimitedAttempt<T, R> implements Attempt, TimedWork {
  /** What `heard` made of it. */
  readonly ended: Promise<R>;
  readonly #controller = new AbortController();
  readonly #time: AttemptTime;
  readonly #onAbort: (() => void) | undefined;
  #resolve: ((made: R | PromiseLike<never>) => void) | undefined;
  #isHandedOver = false;

  constructor(
    private readonly call: ClaudeCall,
    private readonly sending: Sending,
    clock: Clock,
    nowMs: number,
    private readonly holder: PermitHolder,
    private readonly heard: (result: WireResult<T>) => R,
  ) {
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    this.#time = new AttemptTime(call, clock, nowMs, this);
    if (call.signal === undefined) return;
    this.#onAbort = () => this.#stop({ from: 'abort' }, call.signal?.reason);
    call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get number(): number {
    return this.sending.number;
  }

  get target(): Target {
    return this.sending.target;
  }

  get isReformulated(): boolean {
    return this.sending.isReformulated;
  }

  get timeoutMs(): number {
    return this.#time.totalMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A transport that breaks its promise, by a rejection or a throw, must not break the call. */
  sendThrough(transport: Transport<T>): void {
    try {
      transport.send(this.call, this).then(
        (result) => this.#settle(result),
        (cause: unknown) => this.#broken(cause),
      );
    } catch (cause) {
      this.#broken(cause);
    }
  }

  waitsFor(limit: AwaitedLimit, withinMs?: number): void {
    if (!this.#isHandedOver && this.#resolve !== undefined) this.#time.waitsFor(limit, withinMs);
  }

  handOver(): void {
    if (this.#isHandedOver || this.#resolve === undefined) return;
    this.#isHandedOver = true;
    this.#time.leaveOnlyDeadline(AFTER_INNER_DEADLINE_MS);
    this.holder.handedOver();
  }

  timeIsOver(facts: FailureFacts): void {
    this.#stop(facts);
  }

  #broken(cause: unknown): void {
    this.#settle({ ok: false, facts: { from: 'code' }, cause });
  }

  #stop(facts: FailureFacts, cause?: unknown): void {
    this.#settle({ ok: false, facts, cause });
    this.#controller.abort();
  }

  #settle(result: WireResult<T>): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#time.stop();
    if (this.#onAbort !== undefined) this.call.signal?.removeEventListener('abort', this.#onAbort);
    try {
      resolve(this.heard(result));
    } catch (error) {
      resolve(Promise.reject(error as Error));
    }
  }
}
