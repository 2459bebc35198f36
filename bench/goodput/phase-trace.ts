import type { ApiCounts, ApiModel } from './api-model.js';
import type { VirtualClock } from './virtual-clock.js';
import { isInTime } from './figures.js';
import { phaseAt, type PhaseName, type Scenario } from './scenario.js';
import type { SimulatedCall } from './simulated-call.js';

/** What happened in one stretch of a scenario: calls by when they arrived, requests by when they were sent. */
export interface PhaseTrace {
  readonly phase: PhaseName;
  readonly fromMs: number;
  readonly toMs: number;
  readonly calls: number;
  readonly inTime: number;
  readonly p50Ms: number;
  readonly requests: ApiCounts;
}

interface Mark {
  readonly atMs: number;
  readonly counts: ApiCounts;
}

/** Notes the API's counts wherever a stretch of the scenario begins or ends. */
export function markPhases(scenario: Scenario, clock: VirtualClock, api: ApiModel): readonly Mark[] {
  const marks: Mark[] = [];
  for (const atMs of edgesOf(scenario)) clock.after(atMs, () => marks.push({ atMs, counts: { ...api.counts } }));
  return marks;
}

/** The same without an API that counts. */
export function unmarkedPhases(scenario: Scenario): readonly Mark[] {
  const counts = { answered: 0, limited: 0, failed: 0, overloaded: 0, hung: 0 };
  return edgesOf(scenario).map((atMs) => ({ atMs, counts }));
}

function edgesOf({ storm, outage, ramp, slow, loadMs }: Scenario): readonly number[] {
  const edges = [storm, outage, ramp, slow].flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  // A minute after the ramp those who waited through it have had their time.
  return [...new Set([0, ...edges, ramp.toMs + 60_000, loadMs])].sort((a, b) => a - b);
}

export function tracePhases(
  marks: readonly Mark[],
  calls: readonly SimulatedCall[],
  scenario: Scenario,
): readonly PhaseTrace[] {
  return marks.slice(1).map((to, index) => {
    const from = marks[index] ?? to;
    const arrived = calls.filter(({ arrivedAtMs }) => arrivedAtMs >= from.atMs && arrivedAtMs < to.atMs);
    const inTime = arrived.filter((call) => isInTime(call, scenario));
    const latencies = inTime.map((call) => (call.answeredAtMs ?? 0) - call.arrivedAtMs).sort((a, b) => a - b);
    return {
      phase: phaseAt(scenario, from.atMs),
      fromMs: from.atMs,
      toMs: to.atMs,
      calls: arrived.length,
      inTime: inTime.length,
      p50Ms: latencies[latencies.length >> 1] ?? NaN,
      requests: difference(to.counts, from.counts),
    };
  });
}

function difference(to: ApiCounts, from: ApiCounts): ApiCounts {
  return {
    answered: to.answered - from.answered,
    limited: to.limited - from.limited,
    failed: to.failed - from.failed,
    overloaded: to.overloaded - from.overloaded,
    hung: to.hung - from.hung,
  };
}
