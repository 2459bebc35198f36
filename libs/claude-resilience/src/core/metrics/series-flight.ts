import type { Series } from './series.js';

/** One call of a series that is under way, until it is told of its end. */
export class SeriesFlight {
  #isOver = false;

  constructor(private readonly series: Series) {
    series.inFlight += 1;
  }

  /** Once; more is ignored. */
  ended(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.series.inFlight -= 1;
  }
}
