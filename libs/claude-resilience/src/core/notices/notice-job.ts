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
    return Math.min(...this.#errands.map(({ dueAtMs }) => dueAtMs));
  }

  nextDue(nowMs: number): NoticeErrand | undefined {
    return this.#errands.find(({ dueAtMs }) => dueAtMs <= nowMs);
  }

  drop(errand: NoticeErrand): void {
    this.#errands.splice(this.#errands.indexOf(errand), 1);
  }
}
