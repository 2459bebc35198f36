import { describe, expect, it } from '@jest/globals';
import { AlertBench } from '../../testing/alert-bench.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { MemoryAlertSink } from '../../testing/memory-alert-sink.js';
import { ClaudeAlertNotSentError } from './alert-errors.js';
import { NO_READINGS, type AlertReadings } from './alert-readings.js';
import { MemoryAlertStateStore } from './memory-alert-state-store.js';

const REPEAT_MS = 4 * 3_600_000;

function chanceOf(seed: number) {
  let state = seed * 7_919 + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Anything that could be read, well or not, there or not. */
function anyReadings(chance: () => number): AlertReadings | Error {
  if (chance() < 0.05) return new Error('no metrics');
  const some = <T>(share: number, one: T): T[] => (chance() < share ? [one] : []);
  const count = (most: number) => Math.floor(chance() * most);
  const traffic = (workflow?: string) => ({
    ...(workflow !== undefined && { workflow }),
    requests: chance() < 0.2 ? count(20) : 1_000,
    errors: { timeout: count(100), rate_limited: count(300), authentication: chance() < 0.05 ? 1 : 0 },
    retried: count(200),
    idleMs: count(120_000),
  });
  return {
    ...NO_READINGS,
    traffic: [...some(0.8, traffic()), ...some(0.8, traffic('chat'))],
    circuits: some(0.8, {
      circuit: 'chat',
      state: chance() < 0.5 ? ('open' as const) : ('closed' as const),
      notClosedForMs: count(600_000),
    }),
    accounts: some(0.8, { account: 'anthropic', ...(chance() < 0.3 && { stoppedBy: 'billing' as const }) }),
    budgets: some(0.8, { period: 'day' as const, spentUsd: count(150), budgetUsd: 100 }),
  };
}

describe('whatever is read', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'nobody hears of anything twice within 4 hours, or of the end of what never began (seed %i)',
    async (seed) => {
      const chance = chanceOf(seed + 1);
      const clock = new ManualClock(Date.UTC(2026, 10, 20, 8));
      const store = new MemoryAlertStateStore();
      const sinks = [new MemoryAlertSink('pager'), new MemoryAlertSink('slack', 'channel')];
      const make = () => new AlertBench({ sinks, clock, store, businessHours: { timeZone: 'Europe/London' } });
      let bench = make();
      await bench.desk.start();
      for (let minute = 0; minute < 700; minute++) {
        for (const sink of sinks) {
          sink.trouble = chance() < 0.2 ? new ClaudeAlertNotSentError('its receiver answered 500') : undefined;
        }
        if (chance() < 0.01) {
          await bench.desk.stop();
          bench = make();
          await bench.desk.start();
        }
        if (chance() < 0.02)
          bench.desk.silence({ labels: {}, by: 'x', why: 'y', untilMs: clock.wallMs() + chance() * 1e6 });
        // Long spells of one kind, so that things begin and end.
        if (chance() < 0.15) bench.readings = anyReadings(chance);
        await bench.see(1);
      }
      await bench.desk.stop();
      let [triggers, resolves] = [0, 0];
      for (const { messages } of sinks) {
        const known = new Map<string, number>();
        for (const { kind, alerts, atMs } of messages) {
          for (const { key } of alerts) {
            if (kind === 'trigger') {
              triggers++;
              expect(atMs - (known.get(key) ?? -Infinity)).toBeGreaterThanOrEqual(REPEAT_MS);
              known.set(key, atMs);
            } else if (kind === 'resolve') {
              resolves++;
              expect(known.delete(key)).toBe(true);
            }
          }
        }
      }
      expect(triggers).toBeGreaterThan(3);
      expect(resolves).toBeGreaterThan(1);
    },
  );
});
