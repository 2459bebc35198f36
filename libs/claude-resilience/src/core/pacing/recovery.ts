import type { ResolvedPacingOptions } from './pacing.options.js';
import { Ramp } from './ramp.js';

/**
 * So many failures without a success, for so long at least, are an outage; or a few of them that lasted longer. A storm
 * that lets a third through is none: it comes to thirty in a row once in 200 000 requests, and must not be slowed down.
 */
const RUN = 30;
const RUN_MS = 3_000;
const SHORT_RUN = 5;
const SHORT_RUN_MS = 10_000;
/** A ramp begins at this rate at least: 2 a second. */
const START_FLOOR_PER_MS = 0.002;
/** Where no limit tells how far up a ramp goes, it goes to this many times the usual rate. */
const BEYOND_USUAL = 4;
/** The API's own limit on growth looks at minutes: half the usual rate, and up by a quarter every five seconds. */
const GROWTH_LIMIT = { startRatio: 0.5, growth: 1.25, minWindowMs: 5_000 };
/** What was usual is forgotten with this time constant. */
const USUAL_MS = 300_000;

/** Notices an outage, and that growth was too fast; begins, follows and ends the slow way back. */
export class Recovery {
  #ramp: Ramp | undefined;
  #run = 0;
  #runSinceMs = 0;
  #usualPerMs = 0;
  #usualAtMs = 0;

  constructor(private readonly options: ResolvedPacingOptions) {}

  /** The rate of the way back, admissions a millisecond; `undefined` when everything is as usual. */
  get perMs(): number | undefined {
    return this.#ramp?.perMs;
  }

  nextAtMs(nowMs: number): number {
    return this.#ramp?.nextAtMs(nowMs) ?? nowMs;
  }

  went(nowMs: number): void {
    this.#ramp?.went(nowMs);
  }

  /** @param ratePerMs present rate of admissions   @param limitPerMs what the limits allow, if known */
  ended(
    succeeded: boolean,
    admittedAtMs: number,
    nowMs: number,
    ratePerMs: number,
    limitPerMs: number | undefined,
  ): void {
    this.#ramp?.ended(succeeded, admittedAtMs, nowMs);
    if (this.#ramp?.isOver === true) this.#ramp = undefined;
    if (succeeded) {
      if (this.#run >= RUN) this.#ramp?.restart(nowMs);
      this.#run = 0;
      this.#usualPerMs = Math.max(ratePerMs, this.#usualAt(nowMs));
      this.#usualAtMs = nowMs;
      return;
    }
    if (this.#run++ === 0) this.#runSinceMs = nowMs;
    if (this.#isOutage(nowMs) && this.#ramp === undefined) this.#outage(nowMs, limitPerMs);
  }

  /** An outage is over, as far as somebody else can see: from here on slowly, and up. */
  outageOver(nowMs: number, limitPerMs: number | undefined): void {
    if (this.#ramp === undefined) this.#outage(nowMs, limitPerMs);
    else this.#ramp.restart(nowMs);
  }

  /** The API says that traffic grew too fast. */
  grewTooFast(nowMs: number, limitPerMs: number | undefined): void {
    const { startRatio, growth, minWindowMs } = GROWTH_LIMIT;
    this.#begin(startRatio, growth, minWindowMs, nowMs, limitPerMs);
  }

  #isOutage(nowMs: number): boolean {
    const lastsMs = nowMs - this.#runSinceMs;
    return (this.#run >= RUN && lastsMs >= RUN_MS) || (this.#run >= SHORT_RUN && lastsMs >= SHORT_RUN_MS);
  }

  #outage(nowMs: number, limitPerMs: number | undefined): void {
    const { rampStartRatio, rampGrowth } = this.options;
    if (rampStartRatio < 1) this.#begin(rampStartRatio, rampGrowth, 0, nowMs, limitPerMs);
  }

  #begin(startRatio: number, growth: number, minWindowMs: number, nowMs: number, limitPerMs: number | undefined): void {
    const usualPerMs = this.#usualAt(nowMs);
    const startPerMs = Math.max(START_FLOOR_PER_MS, usualPerMs * startRatio);
    const targetPerMs = limitPerMs ?? Math.max(startPerMs * 2, usualPerMs * BEYOND_USUAL);
    this.#ramp = new Ramp({ startPerMs, targetPerMs, growth, minWindowMs }, nowMs);
  }

  #usualAt(nowMs: number): number {
    return this.#usualPerMs * Math.exp((this.#usualAtMs - nowMs) / USUAL_MS);
  }
}
