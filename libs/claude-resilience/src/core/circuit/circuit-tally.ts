import type { OpenState } from './circuit-state.js';
import type { WindowFigures } from './outcome-window.js';

/** What a circuit has met since the start, for its own rules and for those that other replicas ask about. */
export class CircuitTally {
  /** Calls that began. */
  arrivals = 0;
  /** Times that a call which waits asked again. */
  returns = 0;
  /** Probes that were let in. */
  probesStarted = 0;
  /** Times that it opened again, by what came of its own probes. */
  probesFailed = 0;
  /** Times that it closed by its own probes. */
  probesAnswered = 0;
  /** Times that it opened by what happened here: not by others' word, nor by what was kept from before. */
  trips = 0;
  /** What the trip rule saw when it opened last; `undefined` before. */
  lastTrip: WindowFigures | undefined;
  #openedAtMs = -Infinity;
  #arrivalsBefore = 0;

  opened({ reason }: OpenState, window: WindowFigures, nowMs: number): void {
    [this.#openedAtMs, this.#arrivalsBefore] = [nowMs, this.arrivals];
    if (reason === 'fleet' || reason === 'restored') return;
    this.trips++;
    if (reason === 'probe_failed' || reason === 'no_verdict') this.probesFailed++;
    else this.lastTrip = window;
  }

  /** Mean milliseconds between calls since it opened last; `Infinity` when there was none. */
  calledEveryMs(nowMs: number): number {
    const calls = this.arrivals - this.#arrivalsBefore;
    return calls === 0 ? Infinity : (nowMs - this.#openedAtMs) / calls;
  }
}
