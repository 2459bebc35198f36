import type { Clock } from '../../../libs/claude-resilience/src/core/clock.port.js';
import type { OnTrip } from '../policy.js';
import type { RequestEnd } from './send-once.js';

const FAILURES = 5;
const WINDOW_MS = 30_000;
const OPEN_MS = 60_000;

/** The plain rule: 5 failures in 30 s open it for 60 s; then one probe decides. 429 is not counted. */
export class ClassicBreaker {
  #failedAtMs: number[] = [];
  #state: 'closed' | 'open' | 'probing' = 'closed';
  #openUntilMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onTrip: OnTrip,
  ) {}

  admit(): 'normal' | 'probe' | 'refused' {
    if (this.#state === 'closed') return 'normal';
    if (this.#state === 'probing' || this.clock.nowMs() < this.#openUntilMs) return 'refused';
    this.#state = 'probing';
    return 'probe';
  }

  record(permit: 'normal' | 'probe', kind: RequestEnd['kind']): void {
    const nowMs = this.clock.nowMs();
    if (permit === 'probe') {
      if (kind === 'answered') this.#close();
      else this.#open(nowMs);
    } else if (kind === 'failed' && this.#state === 'closed') {
      this.#failedAtMs = [...this.#failedAtMs.filter((atMs) => atMs > nowMs - WINDOW_MS), nowMs];
      if (this.#failedAtMs.length < FAILURES) return;
      this.#open(nowMs);
      this.onTrip(nowMs);
    }
  }

  #open(nowMs: number): void {
    this.#state = 'open';
    this.#openUntilMs = nowMs + OPEN_MS;
  }

  #close(): void {
    this.#state = 'closed';
    this.#failedAtMs = [];
  }
}
