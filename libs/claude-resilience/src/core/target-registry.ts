import type { AccountRegistry } from './account/account-registry.js';
import type { Target } from './call.js';
import { Circuit, type CircuitTransition } from './circuit/circuit.js';
import { readCircuitOptions } from './circuit/circuit.options.js';
import type { Clock } from './clock.port.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { Entry, Pass, TargetDoors } from './route/target-doors.js';

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
 * Who can be asked: accounts that work, and models that are well. A model's health only chooses between models; where
 * there is one, the feature's circuit decides alone.
 */
export class TargetRegistry implements TargetDoors {
  readonly #circuits = new Map<string, Circuit>();

  constructor(
    private readonly accounts: AccountRegistry,
    private readonly clock: Clock,
    private readonly onTransition: (target: Target, transition: CircuitTransition) => void,
  ) {}

  isOpen(target: Target): boolean {
    const { platform } = target;
    if (platform !== undefined && this.accounts.of(platform).heldForMs() > 0) return false;
    return (this.#circuitOf(target)?.openForMs() ?? 0) === 0;
  }

  enter(target: Target, hasChoice: boolean): Entry {
    const { platform } = target;
    if (platform === undefined) return OUTSIDE;
    const gate = this.accounts.of(platform);
    const account = gate.admit();
    // When the next probe is due is no promise to anybody: it says nothing of when the account works again.
    if (!account.admitted) return { entered: false, failure: account.failure };
    const circuit = hasChoice ? this.#circuitOf(target) : undefined;
    const permit = circuit?.admit();
    const pass: Pass = {
      left: (failure) => {
        gate.record(account.ticket, failure);
        if (permit?.admitted === true) circuit?.record(permit, verdictOf(failure), failure?.retryAfterMs);
      },
    };
    return { entered: true, pass };
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
const OUTSIDE: Entry = { entered: true, pass: { left: () => {} } };

function verdictOf(failure: Failure | undefined): 'success' | 'failure' | 'neutral' {
  if (failure === undefined) return 'success';
  return NOT_FOR_US.has(failure.kind) ? 'failure' : failure.verdict;
}
