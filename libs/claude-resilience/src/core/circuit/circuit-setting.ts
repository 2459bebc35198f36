/**
 * `adaptive`. Why a ratio beside the count: at 20 requests/s the plain rule trips on ordinary errors. Why no larger
 * minimum of calls: the threshold is one, and at a few calls a minute twenty never come together.
 */
export const CIRCUIT_DEFAULTS = Object.freeze({
  mode: 'enforce' as const,
  window: 'time' as const,
  failureWindowMs: 30_000,
  windowCalls: 100,
  windowMs: 60_000,
  failureThreshold: 5,
  failureRatio: 0.9,
  minimumCalls: 1,
  outageFailures: 15,
  outageMs: 2_000,
  slowCallMs: false as const,
  slowCallRatio: 0.9,
  slowMinimumCalls: 10,
  whenOpen: 'wait' as const,
  cooldownMs: 5_000,
  cooldownFactor: 2,
  maxCooldownMs: 60_000,
  probeShareCalls: 25,
  cooldownFromFailure: true,
  growthResetMs: 60_000,
  halfOpenCalls: 1,
  maxSilentProbes: 16,
});

/** The plain rule of R19-R21: one test request, waited for. */
export const CLASSIC_CIRCUIT = Object.freeze({
  failureRatio: 0,
  outageFailures: false,
  cooldownMs: 60_000,
  cooldownFactor: 1,
  probeShareCalls: false,
  cooldownFromFailure: false,
  maxSilentProbes: 0,
  whenOpen: 'refuse',
});

/** A feature's own setting over the shared one: options add up, a name or `false` stands for itself. */
export function mergeCircuitSettings(shared: unknown, own: unknown): unknown {
  if (own === undefined) return shared;
  if (shared === false || !isOptions(own)) return own;
  const base = inOptions(shared);
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...(isOptions(base) ? base : {}), ...Object.fromEntries(given) };
}

/** What a name or `false` stands for, as options; anything else as it is. */
export function inOptions(setting: unknown): unknown {
  if (setting === 'adaptive') return {};
  if (setting === 'classic') return CLASSIC_CIRCUIT;
  return setting === false ? { mode: 'disabled' } : setting;
}

function isOptions(setting: unknown): setting is object {
  return typeof setting === 'object' && setting !== null && !Array.isArray(setting);
}
