/** A stretch of time, in milliseconds from the start; the end is not in it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the API goes through while calls arrive. Rates are requests a second. */
export interface Scenario {
  readonly name: 'base' | 'changed';
  /** Calls arrive so long, and are waited for so long after. */
  readonly loadMs: number;
  readonly drainMs: number;
  /** The account's limit: a token bucket that answers 429. */
  readonly limit: { readonly perSecond: number; readonly burst: number };
  /** Of an answer, lognormal. */
  readonly latency: { readonly medianMs: number; readonly sigma: number };
  /** Share of 500s at any time. */
  readonly errorRatio: number;
  /** Share of 529s, and how much it grows with every further `bearsPerSecond` of requests, sent or repeated. */
  readonly storm: Span & {
    readonly failureRatio: number;
    readonly bearsPerSecond: number;
    readonly growth: number;
    readonly mostRatio: number;
  };
  /** Whether a request that fails counts against the account's limit; the API does not say. */
  readonly failuresCount: boolean;
  /** Share of attempts that hang; the rest fails at once. */
  readonly outage: Span & { readonly hangRatio: number };
  /** The service is cold after the outage: it can do little, and less of it the more it is asked. */
  readonly ramp: Span & { readonly fromPerSecond: number; readonly overloadCost: number };
  readonly slow: Span & { readonly factor: number };
}

/** Longest wait for one answer, and for a call with all that it takes. */
export const ATTEMPT_TIMEOUT_MS = 30_000;
export const DEADLINE_MS = 60_000;

/** Requests that a cold service can take at once. */
export const COLD_BURST = 5;

const minutes = (from: number, to: number): Span => ({ fromMs: from * 60_000, toMs: to * 60_000 });

/** That of `measured-baselines.md`, section 6. */
export const BASE_SCENARIO: Scenario = {
  name: 'base',
  loadMs: 30 * 60_000,
  drainMs: 15 * 60_000,
  limit: { perSecond: 50, burst: 50 },
  latency: { medianMs: 2_000, sigma: 0.6 },
  errorRatio: 0.002,
  storm: { ...minutes(5, 7), failureRatio: 0.6, bearsPerSecond: 50, growth: 0.25, mostRatio: 0.95 },
  failuresCount: true,
  outage: { ...minutes(12, 15), hangRatio: 0.3 },
  ramp: { ...minutes(15, 16), fromPerSecond: 10, overloadCost: 0.35 },
  slow: { ...minutes(21, 24), factor: 5 },
};

/** One that nothing is tuned on: a weaker and longer storm, a short outage that hangs, a quick ramp, more errors. */
export const CHANGED_SCENARIO: Scenario = {
  ...BASE_SCENARIO,
  name: 'changed',
  latency: { medianMs: 3_000, sigma: 0.8 },
  errorRatio: 0.01,
  storm: { ...BASE_SCENARIO.storm, ...minutes(4, 8), failureRatio: 0.35 },
  outage: { ...minutes(13, 14), hangRatio: 0.6 },
  ramp: { ...BASE_SCENARIO.ramp, ...minutes(14, 14 + 1 / 3) },
  slow: { ...minutes(20, 23), factor: 3 },
};

/** The parts of a scenario, by which a trace is told. */
export type PhaseName = 'calm' | 'storm' | 'outage' | 'ramp' | 'slow';

export function phaseAt(scenario: Scenario, nowMs: number): PhaseName {
  for (const name of ['storm', 'outage', 'ramp', 'slow'] as const) if (isWithin(scenario[name], nowMs)) return name;
  return 'calm';
}

export function isWithin({ fromMs, toMs }: Span, nowMs: number): boolean {
  return nowMs >= fromMs && nowMs < toMs;
}

/** What the service itself can do, in requests a second, when it is not asked for more. */
export function capacityAt({ ramp, limit }: Scenario, nowMs: number): number {
  if (!isWithin(ramp, nowMs)) return Infinity;
  const passed = (nowMs - ramp.fromMs) / (ramp.toMs - ramp.fromMs);
  return ramp.fromPerSecond + (limit.perSecond - ramp.fromPerSecond) * passed;
}
