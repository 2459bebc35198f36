import type { Target } from '../call.js';
import type { Failure } from '../failure/failure.js';

/** Leave to ask one target. Given back exactly once. */
export interface Pass {
  /** @param failure what came of it; `undefined` for an answer */
  left(failure: Failure | undefined): void;
}

export type Entry =
  | { readonly entered: true; readonly pass: Pass }
  /** Nothing may be sent there; why. */
  | { readonly entered: false; readonly failure: Failure };

/** Who can be asked at the moment: accounts that work, and models that are well. */
export interface TargetDoors {
  /** Whether it makes sense to ask this target before others. Takes nothing. */
  isOpen(target: Target): boolean;
  /** @param hasChoice whether another could be asked instead: only then does it matter how well the target is */
  enter(target: Target, hasChoice: boolean): Entry;
}
