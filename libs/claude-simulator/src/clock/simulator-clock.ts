/** The only source of time in the simulator: buckets, rule windows, latencies and the request log all read it. */
export abstract class SimulatorClock {
  /** Milliseconds since the Unix epoch, whole, never going backwards. */
  abstract nowMs(): number;

  /** Resolves after `delayMs` of this clock's time, or at once when the signal aborts; it never rejects. */
  abstract sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}
