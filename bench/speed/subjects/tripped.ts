/** More failures in a row than any of the breakers here needs to open. */
const FAILURES = 20;

/** Has a breaker open, by failing. */
export async function tripped(call: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < FAILURES; n++) await call().catch(() => {});
}
