import type { AccountGate } from './account/account-gate.js';
import type { AccountTicket } from './account/next-account-state.js';
import type { ClaudeCall, ReplyNotes, ResponseHeaders, Target, TokenUsage } from './call.js';
import type { Circuit, Permit, Refusal } from './circuit/circuit.js';
import type { Verdict } from './circuit/next-circuit-state.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { Turn, TurnUsage } from './pacing/turn.js';
import type { Pass } from './route/target-doors.js';
import type { Asked, UpstreamCircuits } from './upstream-circuits.js';

/** Besides what counts against the service: the model is not there, or not for this key. */
const NOT_FOR_US: ReadonlySet<FailureKind> = new Set(['not_found', 'permission']);

/** Leave to ask one target: gives back all that was taken for it, each with what it is to learn. */
export class TargetPass implements Pass {
  readonly entered = true;
  readonly #permit: Permit | Refusal | undefined;

  /** @param circuit that of the model, where another could be asked instead */
  constructor(
    private readonly upstream: UpstreamCircuits,
    private readonly target: Target,
    private readonly call: Pick<ClaudeCall, 'feature' | 'isCount'>,
    private readonly gate: AccountGate,
    private readonly ticket: AccountTicket,
    private readonly turn: Turn | undefined,
    private readonly parent: Asked | undefined,
    private readonly circuit: Circuit | undefined,
  ) {
    this.#permit = circuit?.admit();
  }

  heard(headers: ResponseHeaders): void {
    this.turn?.heard(headers);
  }

  left(failure: Failure | undefined, { headers, usage }: ReplyNotes, nowMs?: number): void {
    const { call, gate, ticket, turn } = this;
    const ofParent = failure?.verdict ?? 'success';
    // Counting is free: that it works says nothing of an account without money.
    if (call.isCount === true && failure === undefined && !stoppedByKey(gate)) gate.release(ticket);
    else gate.record(ticket, failure);
    if (failure !== undefined || call.isCount !== true) this.upstream.judged(call.feature, this.target, ofParent);
    // One feature without permission says nothing of how the others fare.
    this.#judge(verdictOf(failure), ofParent, failure?.retryAfterMs, nowMs);
    turn?.done({ headers, usage: usage && turnUsage(usage), failure, nowMs });
  }

  unused(): void {
    const { gate, ticket, turn } = this;
    gate.release(ticket);
    this.#judge('neutral', 'neutral');
    turn?.done({ isUnsent: true });
  }

  #judge(verdict: Verdict, ofParent: Verdict, hintMs?: number, nowMs?: number): void {
    const { circuit, parent } = this;
    if (this.#permit?.admitted === true) circuit?.record(this.#permit, verdict, hintMs, nowMs);
    parent?.parent.record(parent.permit, ofParent, hintMs, nowMs);
  }
}

function stoppedByKey(gate: AccountGate): boolean {
  const state = gate.state();
  return state.name === 'stopped' && state.failure.kind === 'authentication';
}

function turnUsage({ inputTokens, cacheWriteTokens, outputTokens }: TokenUsage): TurnUsage {
  return { inputTokens, cacheCreationInputTokens: cacheWriteTokens, outputTokens };
}

function verdictOf(failure: Failure | undefined): Verdict {
  if (failure === undefined) return 'success';
  return NOT_FOR_US.has(failure.kind) ? 'failure' : failure.verdict;
}
