import { DurationSketch } from './duration-sketch.js';
import type { RequestKind } from './request-kind.js';

/** Rows of the diagnosis table that a limit of ours ended: what they waited for. */
export const TIMEOUT_RULES = [
  'headers_timeout',
  'body_stalled',
  'attempt_timeout',
  'stream_never_began',
  'stream_silent',
] as const;
export type TimeoutRule = (typeof TIMEOUT_RULES)[number];

/** How often a limit ended requests. */
export interface LimitCounts {
  timeouts: number;
  /** The longest limit that did, in milliseconds. */
  longestMs: number;
}

/** Requests of one kind. */
export interface KindCounts {
  /** Those that ended, well or not. */
  attempts: number;
  /** How long the calls took that were answered by their first request; of streams nothing is known. */
  readonly served: DurationSketch;
  /** Requests that were answered. */
  answered: number;
  readonly limits: Map<TimeoutRule, LimitCounts>;
}

/** What is counted of one feature in one slot. */
export interface SlotCounts {
  /** Requests that ended, well or not; counts of tokens are not among them. */
  attempts: number;
  /** 529, and the same inside a stream. */
  overloaded: number;
  rateLimited: number;
  /** Requests whose answer no row of the diagnosis table names. */
  unknown: number;
  /** Calls that ended. */
  calls: number;
  /** Calls of which nothing was sent: their turn within the rate limits would have come too late, or too many waited. */
  heldBack: number;
  /** Calls whose prompt or body was too large. */
  tooLarge: number;
  /** Prompts that caching is worth while for; the tokens below are theirs. */
  largePrompts: number;
  promptTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  readonly kinds: Map<RequestKind, KindCounts>;
}

export function emptySlot(): SlotCounts {
  return {
    attempts: 0,
    overloaded: 0,
    rateLimited: 0,
    unknown: 0,
    calls: 0,
    heldBack: 0,
    tooLarge: 0,
    largePrompts: 0,
    promptTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    kinds: new Map(),
  };
}

/** The counts of one kind, begun when there are none. */
export function kindIn(slot: SlotCounts, kind: RequestKind): KindCounts {
  const known = slot.kinds.get(kind);
  if (known !== undefined) return known;
  const begun: KindCounts = { attempts: 0, served: new DurationSketch(), answered: 0, limits: new Map() };
  slot.kinds.set(kind, begun);
  return begun;
}
