import { Lane } from './lane.js';
import { LANES, nextInLine, type Line, type LineSituation } from './next-in-line.js';
import type { WaitingAttempt } from './waiting-attempt.js';

/** Everybody who waits for one bucket, by rank and by the moment from which waiting is of no use. */
export class WaitingRoom implements Line {
  readonly #lanes = Array.from({ length: LANES }, () => new Lane());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(attempt: WaitingAttempt): void {
    this.#lanes[attempt.lane]?.add(attempt);
    this.#size++;
  }

  /** @param attempt one that is here */
  remove(attempt: WaitingAttempt): void {
    this.#lanes[attempt.lane]?.remove(attempt);
    this.#size--;
  }

  next(situation: LineSituation): WaitingAttempt | undefined {
    const choice = nextInLine(this, situation);
    return choice && this.#lanes[choice.lane]?.[choice.who];
  }

  /** Whose last start comes first; `undefined` when nobody has a deadline. */
  get mostHurried(): WaitingAttempt | undefined {
    let first: WaitingAttempt | undefined;
    for (const { mostHurried } of this.#lanes)
      if ((mostHurried?.lastStartAtMs ?? Infinity) < (first?.lastStartAtMs ?? Infinity)) first = mostHurried;
    return first;
  }

  /** The newest of the least urgent, if it is less urgent than `lane`. */
  leastUrgentBelow(lane: number): WaitingAttempt | undefined {
    return this.#lanes.findLast(({ size }, rank) => rank > lane && size > 0)?.newest;
  }

  /** How many of better rank, or of the same if told so, are here. */
  ahead(lane: number, ofSameRank: 'count' | 'leave_out'): number {
    const end = ofSameRank === 'count' ? lane + 1 : lane;
    return this.#lanes.slice(0, end).reduce((sum, { size }) => sum + size, 0);
  }

  sizeOf(lane: number): number {
    return this.#lanes[lane]?.size ?? 0;
  }

  oldestSinceMs(lane: number): number | undefined {
    return this.#lanes[lane]?.oldest?.arrivedAtMs;
  }
}
