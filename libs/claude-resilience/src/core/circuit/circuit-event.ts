import type { Holder } from './circuit-state.js';
import type { WindowFigures } from './outcome-window.js';

/** What a finished call says about the service. `neutral` says nothing: it only gives its slot back. */
export type Verdict = 'success' | 'failure' | 'neutral';

/** What the length of a cool-down depends on, besides the rules. */
export interface CoolDownFacts {
  /** What the failure asked to wait, in milliseconds. */
  readonly hintMs?: number;
  /** Mean time between calls since it opened last, in milliseconds; `Infinity` or absent when there was none. */
  readonly calledEveryMs?: number;
}

/** Other replicas found that it fails, or that it still does. */
export interface TheirCoolDown {
  /** Enough of them to go by their growth and cool-down, and not only by our own. */
  readonly isAgreed: boolean;
  readonly openings: number;
  /** Milliseconds. */
  readonly coolDownMs: number;
}

export type CircuitEvent =
  /** Somebody looks, or wants in: moves that only time makes happen here, so no timer is needed. */
  | { readonly type: 'asked'; readonly nowMs: number }
  /** A probe was let in; only after `asked`, and only if `probesFree` says so. */
  | { readonly type: 'probe_started'; readonly nowMs: number }
  /** A call of this generation ended while closed; `window` already holds it. */
  | ({ readonly type: 'reported'; readonly nowMs: number; readonly window: WindowFigures } & CoolDownFacts)
  /** A probe of this generation ended. */
  | ({
      readonly type: 'probe_ended';
      readonly nowMs: number;
      readonly probeId: number;
      readonly verdict: Verdict;
    } & CoolDownFacts)
  | { readonly type: 'held'; readonly nowMs: number; readonly as: 'open' | 'closed'; readonly holder: Holder }
  | { readonly type: 'released'; readonly nowMs: number; readonly by: string }
  | { readonly type: 'reset'; readonly nowMs: number }
  | ({ readonly type: 'told_open'; readonly nowMs: number } & TheirCoolDown)
  /** A probe of another replica was answered. */
  | { readonly type: 'told_closed'; readonly nowMs: number };
