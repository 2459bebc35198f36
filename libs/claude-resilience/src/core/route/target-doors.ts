import type { ClaudeCall, ReplyNotes, ResponseHeaders, Target, TokenEstimate } from '../call.js';
import type { Failure } from '../failure/failure.js';

/** Leave to ask one target, now. Given back exactly once, in one of two ways. */
export interface Pass {
  readonly entered: true;
  /** Headers that came before the end, as those of a stream do. */
  heard(headers: ResponseHeaders): void;
  /** @param failure what came of it; `undefined` for an answer @param nowMs the time now, for whoever has just looked */
  left(failure: Failure | undefined, reply: ReplyNotes, nowMs?: number): void;
  /** Nothing was sent after all. */
  unused(): void;
}

export type Entry =
  | Pass
  /** Nothing may be sent there; why. */
  | { readonly entered: false; readonly failure: Failure };

/** Who asks, and for how much. */
export interface Visit {
  readonly call: Pick<ClaudeCall, 'feature' | 'priority' | 'deadlineAtMs' | 'signal' | 'isCount' | 'isDeferred'>;
  /** Which request of the call, from 1. */
  readonly attempt: number;
  /** Whether another could be asked instead: only then does it matter how well the target is. */
  readonly hasChoice: boolean;
  readonly estimate: TokenEstimate;
  /** The time now, if the caller has just looked. */
  readonly nowMs?: number | undefined;
}

/** Who can be asked at the moment: accounts that work, and models that are well. */
export interface TargetDoors {
  /** A call arrives. */
  arrived(call: Pick<ClaudeCall, 'feature' | 'targets'>): void;
  /** Whether it makes sense to ask this target before others. Takes nothing. */
  isOpen(target: Target, feature: string): boolean;
  /** Whether it can be asked at all. Takes nothing. */
  isUsable(target: Target): boolean;
  /** Lets a request go when it is its turn; without a promise when that is now. */
  enter(target: Target, visit: Visit): Entry | Promise<Entry>;
}
