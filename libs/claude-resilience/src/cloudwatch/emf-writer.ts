import type { CancelTimer, Clock } from '../core/clock.port.js';
import type { MetricsRecorder } from '../core/metrics/metrics-recorder.js';
import type { RecordedMinute } from '../core/metrics/recorded-minute.js';
import { MINUTE_MS } from '../core/metrics/minute-ring.js';
import { SeriesCounts } from '../core/metrics/series-counts.js';
import type { ResolvedCloudWatchOptions } from './cloud-watch.options.js';
import { dimensionValue, emfLine, type EmfMinute } from './emf-line.js';

/** A timer that is early by a hair must not find the minute running. */
const AFTER_THE_MINUTE_MS = 1_000;

/**
 * Writes each minute once it is over, and at the end the one that is not: nothing twice, and nothing is lost but a minute that
 * the recorder forgets, as a wall clock is set back by more than 5.
 */
export class EmfWriter {
  /** What is out. By identity: a minute that a wrong clock repeats has counts of its own. */
  readonly #written = new WeakSet<SeriesCounts>();
  #cancelTimer: CancelTimer = () => {};

  constructor(
    private readonly recorder: MetricsRecorder,
    private readonly clock: Clock,
    private readonly options: ResolvedCloudWatchOptions,
  ) {}

  start(): void {
    const toNextMs = MINUTE_MS - (this.clock.wallMs() % MINUTE_MS);
    this.#cancelTimer = this.clock.afterUnref(toNextMs + AFTER_THE_MINUTE_MS, () => {
      this.#write(this.recorder.minute());
      this.start();
    });
  }

  /** For good. Another process counts the rest of the minute; CloudWatch adds both. */
  stop(): void {
    this.#cancelTimer();
    this.#write(this.recorder.minute() + 1);
  }

  /** @param untilMinute the first one that is not written */
  #write(untilMinute: number): void {
    const minutes = this.recorder
      .minutes(0, untilMinute * MINUTE_MS)
      .filter(({ counts }) => !this.#written.has(counts));
    try {
      for (const [line, parts] of this.#lines(minutes)) {
        this.options.write(line);
        for (const { counts } of parts) this.#written.add(counts);
      }
    } catch {
      // What is left is written at the next minute, as long as the recorder has it: an hour.
    }
  }

  #lines(minutes: readonly RecordedMinute[]): readonly (readonly [line: string, parts: readonly RecordedMinute[]])[] {
    const parts = Map.groupBy(minutes, ({ startMs, workflow }) => JSON.stringify([startMs, dimensionValue(workflow)]));
    return [...parts.values()]
      .map((some) => [minuteOf(some), some] as const)
      .sort(([one], [other]) => one.startMs - other.startMs)
      .map(([minute, some]) => [emfLine(minute, this.options.namespace), some]);
  }
}

function minuteOf(parts: readonly RecordedMinute[]): EmfMinute {
  const [first] = parts;
  const counts = SeriesCounts.sumOf(parts.map((part) => part.counts));
  return { startMs: first?.startMs ?? 0, workflow: dimensionValue(first?.workflow ?? ''), counts };
}
