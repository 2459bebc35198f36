import { describe, expect, it } from '@jest/globals';
import { ALERT_THRESHOLDS } from './alert-thresholds.js';
import { INACTIVE, isActive, type AlertState } from './alert-state.js';
import { NO_READINGS } from './alert-readings.js';
import { nextAlertState } from './next-alert-state.js';
import { errorRate } from './rules/error-rate.js';

const DAYS = 7;
const PER_MINUTE = 40;
const thresholds = () => ALERT_THRESHOLDS;

/** Times a day that it begins or ends, at 40 requests a minute of which each fails with the same chance. */
function transitionsADay(failing: number, seed: number): number {
  let state = seed;
  const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const minutes: number[] = [];
  let alert: AlertState = INACTIVE;
  let transitions = 0;
  for (let minute = 0; minute < DAYS * 1440; minute++) {
    let errors = 0;
    for (let i = 0; i < PER_MINUTE; i++) errors += chance() < failing ? 1 : 0;
    minutes.push(errors);
    if (minutes.length > 5) minutes.shift();
    const met = minutes.reduce((sum, one) => sum + one, 0);
    const traffic = [{ requests: minutes.length * PER_MINUTE, errors: { timeout: met }, retried: 0 }];
    const finding = errorRate
      .judge({ ...NO_READINGS, traffic }, thresholds)
      .find(({ labels }) => labels['error_type'] === 'timeout');
    const after = nextAlertState(alert, finding!.verdict, minute * 60_000, 60_000, finding!.timing);
    if (isActive(after) !== isActive(alert)) transitions++;
    alert = after;
  }
  return transitions / DAYS;
}

describe('flapping (observability-and-waiting.md, 2.4: 9.6, 4.7, 1.9 and 0.1 times a day)', () => {
  it.each([
    [0.045, 5, 14],
    [0.05, 2, 6],
    [0.055, 0, 4],
    [0.07, 0, 0.6],
  ])('at %d of requests it begins or ends between %d and %d times a day', (failing, least, most) => {
    const seeds = [11, 222, 3333];
    const mean = seeds.reduce((sum, seed) => sum + transitionsADay(failing, seed), 0) / seeds.length;
    expect(mean).toBeGreaterThanOrEqual(least);
    expect(mean).toBeLessThanOrEqual(most);
  });
});
