import CircuitBreaker from 'opossum';

const HOUR_MS = 3_600_000;

/** With the limits that are our defaults. @param volume calls below which it never opens */
export function opossumBreaker<T>(action: () => Promise<T>, volume = 5): CircuitBreaker<T> {
  return new CircuitBreaker(action, {
    timeout: 60_000,
    errorThresholdPercentage: 90,
    resetTimeout: HOUR_MS,
    rollingCountTimeout: 30_000,
    rollingCountBuckets: 30,
    volumeThreshold: volume,
  });
}
