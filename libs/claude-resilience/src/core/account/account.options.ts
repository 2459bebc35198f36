import type { FailureKind } from '../failure/failure.js';
import { OptionReader, show } from '../option-reader.js';

export interface AccountOptions {
  /** Milliseconds from the stop to the first probe, above 0. @default 5_000 for authentication, 60_000 for all else */
  readonly probeAfterMs?: number;
  /**
   * Ceiling of the wait between probes, which doubles with each one refused; milliseconds, at least `probeAfterMs`.
   * @default 60_000 for authentication, 600_000 for all else
   */
  readonly maxProbeAfterMs?: number;
  /** Milliseconds after which a silent probe loses its slot to the next call, above 0. @default 60_000 */
  readonly probeLeaseMs?: number;
}

/** `false`: an account is never stopped, every call is sent. */
export type AccountSetting = AccountOptions | false;

export interface ProbeWaits {
  readonly probeAfterMs: number;
  readonly maxProbeAfterMs: number;
}

export interface ResolvedAccountOptions {
  readonly authentication: ProbeWaits;
  /** Billing, and accounts on hold: somebody must pay or appeal, which takes longer. */
  readonly others: ProbeWaits;
  readonly probeLeaseMs: number;
}

/** Authentication soon: whole-service outages have refused valid keys (2026-04-28, 78 minutes). */
const AUTHENTICATION: ProbeWaits = { probeAfterMs: 5_000, maxProbeAfterMs: 60_000 };
const OTHERS: ProbeWaits = { probeAfterMs: 60_000, maxProbeAfterMs: 600_000 };
const PROBE_LEASE_MS = 60_000;

export function readAccountOptions(path: string, given: unknown, issues: string[]): ResolvedAccountOptions | false {
  if (given === false) return false;
  if (typeof given === 'string' || typeof given === 'boolean') {
    issues.push(`${path}: false, or an object of options, got ${show(given)}`);
    return readAccountOptions(path, undefined, issues);
  }
  const read = new OptionReader(path, given, issues);
  const authentication = readWaits(read, AUTHENTICATION);
  const known = issues.length;
  const others = readWaits(read, OTHERS);
  issues.splice(known); // the same fields: what is wrong with them has been said
  const options: ResolvedAccountOptions = {
    authentication,
    others,
    probeLeaseMs: read.milliseconds('probeLeaseMs', PROBE_LEASE_MS, { above: 0 }),
  };
  read.done();
  return Object.freeze(options);
}

/** How long to wait for a probe, by what stopped the account. */
export function probeWaitsOf(kind: FailureKind, options: ResolvedAccountOptions): ProbeWaits {
  return kind === 'authentication' ? options.authentication : options.others;
}

/** One of the two that is given moves the other's default, never the other way round. */
function readWaits(read: OptionReader, defaults: ProbeWaits): ProbeWaits {
  if (read.take('probeAfterMs') === undefined) {
    const maxProbeAfterMs = read.milliseconds('maxProbeAfterMs', defaults.maxProbeAfterMs, { above: 0 });
    return Object.freeze({ probeAfterMs: Math.min(defaults.probeAfterMs, maxProbeAfterMs), maxProbeAfterMs });
  }
  const probeAfterMs = read.milliseconds('probeAfterMs', defaults.probeAfterMs, { above: 0 });
  const ceilingMs = Math.max(defaults.maxProbeAfterMs, probeAfterMs);
  const maxProbeAfterMs = read.milliseconds('maxProbeAfterMs', ceilingMs, { min: probeAfterMs });
  return Object.freeze({ probeAfterMs, maxProbeAfterMs });
}
