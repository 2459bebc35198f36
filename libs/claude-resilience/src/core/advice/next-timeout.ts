import { DurationSketch } from './duration-sketch.js';
import { HOUR_MS, type FeatureFigures } from './feature-figures.js';
import { judgeTimeouts } from './judge-timeouts.js';
import { longerTimeout } from './longer-timeout.js';
import type { RequestKind } from './request-kind.js';
import type { SlotCounts, TimeoutRule } from './slot-counts.js';

/** A timeout that is longer than the configured one. */
export interface AdaptedTimeout {
  readonly timeoutMs: number;
  /** When it came to this length, by `Clock.nowMs`. */
  readonly sinceMs: number;
}

/** Both in milliseconds. */
export interface TimeoutBounds {
  readonly configuredMs: number;
  readonly maxMs: number;
}

const WINDOW_MS = 6 * HOUR_MS;
/** Time without timeouts after which a shorter one is tried, in milliseconds. */
const QUIET_MS = 6 * HOUR_MS;
/** Part of the shorter timeout that 99 % of the answers must have kept to. */
const FITS_SHARE = 0.9;

/** Timeouts that a longer time for the attempt can mend. */
const MENDABLE: Readonly<Record<RequestKind, readonly TimeoutRule[]>> = {
  whole: ['headers_timeout', 'body_stalled'],
  stream: ['stream_never_began'],
  function: ['attempt_timeout'],
};

/**
 * One step longer when timeouts recur under the present one and slowness is why; one step back when none has come for
 * `QUIET_MS` and the answers fit. Never below the configured one, never above `maxMs`. A call keeps what it began with:
 * its retry has the same (R13).
 *
 * @returns `undefined` where the configured one is in use
 */
export function nextTimeout(
  before: AdaptedTimeout | undefined,
  kind: RequestKind,
  { slots }: Pick<FeatureFigures, 'slots'>,
  { configuredMs, maxMs }: TimeoutBounds,
  nowMs: number,
): AdaptedTimeout | undefined {
  const timeoutMs = before?.timeoutMs ?? configuredMs;
  const sinceMs = before?.sinceMs ?? -Infinity;
  // What was seen under another timeout says nothing about this one.
  const seen = slots.since(nowMs, WINDOW_MS, sinceMs);
  if (isTooShort(seen, kind, timeoutMs)) {
    const longerMs = longerTimeout(timeoutMs, maxMs);
    return longerMs > timeoutMs ? { timeoutMs: longerMs, sinceMs: nowMs } : before;
  }
  if (before === undefined || nowMs - sinceMs < QUIET_MS || hasTimeouts(seen, kind)) return before;
  const shorterMs = stepBefore(timeoutMs, configuredMs, maxMs);
  if (!fits(seen, kind, shorterMs)) return before;
  return shorterMs > configuredMs ? { timeoutMs: shorterMs, sinceMs: nowMs } : undefined;
}

function isTooShort(slots: readonly SlotCounts[], kind: RequestKind, timeoutMs: number): boolean {
  return MENDABLE[kind].some((rule) => {
    const found = judgeTimeouts(slots, kind, rule);
    return found?.cause === 'slow' && found.limitMs >= timeoutMs;
  });
}

function hasTimeouts(slots: readonly SlotCounts[], kind: RequestKind): boolean {
  return slots.some(({ kinds }) => MENDABLE[kind].some((rule) => kinds.get(kind)?.limits.has(rule) === true));
}

function fits(slots: readonly SlotCounts[], kind: RequestKind, timeoutMs: number): boolean {
  const sketches = slots.map(({ kinds }) => kinds.get(kind)?.served).filter((served) => served !== undefined);
  return (DurationSketch.quantile(sketches, 0.99) ?? 0) <= FITS_SHARE * timeoutMs;
}

/** The step that led to this one. */
function stepBefore(timeoutMs: number, configuredMs: number, maxMs: number): number {
  let stepMs = configuredMs;
  for (;;) {
    const nextMs = longerTimeout(stepMs, maxMs);
    if (nextMs >= timeoutMs || nextMs <= stepMs) return stepMs;
    stepMs = nextMs;
  }
}
