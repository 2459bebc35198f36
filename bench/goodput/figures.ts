import { ATTEMPT_TIMEOUT_MS, isWithin, type Scenario } from './scenario.js';
import type { SimulatedCall } from './simulated-call.js';

/** What one run comes to. Ratios are 0 to 1; times in milliseconds. */
export interface Figures {
  readonly calls: number;
  /** Share of calls answered within the deadline, by requests sent while the load lasted: draining after it is no merit. */
  readonly successRatio: number;
  /** Requests that answered nobody, for each call that was answered. */
  readonly wastedPerSuccess: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** From the end of the outage until requests succeed as usual again. */
  readonly recoveryMs: number;
  /** Calls that were given up. */
  readonly lost: number;
  /** Calls that still wait for their turn when the drain is over. */
  readonly waiting: number;
  readonly trips: number;
  /** Circuits that opened while no outage was on. */
  readonly falseTrips: number;
}

/** What happened besides the calls. */
export interface Happenings {
  /** Requests sent. */
  readonly sent: number;
  readonly tripsAtMs: readonly number[];
}

/** As usual: this share of what the load and the limit allow, over a window that slides by seconds. */
const USUAL_RATIO = 0.8;
const WINDOW_MS = 5_000;
const SLIDE_MS = 1_000;

export function figuresOf(
  calls: readonly SimulatedCall[],
  scenario: Scenario,
  perSecond: number,
  { sent, tripsAtMs }: Happenings,
): Figures {
  const inTime = calls.filter((call) => isInTime(call, scenario));
  const latencies = Float64Array.from(inTime, (call) => (call.answeredAtMs ?? 0) - call.arrivedAtMs).sort();
  const answered = calls.filter(({ answeredAtMs }) => answeredAtMs !== undefined).length;
  const lost = calls.filter(({ isLost }) => isLost).length;
  return {
    calls: calls.length,
    successRatio: inTime.length / calls.length,
    wastedPerSuccess: (sent - answered) / answered,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    recoveryMs: recoveryMs(calls, scenario, perSecond),
    lost,
    waiting: calls.length - answered - lost,
    trips: tripsAtMs.length,
    falseTrips: tripsAtMs.filter((atMs) => !isOutageFelt(scenario, atMs)).length,
  };
}

export function isInTime({ answeredAtMs, sentAtMs, deadlineAtMs }: SimulatedCall, { loadMs }: Scenario): boolean {
  return answeredAtMs !== undefined && answeredAtMs <= deadlineAtMs && (sentAtMs ?? Infinity) < loadMs;
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** Attempts that hang are heard of when their time is over. */
function isOutageFelt({ outage: { fromMs, toMs } }: Scenario, atMs: number): boolean {
  return isWithin({ fromMs, toMs: toMs + ATTEMPT_TIMEOUT_MS }, atMs);
}

/** By when requests that succeeded were sent, so that the time an answer takes is no part of it. */
function recoveryMs(calls: readonly SimulatedCall[], { outage, limit }: Scenario, perSecond: number): number {
  const endMs = outage.toMs;
  const horizonMs = 5 * 60_000;
  const slots = new Uint32Array(horizonMs / SLIDE_MS);
  for (const { sentAtMs = -1 } of calls) {
    const slot = Math.floor((sentAtMs - endMs) / SLIDE_MS);
    if (slot >= 0 && slot < slots.length) slots[slot] = (slots[slot] ?? 0) + 1;
  }
  const needed = (USUAL_RATIO * Math.min(perSecond, limit.perSecond) * WINDOW_MS) / 1000;
  const width = WINDOW_MS / SLIDE_MS;
  for (let slot = 0; slot + width <= slots.length; slot++) {
    const inWindow = slots.subarray(slot, slot + width).reduce((sum, count) => sum + count, 0);
    if (inWindow >= needed) return slot * SLIDE_MS;
  }
  return Infinity;
}
