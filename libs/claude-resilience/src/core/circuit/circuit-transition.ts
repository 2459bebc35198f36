import type { CircuitState, CircuitStateName } from './circuit-state.js';
import type { WindowFigures } from './outcome-window.js';

/** A past fact: the state has changed already when anybody hears of it. */
export interface CircuitTransition {
  readonly feature: string;
  readonly from: CircuitStateName;
  readonly to: CircuitState;
  /** What the trip rule saw at that moment. */
  readonly window: WindowFigures;
}
