import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import { latencyReading } from '../../runtime/latency-reading.js';
import { UnwellLog } from '../../runtime/unwell-log.js';
import { AlertLedger } from '../alerts/alert-ledger.js';
import { alertOf } from '../alerts/alert-of.js';
import { NO_READINGS } from '../alerts/alert-readings.js';
import { ALERT_THRESHOLDS } from '../alerts/alert-thresholds.js';
import { ALERTS_DEFAULTS } from '../alerts/alerts.options.js';
import { latencyP95 } from '../alerts/rules/latency-p95.js';
import type { ClaudeCall } from '../call.js';
import { Baselines } from './baselines.js';
import { MergedMetrics } from './merged-metrics.js';
import { MemoryRollupStore } from './memory-rollup-store.js';
import { MetricsRecorder } from './metrics-recorder.js';
import { RollupKeeper } from './rollup-keeper.js';

/** A look at a global takes long in the VM that Jest runs this in. */
const { floor } = Math;
const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const SERIES = { workflow: 'support', model: 'opus' };
const CALL = { id: 'c', feature: 'chat', ...SERIES } as ClaudeCall;

/** Uniform numbers in (0, 1), the same in each run. */
function seeded(seed: number): () => number {
  // In an array no number takes memory of its own.
  const state = Float64Array.of(seed);
  return () => (state[0] = ((state[0] ?? 0) * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const SETTING = { ...ALERTS_DEFAULTS, runbookUrl: undefined };

/** Days of traffic in virtual time, through recorder, rollups, baselines, and the alert rule of R31, with a look each minute. */
class Days {
  readonly fired: number[] = [];
  readonly cleared: number[] = [];
  readonly #clock: ManualClock;
  readonly #measured: Parameters<typeof latencyReading>[1];
  readonly #recorder: MetricsRecorder;
  readonly #keeper: RollupKeeper;
  readonly #store = new MemoryRollupStore();
  readonly #random: () => number;
  readonly #event = {
    type: 'call.completed' as const,
    call: CALL,
    outcome: 'served' as const,
    attempts: 1,
    durationMs: 0,
  };
  readonly #counts: Float64Array;
  readonly #spreads: Float64Array;
  baselines = new Baselines();
  minute = 0;
  nowMs = Date.UTC(2026, 10, 1);
  readonly #ledger = new AlertLedger({
    ...SETTING,
    rules: [latencyP95],
    thresholdsFor: () => ALERT_THRESHOLDS,
  });
  readonly #unwell = new UnwellLog(() => this.nowMs);

  constructor(
    perMinute: number,
    seed: number,
    /** Of ln(milliseconds). */
    sigma: number,
  ) {
    this.#random = seeded(seed);
    this.#counts = poissons(perMinute, this.#random);
    this.#spreads = spreads(sigma, this.#random);
    this.#clock = Object.assign(new ManualClock(), { wallMs: () => this.nowMs });
    this.#recorder = new MetricsRecorder(this.#clock);
    this.#measured = { allMetrics: new MergedMetrics(this.#recorder), clock: this.#clock };
    const wasUnwell = (series: typeof SERIES, startMs: number, endMs: number) =>
      this.#unwell.was(series, startMs, endMs);
    this.#keeper = new RollupKeeper(this.#recorder, this.#store, 'one', wasUnwell);
  }

  get isFiring(): boolean {
    return this.fired.length > this.cleared.length;
  }

  async live(minutes: number, factor = 1): Promise<void> {
    for (let left = minutes; left > 0; left--) {
      this.#minuteOfTraffic(factor);
      this.minute += 1;
      this.nowMs += MINUTE_MS;
      this.baselines.add(await this.#keeper.run(), this.nowMs);
      this.#judge();
    }
  }

  /** A process that begins, with what is in the store. */
  async restart(): Promise<void> {
    this.baselines = new Baselines();
    const slots = await this.#store.read({ resolution: '5m', fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER });
    this.baselines.add(slots, this.nowMs);
  }

  /** What is usual, in milliseconds. */
  usual(): number {
    const baseline = this.baselines.latencyOf(SERIES, this.nowMs);
    return baseline.state === 'ready' ? baseline.median : Number.NaN;
  }

  #minuteOfTraffic(factor: number): void {
    const season = 1 + 0.36 * Math.sin((2 * Math.PI * this.minute) / DAY);
    const typicalMs = 2_000 * factor * season;
    for (let calls = this.#pick(this.#counts); calls > 0; calls--) {
      this.#event.durationMs = typicalMs * this.#pick(this.#spreads);
      this.#recorder.hear(this.#event);
    }
  }

  #pick(draws: Float64Array): number {
    return draws[floor(this.#random() * draws.length)] ?? 0;
  }

  #judge(): void {
    const latencies = latencyReading(SERIES, this.#measured, this, 5);
    const { fired, resolved } = this.#ledger.look({ ...NO_READINGS, latencies }, this.nowMs, MINUTE_MS);
    for (const record of fired) {
      this.fired.push(this.minute);
      this.#unwell.hear({ type: 'alert.fired', alert: alertOf(record, this.nowMs, SETTING) });
    }
    for (const record of resolved) {
      this.cleared.push(this.minute);
      this.#unwell.hear({ type: 'alert.resolved', alert: alertOf(record, this.nowMs, SETTING), lastedMs: 0 });
    }
    this.#ledger.tidy(this.nowMs);
  }
}

/** So many draws, made once: a million calls a second are needed. */
const DRAWS = 65_536;

/** Factors that spread like e to a normal deviate. */
function spreads(sigma: number, random: () => number): Float64Array {
  return Float64Array.from({ length: DRAWS }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(sigma * normal);
  });
}

/** Knuth's way to draw how many there are where so many are the mean. */
function poissons(mean: number, random: () => number): Float64Array {
  const limit = Math.exp(-mean);
  return Float64Array.from({ length: DRAWS / 16 }, () => {
    let count = 0;
    for (let product = random(); product > limit; count++) product *= random();
    return count;
  });
}

describe('latency against what is usual, over weeks (R31)', () => {
  it.each([
    { what: 'durations spread a little', sigma: 0.5, seed: 1 },
    { what: 'durations spread widely', sigma: 0.9, seed: 2 },
  ])(
    '28 healthy days at 10 calls a minute, $what: at most one false alert a week',
    async ({ sigma, seed }) => {
      const days = new Days(10, seed, sigma);
      await days.live(28 * DAY);
      expect(days.fired.length).toBeLessThanOrEqual(4);
      expect(days.usual() / (2_000 * Math.exp(sigma * 1.645))).toBeCloseTo(1, 0);
    },
    180_000,
  );

  it('28 healthy days at 60 calls a minute: none', async () => {
    const days = new Days(60, 3, 0.5);
    await days.live(28 * DAY);
    expect(days.fired).toEqual([]);
    expect(days.usual() / (2_000 * Math.exp(0.5 * 1.645))).toBeCloseTo(1, 1);
  }, 180_000);

  it('an outage of 14 hours neither clears itself nor poisons what is usual: the next one is caught', async () => {
    const days = new Days(30, 4, 0.6);
    await days.live(2 * DAY);
    const before = days.usual();
    const begunAt = days.minute;
    await days.live(14 * HOUR, 5);
    expect(days.fired).toHaveLength(1);
    expect((days.fired[0] ?? 0) - begunAt).toBeLessThanOrEqual(10);
    expect(days.cleared).toEqual([]);
    expect(Math.abs(days.usual() / before - 1)).toBeLessThan(0.1);
    const overAt = days.minute;
    await days.live(10 * HOUR);
    expect(days.cleared).toHaveLength(1);
    expect((days.cleared[0] ?? 0) - overAt).toBeLessThanOrEqual(15);
    await days.restart();
    expect(Math.abs(days.usual() / before - 1)).toBeLessThan(0.1);
    await days.live(2 * HOUR, 3);
    expect(days.fired).toHaveLength(2);
    await days.live(HOUR);
    expect([days.cleared.length, days.isFiring]).toEqual([2, false]);
  }, 180_000);

  it('what stays is what is usual in the end: a step of 4 is an alert for days, and then it is none', async () => {
    const days = new Days(30, 5, 0.6);
    await days.live(4 * DAY);
    const before = days.usual();
    await days.live(2 * DAY, 4);
    expect([days.fired.length, days.isFiring]).toEqual([1, true]);
    await days.live(5 * DAY, 4);
    expect(days.isFiring).toBe(false);
    expect(days.usual() / before).toBeCloseTo(4, 0);
  }, 180_000);

  it('a step that was made on purpose is no alert: what is usual is learnt anew', async () => {
    const days = new Days(15, 6, 0.6);
    await days.live(2 * DAY);
    days.baselines.reset({ workflow: 'support', atMs: days.nowMs });
    expect(days.usual()).toBeNaN();
    const before = days.minute;
    await days.live(DAY, 3);
    expect([days.fired, days.minute - before]).toEqual([[], DAY]);
    expect(days.usual()).toBeGreaterThan(10_000);
  }, 180_000);
});
