import { ClaudeResilienceError } from '../errors.js';

/** What is known of a message that was not taken. */
export interface AlertNotSentFacts {
  /** Milliseconds that the receiver asked to wait. */
  readonly retryAfterMs?: number;
  /** HTTP status of the answer; absent when there was none. */
  readonly status?: number;
  /** Whether it may have got there all the same: no answer came. */
  readonly mayHaveArrived?: boolean;
}

/** It was not sent this time. The explanation is ours: neither an address nor text of the receiver. */
export class ClaudeAlertNotSentError extends ClaudeResilienceError {
  override readonly name = 'ClaudeAlertNotSentError';
  readonly code = 'CLAUDE_ALERT_NOT_SENT';
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly mayHaveArrived: boolean;
  constructor(explanation: string, { retryAfterMs, status, mayHaveArrived = false }: AlertNotSentFacts = {}) {
    super(`The alert was not sent: ${explanation}`);
    this.retryAfterMs = retryAfterMs;
    this.status = status;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** No sink has that name. */
export class ClaudeUnknownAlertSinkError extends ClaudeResilienceError {
  override readonly name = 'ClaudeUnknownAlertSinkError';
  readonly code = 'CLAUDE_ALERT_SINK_UNKNOWN';
  constructor(known: readonly string[]) {
    super(`There is no such sink; known: ${known.length === 0 ? 'none' : known.join(', ')}`);
  }
}

/** It can never be sent like this: trying again is of no use. */
export class ClaudeAlertRefusedError extends ClaudeResilienceError {
  override readonly name = 'ClaudeAlertRefusedError';
  readonly code = 'CLAUDE_ALERT_REFUSED';
  constructor(explanation: string) {
    super(`The alert cannot be sent: ${explanation}`);
  }
}

/** Another process looks now, and what it knows is newer: nothing was kept, and nothing may be told. */
export class ClaudeAlertsElsewhereError extends ClaudeResilienceError {
  override readonly name = 'ClaudeAlertsElsewhereError';
  readonly code = 'CLAUDE_ALERTS_ELSEWHERE';
  constructor() {
    super('Another replica looks after alerts now');
  }
}
