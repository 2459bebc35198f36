import type { FailureRun } from './failure-run.js';
import { MinuteRing } from './minute-ring.js';
import type { SeriesName } from './series-book.js';
import { SeriesCounts } from './series-counts.js';

/** Minutes that are told apart; what was before is in the total only. */
export const MINUTES_KEPT = 60;

/** Counts of one workflow and model: the last hour by minutes, and all of it since the start. */
export class Series {
  readonly minutes = new MinuteRing<SeriesCounts>(MINUTES_KEPT);
  /** Calls that have begun and not ended. */
  inFlight = 0;
  readonly #before = SeriesCounts.empty();
  #minute = Number.NaN;
  #counts = SeriesCounts.empty();

  constructor(
    readonly name: SeriesName,
    /** That of its workflow, whatever the model. */
    readonly failures: FailureRun,
  ) {}

  /** Where something is counted that happens now. What a wrong clock left in a minute gives way to what is right. */
  at(minute: number): SeriesCounts {
    if (minute !== this.#minute) this.#turnTo(minute);
    return this.#counts;
  }

  total(): SeriesCounts {
    return SeriesCounts.sumOf([this.#before, this.#counts]);
  }

  #turnTo(minute: number): void {
    this.#before.merge(this.#counts);
    this.#counts = SeriesCounts.empty();
    this.#minute = minute;
    this.minutes.set(minute, this.#counts);
  }
}
