import { OptionReader, show } from '../option-reader.js';
import { CIRCUIT_DEFAULTS, inOptions } from './circuit-setting.js';

export { mergeCircuitSettings } from './circuit-setting.js';

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
  /**
   * Failures in a row that open it whatever their share, if they are spread over `outageMs` at least: after a healthy
   * time the share takes nearly the whole window to show an outage. Integer from 1; `false`: they do not. @default 15; of
   * `classic` `false`
   */
  readonly outageFailures?: number | false;
  /** Milliseconds, 0 or more. @default 2_000 */
  readonly outageMs?: number;
  /** A call that took at least this long is slow, in milliseconds; `false`: speed does not count. @default false */
  readonly slowCallMs?: number | false;
  /** Share of slow calls that opens the circuit, at or above, from `slowMinimumCalls` on. @default 0.9 */
  readonly slowCallRatio?: number;
  /** Calls in the window below which slowness never opens it; integer from 1. @default 10 */
  readonly slowMinimumCalls?: number;

  /**
   * What a call does that meets it open and that no fallback can answer: `wait` until it lets calls pass, if the deadline
   * allows; or `refuse`: it fails at once. @default 'wait'; of `classic` 'refuse'
   */
  readonly whenOpen?: 'wait' | 'refuse';

  /** Milliseconds from opening to the first probe, above 0. @default 5_000 */
  readonly cooldownMs?: number;
  /** Each opening in a row waits this many times longer, 1 or more. @default 2 */
  readonly cooldownFactor?: number;
  /** Ceiling of the cool-down in milliseconds, at least `cooldownMs`. @default 60_000 (R21) */
  readonly maxCooldownMs?: number;
  /**
   * How far traffic lets the cool-down grow: no further than the mean time in which so many calls arrive, but never below
   * `cooldownMs`. One probe among 25 calls harms nobody; a quiet feature still waits up to `maxCooldownMs`. Integer from
   * 1; `false`: traffic is not looked at. @default 25; of `classic` `false`
   */
  readonly probeShareCalls?: number | false;
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
  /**
   * Milliseconds after the newest probe at which one more is let in beside it, if it is silent still; above 0. @default
   * `cooldownMs`, at least `probeLeaseMs / maxSilentProbes`, so that a place is free whenever one is due
   */
  readonly probeIntervalMs?: number;
  /**
   * Silent probes that may be out besides those in a slot; 0: a silent probe is waited for until its lease ends.
   * Integer, 0 to 100. @default 16
   */
  readonly maxSilentProbes?: number;
  /** Milliseconds after which a silent probe has no say any more, at least the attempt's timeout. @default that and 5 s */
  readonly probeLeaseMs?: number;
  /** Milliseconds from the first probe after which, without a verdict, it opens again. @default 4 leases */
  readonly maxHalfOpenMs?: number;
}

/** By name: `adaptive` are the defaults, `classic` the plain rule of R19-R21; `false`: only what people hold is open. */
export type CircuitSetting = CircuitOptions | 'adaptive' | 'classic' | false;

export type ResolvedCircuitOptions = Readonly<
  Required<
    Omit<
      CircuitOptions,
      'outageFailures' | 'halfOpenFailureRatio' | 'probeIntervalMs' | 'probeLeaseMs' | 'maxHalfOpenMs'
    >
  > & {
    /** `Infinity` when they do not. */
    outageFailures: number;
    probeIntervalMs: number;
    probeLeaseMs: number;
    maxHalfOpenMs: number;
  }
>;

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
    issues.push(`${path}: 'adaptive', 'classic', false, or an object of options, got ${show(setting)}`);
    return resolve(new OptionReader(path, undefined, issues), timeoutMs);
  }
  return resolve(new OptionReader(path, setting, issues), timeoutMs);
}

function resolve(read: OptionReader, timeoutMs: number): ResolvedCircuitOptions {
  const defaults = CIRCUIT_DEFAULTS;
  const cooldownMs = read.milliseconds('cooldownMs', defaults.cooldownMs, { above: 0 });
  const halfOpenCalls = read.integer('halfOpenCalls', defaults.halfOpenCalls, { min: 1, max: 1000 });
  const probeLeaseMs = read.milliseconds('probeLeaseMs', timeoutMs + LEASE_MARGIN_MS, { min: timeoutMs });
  const slowCallMs = read.take('slowCallMs');
  const maxSilentProbes = read.integer('maxSilentProbes', defaults.maxSilentProbes, { min: 0, max: 100 });
  const leastIntervalMs = probeLeaseMs / Math.max(1, maxSilentProbes);
  const options: ResolvedCircuitOptions = {
    mode: read.oneOf('mode', defaults.mode, ['enforce', 'observe', 'disabled']),
    window: read.oneOf('window', defaults.window, ['time', 'count', 'run']),
    failureWindowMs: read.milliseconds('failureWindowMs', defaults.failureWindowMs, { above: 0 }),
    windowCalls: read.integer('windowCalls', defaults.windowCalls, { min: 1, max: 100_000 }),
    windowMs: read.milliseconds('windowMs', defaults.windowMs, { above: 0 }),
    failureThreshold: read.integer('failureThreshold', defaults.failureThreshold, { min: 1 }),
    failureRatio: read.ratio('failureRatio', defaults.failureRatio),
    minimumCalls: read.integer('minimumCalls', defaults.minimumCalls, { min: 1 }),
    outageFailures: readOutageFailures(read, defaults.outageFailures),
    outageMs: read.milliseconds('outageMs', defaults.outageMs),
    slowCallMs:
      slowCallMs === false
        ? false
        : slowCallMs === undefined
          ? defaults.slowCallMs
          : read.milliseconds('slowCallMs', 0, { above: 0 }),
    slowCallRatio: read.ratio('slowCallRatio', defaults.slowCallRatio, { above: 0, max: 1 }),
    slowMinimumCalls: read.integer('slowMinimumCalls', defaults.slowMinimumCalls, { min: 1 }),
    whenOpen: read.oneOf('whenOpen', defaults.whenOpen, ['wait', 'refuse']),
    cooldownMs,
    cooldownFactor: read.number('cooldownFactor', defaults.cooldownFactor, { min: 1 }),
    maxCooldownMs: read.milliseconds('maxCooldownMs', Math.max(defaults.maxCooldownMs, cooldownMs), {
      min: cooldownMs,
    }),
    probeShareCalls:
      read.take('probeShareCalls') === false
        ? false
        : read.integer('probeShareCalls', defaults.probeShareCalls, { min: 1 }),
    cooldownFromFailure: read.oneOf('cooldownFromFailure', defaults.cooldownFromFailure, [true, false]),
    growthResetMs: read.milliseconds('growthResetMs', defaults.growthResetMs),
    halfOpenCalls,
    halfOpenSuccesses: readSuccesses(read, halfOpenCalls),
    probeIntervalMs: read.milliseconds('probeIntervalMs', Math.max(cooldownMs, leastIntervalMs), { above: 0 }),
    maxSilentProbes,
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

function readOutageFailures(read: OptionReader, usual: number): number {
  return read.take('outageFailures') === false ? Infinity : read.integer('outageFailures', usual, { min: 1 });
}
