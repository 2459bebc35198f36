import type { Alert } from './alert.js';

/** Kept for the opening, at most. */
const MOST_MISSED = 50;

/** What came and went while nobody was to be woken. */
export class MissedAlerts {
  #alerts: Alert[];
  #left: number;

  constructor(alerts: readonly Alert[] = [], left = 0) {
    this.#alerts = [...alerts];
    this.#left = left;
  }

  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  /** How many more were not kept. */
  get left(): number {
    return this.#left;
  }

  add(alert: Alert): void {
    this.#alerts.push(alert);
    if (this.#alerts.length <= MOST_MISSED) return;
    this.#alerts.shift();
    this.#left++;
  }
}
