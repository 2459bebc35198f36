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
import type { CallCompletedEvent, EventHub } from './events.js';
import type { FailureFacts } from './failure/failure-facts.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { RetriedResult } from './retry/run-with-retry.js';

/** What came with a reply; and for one that failed, what was seen. */
type HeardReply = ReplyNotes & { readonly facts?: FailureFacts };

/** Most calls have nothing to keep here. */
const NONE: readonly never[] = Object.freeze([]);
/** What the API may say of its own accord: a word of its own. */
const WORD = /^[a-z_]{1,40}$/;
/** That of nearly all answers: known to be one. */
const USUAL_WORD = 'end_turn';
const NOBODY = { model: undefined, platform: undefined };

/** A call that is under way. */
export interface Flight {
  /** Once; more is ignored. */
  ended(): void;
}

/** How a call ends at first; a fallback or the queue may follow. */
type Ended<T = unknown> = Extract<Outcome<T>, { status: 'served' | 'failed' }>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Where a ledger's facts go, and what it asks; the same for every call. */
export interface LedgerOffice {
  readonly events: EventHub;
  readonly clock: Clock;
  readonly costs: { of(requests: readonly MeteredRequest[]): CostSum };
  /** Counts what is under way. */
  readonly flights: { began(call: ClaudeCall): Flight };
}

/** Writes down what happens to one call: verdicts go to the circuit, facts to the event hub. */
export class Ledger {
  #handedOver = false;
  #last: Sending | undefined;
  #usage: TokenUsage | undefined;
  #metered: readonly MeteredRequest[] = NONE;
  #insteadOf: Origin['insteadOf'] = NONE;
  #firstTokenAtMs: number | undefined;
  #requestId: string | undefined;
  #stopReason: string | undefined;
  readonly #flight: Flight;
  /** When the last reply was here. */
  #heardAtMs = 0;
  #turnWaitMs = 0;
  #retryWaitMs = 0;

  constructor(
    readonly call: ClaudeCall,
    private readonly circuit: Circuit,
    private readonly office: LedgerOffice,
    private readonly abilities: Pick<Abilities, 'estimate'> = AS_IT_IS,
  ) {
    this.#flight = office.flights.began(call);
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
    return new LedgerEntry(this, this.circuit, sending, permit);
  }

  /** A call inside took over. */
  handedOver(): void {
    this.#handedOver = true;
  }

  retryScheduled(attempt: number, kind: FailureKind, delayMs: number): void {
    this.#retryWaitMs += delayMs;
    this.office.events.emit({ type: 'retry.scheduled', call: this.call, attempt, kind, delayMs });
  }

  /** @param nowMs by `Clock.nowMs`, where nothing was waited for since somebody looked */
  completed<T>(result: RetriedResult<T>, nowMs?: number): Outcome<T> {
    const { attempts } = result;
    const outcome: Ended<T> = result.ok
      ? { status: 'served', value: result.value, attempts, origin: this.#origin() }
      : { status: 'failed', failure: result.failure, cause: result.cause, attempts };
    this.#flight.ended();
    // A call inside this one has told its own story already; what failed beside it has not.
    const isTold = this.#handedOver && (result.ok || result.failure.isInner === true);
    if (isTold) return outcome;
    const endedAtMs = outcome.status === 'served' ? this.#heardAtMs : (nowMs ?? this.office.clock.nowMs());
    this.office.events.emit(this.#told(outcome, result.endedBy, endedAtMs), endedAtMs);
    return outcome;
  }

  /** What is not known, or was none, is left out. */
  #told(outcome: Ended, endedBy: RetriedResult<unknown>['endedBy'], endedAtMs: number): CallCompletedEvent {
    const { call, office } = this;
    const { status, attempts } = outcome;
    const durationMs = endedAtMs - call.startedAtMs;
    const event: Writable<CallCompletedEvent> = { type: 'call.completed', call, outcome: status, attempts, durationMs };
    if (this.#usage !== undefined) event.usage = this.#usage;
    if (this.#metered.length > 0) {
      event.metered = this.#metered;
      event.cost = office.costs.of(this.#metered);
    }
    if (this.#firstTokenAtMs !== undefined) event.firstTokenMs = this.#firstTokenAtMs - call.startedAtMs;
    if (this.#turnWaitMs > 0) event.turnWaitMs = this.#turnWaitMs;
    if (this.#retryWaitMs > 0) event.retryWaitMs = this.#retryWaitMs;
    if (outcome.status === 'failed') {
      event.failure = outcome.failure;
      if (endedBy !== undefined) event.endedBy = endedBy;
      return event;
    }
    event.origin = outcome.origin;
    // Of the last request, which was answered.
    if (this.#requestId !== undefined) event.requestId = this.#requestId;
    if (this.#stopReason !== undefined) event.stopReason = this.#stopReason;
    return event;
  }

  heard({ target }: Sending, reply: HeardReply, nowMs: number): void {
    this.#heardAtMs = nowMs;
    const { usage, metered, firstTokenAtMs, headers, stopReason, facts } = reply;
    this.#requestId = reply.requestId ?? headers?.['request-id'];
    this.#stopReason = stopReason === USUAL_WORD || WORD.test(stopReason ?? '') ? stopReason : undefined;
    if (usage !== undefined) this.#usage = added(this.#usage, usage);
    this.#firstTokenAtMs ??= firstTokenAtMs;
    if (this.call.isCount === true) return; // free
    const replies = metered ?? this.#loss(target, facts);
    const { platform } = target;
    const atMs = this.office.clock.wallAt(nowMs);
    const requests = replies.map(({ model, usage: used }) => ({ model, usage: used, platform, atMs }));
    this.#metered = this.#metered.length === 0 ? requests : [...this.#metered, ...requests];
  }

  /** Of a request that nobody heard the end of. */
  #loss(target: Target, facts: FailureFacts | undefined): readonly MeteredReply[] {
    const usage = facts === undefined ? undefined : billableLoss(facts, this.abilities.estimate(target));
    return usage === undefined ? NONE : [{ model: target.model, usage }];
  }

  attemptFailed({ number: attempt, target }: Sending, { admittedAtMs }: Permit, failure: Failure, nowMs: number): void {
    const { model, platform } = target;
    this.#insteadOf = [...this.#insteadOf, { model, platform, kind: failure.kind }];
    if (failure.isInner === true) return;
    const durationMs = nowMs - admittedAtMs;
    this.office.events.emit({ type: 'attempt.failed', call: this.call, attempt, target, failure, durationMs }, nowMs);
  }

  #origin(): Origin {
    const { model, platform } = this.#last?.target ?? NOBODY;
    const isReformulated = this.#last?.isReformulated === true;
    const isFirst = this.#last?.target === this.call.targets[0];
    if (isFirst && this.#insteadOf.length === 0) return { model, platform, isReformulated, insteadOf: NONE };
    const isOther = (one: Asked) => isDifferent(one, { model, platform });
    const [first] = this.call.targets;
    // Passed over: its circuit is open, or its account stopped.
    const passedOver =
      first !== undefined && isOther(first) && !this.#insteadOf.some((one) => !isDifferent(one, first));
    const skipped = passedOver ? [{ model: first.model, platform: first.platform, kind: 'circuit_open' as const }] : [];
    const insteadOf = [...skipped, ...this.#insteadOf.filter(isOther)];
    return { model, platform, isReformulated, insteadOf };
  }
}

/**
 * One attempt. Its permit goes back exactly once, whoever ends it first; if a call inside had it back, and then the
 * attempt fails by a request of its own, that is one more thing the circuit must hear of.
 */
export class LedgerEntry {
  #isOpen = true;

  constructor(
    private readonly ledger: Ledger,
    private readonly circuit: Circuit,
    private readonly sending: Sending,
    private readonly permit: Permit,
  ) {}

  /** A call inside took over: this attempt judges nothing. */
  handedOver(): void {
    this.ledger.handedOver();
    this.#giveBack('neutral');
  }

  /** @param settled what the attempt means for the call, if that is more or less than its own result */
  closed(result: AttemptResult<unknown>, settled: AttemptResult<unknown>, reply: HeardReply, nowMs: number): void {
    this.ledger.heard(this.sending, reply, nowMs);
    if (result.ok || settled.ok) {
      return this.#giveBack(this.ledger.call.isCount === true ? 'neutral' : 'success', undefined, nowMs);
    }
    const { verdict, retryAfterMs } = settled.failure;
    if (!this.#isOpen && verdict === 'failure') this.circuit.observe(verdict, retryAfterMs);
    this.#giveBack(verdict, retryAfterMs, nowMs);
    this.ledger.attemptFailed(this.sending, this.permit, result.failure, nowMs);
  }

  #giveBack(verdict: Verdict, hintMs?: number, nowMs?: number): void {
    if (this.#isOpen) this.circuit.record(this.permit, verdict, hintMs, nowMs);
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
