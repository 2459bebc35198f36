import type { Clock } from '../clock.port.js';
import type { CircuitEvent, TheirCoolDown, Verdict } from './circuit-event.js';
import type { CircuitExplanation } from './circuit-explanation.js';
import { initialCircuitState, type CircuitState, type Holder } from './circuit-state.js';
import { CircuitTally } from './circuit-tally.js';
import type { CircuitTransition } from './circuit-transition.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';
import { CountWindow } from './count-window.js';
import { explainCircuit } from './explain-circuit.js';
import { nextCircuitState } from './next-circuit-state.js';
import type { OutcomeWindow, WindowFigures } from './outcome-window.js';
import type { Permit, Refusal } from './permit.js';
import { probesFree } from './probing.js';
import { refusedForMs } from './refused-for-ms.js';
import { TimeWindow } from './time-window.js';

export type { CircuitTransition, Permit, Refusal };

/**
 * One feature's circuit: the pure rules of `nextCircuitState` over a window, on a clock. Has no timer: time is looked
 * at when somebody asks. A clock that goes back counts as standing still.
 */
export class Circuit {
  #state: CircuitState;
  #nowMs = -Infinity;
  #stale = 0;
  #lastSuccessMs = -Infinity;
  /** Until then probes are another replica's. */
  #probesElsewhereUntilMs = -Infinity;
  readonly tally = new CircuitTally();
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

  /**
   * A call begins: said once a call, before its first look at the circuit, however often it asks or waits afterwards.
   * Probes come as often as calls do (`probeShareCalls`); whoever says nothing gets the rarer ones of a quiet feature.
   */
  arrived(): void {
    this.tally.arrivals++;
  }

  /** Takes a permit, or hears how long to stay away. @param atMs the time now, for whoever has just looked */
  admit(atMs?: number): Permit | Refusal {
    const nowMs = this.#now(atMs);
    const state = this.#asOf(nowMs);
    if (state.name === 'closed') return this.#permit(nowMs);
    const mayProbe = this.#mayProbe(nowMs);
    if (state.name === 'half_open' && mayProbe && probesFree(state, nowMs, this.options) > 0) {
      this.tally.probesStarted++;
      this.#apply({ type: 'probe_started', nowMs });
      return this.#permit(nowMs, state.nextProbeId);
    }
    const retryAfterMs = refusedForMs(state, nowMs, this.options, mayProbe);
    return retryAfterMs === 0 ? this.#permit(nowMs) : { admitted: false, retryAfterMs };
  }

  /**
   * Gives a permit back with what was learnt. A result from before the last transition, or of a probe that lost its
   * slot, changes nothing; it is counted as stale.
   *
   * @param hintMs what the failure asked to wait, in milliseconds @param atMs as for `admit`
   */
  record(permit: Permit, verdict: Verdict, hintMs?: number, atMs?: number): void {
    const nowMs = this.#now(atMs);
    if (verdict === 'success') this.#lastSuccessMs = nowMs;
    if (this.options.mode === 'disabled') return;
    const slow = this.options.slowCallMs !== false && nowMs - permit.admittedAtMs >= this.options.slowCallMs;
    if (verdict !== 'neutral') this.#reported.record(verdict === 'failure', slow, nowMs);
    const state = this.#asOf(nowMs);
    if (permit.generation !== state.generation || !this.#holds(permit, state)) {
      this.#stale++;
      return;
    }
    if (permit.probeId !== undefined) {
      this.#apply({ type: 'probe_ended', nowMs, probeId: permit.probeId, verdict, ...this.#facts(nowMs, hintMs) });
      if (this.#state.name === 'closed') this.tally.probesAnswered++;
    } else if (state.name === 'closed' && verdict !== 'neutral') {
      this.#window.record(verdict === 'failure', slow, nowMs);
      if (this.#window.isSpotless) return;
      this.#apply({ type: 'reported', nowMs, window: this.#window.read(nowMs), ...this.#facts(nowMs, hintMs) });
    }
  }

  /** Records a request that went past the permits, if one could have been had. */
  observe(verdict: Verdict, hintMs?: number): void {
    const permit = this.admit();
    if (permit.admitted) this.record(permit, verdict, hintMs);
  }

  /**
   * Milliseconds for which a call would be refused; 0 when one would pass now. Takes nothing. It is a refusal's
   * `retryAfterMs`; `refusedForMs` says what it means in each state, for those who want to wait.
   *
   * @param atMs as for `admit`
   */
  openForMs(atMs?: number): number {
    if (this.#state.name === 'closed') return 0;
    const nowMs = this.#now(atMs);
    return refusedForMs(this.#asOf(nowMs), nowMs, this.options, this.#mayProbe(nowMs));
  }

  /** When a request was last answered, by `Clock.nowMs`; whatever the state and the mode. */
  get lastSuccessMs(): number {
    return this.#lastSuccessMs;
  }

  /** The state as of now. */
  state(): CircuitState {
    return this.#asOf(this.#now());
  }

  /** Figures of the last `windowMs`, and results that came too late to judge. */
  report(): WindowFigures & { readonly stale: number } {
    return { ...this.#reported.read(this.#now()), stale: this.#stale };
  }

  /** The rule that decides now, the numbers it sees, and what is missing for the next transition. */
  explain(): CircuitExplanation {
    const state = this.state();
    return explainCircuit(
      state,
      this.#window.read(this.#nowMs),
      this.options,
      this.#nowMs,
      this.#mayProbe(this.#nowMs),
    );
  }

  /**
   * Holds the circuit open until `release(holder.by)` or `holder.untilMs`, and as long as anybody else does. Open beats
   * closed; a name's newest word replaces its older one.
   *
   * @returns whether the name holds it open now: not if `untilMs` is past, the name empty or over 100 characters long,
   * or 100 others hold it
   */
  forceOpen(holder: Holder): boolean {
    return this.#hold('open', holder);
  }

  /**
   * Lets every call pass, and judges none, until `release(holder.by)` or `holder.untilMs`. Waits its turn while
   * somebody holds the circuit open.
   * @returns whether the name holds it closed now: not while it is overruled; else as for `forceOpen`
   */
  forceClosed(holder: Holder): boolean {
    return this.#hold('closed', holder);
  }

  /** Lets go, of either kind; when the last one does, it is closed and starts afresh. Unknown names change nothing. */
  release(by: string): void {
    this.state(); // holds that are over let go first
    this.#apply({ type: 'released', nowMs: this.#nowMs, by });
  }

  /** Closes it now, afresh, whoever holds it. */
  reset(): void {
    this.#apply({ type: 'reset', nowMs: this.#now() });
  }

  /** Another replica probes for all until then, by `Clock.nowMs`; `-Infinity`: probes are let in here. */
  leaveProbesUntil(ms: number): void {
    this.#probesElsewhereUntilMs = ms;
  }

  /** Other replicas found that it fails, or that it still does. */
  toldOpen(theirs: TheirCoolDown): void {
    if (this.options.mode === 'disabled') return;
    this.state();
    this.#apply({ type: 'told_open', nowMs: this.#nowMs, ...theirs });
  }

  /** A probe of another replica was answered. */
  toldClosed(): void {
    this.#apply({ type: 'told_closed', nowMs: this.#now() });
  }

  /** Puts a state in place that was kept elsewhere; see `restoreCircuit`. */
  adopt(state: CircuitState): void {
    this.#become(state);
  }

  /** Time changes nothing about a closed one, nor about an open one before it is due. */
  #asOf(nowMs: number): CircuitState {
    const state = this.#state;
    if (state.name === 'closed' || (state.name === 'open' && nowMs < state.untilMs)) return state;
    this.#apply({ type: 'asked', nowMs });
    return this.#state;
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
    if (next.name === 'open') this.tally.opened(next, window, this.#nowMs);
    if (from === next.name) return;
    this.onTransition({ feature: this.feature, from, to: next, window });
  }

  #facts(nowMs: number, hintMs: number | undefined) {
    return { calledEveryMs: this.tally.calledEveryMs(nowMs), ...(hintMs !== undefined && { hintMs }) };
  }

  #mayProbe(nowMs: number): boolean {
    return nowMs >= this.#probesElsewhereUntilMs || this.options.mode !== 'enforce';
  }

  #holds({ probeId }: Permit, state: CircuitState): boolean {
    return probeId === undefined || (state.name === 'half_open' && state.probes.some(({ id }) => id === probeId));
  }

  #hold(as: 'open' | 'closed', holder: Holder): boolean {
    this.state();
    this.#apply({ type: 'held', nowMs: this.#nowMs, as, holder });
    const state = this.#state;
    return 'holders' in state && state.name === `forced_${as}` && state.holders.some(({ by }) => by === holder.by);
  }

  #permit(nowMs: number, probeId?: number): Permit {
    return { admitted: true, generation: this.#state.generation, probeId, admittedAtMs: nowMs };
  }

  #now(atMs = this.clock.nowMs()): number {
    return (this.#nowMs = Math.max(this.#nowMs, atMs));
  }
}
