import { Inject, Injectable } from '@nestjs/common';
import type { CircuitExplanation } from '../core/circuit/circuit-explanation.js';
import type { CircuitState } from '../core/circuit/circuit-state.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader } from '../core/option-reader.js';
import { Decisions } from '../runtime/admin/decisions.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** Who holds a circuit, and why. */
export interface CircuitHold {
  /** A name, up to 100 characters; a name holds a circuit once, its newest word counts. */
  readonly by: string;
  /** For people to read, cut at 500 characters. */
  readonly reason: string;
  /** Milliseconds after which it lets go by itself, above 0. @default when `release` is called */
  readonly forMs?: number;
}

/** The operator's hand on the circuits of this process, and a look at why they are as they are (R19-R22). */
@Injectable()
export class ClaudeCircuits {
  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(Decisions) private readonly decisions: Decisions,
  ) {}

  /** @throws {ClaudeUnknownFeatureError} when nobody declared the feature; so do all others */
  state(feature: string): CircuitState {
    return this.runtime.circuits.of(feature).state();
  }

  /** The rule that decides now, the numbers it sees, what is missing for the next transition; and all that as a sentence. */
  explain(feature: string): CircuitExplanation {
    return this.runtime.circuits.of(feature).explain();
  }

  /**
   * Holds it open: nothing is sent, fallbacks answer. Open beats closed while both are wanted.
   *
   * @returns whether that name holds it open now
   * @throws {ClaudeInvalidOptionsError} naming every bad field
   */
  forceOpen(feature: string, hold: CircuitHold): boolean {
    return this.decisions.hold(feature, { as: 'open', ...this.#read(hold) }).isHeld;
  }

  /**
   * Holds it closed: every call passes, and none is judged.
   *
   * @returns whether that name holds it closed now: not while somebody holds it open
   * @throws {ClaudeInvalidOptionsError} naming every bad field
   */
  forceClosed(feature: string, hold: CircuitHold): boolean {
    return this.decisions.hold(feature, { as: 'closed', ...this.#read(hold) }).isHeld;
  }

  /** Lets go; when the last one does, the circuit is closed and starts afresh. Unknown names change nothing. */
  release(feature: string, by: string): void {
    this.decisions.release(feature, by);
  }

  #read(hold: CircuitHold) {
    const issues: string[] = [];
    const read = new OptionReader('', hold, issues);
    const by = read.text('by');
    const reason = read.text('reason');
    const forMs = read.take('forMs') === undefined ? undefined : read.milliseconds('forMs', 0, { above: 0 });
    if (by === undefined || by.length > 100) issues.push('by: a name of up to 100 characters');
    if (reason === undefined) issues.push('reason: a text that says why');
    read.done();
    if (by === undefined || reason === undefined || issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    return { by, reason, ...(forMs !== undefined && { forMs }) };
  }
}
