import { MINUTE_MS } from './minute-ring.js';
import type { MetricsRecorder } from './metrics-recorder.js';
import { ROLLUP_DEFAULTS, type ResolvedRollupOptions } from './rollup.options.js';
import { countedIn, rollUp, spanStart, type Counted } from './rollup.js';
import { SPANS_MS, type Resolution, type RollupSlot } from './rollup-slot.js';
import type { RollupStore } from './rollup-store.port.js';
import type { SeriesName } from './series-book.js';
import { MINUTES_KEPT } from './series.js';

const FIVE_MS = SPANS_MS['5m'];
const HOUR_MS = SPANS_MS['1h'];
/** A process that begins looks back so far for hours that one before it did not finish, in milliseconds. */
const LOOK_BACK_MS = 25 * HOUR_MS;

/** Whether something was known to be wrong with a series at any moment of a span: an alert, a circuit that was not closed. */
export type WasUnwell = (series: SeriesName, startMs: number, endMs: number) => boolean;

/**
 * Puts what was counted into the store (R38): minutes become slots of 5 minutes, and those become hours, each once it is over.
 * Call `run` every minute or so. Running twice changes nothing; after a pause, or trouble of the store, it catches up with
 * what the recorder still has, an hour. Each process keeps slots of its own, so that several may share a store.
 */
export class RollupKeeper {
  /** Slots that began before this are in the store. */
  #keptUntilMs: number | undefined;
  /** Hours that began before this are. */
  #hoursUntilMs: number | undefined;
  #running: Promise<readonly RollupSlot[]> | undefined;
  /** In the store, and not yet told of. */
  #untold: RollupSlot[] = [];
  #lost = 0;

  constructor(
    private readonly recorder: MetricsRecorder,
    private readonly store: RollupStore,
    /** Names this process, since its start. */
    private readonly source: string,
    private readonly wasUnwell: WasUnwell = () => false,
    private readonly options: ResolvedRollupOptions = ROLLUP_DEFAULTS,
  ) {}

  /** Spans of 5 minutes that nobody kept in time. */
  get lostSlots(): number {
    return this.#lost;
  }

  /**
   * @returns slots of 5 minutes that are new in the store; the same for all who ask while it runs
   * @throws what the store throws; the next run tries again
   */
  run(): Promise<readonly RollupSlot[]> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Before the process ends: keeps also the slot that is not over. Another process counts what comes after. */
  async flush(): Promise<void> {
    await this.run();
    const nowMs = this.#nowMs();
    await this.store.put(this.#slotsOf(spanStart(nowMs, FIVE_MS), nowMs + MINUTE_MS));
  }

  async #run(): Promise<readonly RollupSlot[]> {
    const nowMs = this.#nowMs();
    const untilMs = spanStart(nowMs, FIVE_MS);
    // The clock was wrong before: what it said is worth nothing.
    if (this.#keptUntilMs !== undefined && this.#keptUntilMs > untilMs) this.#keptUntilMs = undefined;
    const oldestMs = spanStart(nowMs - (MINUTES_KEPT - 1) * MINUTE_MS + FIVE_MS - 1, FIVE_MS);
    const fromMs = Math.max(oldestMs, this.#keptUntilMs ?? oldestMs);
    const slots = fromMs < untilMs ? this.#slotsOf(fromMs, untilMs) : [];
    if (slots.length > 0) await this.store.put(slots);
    this.#untold.push(...slots);
    this.#lost += (fromMs - (this.#keptUntilMs ?? fromMs)) / FIVE_MS;
    this.#keptUntilMs = untilMs;
    await this.#keepHours(untilMs);
    return this.#untold.splice(0);
  }

  async #keepHours(untilMs: number): Promise<void> {
    const endMs = spanStart(untilMs, HOUR_MS);
    const known = this.#hoursUntilMs;
    if (known === endMs) return;
    const isFirst = known === undefined || known > endMs;
    const fromMs = isFirst ? spanStart(endMs - LOOK_BACK_MS, HOUR_MS) : known;
    for (let startMs = fromMs; startMs < endMs; startMs += HOUR_MS) {
      const parts = await this.store.read({ resolution: '5m', fromMs: startMs, untilMs: startMs + HOUR_MS });
      // Hours of a process that has ended are finished by the next one.
      const hours = hoursOf(isFirst ? parts : parts.filter(({ source }) => source === this.source));
      if (hours.length > 0) await this.store.put(hours);
    }
    await this.store.tidy(untilMs);
    await this.store.removeBefore('5m', untilMs - this.options.keepFiveMinutesMs);
    await this.store.removeBefore('1h', untilMs - this.options.keepHoursMs);
    this.#hoursUntilMs = endMs;
  }

  #slotsOf(fromMs: number, untilMs: number): readonly RollupSlot[] {
    const { source } = this;
    return rollUp(this.recorder.minutes(fromMs, untilMs), FIVE_MS).map((counted) => {
      const { workflow, model, startMs } = counted;
      const isUnwell = this.wasUnwell({ workflow, model }, startMs, startMs + FIVE_MS);
      return slotOf('5m', source, { ...counted, isUnwell });
    });
  }

  /** The recorder's minute: it knows of clocks that go back. */
  #nowMs(): number {
    return this.recorder.minute() * MINUTE_MS;
  }
}

function hoursOf(parts: readonly RollupSlot[]): readonly RollupSlot[] {
  return [...Map.groupBy(parts, ({ source }) => source)].flatMap(([source, own]) =>
    rollUp(countedIn(own), HOUR_MS).map((counted) => slotOf('1h', source, counted)),
  );
}

function slotOf(resolution: Resolution, source: string, { counts, isUnwell, ...about }: Counted): RollupSlot {
  return { resolution, source, ...about, counts: counts.toJSON(), ...(isUnwell === true && { isUnwell }) };
}
