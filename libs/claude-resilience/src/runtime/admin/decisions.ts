import { holdName, silenceName, type Decision, type DecisionChange } from '../../core/admin/decision.js';
import type { AlertDesk } from '../../core/alerts/alert-desk.js';
import type { AlertSilence, NewAlertSilence } from '../../core/alerts/alert-silence.js';
import type { CircuitState, Holder } from '../../core/circuit/circuit-state.js';
import type { CircuitRegistry } from '../../core/circuit/circuit-registry.js';
import type { Clock } from '../../core/clock.port.js';

/** A hold that somebody wants. */
export interface WantedHold {
  readonly as: 'open' | 'closed';
  readonly by: string;
  readonly reason: string;
  /** Milliseconds from now on. */
  readonly forMs?: number;
}

/** What came of it. */
export interface HoldResult {
  /** Whether the name holds it as wanted now: not while it is overruled. */
  readonly isHeld: boolean;
  /** Whether the hold is there, overruled or not. */
  readonly isThere: boolean;
  readonly changed: boolean;
}

/** Characters kept of a reason, as circuits keep it. */
const LONGEST_REASON = 500;

type Silencing = Pick<AlertDesk, 'silence' | 'endSilence' | 'adoptSilence'>;
type Listener = (change: DecisionChange) => void;

/**
 * The one place where holds of circuits and silences of alerts are put and taken back, by whomever: whoever keeps them, or tells
 * them to other replicas, listens here. What ends by its own time is not told: its end is part of it.
 */
export class Decisions {
  readonly #listeners = new Set<Listener>();
  #desk: Silencing | undefined;
  /** Wait until what was decided last is kept. */
  readonly #kept: (() => Promise<boolean>)[] = [];

  constructor(
    private readonly circuits: CircuitRegistry,
    private readonly clock: Clock,
  ) {}

  /** Of what is decided in this process; not of what `adopt` brings. @returns a function that ends it */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Who can silence, once somebody can. */
  silenceAt(desk: Silencing): void {
    this.#desk = desk;
  }

  /** @param kept resolves to whether what was decided last is kept; never rejects */
  keepBy(kept: () => Promise<boolean>): void {
    this.#kept.push(kept);
  }

  /** Whether holds survive a restart, those put down last among them. Never rejects. */
  async isKept(): Promise<boolean> {
    return (await Promise.all(this.#kept.map((kept) => kept()))).includes(true);
  }

  /** @throws {ClaudeUnknownFeatureError} */
  hold(feature: string, wish: WantedHold): HoldResult {
    const { as, by, forMs } = wish;
    const reason = wish.reason.slice(0, LONGEST_REASON);
    const circuit = this.circuits.of(feature);
    const before = holdOf(circuit.state(), as, by);
    const holder = { by, reason, ...(forMs !== undefined && { untilMs: this.clock.nowMs() + forMs }) };
    const isHeld = as === 'open' ? circuit.forceOpen(holder) : circuit.forceClosed(holder);
    const after = holdOf(circuit.state(), as, by);
    const isThere = after !== undefined;
    if (isThere) {
      const until = forMs === undefined ? {} : { untilMs: this.clock.wallMs() + forMs };
      this.#tell({ name: holdName(feature, by), decision: { kind: 'hold', feature, as, by, reason, ...until } });
    }
    return { isHeld, isThere, changed: before !== after };
  }

  /** @returns whether that name held it @throws {ClaudeUnknownFeatureError} */
  release(feature: string, by: string): boolean {
    const circuit = this.circuits.of(feature);
    const before = circuit.state();
    circuit.release(by);
    this.#tell({ name: holdName(feature, by) });
    return circuit.state() !== before;
  }

  /** @returns `undefined` when nobody looks at alerts */
  silence(wish: NewAlertSilence): AlertSilence | undefined {
    const silence = this.#desk?.silence(wish);
    if (silence !== undefined) this.#tell({ name: silenceName(silence.id), decision: { kind: 'silence', ...silence } });
    return silence;
  }

  /** @returns whether there was such a silence */
  endSilence(id: string): boolean {
    const was = this.#desk?.endSilence(id) ?? false;
    this.#tell({ name: silenceName(id) });
    return was;
  }

  /**
   * Puts down what was decided elsewhere, and told here; nobody is told of it again. What is over, or unknown here, changes nothing.
   *
   * @returns `false`: a silence, and nobody looks at alerts yet
   */
  adopt(decision: Decision): boolean {
    const wallMs = this.clock.wallMs();
    if (decision.untilMs !== undefined && decision.untilMs <= wallMs) return true;
    if (decision.kind === 'silence') {
      const { kind: _silence, ...silence } = decision;
      this.#desk?.adoptSilence(silence);
      return this.#desk !== undefined;
    }
    const { feature, as, by, reason, untilMs } = decision;
    const circuit = this.#known(feature);
    const holder = { by, reason, ...(untilMs !== undefined && { untilMs: this.clock.nowMs() + untilMs - wallMs }) };
    if (as === 'open') circuit?.forceOpen(holder);
    else circuit?.forceClosed(holder);
    return true;
  }

  /** Takes back what was taken back elsewhere; nobody is told of it again. */
  drop(decision: Decision): void {
    if (decision.kind === 'silence') this.#desk?.endSilence(decision.id);
    else this.#known(decision.feature)?.release(decision.by);
  }

  /** Replicas of another version may have other features. */
  #known(feature: string) {
    return this.circuits.all().find((circuit) => circuit.feature === feature);
  }

  #tell(change: DecisionChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The hold of a name, whether or not it is overruled. */
function holdOf(state: CircuitState, as: 'open' | 'closed', name: string): Holder | undefined {
  if (state.name !== 'forced_open' && state.name !== 'forced_closed') return undefined;
  const waiting = state.name === 'forced_open' ? state.overruled : [];
  const those = state.name === `forced_${as}` ? state.holders : as === 'closed' ? waiting : [];
  return those.find(({ by }) => by === name);
}
