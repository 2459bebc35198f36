import type { CancelTimer, Clock } from '../../core/clock.port.js';
import type { Fleet } from '../../core/fleet/fleet.port.js';
import type { MergedMetrics } from '../../core/metrics/merged-metrics.js';
import type { MetricsRecorder } from '../../core/metrics/metrics-recorder.js';
import { MINUTE_MS } from '../../core/metrics/minute-ring.js';
import { readShownMetrics, showMetrics, SHOWN_MINUTES } from '../../core/metrics/shown-metrics.js';

/** Counts are shown so often, in milliseconds: those that alerts look at, on the minute, are at most 3 s old. */
const SHOW_EVERY_MS = 12_000;
const BEFORE_THE_MINUTE_MS = 3_000;
/** So that replicas do not all show at once. */
const SPREAD_MS = 2_000;
/** A replica that dies is in the figures until its minutes are too old for everybody's. */
const SHOWN_FOR_MS = (SHOWN_MINUTES + 1) * MINUTE_MS;
/** What has not changed is shown again in time. */
const SAME_FOR_MS = 3 * MINUTE_MS;
/** Nobody asks: read so often, each minute is read once it is over, and any replica can speak for all. */
const READ_EVERY_MS = 4 * MINUTE_MS;
/** Longest that calls are kept waiting by reading, in milliseconds. */
const AT_A_TIME_MS = 4;

export interface SharedFiguresParts {
  readonly own: MetricsRecorder;
  readonly all: MergedMetrics;
  readonly clock: Clock;
  /** 0 to 1: another one for each replica. */
  readonly spread: number;
  /** Of the application: others may share the meeting place, and have figures of their own. */
  readonly topic: string;
}

/**
 * Shows the other replicas what this one has counted, and reads what they show: one command each 12 s, one more each 4 minutes,
 * and one for each look of alerts or of people.
 */
export class SharedFigures {
  #fleet: Fleet | undefined;
  #source = '';
  #shown = '';
  #shownAtMs = -Infinity;
  #readAtMs = -Infinity;
  #reading: Promise<void> | undefined;
  #cancel: CancelTimer = () => {};

  constructor(private readonly parts: SharedFiguresParts) {}

  /** @param replica this process, since its start */
  start(fleet: Fleet, replica: string): void {
    this.#fleet = fleet;
    // Not the replica's own name: what it counted does not end with it.
    this.#source = `counts:${replica}`;
    this.#wait();
  }

  /** Shows what is not shown yet. Never rejects. */
  async stop(): Promise<void> {
    this.#cancel();
    await this.#show();
    this.#fleet = undefined;
  }

  /** Has read what others show within the last `maxAgeMs`, where they can be heard. Never rejects. */
  async refresh(maxAgeMs: number): Promise<void> {
    if (this.parts.clock.nowMs() - this.#readAtMs < maxAgeMs) return;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  #wait(): void {
    const { clock, spread } = this.parts;
    const firstMs = MINUTE_MS - BEFORE_THE_MINUTE_MS + spread * SPREAD_MS;
    const sinceMs = (((clock.wallMs() - firstMs) % SHOW_EVERY_MS) + SHOW_EVERY_MS) % SHOW_EVERY_MS;
    this.#cancel = clock.afterUnref(SHOW_EVERY_MS - sinceMs, () => {
      this.#wait();
      void this.#show();
      void this.refresh(READ_EVERY_MS);
    });
  }

  async #show(): Promise<void> {
    const { own, clock } = this.parts;
    const text = showMetrics(own);
    if (text === this.#shown && clock.nowMs() - this.#shownAtMs < SAME_FOR_MS) return;
    try {
      await this.#fleet?.show(this.#source, this.parts.topic, text, SHOWN_FOR_MS);
      this.#shown = text;
      this.#shownAtMs = clock.nowMs();
    } catch {
      this.#shown = ''; // the beats tell of it
    }
  }

  async #read(): Promise<void> {
    const { clock, all } = this.parts;
    try {
      const shown = (await this.#fleet?.shown(this.parts.topic)) ?? [];
      let sinceMs = clock.nowMs();
      this.#readAtMs = sinceMs;
      for (const [source, text] of shown) {
        if (source === this.#source) continue;
        const metrics = readShownMetrics(text);
        if (metrics !== undefined) all.hear(source, metrics);
        if (clock.nowMs() - sinceMs < AT_A_TIME_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        sinceMs = clock.nowMs();
      }
    } catch {
      // What was heard before is used as long as it is young enough.
    }
  }
}
