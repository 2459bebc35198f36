import type { AccountAdmission, AccountGate } from './account/account-gate.js';
import type { AccountRegistry } from './account/account-registry.js';
import type { AccountTicket } from './account/next-account-state.js';
import type { ClaudeCall, Target, TokenUsage } from './call.js';
import { Circuit, type CircuitTransition } from './circuit/circuit.js';
import { readCircuitOptions } from './circuit/circuit.options.js';
import type { Verdict } from './circuit/next-circuit-state.js';
import type { Clock } from './clock.port.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { FailureFacts } from './failure/failure-facts.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { Pacer } from './pacing/pacer.js';
import type { Refused, Turn, TurnUsage } from './pacing/turn.js';
import type { Entry, Pass, TargetDoors, Visit } from './route/target-doors.js';
import type { Asked, UpstreamCircuits } from './upstream-circuits.js';

/** Models whose health is known at a time; a caller may name any. Beyond it a model counts as well. */
const MOST_MODELS = 1_000;
/** Besides what counts against the service: the model is not there, or not for this key. */
const NOT_FOR_US: ReadonlySet<FailureKind> = new Set(['not_found', 'permission']);
/** How long a probe may take before another is let in, in milliseconds. */
const PROBE_TIMEOUT_MS = 60_000;
/**
 * A model is left alone sooner than a feature, since somebody else can answer: after three failures in 30 s that were at
 * least half of its requests; for 5 s first, at most 60 s.
 */
const OPTIONS = readCircuitOptions('', { failureThreshold: 3, failureRatio: 0.5 }, PROBE_TIMEOUT_MS, []);

/**
 * Who can be asked, and when: accounts that work, models that are well, and a turn within the rate limits. A model's health only chooses between models; where
 * there is one, the feature's circuit decides alone.
 */
export class TargetRegistry implements TargetDoors {
  readonly #circuits = new Map<string, Circuit>();

  constructor(
    private readonly accounts: AccountRegistry,
    private readonly pacer: Pacer | undefined,
    private readonly upstream: UpstreamCircuits,
    private readonly clock: Clock,
    private readonly onTransition: (target: Target, transition: CircuitTransition) => void,
  ) {}

  arrived({ feature, targets }: Pick<ClaudeCall, 'feature' | 'targets'>): void {
    this.upstream.arrived(feature, targets);
  }

  isOpen(target: Target, feature: string): boolean {
    if (!this.isUsable(target) || this.upstream.openForMs(feature, target) > 0) return false;
    if ((this.pacer?.pausedForMs(target.bucket) ?? 0) > 0) return false;
    return (this.#circuitOf(target)?.openForMs() ?? 0) === 0;
  }

  isUsable({ platform }: Target): boolean {
    return platform === undefined || this.accounts.of(platform).heldForMs() === 0;
  }

  enter(target: Target, visit: Visit): Entry | Promise<Entry> {
    const { platform, bucket } = target;
    if (platform === undefined) return OUTSIDE;
    const shutForMs = this.upstream.openForMs(visit.call.feature, target); // nobody queues before a closed door
    if (shutForMs > 0) return this.#shut(shutForMs);
    const gate = this.accounts.of(platform);
    if (gate.heldForMs() > 0) return held(gate.admit()); // nor before a stopped account
    const { call, attempt, estimate } = visit;
    const { priority, deadlineAtMs, signal } = call;
    const asked = { bucket, priority, deadlineAtMs, signal, attempt, estimate };
    const turn = this.pacer?.admit({ ...asked, isDeferred: call.isDeferred === true });
    const entered = (answer: Turn | Refused | undefined): Entry => {
      if (answer?.admitted === false) return { entered: false, failure: this.#refused(answer) };
      const account = gate.admit(); // it may have been stopped while this one waited
      const parent = account.admitted ? this.upstream.admit(call.feature, target) : undefined;
      if (account.admitted && parent?.admitted !== false) {
        return { entered: true, pass: this.#pass(target, visit, { ticket: account.ticket, turn: answer, parent }) };
      }
      answer?.done({ isUnsent: true });
      if (!account.admitted) return held(account);
      gate.release(account.ticket);
      return this.#shut(parent?.admitted === false ? parent.retryAfterMs : 0);
    };
    return turn instanceof Promise ? turn.then(entered) : entered(turn);
  }

  #pass(target: Target, { hasChoice, call }: Visit, { ticket, turn, parent }: Leave): Pass {
    const gate = this.accounts.of(target.platform ?? '');
    const circuit = hasChoice ? this.#circuitOf(target) : undefined;
    const permit = circuit?.admit();
    const judge = (verdict: Verdict, ofParent: Verdict, hintMs?: number) => {
      if (permit?.admitted === true) circuit?.record(permit, verdict, hintMs);
      parent?.parent.record(parent.permit, ofParent, hintMs);
    };
    return {
      heard: (headers) => turn?.heard(headers),
      left: (failure, { headers, usage }) => {
        // Counting is free: that it works says nothing of an account without money.
        if (call.isCount === true && failure === undefined && !stoppedByKey(gate)) gate.release(ticket);
        else gate.record(ticket, failure);
        if (failure !== undefined || call.isCount !== true) {
          this.upstream.judged(call.feature, target, failure?.verdict ?? 'success');
        }
        // One feature without permission says nothing of how the others fare.
        judge(verdictOf(failure), failure?.verdict ?? 'success', failure?.retryAfterMs);
        turn?.done({ headers, usage: usage && turnUsage(usage), failure });
      },
      unused: () => {
        gate.release(ticket);
        judge('neutral', 'neutral');
        turn?.done({ isUnsent: true });
      },
    };
  }

  #shut(retryAfterMs: number): Entry {
    return { entered: false, failure: diagnoseFailure({ from: 'circuit', retryAfterMs }, this.clock.wallMs()) };
  }

  #refused({ reason, retryAfterMs }: Refused): Failure {
    const hint = retryAfterMs === undefined ? {} : { retryAfterMs };
    const facts: FailureFacts = reason === 'aborted' ? { from: 'abort' } : { from: 'pacing', reason, ...hint };
    return diagnoseFailure(facts, this.clock.wallMs());
  }

  #circuitOf(target: Target): Circuit | undefined {
    const name = `${target.platform}:${target.model}`;
    const known = this.#circuits.get(name);
    if (known !== undefined || this.#circuits.size >= MOST_MODELS) return known;
    const circuit = new Circuit(name, OPTIONS, this.clock, (transition) => this.onTransition(target, transition));
    this.#circuits.set(name, circuit);
    return circuit;
  }
}

/** What one request holds until it is over. */
interface Leave {
  readonly ticket: AccountTicket;
  readonly turn: Turn | undefined;
  readonly parent: Asked | undefined;
}

/** A function of the application's own: nobody here knows whom it asks. */
const OUTSIDE: Entry = { entered: true, pass: { heard: () => {}, left: () => {}, unused: () => {} } };

/** When the next probe is due is no promise to anybody: it says nothing of when the account works again. */
function held(account: AccountAdmission): Entry {
  if (account.admitted) throw new Error('An account that is held back admits nobody');
  return { entered: false, failure: account.failure };
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
