import type { ClaudeCall } from './call.js';
import type { Circuit } from './circuit/circuit.js';
import { sitsOut } from './closed-door.js';
import type { Clock } from './clock.port.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { Ledger } from './ledger.js';
import type { RetryBudget } from './retry/retry-budget.js';
import type { LoopHooks } from './retry/run-with-retry.js';
import type { AttemptPlan } from './route/attempt-plan.js';

/** In timeouts: a repeated one would leave less than half an attempt for anybody else. */
const TOO_LATE_TO_REPEAT = 1.5;

/** What the loop sees of the other rooms while it decides what follows a failed attempt. */
export class LoopView implements LoopHooks {
  constructor(
    private readonly call: ClaudeCall,
    private readonly circuit: Circuit,
    private readonly plan: AttemptPlan,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly hasFallback: boolean,
    private readonly budget: RetryBudget | undefined,
  ) {}

  payForRetry(): boolean {
    return this.budget?.withdraw() !== false;
  }

  get sitsOut(): boolean {
    return sitsOut(this.call, this.circuit, this.hasFallback);
  }

  circuitOpenForMs(nowMs: number): number {
    return this.circuit.openForMs(nowMs);
  }

  othersSucceed(): boolean {
    return this.circuit.lastSuccessMs > this.call.startedAtMs;
  }

  insteadOfRepeating(failure: Failure): boolean {
    if (failure.kind !== 'timeout') return false;
    const leftMs = this.call.deadlineAtMs - this.clock.nowMs();
    return leftMs < this.call.timeoutMs * TOO_LATE_TO_REPEAT && this.plan.hasLastResort(failure);
  }

  hasLastResort(failure: Failure): boolean {
    return this.plan.hasLastResort(failure);
  }

  retrying(attempt: number, kind: FailureKind, delayMs: number): void {
    this.ledger.retryScheduled(attempt, kind, delayMs);
  }
}
