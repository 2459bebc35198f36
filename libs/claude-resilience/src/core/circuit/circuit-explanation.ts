import type { Holder, OpenReason } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';

/** The rule that decides now, the numbers it sees, and what is missing for the next transition. */
export type CircuitReasons =
  /** `disabled`: nothing is counted, every call passes. */
  | { readonly rule: 'off' }
  /** Closed, and a share of failed calls is nearest to opening it. */
  | {
      readonly rule: 'failures';
      readonly calls: number;
      readonly failures: number;
      readonly needs: { readonly failures: number; readonly failureRatio: number; readonly calls: number };
      /** Further failures that open it if no success comes between; `undefined`: no number does, before successes leave. */
      readonly missingFailures: number | undefined;
    }
  /** Closed, and the failures in a row decide. */
  | {
      readonly rule: 'failures_in_a_row';
      readonly failuresInARow: number;
      readonly needs: { readonly failures: number };
      readonly missingFailures: number;
    }
  /** Closed, and a share of slow calls is nearest to opening it. */
  | {
      readonly rule: 'slow_calls';
      readonly calls: number;
      readonly slow: number;
      readonly needs: { readonly slowCallMs: number; readonly slowCallRatio: number; readonly calls: number };
      readonly missingSlowCalls: number | undefined;
    }
  /** Open. */
  | { readonly rule: 'cool_down'; readonly reason: OpenReason; readonly openings: number; readonly missingMs: number }
  /** Half-open. */
  | {
      readonly rule: 'probes';
      readonly reason: OpenReason;
      readonly underWay: number;
      /** Of these, the silent ones whose slot another probe has. */
      readonly silent: number;
      readonly successes: number;
      readonly failures: number;
      readonly missingSuccesses: number;
      /** Failures that are bearable still; one more opens it. */
      readonly bearableFailures: number;
      /** Milliseconds to when the next probe is let in for certain; 0: now. */
      readonly nextProbeInMs: number;
      /** Another replica probes for all, and no probe is let in here. */
      readonly isElsewhere?: true;
    }
  /** Held by people; `missingMs` to the end of the last hold, `undefined` if one has none. */
  | {
      readonly rule: 'held_open' | 'held_closed';
      readonly holders: readonly Holder[];
      readonly overruled: readonly Holder[];
      readonly missingMs: number | undefined;
    };

export type CircuitExplanation = CircuitReasons & {
  /** `observe`: the rule decides as told, but refuses nobody. */
  readonly mode: ResolvedCircuitOptions['mode'];
  /** The same in English, for people. It contains the holders' names and reasons. */
  readonly sentence: string;
};
