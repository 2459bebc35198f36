import { MINUTE_MS } from './minute-ring.js';

/** A clock that goes back by no more than this, in minutes, stands still; one that goes back further was wrong before. */
const STANDS_STILL_FOR = 5;
/** As in `LogSketch`: each call comes by here. */
const { floor } = Math;

/**
 * The number of the running minute, by the wall clock, since replicas and rollups must mean the same by it. Corrections of a
 * clock do not tear a minute in two: it waits until the clock is there again. After a greater step back it follows.
 */
export class WallMinutes {
  #minute = -Infinity;

  /** @param wallMs milliseconds since the epoch @returns minutes since the epoch */
  at(wallMs: number): number {
    const minute = floor(wallMs / MINUTE_MS);
    if (minute > this.#minute || minute < this.#minute - STANDS_STILL_FOR) this.#minute = minute;
    return this.#minute;
  }
}
