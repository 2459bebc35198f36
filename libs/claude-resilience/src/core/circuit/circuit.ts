import type { Clock } from '../clock.port.js';
import { initialCircuitState, type CircuitState, type CircuitStateName, type Holder } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { CountWindow } from './count-window.js';
import { nextCircuitState, probesFree, type CircuitEvent, type Verdict } from './next-circuit-state.js';
import type { OutcomeWindow, WindowFigures } from './outcome-window.js';
import { TimeWindow } from './time-window.js';

/** Leave to send one request. Give it back with `record`, whatever happens. */
export interface Permit {
  readonly admitted: true;
  readonly generation: number;
  /** Set for a probe of a half-open circuit. */
  readonly probeId: number | undefined;
  readonly admittedAtMs: number;
}

export interface Refusal {
  readonly admitted: false;
  /** Milliseconds until asking again makes sense; at least 1. */
  readonly retryAfterMs: number;
}

/** A past fact: the state has changed already when anybody hears of it. */
export interface CircuitTransition {
  readonly feature: string;
  readonly from: CircuitStateName;
  readonly to: CircuitState;
  /** What the trip rule saw at that moment. */
  readonly window: WindowFigures;
}

/** Asking again makes sense in a moment: nobody knows when a probe ends or a person lets go. */
const UNKNOWN_WAIT_MS = 1_000;

/**
 * One feature's circuit: the pure rules of `nextCircuitState` over a window, on a clock. Has no timer: time is looked
 * at when somebody asks. A clock that goes back counts as standing still.
 */
export class Circuit {
  #state: CircuitState;
  #nowMs = -Infinity;
  #stale = 0;
  readonly #window: OutcomeWindow;
  readonly #reported: TimeWindow;

  constructor(
    readonly feature: string,
    readonly options: ResolvedCircuitOptions,
    private readonly clock: Clock,
    private readonly onTransition: (transition: CircuitTransition) => void = () => {},
  ) {
    this.#window =
      options.window === 'count' ? new CountWindow(options.windowCalls) : new TimeWindow(options.failureWindowMs);
    this.#reported = new TimeWindow(options.windowMs);
    this.#state = initialCircuitState(this.#now());
  }

  /** Takes a permit, or hears how long to stay away. */
  admit(): Permit | Refusal {
    const nowMs = this.#now();
    this.#apply({ type: 'asked', nowMs });
    const state = this.#state;
    if (state.name === 'half_open' && probesFree(state, this.options) > 0) {
      this.#apply({ type: 'probe_started', nowMs });
      return this.#permit(nowMs, state.nextProbeId);
    }
    const refusedForMs = this.#refusedForMs(nowMs);
    return refusedForMs === 0 ? this.#permit(nowMs) : { admitted: false, retryAfterMs: refusedForMs };
  }

  /**
   * Gives a permit back with what was learnt. A result from before the last transition, or of a probe that lost its
   * slot, changes nothing; it is counted as stale.
   *
   * @param hintMs what the failure asked to wait, in milliseconds
   */
  record(permit: Permit, verdict: Verdict, hintMs?: number): void {
    if (this.options.mode === 'disabled') return;
    const nowMs = this.#now();
    const slow = this.options.slowCallMs !== false && nowMs - permit.admittedAtMs >= this.options.slowCallMs;
    if (verdict !== 'neutral') this.#reported.record(verdict === 'failure', slow, nowMs);
    this.#apply({ type: 'asked', nowMs });
    const state = this.#state;
    if (permit.generation !== state.generation || !this.#holds(permit, state)) {
      this.#stale++;
      return;
    }
    const hint = hintMs === undefined ? {} : { hintMs };
    if (permit.probeId !== undefined) {
      this.#apply({ type: 'probe_ended', nowMs, probeId: permit.probeId, verdict, ...hint });
    } else if (state.name === 'closed' && verdict !== 'neutral') {
      this.#window.record(verdict === 'failure', slow, nowMs);
      this.#apply({ type: 'reported', nowMs, window: this.#window.read(nowMs), ...hint });
    }
  }

  /** Records a request that went past the permits, if one could have been had. */
  observe(verdict: Verdict, hintMs?: number): void {
    const permit = this.admit();
    if (permit.admitted) this.record(permit, verdict, hintMs);
  }

  /** Milliseconds for which a call would be refused; 0 when one would pass now. Takes nothing. */
  openForMs(): number {
    const nowMs = this.#now();
    this.#apply({ type: 'asked', nowMs });
    return this.#hasProbeFree() ? 0 : this.#refusedForMs(nowMs);
  }

  /** The state as of now. */
  state(): CircuitState {
    this.#apply({ type: 'asked', nowMs: this.#now() });
    return this.#state;
  }

  /** Figures of the last `windowMs`, and results that came too late to judge. */
  report(): WindowFigures & { readonly stale: number } {
    return { ...this.#reported.read(this.#now()), stale: this.#stale };
  }

  /** Holds the circuit open until `release(holder.by)`, and as long as anybody else holds it. */
  forceOpen(holder: Holder): void {
    this.#apply({ type: 'held', nowMs: this.#now(), holder });
  }

  /** Lets go; the last one to let go closes it. Unknown names change nothing. */
  release(by: string): void {
    this.#apply({ type: 'released', nowMs: this.#now(), by });
  }

  /** Closes it now and forgets its past, whoever held it open. */
  reset(): void {
    this.#apply({ type: 'reset', nowMs: this.#now() });
  }

  /** Puts a state in place that was kept elsewhere; see `restoreCircuit`. */
  adopt(state: CircuitState): void {
    this.#become(state);
  }

  #apply(event: CircuitEvent): void {
    const next = nextCircuitState(this.#state, event, this.options);
    if (next.generation === this.#state.generation) this.#state = next;
    else this.#become(next);
  }

  /** The single place where a transition happens: state first, then the window, then whoever listens. */
  #become(next: CircuitState): void {
    const from = this.#state.name;
    const window = this.#window.read(this.#nowMs);
    this.#state = next;
    this.#window.clear();
    if (from === next.name) return;
    this.onTransition({ feature: this.feature, from, to: next, window });
  }

  #holds({ probeId }: Permit, state: CircuitState): boolean {
    return probeId === undefined || (state.name === 'half_open' && state.probes.some(({ id }) => id === probeId));
  }

  #hasProbeFree(): boolean {
    return this.#state.name === 'half_open' && probesFree(this.#state, this.options) > 0;
  }

  #refusedForMs(nowMs: number): number {
    const state = this.#state;
    if (state.name === 'closed') return 0;
    // What people hold open stays shut in every mode; the rest only where the rules are enforced.
    if (this.options.mode !== 'enforce' && state.name !== 'forced_open') return 0;
    return state.name === 'open' ? Math.max(1, Math.ceil(state.untilMs - nowMs)) : UNKNOWN_WAIT_MS;
  }

  #permit(nowMs: number, probeId?: number): Permit {
    return { admitted: true, generation: this.#state.generation, probeId, admittedAtMs: nowMs };
  }

  #now(): number {
    return (this.#nowMs = Math.max(this.#nowMs, this.clock.nowMs()));
  }
}
