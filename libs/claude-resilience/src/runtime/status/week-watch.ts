import type { Clock } from '../../core/clock.port.js';
import { chartPoints, type ChartPoint } from '../../core/status/chart-points.js';
import { countedIn, type Counted } from '../../core/metrics/rollup.js';
import { SPANS_MS } from '../../core/metrics/rollup-slot.js';
import type { FiguresSource } from './status-sources.js';

const HOUR_MS = SPANS_MS['1h'];
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Read again after so long, in milliseconds: hours change slowly, and a week of them is a lot to read. */
const FRESH_MS = 300_000;
/** After trouble sooner, in milliseconds. */
const TRY_AGAIN_MS = 30_000;

export interface Week {
  readonly points: readonly ChartPoint[];
  /** Wall-clock milliseconds; absent where nothing was counted. */
  readonly sinceMs?: number;
}

/** The last 7 days by hours, out of the store of rollups. Nobody waits for it: until it is read, it is not known. */
export class WeekWatch {
  #hours: readonly Counted[] | undefined;
  #readAgainAtMs = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly figures: FiguresSource | undefined,
    private readonly clock: Clock,
  ) {}

  /** @param running counts of the hour that runs, which no store has @returns `undefined`: not known, or not read yet */
  week(running: readonly Counted[]): Week | undefined {
    void this.refresh();
    if (this.#hours === undefined) return undefined;
    const nowMs = this.clock.wallMs();
    const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
    const counted = [
      ...this.#hours.filter(({ startMs }) => startMs < hourMs),
      ...running.filter(({ startMs }) => startMs >= hourMs),
    ];
    const sinceMs = Math.min(...counted.map(({ startMs }) => startMs));
    const points = chartPoints(counted, HOUR_MS, hourMs + HOUR_MS - WEEK_MS, hourMs + HOUR_MS);
    return { points, ...(Number.isFinite(sinceMs) && { sinceMs }) };
  }

  /** Reads it, if it is time. Never rejects. */
  refresh(): Promise<void> {
    if (this.figures === undefined || this.clock.nowMs() < this.#readAgainAtMs) return Promise.resolve();
    this.#reading ??= this.#read(this.figures).finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(figures: FiguresSource): Promise<void> {
    const untilMs = this.clock.wallMs();
    try {
      const slots = await figures.history({ resolution: '1h', fromMs: untilMs - WEEK_MS, untilMs });
      this.#hours = countedIn(slots);
      this.#readAgainAtMs = this.clock.nowMs() + FRESH_MS;
    } catch {
      this.#readAgainAtMs = this.clock.nowMs() + TRY_AGAIN_MS;
    }
  }
}
