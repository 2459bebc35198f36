import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  fallback,
  handleAll,
  handleWhen,
  isBrokenCircuitError,
  retry,
  SamplingBreaker,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

const HOUR_MS = 3_600_000;

/** @param failures in a row that open it; absent: 90 % of those of 30 s, as by our defaults */
export function cockatielBreaker(failures?: number) {
  const breaker =
    failures === undefined
      ? new SamplingBreaker({ threshold: 0.9, duration: 30_000 })
      : new ConsecutiveBreaker(failures);
  return circuitBreaker(handleAll, { halfOpenAfter: HOUR_MS, breaker });
}

/** What comes nearest to one call of ours: all four policies, with the limits that are our defaults. */
export function cockatielWrap(breaker = cockatielBreaker(), maxAttempts = 3) {
  // Whoever waits for an open circuit measures the wait.
  const again = handleWhen((error) => !isBrokenCircuitError(error));
  return wrap(
    fallback(handleAll, 'later'),
    retry(again, { maxAttempts, backoff: new ExponentialBackoff() }),
    breaker,
    timeout(60_000, TimeoutStrategy.Cooperative),
  );
}
