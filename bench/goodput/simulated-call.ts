import { DEADLINE_MS } from './scenario.js';

/** One call of the load. */
export class SimulatedCall {
  /** When it was answered; `undefined` as long as it was not. */
  answeredAtMs: number | undefined;
  /** When the request that was answered was sent. */
  sentAtMs: number | undefined;
  /** Nobody will try again. */
  isLost = false;

  constructor(
    readonly number: number,
    readonly arrivedAtMs: number,
  ) {}

  get deadlineAtMs(): number {
    return this.arrivedAtMs + DEADLINE_MS;
  }

  answered(sentAtMs: number, nowMs: number): void {
    this.sentAtMs = sentAtMs;
    this.answeredAtMs = nowMs;
  }
}
