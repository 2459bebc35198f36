import { createHash } from 'node:crypto';

/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * An endless, repeatable sequence of chances. Each topic has a sequence of its own, so that more draws for one (say,
 * latency) never change another (say, which requests fail).
 * @see Mulberry32, a 32-bit generator; quality is ample for faults and sample texts, never for secrets
 */
export function seededRandom(seed: number, ...topic: readonly (string | number)[]): Random {
  let state = createHash('sha256')
    .update(JSON.stringify([seed, ...topic]))
    .digest()
    .readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
