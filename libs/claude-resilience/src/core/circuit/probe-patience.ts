import type { ResolvedCircuitOptions } from './circuit.options.js';

/** Whoever is to probe has calls to do it with, and is heard of two beats later: longer than this it takes nobody, in milliseconds. */
const PATIENCE_MS = 6_000;
/** After each further step twice as many may send their own, in milliseconds; or half a cool-down, where that is longer. */
const STEP_MS = 5_000;

/**
 * Milliseconds for which a replica leaves probes to another one without hearing of any, before it sends its own: no
 * holder of the lease, however broken, keeps a circuit open. One at first, and twice as many with each step: of 30 all
 * after half a minute, of 1 000 after a minute, if the feature is not a quiet one whose probes are rare anyway.
 *
 * @param isUnderWay a probe was heard of that has not ended: a silent one is replaced after `probeIntervalMs`
 * @param coolDownMs the last one, of whoever opened it
 * @param place among those who wait, from 0
 */
export function probePatienceMs(
  options: Pick<ResolvedCircuitOptions, 'probeIntervalMs' | 'probeLeaseMs' | 'maxSilentProbes'>,
  isUnderWay: boolean,
  coolDownMs: number,
  place: number,
): number {
  const replacedAfterMs = options.maxSilentProbes === 0 ? options.probeLeaseMs : options.probeIntervalMs;
  const patienceMs = Math.max(PATIENCE_MS, coolDownMs / 4) + (isUnderWay ? replacedAfterMs : 0);
  return patienceMs + Math.max(STEP_MS, coolDownMs / 2) * Math.ceil(Math.log2(place + 1));
}
