import type { ResponseHeaders } from '../call.js';
import type { Failure } from '../failure/failure.js';
import type { Random } from '../random.port.js';
import { ConcurrencyLimit } from './concurrency-limit.js';
import { Draws, Limiters } from './limiters.js';
import { MovingAverage } from './moving-average.js';
import type { ResolvedPacingOptions } from './pacing.options.js';
import { Pause } from './pause.js';
import { RateMeter } from './rate-meter.js';
import { readLimits, saysAnything, type PoolReadings } from './read-limits.js';
import { Recovery } from './recovery.js';
import type { SpeedPool, TokenEstimate, TurnResult } from './turn.js';

/** Rates are those of the last five seconds: long enough that chance does not look like a trend. */
export const RATE_SPAN_MS = 5_000;
/** A 429 that names no time: 1 s, doubled with each in a row, at most 60 s (R9). */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;
const SERVICE_WEIGHT = 0.1;

/** One attempt under way. */
export class Reservation {
  admittedAtMs = 0;
  readonly draws = new Draws();
}

/** Ended ones that are kept for the next attempts: a busy application needs no new ones. */
const MOST_SPARE = 256;

/** When the next attempt of one credential, class of models and pool may go: limits, pauses, concurrency and recovery together. */
export class BucketPacer {
  readonly limiters: Limiters;
  readonly concurrency: ConcurrencyLimit;
  readonly pause: Pause;
  readonly recovery: Recovery;
  readonly #admissions = new RateMeter(RATE_SPAN_MS);
  readonly #service = new MovingAverage(SERVICE_WEIGHT);
  readonly #spare: Reservation[] = [];
  #underWay = 0;
  #backoffs = 0;
  #backedOffAtMs = -Infinity;

  constructor(
    private readonly pool: SpeedPool,
    options: ResolvedPacingOptions,
    random: Random,
  ) {
    this.limiters = new Limiters(1 - options.headroomRatio);
    this.concurrency = new ConcurrencyLimit(options.maxConcurrency);
    this.pause = new Pause(random);
    this.recovery = new Recovery(options);
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** The usual time of an answer, in milliseconds; 0 before the first success. */
  get serviceMs(): number {
    return this.#service.value ?? 0;
  }

  /** When an attempt may go: `nowMs` if at once, `Infinity` if another has to end first. @param waiting it, and all who wait */
  nextAdmissionAtMs(estimate: TokenEstimate, nowMs: number, waiting: number): number {
    if (this.#underWay >= this.concurrency.value) return Infinity;
    return Math.max(
      this.pause.nextAtMs(nowMs, waiting),
      this.recovery.nextAtMs(nowMs),
      this.limiters.freeAtMs(estimate, nowMs),
    );
  }

  /** The shortest wait that is possible with `ahead` attempts before it, in milliseconds. */
  leastWaitMs(ahead: number, nowMs: number): number {
    const pausedMs = Math.max(0, this.pause.untilMs - nowMs);
    const { requests } = this.limiters;
    const left = requests.leftAt(nowMs);
    if (left === undefined || requests.perMs === undefined) return pausedMs;
    return Math.max(pausedMs, (ahead + 1 - left) / requests.perMs);
  }

  /** It is whoever's it is given to until `end`, and then nobody's. */
  begin(estimate: TokenEstimate, nowMs: number): Reservation {
    this.#underWay++;
    this.#admissions.count(nowMs);
    this.pause.went(nowMs);
    this.recovery.went(nowMs);
    const reservation = this.#spare.pop() ?? new Reservation();
    reservation.admittedAtMs = nowMs;
    this.limiters.take(estimate, nowMs, reservation.draws);
    return reservation;
  }

  heard(reservation: Reservation, headers: ResponseHeaders, nowMs: number): void {
    this.limiters.learn(readLimits(headers, this.pool), reservation.draws, nowMs);
  }

  end(reservation: Reservation, result: TurnResult, nowMs: number): void {
    if (result.isUnsent === true) this.limiters.settle(reservation.draws, 'unsent');
    else this.#learn(reservation, result, nowMs);
    this.#underWay--;
    if (this.#spare.length < MOST_SPARE) this.#spare.push(reservation);
  }

  #learn(reservation: Reservation, { headers, usage, failure }: TurnResult, nowMs: number): void {
    const said = headers && readLimits(headers, this.pool);
    const wasRefused = failure?.kind === 'rate_limited';
    this.limiters.settle(reservation.draws, wasRefused ? 'none' : usage);
    if (said !== undefined) this.limiters.learn(said, reservation.draws, nowMs);
    if (wasRefused) this.#limited(reservation, failure, said, nowMs);
    else if (failure === undefined) this.#succeeded(reservation, nowMs);
    else if (failure.verdict === 'failure') this.#ended(false, reservation, nowMs);
  }

  /** The service is back after an outage that somebody else saw: a circuit that closes again. */
  recovering(nowMs: number): void {
    this.recovery.outageOver(nowMs, this.limiters.perMs);
  }

  admissionsPerSecond(nowMs: number): number {
    return this.#admissions.perSecond(nowMs);
  }

  /** Attempts a second that can be admitted in the long run: by the limits, and by how many may be under way at a time. */
  allowedPerSecond(): number {
    const limited = this.limiters.perMs ?? Infinity;
    const inTurn = this.concurrency.value / (this.#service.value ?? 0);
    return Math.min(limited, inTurn) * 1000;
  }

  #succeeded(reservation: Reservation, nowMs: number): void {
    this.#backoffs = 0;
    this.#service.add(nowMs - reservation.admittedAtMs);
    this.concurrency.succeeded(this.#underWay);
    this.#ended(true, reservation, nowMs);
  }

  #ended(succeeded: boolean, { admittedAtMs }: Reservation, nowMs: number): void {
    const ratePerMs = this.admissionsPerSecond(nowMs) / 1000;
    this.recovery.ended(succeeded, admittedAtMs, nowMs, ratePerMs, this.limiters.perMs);
  }

  #limited(reservation: Reservation, failure: Failure, said: PoolReadings | undefined, nowMs: number): void {
    const { rule, retryAfterMs } = failure;
    if (rule === 'fast_pool_limit' && this.pool !== 'fast') return;
    const { admittedAtMs, draws } = reservation;
    const isSilent = said === undefined || !saysAnything(said) || this.limiters.perMs === undefined;
    if (rule === 'concurrency_limit') {
      this.concurrency.refused(admittedAtMs, this.#underWay, nowMs);
      if (retryAfterMs !== undefined) this.pause.told(retryAfterMs, nowMs);
      return;
    }
    this.pause.told(retryAfterMs ?? this.#backoffMs(admittedAtMs, nowMs), nowMs);
    if (rule.startsWith('ramp_limit')) this.recovery.grewTooFast(nowMs, this.limiters.perMs);
    else if (isSilent) this.concurrency.refused(admittedAtMs, this.#underWay, nowMs);
    else this.limiters.refused(said, draws, nowMs);
  }

  /** Refusals of what was sent before the last back-off are the same event. */
  #backoffMs(admittedAtMs: number, nowMs: number): number {
    if (admittedAtMs > this.#backedOffAtMs) {
      this.#backoffs++;
      this.#backedOffAtMs = nowMs;
    }
    return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(30, Math.max(0, this.#backoffs - 1)));
  }
}
