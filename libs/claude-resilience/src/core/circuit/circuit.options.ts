import { OptionReader, show } from '../option-reader.js';

/**
 * When a feature's circuit opens, and how it comes back. Only `server_error`, `overloaded`, `timeout` and `connection`
 * are failures; what says nothing about the service (a 400, a 429, the caller's own abort) is neutral: not counted at all.
 */
export interface CircuitOptions {
  /** `enforce`; `observe` counts, moves and reports but lets every call pass; `disabled` does nothing. @default 'enforce' */
  readonly mode?: 'enforce' | 'observe' | 'disabled';

  /** What the rule looks at: the last `failureWindowMs`, the last `windowCalls`, or the failures in a row. @default 'time' */
  readonly window?: 'time' | 'count' | 'run';
  /** Milliseconds that a `time` window looks back, above 0. @default 30_000 (R20) */
  readonly failureWindowMs?: number;
  /** Calls that a `count` window looks back, 1 to 100 000. @default 100 */
  readonly windowCalls?: number;
  /** Milliseconds that the reported figures (health, events) look back, above 0. @default 60_000 (R19) */
  readonly windowMs?: number;

  /** Failures in the window that open the circuit, at or above; integer from 1. @default 5 (R20) */
  readonly failureThreshold?: number;
  /** Share of the window's calls that must have failed, too, at or above; 0 to 1. @default 0.9 */
  readonly failureRatio?: number;
  /** Calls in the window below which it never opens; integer from 1. @default 1 */
  readonly minimumCalls?: number;
  /** A call that took at least this long is slow, in milliseconds; `false`: speed does not count. @default false */
  readonly slowCallMs?: number | false;
  /** Share of slow calls that opens the circuit, at or above, from `slowMinimumCalls` on. @default 0.9 */
  readonly slowCallRatio?: number;
  /** Calls in the window below which slowness never opens it; integer from 1. @default 10 */
  readonly slowMinimumCalls?: number;

  /** Milliseconds from opening to the first probe, above 0. @default 5_000 */
  readonly cooldownMs?: number;
  /** Each opening in a row waits this many times longer, 1 or more. @default 2 */
  readonly cooldownFactor?: number;
  /** Ceiling of the cool-down in milliseconds, at least `cooldownMs`. @default 60_000 (R21) */
  readonly maxCooldownMs?: number;
  /** Whether a `Retry-After` of the failure that opens it lengthens the cool-down, up to the ceiling. @default true */
  readonly cooldownFromFailure?: boolean;
  /** Milliseconds closed after which the next opening starts again at `cooldownMs`. @default 60_000 */
  readonly growthResetMs?: number;

  /** Probes let through while half-open; the rest is refused. Integer from 1. @default 1 (R21) */
  readonly halfOpenCalls?: number;
  /** Successful probes that close it, 1 to `halfOpenCalls`. @default all of them */
  readonly halfOpenSuccesses?: number;
  /** The same as a share: closes if fewer than this share of the probes failed, above 0 to 1. Instead of `halfOpenSuccesses`. */
  readonly halfOpenFailureRatio?: number;
  /** Milliseconds after which a silent probe loses its slot, at least the attempt's timeout. @default that and 5 s */
  readonly probeLeaseMs?: number;
  /** Milliseconds from the first probe after which, without a verdict, it opens again. @default 4 leases */
  readonly maxHalfOpenMs?: number;
}

/** Options by name: `classic` is the plain rule of R19-R21; `false` switches the circuit off. */
export type CircuitSetting = CircuitOptions | 'classic' | false;

export type ResolvedCircuitOptions = Readonly<
  Required<Omit<CircuitOptions, 'halfOpenFailureRatio' | 'probeLeaseMs' | 'maxHalfOpenMs'>> & {
    probeLeaseMs: number;
    maxHalfOpenMs: number;
  }
>;

type CircuitDefaults = Omit<ResolvedCircuitOptions, 'probeLeaseMs' | 'maxHalfOpenMs' | 'halfOpenSuccesses'>;

/** Why a ratio beside the count: at 20 requests/s the plain rule trips on ordinary errors. */
export const CIRCUIT_DEFAULTS: CircuitDefaults = Object.freeze({
  mode: 'enforce',
  window: 'time',
  failureWindowMs: 30_000,
  windowCalls: 100,
  windowMs: 60_000,
  failureThreshold: 5,
  failureRatio: 0.9,
  minimumCalls: 1,
  slowCallMs: false,
  slowCallRatio: 0.9,
  slowMinimumCalls: 10,
  cooldownMs: 5_000,
  cooldownFactor: 2,
  maxCooldownMs: 60_000,
  cooldownFromFailure: true,
  growthResetMs: 60_000,
  halfOpenCalls: 1,
});

/** The plain rule of R19-R21. */
export const CLASSIC_CIRCUIT: CircuitOptions = Object.freeze({
  failureRatio: 0,
  cooldownMs: 60_000,
  cooldownFactor: 1,
  cooldownFromFailure: false,
});

/** Added to the attempt's timeout to give a probe's lease: the timeout must come first. */
const LEASE_MARGIN_MS = 5_000;

/** @param timeoutMs the attempt's timeout, from which the lease of a probe follows */
export function readCircuitOptions(
  path: string,
  given: unknown,
  timeoutMs: number,
  issues: string[],
): ResolvedCircuitOptions {
  const setting = inOptions(given);
  if (typeof setting === 'string' || typeof setting === 'boolean') {
    issues.push(`${path}: 'classic', false, or an object of options, got ${show(setting)}`);
    return resolve(new OptionReader(path, undefined, issues), timeoutMs);
  }
  return resolve(new OptionReader(path, setting, issues), timeoutMs);
}

/** A feature's own setting over the shared one: options add up, a name or `false` stands for itself. */
export function mergeCircuitSettings(shared: unknown, own: unknown): unknown {
  if (own === undefined) return shared;
  if (shared === false || !isOptions(own)) return own;
  const base = inOptions(shared);
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...(isOptions(base) ? base : {}), ...Object.fromEntries(given) };
}

function inOptions(setting: unknown): unknown {
  if (setting === 'classic') return CLASSIC_CIRCUIT;
  return setting === false ? { mode: 'disabled' } : setting;
}

function isOptions(setting: unknown): setting is object {
  return typeof setting === 'object' && setting !== null && !Array.isArray(setting);
}

function resolve(read: OptionReader, timeoutMs: number): ResolvedCircuitOptions {
  const defaults = CIRCUIT_DEFAULTS;
  const cooldownMs = read.milliseconds('cooldownMs', defaults.cooldownMs, { above: 0 });
  const halfOpenCalls = read.integer('halfOpenCalls', defaults.halfOpenCalls, { min: 1, max: 1000 });
  const probeLeaseMs = read.milliseconds('probeLeaseMs', timeoutMs + LEASE_MARGIN_MS, { min: timeoutMs });
  const slowCallMs = read.take('slowCallMs');
  const options: ResolvedCircuitOptions = {
    mode: read.oneOf('mode', defaults.mode, ['enforce', 'observe', 'disabled']),
    window: read.oneOf('window', defaults.window, ['time', 'count', 'run']),
    failureWindowMs: read.milliseconds('failureWindowMs', defaults.failureWindowMs, { above: 0 }),
    windowCalls: read.integer('windowCalls', defaults.windowCalls, { min: 1, max: 100_000 }),
    windowMs: read.milliseconds('windowMs', defaults.windowMs, { above: 0 }),
    failureThreshold: read.integer('failureThreshold', defaults.failureThreshold, { min: 1 }),
    failureRatio: read.ratio('failureRatio', defaults.failureRatio),
    minimumCalls: read.integer('minimumCalls', defaults.minimumCalls, { min: 1 }),
    slowCallMs:
      slowCallMs === false
        ? false
        : slowCallMs === undefined
          ? defaults.slowCallMs
          : read.milliseconds('slowCallMs', 0, { above: 0 }),
    slowCallRatio: read.ratio('slowCallRatio', defaults.slowCallRatio, { above: 0, max: 1 }),
    slowMinimumCalls: read.integer('slowMinimumCalls', defaults.slowMinimumCalls, { min: 1 }),
    cooldownMs,
    cooldownFactor: read.number('cooldownFactor', defaults.cooldownFactor, { min: 1 }),
    maxCooldownMs: read.milliseconds('maxCooldownMs', Math.max(defaults.maxCooldownMs, cooldownMs), {
      min: cooldownMs,
    }),
    cooldownFromFailure: read.oneOf('cooldownFromFailure', defaults.cooldownFromFailure, [true, false]),
    growthResetMs: read.milliseconds('growthResetMs', defaults.growthResetMs),
    halfOpenCalls,
    halfOpenSuccesses: readSuccesses(read, halfOpenCalls),
    probeLeaseMs,
    maxHalfOpenMs: read.milliseconds('maxHalfOpenMs', 4 * probeLeaseMs, { min: probeLeaseMs }),
  };
  const needed = Math.max(
    options.failureThreshold,
    options.minimumCalls,
    options.slowCallMs === false ? 1 : options.slowMinimumCalls,
  );
  if (options.window === 'count' && options.windowCalls < needed) {
    read.reject('windowCalls', `at least ${needed}, or a threshold is never reached`, options.windowCalls);
  }
  read.done();
  return Object.freeze(options);
}

/** Both ways to say when half-open ends become one: how many of the probes must succeed. */
function readSuccesses(read: OptionReader, halfOpenCalls: number): number {
  const successes = read.integer('halfOpenSuccesses', halfOpenCalls, { min: 1, max: halfOpenCalls });
  const ratio = read.take('halfOpenFailureRatio');
  if (ratio === undefined) return successes;
  if (read.take('halfOpenSuccesses') !== undefined) {
    read.reject('halfOpenFailureRatio', 'nothing beside halfOpenSuccesses: name one of the two', ratio);
  }
  const failureRatio = read.ratio('halfOpenFailureRatio', 1, { above: 0, max: 1 });
  let successesNeeded = 1;
  while ((halfOpenCalls - successesNeeded) / halfOpenCalls >= failureRatio) successesNeeded++;
  return successesNeeded;
}
