import { mergeRuns, type FailureRunTail, type FailuresInARow } from './failure-run.js';
import { MergedMinute } from './merged-minute.js';
import { MINUTE_MS } from './minute-ring.js';
import type { MetricsRecorder } from './metrics-recorder.js';
import type { RecordedMinute } from './recorded-minute.js';
import type { MetricsView } from './metrics-view.js';
import { isMeant, SeriesBook, type SeriesName } from './series-book.js';
import { SeriesCounts } from './series-counts.js';
import { MINUTES_KEPT } from './series.js';
import { SHOWN_MINUTES, type ShownMetrics } from './shown-metrics.js';

interface Source {
  readonly shown: ShownMetrics;
  /** The minute in which it was heard last. */
  readonly minute: number;
}

/**
 * What this process counted and what others show, as one: minutes add up, each of each replica once, however often it is shown.
 * Minutes of a replica that has died stay in until they are too old for everybody's. Without others it is the recorder's own.
 */
export class MergedMetrics implements MetricsView {
  readonly #minutes = new Map<number, MergedMinute>();
  readonly #sources = new Map<string, Source>();
  /** Names come from callers, those of others too. */
  #names = new SeriesBook<SeriesName>((name) => name);
  /** Minutes up to this one are over for all: what is shown of them comes too late. */
  #settledUntil = -Infinity;
  #version = 0;

  constructor(private readonly own: MetricsRecorder) {}

  /** Another one when something new was heard. */
  get version(): number {
    return this.#version;
  }

  /** What another process shows now, in place of what it showed before. @param source a process since its start */
  hear(source: string, shown: ShownMetrics): void {
    const now = this.minute();
    this.#settle(now);
    this.#version += 1;
    this.#sources.set(source, { shown, minute: now });
    for (const [minute, line] of shown.lines) {
      if (minute <= this.#settledUntil || minute > now + SHOWN_MINUTES) continue;
      const merged = this.#minutes.get(minute) ?? new MergedMinute();
      this.#minutes.set(minute, merged);
      merged.hear(source, line);
    }
  }

  minute(): number {
    return this.own.minute();
  }

  minutes(fromMs: number, untilMs: number): readonly RecordedMinute[] {
    const own = this.own.minutes(fromMs, untilMs);
    if (this.#minutes.size === 0) return own;
    const first = Math.max(Math.ceil(fromMs / MINUTE_MS), this.minute() - MINUTES_KEPT + 1);
    const last = Math.min(this.minute(), Math.ceil(untilMs / MINUTE_MS) - 1);
    const ownByMinute = Map.groupBy(own, ({ startMs }) => startMs / MINUTE_MS);
    const all: RecordedMinute[] = [];
    for (let minute = first; minute <= last; minute++) {
      const [ours = [], theirs] = [ownByMinute.get(minute), this.#minutes.get(minute)];
      all.push(...(theirs === undefined ? ours : this.#joined(minute, ours, theirs)));
    }
    return all;
  }

  window(minutes: number, of: Partial<SeriesName> = {}): SeriesCounts {
    const sum = this.own.window(minutes, of);
    if (this.#minutes.size === 0) return sum;
    const last = this.minute();
    for (let minute = last - minutes; minute <= last; minute++) {
      for (const { name, counts } of this.#minutes.get(minute)?.series(this.#names) ?? []) {
        if (isMeant(name, of)) sum.merge(counts);
      }
    }
    return sum;
  }

  names(): readonly SeriesName[] {
    const own = this.own.names();
    if (this.#minutes.size === 0) return own;
    for (const { workflow, model } of own) this.#names.of(workflow, model);
    return [...this.#names.all()];
  }

  failuresInARow(workflow?: string): FailuresInARow | undefined {
    if (this.#sources.size === 0) return this.own.failuresInARow(workflow);
    return mergeRuns(this.#tails(workflow));
  }

  lastEndMs(workflow?: string): number | undefined {
    const ends = this.#tails(workflow).flatMap(({ endedMs }) => endedMs ?? []);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  #tails(workflow: string | undefined): readonly FailureRunTail[] {
    const fresh = [...this.#sources.values()].filter(({ minute }) => minute >= this.minute() - SHOWN_MINUTES);
    const shown = [this.own.tails(), ...fresh.map((source) => source.shown)];
    if (workflow === undefined) return shown.map(({ all }) => all);
    return shown.flatMap(({ byWorkflow }) => byWorkflow.get(workflow) ?? []);
  }

  /** What is over for all is put together for good, and what is older than an hour forgotten. */
  #settle(now: number): void {
    const until = now - SHOWN_MINUTES - 1;
    // The clock was wrong before: what it took for old may come again.
    if (until < this.#settledUntil)
      for (const minute of this.#minutes.keys()) if (minute > until) this.#minutes.delete(minute);
    this.#settledUntil = until;
    for (const [minute, merged] of this.#minutes) {
      if (minute <= now - MINUTES_KEPT) this.#minutes.delete(minute);
      else if (minute <= until) merged.settle(this.#names);
    }
    for (const [source, { minute }] of this.#sources) if (minute < until) this.#sources.delete(source);
    if (this.#minutes.size === 0) this.#names = new SeriesBook<SeriesName>((name) => name);
  }

  #joined(minute: number, ours: readonly RecordedMinute[], theirs: MergedMinute): readonly RecordedMinute[] {
    const startMs = minute * MINUTE_MS;
    const left = new Map(ours.map((one) => [JSON.stringify([one.workflow, one.model]), one]));
    const joined = theirs.series(this.#names).map(({ name, counts }): RecordedMinute => {
      const key = JSON.stringify([name.workflow, name.model]);
      const own = left.get(key);
      left.delete(key);
      return { ...name, startMs, counts: own === undefined ? counts : SeriesCounts.sumOf([own.counts, counts]) };
    });
    return [...joined, ...left.values()];
  }
}
