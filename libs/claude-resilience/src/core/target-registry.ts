import type { AccountAdmission, AccountGate } from './account/account-gate.js';
import type { AccountRegistry } from './account/account-registry.js';
import type { ClaudeCall, Target } from './call.js';
import { Circuit, type CircuitTransition } from './circuit/circuit.js';
import { readCircuitOptions } from './circuit/circuit.options.js';
import type { Clock } from './clock.port.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { FailureFacts } from './failure/failure-facts.js';
import type { Failure } from './failure/failure.js';
import type { Pacer } from './pacing/pacer.js';
import type { Refused, Turn } from './pacing/turn.js';
import type { Entry, TargetDoors, Visit } from './route/target-doors.js';
import { TargetPass } from './target-pass.js';
import type { UpstreamCircuits } from './upstream-circuits.js';

/** Models whose health is known at a time; a caller may name any. Beyond it a model counts as well. */
const MOST_MODELS = 1_000;
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
    const { call, attempt, estimate, nowMs } = visit;
    const { priority, deadlineAtMs, signal } = call;
    const isDeferred = call.isDeferred === true;
    const turn = this.pacer?.admit({ bucket, priority, deadlineAtMs, signal, attempt, estimate, isDeferred, nowMs });
    if (turn instanceof Promise) return turn.then((answer) => this.#entered(target, visit, gate, answer));
    return this.#entered(target, visit, gate, turn);
  }

  #entered(target: Target, visit: Visit, gate: AccountGate, turn: Turn | Refused | undefined): Entry {
    if (turn?.admitted === false) return { entered: false, failure: this.#refused(turn) };
    const account = gate.admit(); // it may have been stopped while this one waited
    const parent = account.admitted ? this.upstream.admit(visit.call.feature, target) : undefined;
    if (account.admitted && parent?.admitted !== false) {
      const circuit = visit.hasChoice ? this.#circuitOf(target) : undefined;
      return new TargetPass(this.upstream, target, visit.call, gate, account.ticket, turn, parent, circuit);
    }
    turn?.done({ isUnsent: true });
    if (!account.admitted) return held(account);
    gate.release(account.ticket);
    return this.#shut(parent?.admitted === false ? parent.retryAfterMs : 0);
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

/** A function of the application's own: nobody here knows whom it asks. */
const OUTSIDE: Entry = Object.freeze({ entered: true, heard: () => {}, left: () => {}, unused: () => {} });

/** When the next probe is due is no promise to anybody: it says nothing of when the account works again. */
function held(account: AccountAdmission): Entry {
  if (account.admitted) throw new Error('An account that is held back admits nobody');
  return { entered: false, failure: account.failure };
}
