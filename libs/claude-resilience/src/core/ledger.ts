import type { AttemptResult, ClaudeCall, Outcome } from './call.js';
import type { Circuit, Permit } from './circuit/circuit.js';
import type { Verdict } from './circuit/next-circuit-state.js';
import type { Clock } from './clock.port.js';
import type { EventHub } from './events.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { RetriedResult } from './retry/run-with-retry.js';

/** Writes down what happens to one call: verdicts go to the circuit, facts to the event hub. */
export class Ledger {
  #handedOver = false;

  constructor(
    private readonly call: ClaudeCall,
    private readonly circuit: Circuit,
    private readonly events: EventHub,
    private readonly clock: Clock,
  ) {}

  attemptStarted(number: number, permit: Permit): LedgerEntry {
    return new LedgerEntry(
      this.circuit,
      permit,
      () => (this.#handedOver = true),
      (failure) => this.#attemptFailed(number, permit, failure),
    );
  }

  retryScheduled(attempt: number, kind: FailureKind, delayMs: number): void {
    this.events.emit({ type: 'retry.scheduled', call: this.call, attempt, kind, delayMs });
  }

  completed<T>({ attempts, ...result }: RetriedResult<T>): Outcome<T> {
    const outcome: Outcome<T> = result.ok
      ? { status: 'served', value: result.value, attempts }
      : { status: 'failed', failure: result.failure, cause: result.cause, attempts };
    // A call inside this one has told its own story already; what failed beside it has not.
    const isTold = this.#handedOver && (result.ok || result.failure.isInner === true);
    if (!isTold) {
      const durationMs = this.clock.nowMs() - this.call.startedAtMs;
      const failure = result.ok ? {} : { failure: result.failure };
      const { status } = outcome;
      this.events.emit({ type: 'call.completed', call: this.call, outcome: status, attempts, durationMs, ...failure });
    }
    return outcome;
  }

  #attemptFailed(attempt: number, { admittedAtMs }: Permit, failure: Failure): void {
    if (failure.isInner === true) return;
    const durationMs = this.clock.nowMs() - admittedAtMs;
    this.events.emit({ type: 'attempt.failed', call: this.call, attempt, failure, durationMs });
  }
}

/**
 * One attempt. Its permit goes back exactly once, whoever ends it first; if a call inside had it back, and then the
 * attempt fails by a request of its own, that is one more thing the circuit must hear of.
 */
export class LedgerEntry {
  #isOpen = true;

  constructor(
    private readonly circuit: Circuit,
    private readonly permit: Permit,
    private readonly onHandedOver: () => void,
    private readonly onFailed: (failure: Failure) => void,
  ) {}

  /** A call inside took over: this attempt judges nothing. */
  handedOver(): void {
    this.onHandedOver();
    this.#giveBack('neutral');
  }

  closed(result: AttemptResult<unknown>): void {
    if (result.ok) return this.#giveBack('success');
    const { verdict, retryAfterMs } = result.failure;
    if (!this.#isOpen && verdict === 'failure') this.circuit.observe(verdict, retryAfterMs);
    this.#giveBack(verdict, retryAfterMs);
    this.onFailed(result.failure);
  }

  #giveBack(verdict: Verdict, hintMs?: number): void {
    if (this.#isOpen) this.circuit.record(this.permit, verdict, hintMs);
    this.#isOpen = false;
  }
}
