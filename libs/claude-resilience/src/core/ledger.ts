import { AS_IT_IS } from './as-it-is.js';
import type {
  Abilities,
  AttemptResult,
  ClaudeCall,
  MeteredReply,
  MeteredRequest,
  Origin,
  Outcome,
  ReplyNotes,
  Sending,
  Target,
  TokenUsage,
} from './call.js';
import type { Circuit, Permit } from './circuit/circuit.js';
import type { Verdict } from './circuit/next-circuit-state.js';
import type { Clock } from './clock.port.js';
import { billableLoss } from './cost/billable-loss.js';
import type { CostSum } from './cost/cost-sum.js';
import type { EventHub } from './events.js';
import type { FailureFacts } from './failure/failure-facts.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { RetriedResult } from './retry/run-with-retry.js';

/** What came with a reply; and for one that failed, what was seen. */
type HeardReply = ReplyNotes & { readonly facts?: FailureFacts };

const NO_NOTES: HeardReply = Object.freeze({});
/** What the API may say of its own accord: a word of its own. */
const WORD = /^[a-z_]{1,40}$/;
const NOBODY = { model: undefined, platform: undefined };

/** Where a ledger's facts go, and what it asks; the same for every call. */
export interface LedgerOffice {
  readonly events: EventHub;
  readonly clock: Clock;
  readonly costs: { of(requests: readonly MeteredRequest[]): CostSum };
  /** Counts what is under way. */
  readonly flights: { began(call: ClaudeCall): void; ended(call: ClaudeCall): void };
}

/** Writes down what happens to one call: verdicts go to the circuit, facts to the event hub. */
export class Ledger {
  #handedOver = false;
  #last: Sending | undefined;
  #usage: TokenUsage | undefined;
  #metered: readonly MeteredRequest[] = [];
  #insteadOf: Origin['insteadOf'] = [];
  #firstTokenAtMs: number | undefined;
  #requestId: string | undefined;
  #stopReason: string | undefined;
  #turnWaitMs = 0;
  #retryWaitMs = 0;

  constructor(
    private readonly call: ClaudeCall,
    private readonly circuit: Circuit,
    private readonly office: LedgerOffice,
    private readonly estimate: Abilities['estimate'] = AS_IT_IS.estimate,
  ) {
    office.flights.began(call);
  }

  /** Waits for a turn, and remembers how long. */
  async waitedFor<T>(turn: Promise<T>): Promise<T> {
    const { clock } = this.office;
    const sinceMs = clock.nowMs();
    const begun = await turn;
    this.#turnWaitMs += clock.nowMs() - sinceMs;
    return begun;
  }

  attemptStarted({ sending }: { readonly sending: Sending }, permit: Permit): LedgerEntry {
    this.#last = sending;
    return new LedgerEntry(
      this.circuit,
      permit,
      this.call.isCount === true,
      () => (this.#handedOver = true),
      (reply) => this.#heard(sending, reply),
      (failure) => this.#attemptFailed(sending, permit, failure),
    );
  }

  retryScheduled(attempt: number, kind: FailureKind, delayMs: number): void {
    this.#retryWaitMs += delayMs;
    this.office.events.emit({ type: 'retry.scheduled', call: this.call, attempt, kind, delayMs });
  }

  completed<T>({ attempts, endedBy, ...result }: RetriedResult<T>): Outcome<T> {
    const outcome: Outcome<T> = result.ok
      ? { status: 'served', value: result.value, attempts, origin: this.#origin() }
      : { status: 'failed', failure: result.failure, cause: result.cause, attempts };
    this.office.flights.ended(this.call);
    // A call inside this one has told its own story already; what failed beside it has not.
    const isTold = this.#handedOver && (result.ok || result.failure.isInner === true);
    if (!isTold) {
      const durationMs = this.office.clock.nowMs() - this.call.startedAtMs;
      const failure = result.ok ? {} : { failure: result.failure, ...(endedBy !== undefined && { endedBy }) };
      const { status } = outcome;
      const origin = outcome.status === 'served' ? { origin: outcome.origin, ...this.#answer() } : {};
      const about = { call: this.call, outcome: status, attempts, durationMs, ...this.#figures() };
      this.office.events.emit({ type: 'call.completed', ...about, ...failure, ...origin });
    }
    return outcome;
  }

  /** What is known of it in numbers; what is not, or was none, is left out. */
  #figures() {
    const metered = this.#metered;
    const firstTokenAtMs = this.#firstTokenAtMs;
    return {
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(metered.length > 0 && { metered, cost: this.office.costs.of(metered) }),
      ...(firstTokenAtMs !== undefined && { firstTokenMs: firstTokenAtMs - this.call.startedAtMs }),
      ...(this.#turnWaitMs > 0 && { turnWaitMs: this.#turnWaitMs }),
      ...(this.#retryWaitMs > 0 && { retryWaitMs: this.#retryWaitMs }),
    };
  }

  /** Of the last request, which was answered. */
  #answer() {
    return {
      ...(this.#requestId !== undefined && { requestId: this.#requestId }),
      ...(this.#stopReason !== undefined && { stopReason: this.#stopReason }),
    };
  }

  #heard({ target }: Sending, reply: HeardReply): void {
    const { usage, metered, firstTokenAtMs, headers, stopReason, facts } = reply;
    this.#requestId = reply.requestId ?? headers?.['request-id'];
    this.#stopReason = stopReason !== undefined && WORD.test(stopReason) ? stopReason : undefined;
    if (usage !== undefined) this.#usage = added(this.#usage, usage);
    this.#firstTokenAtMs ??= firstTokenAtMs;
    if (this.call.isCount === true) return; // free
    const replies = metered ?? this.#loss(target, facts);
    const { platform } = target;
    const atMs = this.office.clock.wallMs();
    this.#metered = [...this.#metered, ...replies.map((one) => ({ ...one, platform, atMs }))];
  }

  /** Of a request that nobody heard the end of. */
  #loss(target: Target, facts: FailureFacts | undefined): readonly MeteredReply[] {
    const usage = facts === undefined ? undefined : billableLoss(facts, this.estimate(target));
    return usage === undefined ? [] : [{ model: target.model, usage }];
  }

  #attemptFailed({ number: attempt, target }: Sending, { admittedAtMs }: Permit, failure: Failure): void {
    const { model, platform } = target;
    this.#insteadOf = [...this.#insteadOf, { model, platform, kind: failure.kind }];
    if (failure.isInner === true) return;
    const durationMs = this.office.clock.nowMs() - admittedAtMs;
    this.office.events.emit({ type: 'attempt.failed', call: this.call, attempt, target, failure, durationMs });
  }

  #origin(): Origin {
    const { model, platform } = this.#last?.target ?? NOBODY;
    const isOther = (one: Asked) => isDifferent(one, { model, platform });
    const [first] = this.call.targets;
    // Passed over: its circuit is open, or its account stopped.
    const passedOver =
      first !== undefined && isOther(first) && !this.#insteadOf.some((one) => !isDifferent(one, first));
    const skipped = passedOver ? [{ model: first.model, platform: first.platform, kind: 'circuit_open' as const }] : [];
    const insteadOf = [...skipped, ...this.#insteadOf.filter(isOther)];
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
    private readonly isCount: boolean,
    private readonly onHandedOver: () => void,
    private readonly onReply: (reply: HeardReply) => void,
    private readonly onFailed: (failure: Failure) => void,
  ) {}

  /** A call inside took over: this attempt judges nothing. */
  handedOver(): void {
    this.onHandedOver();
    this.#giveBack('neutral');
  }

  /** @param settled what the attempt means for the call, if that is more or less than its own result */
  closed(result: AttemptResult<unknown>, settled = result, reply: HeardReply = NO_NOTES): void {
    this.onReply(reply);
    if (result.ok || settled.ok) return this.#giveBack(this.isCount ? 'neutral' : 'success');
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

type Asked = Pick<Target, 'model' | 'platform'>;

function isDifferent(one: Asked, other: Asked): boolean {
  return one.model !== other.model || one.platform !== other.platform;
}

/** All attempts of a call cost, whichever of them was the last. */
function added(one: TokenUsage | undefined, other: TokenUsage): TokenUsage {
  if (one === undefined) return other;
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
}
