/** Leave to send one request. Give it back with `record`, whatever happens. */
export interface Permit {
  readonly admitted: true;
  readonly generation: number;
  /** Set for a probe of a half-open circuit. */
  readonly probeId: number | undefined;
  readonly admittedAtMs: number;
}

export interface Refusal {
  readonly admitted: false;
  /** Milliseconds until asking again makes sense; at least 1. */
  readonly retryAfterMs: number;
}
