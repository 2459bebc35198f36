import type { CancelTimer } from '../core/clock.port.js';

/** What timers are made of. */
export interface TimerSource {
  nowMs(): number;
  /** Calls back once, not earlier than `delayMs` from now. */
  after(delayMs: number, callback: () => void): CancelTimer;
  /** The same, without keeping the process alive until it is held. */
  alarm(delayMs: number, callback: () => void): Alarm;
}

export interface Alarm {
  cancel(): void;
  /** Whether the process stays alive for it. */
  hold(isHeld: boolean): void;
}

/** Length of one span, in milliseconds: what is due in it has a timer of its own only from its begin on. */
const SPAN_MS = 1_000;

/**
 * Timers that are far off: the limits of calls, nearly all of which end long before. They wait in a list for each second,
 * where setting and cancelling one costs a few links; one alarm, for the first of those seconds, serves all of them.
 */
export class FarTimers {
  readonly #spans = new Map<number, Span>();
  #newest: Span | undefined;
  #alarm: { readonly of: number; readonly alarm: Alarm } | undefined;
  #waiting = 0;

  constructor(private readonly source: TimerSource) {}

  /** Whether a delay is long enough to wait here. */
  static isFar(delayMs: number): boolean {
    return delayMs >= 2 * SPAN_MS && delayMs < Number.MAX_SAFE_INTEGER;
  }

  /** Calls back once, not earlier than `dueMs`, which is far. */
  at(dueMs: number, callback: () => void): CancelTimer {
    const timer = new FarTimer(dueMs, callback);
    this.#spanOf(Math.floor(dueMs / SPAN_MS)).add(timer);
    if (++this.#waiting === 1) this.#alarm?.alarm.hold(true);
    return () => this.#cancel(timer);
  }

  /** Leaves nothing behind where nobody waits: what was cancelled has left an alarm, so that the next one finds it set. */
  rest(): void {
    if (this.#waiting > 0) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
    this.#spans.clear();
    this.#newest = undefined;
  }

  #spanOf(number: number): Span {
    if (this.#newest?.number === number) return this.#newest;
    const span = this.#spans.get(number) ?? this.#begun(number);
    this.#newest = span;
    return span;
  }

  #begun(number: number): Span {
    const span = new Span(number);
    this.#spans.set(number, span);
    if (this.#alarm === undefined || number < this.#alarm.of) this.#setAlarm(number);
    return span;
  }

  #setAlarm(of: number): void {
    this.#alarm?.alarm.cancel();
    const alarm = this.source.alarm(Math.max(0, of * SPAN_MS - this.source.nowMs()), () => this.#ring());
    this.#alarm = { of, alarm };
    if (this.#waiting > 0) alarm.hold(true);
  }

  /** The first of the spans has begun: its timers get one each. Spans that nobody waits in are dropped. */
  #ring(): void {
    this.#alarm = undefined;
    const nowMs = this.source.nowMs();
    let next = Infinity;
    for (const span of this.#spans.values()) {
      const hasBegun = span.number * SPAN_MS <= nowMs;
      if (hasBegun) this.#arm(span, nowMs);
      if (hasBegun || span.isEmpty) this.#drop(span);
      else next = Math.min(next, span.number);
    }
    if (next !== Infinity) this.#setAlarm(next);
  }

  #arm(span: Span, nowMs: number): void {
    for (const timer of span.takeAll()) {
      this.#waiting--;
      timer.cancelOwn = this.source.after(Math.max(0, timer.dueMs - nowMs), timer.callback);
    }
  }

  #drop(span: Span): void {
    this.#spans.delete(span.number);
    if (this.#newest === span) this.#newest = undefined;
  }

  #cancel(timer: FarTimer): void {
    timer.cancelOwn?.();
    if (timer.span === undefined) return;
    timer.span.remove(timer);
    if (--this.#waiting === 0) this.#alarm?.alarm.hold(false);
  }
}

class FarTimer {
  /** Where it waits; `undefined` once it is cancelled, or has a timer of its own. */
  span: Span | undefined;
  older: FarTimer | undefined;
  newer: FarTimer | undefined;
  cancelOwn: CancelTimer | undefined;

  constructor(
    readonly dueMs: number,
    readonly callback: () => void,
  ) {}
}

/** The timers of one second, in the order in which they were set. */
class Span {
  #oldest: FarTimer | undefined;
  #newest: FarTimer | undefined;

  constructor(readonly number: number) {}

  get isEmpty(): boolean {
    return this.#oldest === undefined;
  }

  add(timer: FarTimer): void {
    timer.span = this;
    timer.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = timer;
    else this.#newest.newer = timer;
    this.#newest = timer;
  }

  remove(timer: FarTimer): void {
    const { older, newer } = timer;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    timer.span = timer.older = timer.newer = undefined;
  }

  takeAll(): readonly FarTimer[] {
    const all: FarTimer[] = [];
    while (this.#oldest !== undefined) {
      all.push(this.#oldest);
      this.remove(this.#oldest);
    }
    return all;
  }
}
