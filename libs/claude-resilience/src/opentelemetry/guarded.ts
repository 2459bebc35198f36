/**
 * Runs what calls the application's telemetry: samplers, processors, readers. What they throw must not reach a call, and there
 * is nobody here who could be told.
 */
export function guarded<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
