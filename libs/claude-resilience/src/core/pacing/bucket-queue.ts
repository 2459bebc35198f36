import type { ResponseHeaders } from '../call.js';
import type { CancelTimer, Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import { BucketPacer, RATE_SPAN_MS, type Reservation } from './bucket-pacer.js';
import { snapshotOf, type BucketSnapshot } from './bucket-snapshot.js';
import { isInteractive, laneOf } from './next-in-line.js';
import type { ResolvedPacingOptions } from './pacing.options.js';
import { RateMeter } from './rate-meter.js';
import type { Refused, RefusalReason, SpeedPool, Turn, TurnRequest, TurnResult } from './turn.js';
import type { WaitingAttempt } from './waiting-attempt.js';
import { WaitingRoom } from './waiting-room.js';

/** An attempt that would start too late to end in time is not sent. But what is usual may be another feature's long answers. */
const MOST_FOR_SERVICE = 0.5;

/**
 * The attempts of one bucket: who goes now, who waits, who has to leave. One timer for all who wait, none when nobody
 * does; whoever aborts leaves at once.
 */
export class BucketQueue {
  readonly #pacer: BucketPacer;
  readonly #room = new WaitingRoom();
  readonly #arrivals = new RateMeter(RATE_SPAN_MS);
  #turnsFromRoom = 0;
  /** Attempts that had to wait, so far. */
  #waited = 0;
  #timer: { readonly dueMs: number; readonly cancel: CancelTimer } | undefined;
  #usedAtMs = -Infinity;

  constructor(
    private readonly name: { readonly bucket: string; readonly pool: SpeedPool },
    private readonly options: ResolvedPacingOptions,
    private readonly clock: Clock,
    random: Random,
  ) {
    this.#pacer = new BucketPacer(name.pool, options, random);
  }

  /** Nobody waits, nothing is under way: forgetting it loses only what was learnt. */
  get isIdle(): boolean {
    return this.#room.size === 0 && this.#pacer.underWay === 0;
  }

  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  /** Without a promise when the answer is known: with room free and nobody waiting it costs no timer and no tick. */
  admit(request: TurnRequest, nowMs: number): Turn | Refused | Promise<Turn | Refused> {
    this.#usedAtMs = nowMs;
    const lane = laneOf(request.priority, request.isDeferred);
    if (isInteractive(lane) && request.attempt === 1) this.#arrivals.count(nowMs);
    if (request.signal?.aborted === true) return refused('aborted');
    if (request.deadlineAtMs <= nowMs) return refused('deadline');
    if (this.#room.size === 0 && this.#pacer.nextAdmissionAtMs(request.estimate, nowMs, 1) <= nowMs)
      return this.#begin(request, nowMs);
    return this.#waitFor(request, lane, nowMs);
  }

  /** Requests a second that would go if they could: those that come or go, and those that wait, within some seconds. */
  wantedPerSecond(): number {
    const nowMs = this.clock.nowMs();
    const coming = Math.max(this.#arrivals.perSecond(nowMs), this.#pacer.admissionsPerSecond(nowMs));
    return coming + (this.#room.size * 1000) / RATE_SPAN_MS;
  }

  /** The part of the limits that is this replica's; above 0, to 1. */
  share(part: number): void {
    const nowMs = this.clock.nowMs();
    this.#pacer.limiters.share(part, nowMs);
    this.#serve(nowMs);
  }

  pausedForMs(): number {
    return Math.max(0, this.#pacer.pause.untilMs - this.clock.nowMs());
  }

  recovering(): void {
    this.#pacer.recovering(this.clock.nowMs());
  }

  snapshot(): BucketSnapshot {
    const nowMs = this.clock.nowMs();
    return snapshotOf(this.name, this.#pacer, this.#room, this.#arrivals.perSecond(nowMs), nowMs);
  }

  /** For turns of this queue only. */
  heard(reservation: Reservation, headers: ResponseHeaders): void {
    const nowMs = this.clock.nowMs();
    this.#pacer.heard(reservation, headers, nowMs);
    this.#serve(nowMs);
  }

  /** For turns of this queue only; once each. */
  ended(reservation: Reservation, result: TurnResult): void {
    const { nowMs = this.clock.nowMs() } = result;
    this.#usedAtMs = nowMs;
    this.#pacer.end(reservation, result, nowMs);
    this.#serve(nowMs);
  }

  #waitFor(request: TurnRequest, lane: number, nowMs: number): Refused | Promise<Turn | Refused> {
    const leftMs = request.deadlineAtMs - nowMs;
    const lastStartAtMs = request.deadlineAtMs - Math.min(this.#pacer.serviceMs, leftMs * MOST_FOR_SERVICE);
    const leastWaitMs = this.#pacer.leastWaitMs(this.#isOverrun(nowMs) ? this.#aheadOf(lane) : 0, nowMs);
    if (nowMs + leastWaitMs >= lastStartAtMs) return refused('deadline', leastWaitMs);
    if (this.#room.size >= this.options.maxWaiting) {
      const worse = this.#room.leastUrgentBelow(lane);
      if (worse === undefined) return refused('room_full', leastWaitMs);
      this.#dismiss(worse, 'room_full', nowMs);
    }
    return new Promise((resolve) => {
      const onAbort = () => {
        this.#dismiss(attempt, 'aborted', this.clock.nowMs());
        this.#serve(this.clock.nowMs());
      };
      const answer = (turn: Turn | Refused) => {
        request.signal?.removeEventListener('abort', onAbort);
        resolve(turn);
      };
      const links = { older: undefined, newer: undefined, heapIndex: -1 };
      const number = this.#waited++;
      const attempt: WaitingAttempt = { request, lane, arrivedAtMs: nowMs, number, lastStartAtMs, answer, ...links };
      request.signal?.addEventListener('abort', onAbort, { once: true });
      this.#room.add(attempt);
      this.#serve(nowMs);
    });
  }

  /** The newest interactive one goes first, since this is asked while overrun. */
  #aheadOf(lane: number): number {
    return this.#room.ahead(lane, isInteractive(lane) ? 'leave_out' : 'count');
  }

  /** Sends away who cannot be served in time, lets go who may, and looks again when that changes. */
  #serve(nowMs: number): void {
    const room = this.#room;
    if (room.size === 0) return this.#lookAgainAt(Infinity, nowMs);
    const earliestMs = Math.max(nowMs, this.#pacer.pause.untilMs);
    for (;;) {
      const hurried = room.mostHurried;
      if (hurried === undefined || hurried.lastStartAtMs > earliestMs) break;
      this.#dismiss(hurried, 'deadline', nowMs);
    }
    for (;;) {
      const next = room.next({
        nowMs,
        turns: this.#turnsFromRoom,
        ageingMs: this.options.ageingMs,
        isOverrun: this.#isOverrun(nowMs),
      });
      if (next === undefined) return this.#lookAgainAt(Infinity, nowMs);
      const atMs = this.#pacer.nextAdmissionAtMs(next.request.estimate, nowMs, room.size);
      if (atMs > nowMs) return this.#lookAgainAt(Math.min(atMs, room.mostHurried?.lastStartAtMs ?? Infinity), nowMs);
      room.remove(next);
      this.#turnsFromRoom++;
      next.answer(this.#begin(next.request, nowMs));
    }
  }

  /** A timer that is due before that stays: it finds nothing to do, and sets itself anew. */
  #lookAgainAt(atMs: number, nowMs: number): void {
    if (this.#timer !== undefined && this.#timer.dueMs <= atMs && atMs !== Infinity) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (atMs === Infinity) return;
    const cancel = this.clock.after(Math.max(0, Math.ceil(atMs - nowMs)), () => {
      this.#timer = undefined;
      this.#serve(this.clock.nowMs());
    });
    this.#timer = { dueMs: atMs, cancel };
  }

  #begin({ estimate }: TurnRequest, nowMs: number): Turn {
    return new RunningTurn(this, this.#pacer.begin(estimate, nowMs));
  }

  #dismiss(attempt: WaitingAttempt, reason: RefusalReason, nowMs: number): void {
    this.#room.remove(attempt);
    attempt.answer(refused(reason, reason === 'aborted' ? 0 : this.#pacer.leastWaitMs(0, nowMs)));
  }

  #isOverrun(nowMs: number): boolean {
    return this.#arrivals.perSecond(nowMs) > this.#pacer.allowedPerSecond();
  }
}

class RunningTurn implements Turn {
  readonly admitted = true;
  #isOpen = true;

  constructor(
    private readonly queue: BucketQueue,
    private readonly reservation: Reservation,
  ) {}

  heard(headers: ResponseHeaders): void {
    if (this.#isOpen) this.queue.heard(this.reservation, headers);
  }

  done(result: TurnResult): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.queue.ended(this.reservation, result);
  }
}

function refused(reason: RefusalReason, waitMs = 0): Refused {
  return waitMs > 0
    ? { admitted: false, reason, retryAfterMs: Math.max(1, Math.ceil(waitMs)) }
    : { admitted: false, reason };
}
