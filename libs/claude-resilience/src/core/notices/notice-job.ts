import type { Ending } from './ending.js';

/** Where one notice of a request stands. */
export interface NoticeErrand {
  readonly place: number;
  tries: number;
  /** `Clock.nowMs` of the next step. */
  dueAtMs: number;
  /** Sent, or given up: what is left is to tell the store, and nothing is sent again. */
  isOver: boolean;
}

/** The notices of one request. One after the other: never two at a time. */
export class NoticeJob {
  readonly #errands: NoticeErrand[];
  isBusy = false;

  constructor(
    readonly ending: Ending,
    nowMs: number,
  ) {
    this.#errands = ending.places.map((place) => ({ place, tries: 0, dueAtMs: nowMs, isOver: false }));
  }

  get isDone(): boolean {
    return this.#errands.length === 0;
  }

  /** `Clock.nowMs` of its next step; `Infinity` when there is none. */
  get dueAtMs(): number {
    let least = Infinity;
    for (const { dueAtMs } of this.#errands) if (dueAtMs < least) least = dueAtMs;
    return least;
  }

  /** Of the one that was tried most often. */
  get tries(): number {
    return Math.max(0, ...this.#errands.map(({ tries }) => tries));
  }

  nextDue(nowMs: number): NoticeErrand | undefined {
    return this.#errands.find(({ dueAtMs }) => dueAtMs <= nowMs);
  }

  drop(errand: NoticeErrand): void {
    this.#errands.splice(this.#errands.indexOf(errand), 1);
  }
}
