import type { TimelineStep } from './timeline-step.js';

/** How calls of one correlation id are, by the last that is known. */
export type TimelineState = 'under_way' | 'served' | 'failed' | 'fallback' | 'refused' | 'deferred';

/** What happened to the calls of one correlation id, in one process. */
export interface CallTimeline {
  readonly correlationId: string;
  readonly state: TimelineState;
  readonly features: readonly string[];
  readonly workflows: readonly string[];
  /** Wall-clock milliseconds. */
  readonly beganAtMs: number;
  /** The last that is known. */
  readonly lastAtMs: number;
  /** The oldest first. */
  readonly steps: readonly TimelineStep[];
  /** Steps from their middle that were not kept. */
  readonly leftOut: number;
  readonly totals: TimelineTotals;
}

export interface TimelineTotals {
  /** Requests sent, as far as steps are kept. */
  readonly requests: number;
  /** Milliseconds waited before retries, and for a turn within the rate limits. */
  readonly retryWaitMs: number;
  readonly turnWaitMs: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** What is known of it; absent: nothing. */
  readonly costUsd?: number;
  /** Requests whose price nobody knows. */
  readonly costUnknown: number;
}

export function totalsOf(steps: readonly TimelineStep[]): TimelineTotals {
  const sum = (name: string) => steps.reduce((total, { details }) => total + numberIn(details?.[name]), 0);
  const isPriced = steps.some(({ details }) => details?.['costUsd'] !== undefined);
  return {
    requests: steps.reduce((total, step) => total + requestsIn(step), 0),
    retryWaitMs: sum('retryWaitMs'),
    turnWaitMs: sum('turnWaitMs'),
    inputTokens: sum('inputTokens'),
    cacheReadTokens: sum('cacheReadTokens'),
    cacheWriteTokens: sum('cacheWriteTokens'),
    outputTokens: sum('outputTokens'),
    ...(isPriced && { costUsd: sum('costUsd') }),
    costUnknown: sum('costUnknown'),
  };
}

const ENDS: Readonly<Partial<Record<TimelineStep['what'], TimelineState>>> = {
  served: 'served',
  failed: 'failed',
  refused: 'refused',
  fallback_answered: 'fallback',
  deferred: 'deferred',
};

/** A deferred request that has its end is told by that. */
export function stateOf(steps: readonly TimelineStep[]): TimelineState {
  for (const { what, rule } of steps.toReversed()) {
    if (what === 'ended') return rule === 'succeeded' ? 'served' : 'failed';
    const end = ENDS[what];
    if (end !== undefined) return end;
    if (what === 'attempt_failed' || what === 'waited') return 'under_way';
  }
  return 'under_way';
}

/** The end of a call counts its requests; a batch has answered one. */
function requestsIn({ what, details }: TimelineStep): number {
  if (what === 'answered_by_batch') return 1;
  return what === 'served' || what === 'failed' ? numberIn(details?.['attempts']) : 0;
}

const numberIn = (value: string | number | undefined): number => (typeof value === 'number' ? value : 0);
