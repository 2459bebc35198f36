import type { AttemptResult, ClaudeCall, Origin, Outcome, Sending, Target } from './call.js';
import type { Circuit, Permit } from './circuit/circuit.js';
import type { Verdict } from './circuit/next-circuit-state.js';
import type { Clock } from './clock.port.js';
import type { EventHub } from './events.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { RetriedResult } from './retry/run-with-retry.js';

const NOBODY = { model: undefined, platform: undefined };

/** Writes down what happens to one call: verdicts go to the circuit, facts to the event hub. */
export class Ledger {
  #handedOver = false;
  #last: Sending | undefined;
  #insteadOf: Origin['insteadOf'] = [];

  constructor(
    private readonly call: ClaudeCall,
    private readonly circuit: Circuit,
    private readonly events: EventHub,
    private readonly clock: Clock,
  ) {}

  attemptStarted(sending: Sending, permit: Permit): LedgerEntry {
    this.#last = sending;
    return new LedgerEntry(
      this.circuit,
      permit,
      () => (this.#handedOver = true),
      (failure) => this.#attemptFailed(sending, permit, failure),
    );
  }

  retryScheduled(attempt: number, kind: FailureKind, delayMs: number): void {
    this.events.emit({ type: 'retry.scheduled', call: this.call, attempt, kind, delayMs });
  }

  completed<T>({ attempts, ...result }: RetriedResult<T>): Outcome<T> {
    const outcome: Outcome<T> = result.ok
      ? { status: 'served', value: result.value, attempts, origin: this.#origin() }
      : { status: 'failed', failure: result.failure, cause: result.cause, attempts };
    // A call inside this one has told its own story already; what failed beside it has not.
    const isTold = this.#handedOver && (result.ok || result.failure.isInner === true);
    if (!isTold) {
      const durationMs = this.clock.nowMs() - this.call.startedAtMs;
      const failure = result.ok ? {} : { failure: result.failure };
      const { status } = outcome;
      const origin = outcome.status === 'served' ? { origin: outcome.origin } : {};
      const about = { call: this.call, outcome: status, attempts, durationMs };
      this.events.emit({ type: 'call.completed', ...about, ...failure, ...origin });
    }
    return outcome;
  }

  #attemptFailed({ number: attempt, target }: Sending, { admittedAtMs }: Permit, failure: Failure): void {
    const { model, platform } = target;
    this.#insteadOf = [...this.#insteadOf, { model, platform, kind: failure.kind }];
    if (failure.isInner === true) return;
    const durationMs = this.clock.nowMs() - admittedAtMs;
    this.events.emit({ type: 'attempt.failed', call: this.call, attempt, target, failure, durationMs });
  }

  #origin(): Origin {
    const { model, platform } = this.#last?.target ?? NOBODY;
    const isOther = (one: Pick<Target, 'model' | 'platform'>) => one.model !== model || one.platform !== platform;
    const insteadOf = this.#insteadOf.filter(isOther);
    return { model, platform, isReformulated: this.#last?.isReformulated === true, insteadOf };
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

  /** @param settled what the attempt means for the call, if that is more or less than its own result */
  closed(result: AttemptResult<unknown>, settled = result): void {
    if (result.ok || settled.ok) return this.#giveBack('success');
    const { verdict, retryAfterMs } = settled.failure;
    if (!this.#isOpen && verdict === 'failure') this.circuit.observe(verdict, retryAfterMs);
    this.#giveBack(verdict, retryAfterMs);
    this.onFailed(result.failure);
  }

  #giveBack(verdict: Verdict, hintMs?: number): void {
    if (this.#isOpen) this.circuit.record(this.permit, verdict, hintMs);
    this.#isOpen = false;
  }
}
