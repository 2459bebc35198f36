import type { AlertEvent } from '../core/alerts/alert-event.js';
import { errorCodeOf } from '../core/error-code-of.js';
import { Baselines } from '../core/metrics/baselines.js';
import { MemoryRollupStore } from '../core/metrics/memory-rollup-store.js';
import { ROLLUP_DEFAULTS, type ResolvedRollupOptions } from '../core/metrics/rollup.options.js';
import { RollupKeeper } from '../core/metrics/rollup-keeper.js';
import { SPANS_MS, type RollupSlot } from '../core/metrics/rollup-slot.js';
import { spanStart } from '../core/metrics/rollup.js';
import type { BaselineReset, RollupStore, SlotWish } from '../core/metrics/rollup-store.port.js';
import type { SeriesName } from '../core/metrics/series-book.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import { UNWELL_EVENTS, UnwellLog } from './unwell-log.js';

const DAY_MS = 86_400_000;
/** How far back budgets look when a process begins: the day that is on, and the one before it. */
const SPENDING_MS = 2 * DAY_MS;
/** So far back what other replicas have put is read again, in milliseconds: the last three spans of 5 minutes. */
const OTHERS_MS = 15 * 60_000;

/**
 * What is known of longer times than an hour (R31, R33, R34, R38): rollups in a store, what is usual, and what was spent. It
 * works before it is opened, and without a store that outlives the process, with less to look back on.
 */
export class FiguresRoom {
  readonly baselines = new Baselines();
  #store: RollupStore = new MemoryRollupStore();
  #keeper: RollupKeeper | undefined;
  #options: ResolvedRollupOptions = ROLLUP_DEFAULTS;
  #isRemembered = false;
  /** Resets that were taken note of. */
  readonly #resets = new Set<string>();
  #isInTrouble = false;
  #tellReset: (reset: BaselineReset) => void = () => {};
  readonly #unwell: UnwellLog;
  readonly #unsubscribe: () => void;

  constructor(private readonly runtime: ClaudeRuntime) {
    this.#unwell = new UnwellLog(() => runtime.clock.wallMs());
    this.#unsubscribe = runtime.events.subscribe((event) => this.#unwell.hear(event), UNWELL_EVENTS);
  }

  /** Once, before calls are made: learns what processes before this one have kept. Trouble of the store is told, not thrown. */
  async open(store: RollupStore, options: ResolvedRollupOptions): Promise<void> {
    const { clock, metrics, random } = this.runtime;
    this.#store = store;
    const source = `${clock.wallMs().toString(36)}-${Math.floor(random.next() * 36 ** 6).toString(36)}`;
    const wasUnwell = (series: SeriesName, startMs: number, endMs: number) => this.#unwell.was(series, startMs, endMs);
    this.#keeper = new RollupKeeper(metrics, store, source, wasUnwell, options);
    this.#options = options;
    await this.#unlessTrouble(() => this.#remember(true));
  }

  /** Every minute: keeps what is over, and learns from it. Never rejects. */
  async tick(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    await this.#unlessTrouble(async () => {
      // A store that could not be reached at the start has something to tell all the same.
      if (!this.#isRemembered) await this.#remember(false);
      const own = await keeper.run();
      this.baselines.add(own, this.runtime.clock.wallMs());
      if (this.#store.isShared) await this.#hearOthers(own.length > 0);
    });
  }

  /** Before the process ends: keeps also what is not over. Never rejects. */
  async close(): Promise<void> {
    this.#unsubscribe();
    const keeper = this.#keeper;
    if (keeper !== undefined) await this.#unlessTrouble(() => keeper.flush());
  }

  /** Slots of the store, the oldest first. @throws what the store throws */
  history(wish: SlotWish): Promise<readonly RollupSlot[]> {
    return this.#store.read(wish);
  }

  /** From now on what is usual is learnt anew. @throws what the store throws */
  async reset(of: Partial<SeriesName>): Promise<BaselineReset> {
    const reset = { ...of, atMs: this.runtime.clock.wallMs() };
    await this.#store.noteReset(reset);
    this.#takeNote(reset);
    this.#tellReset(reset);
    return reset;
  }

  /** @param listener told of resets that somebody asked for here */
  tellResets(listener: (reset: BaselineReset) => void): void {
    this.#tellReset = listener;
  }

  /** One that somebody asked for elsewhere. Never rejects. */
  async adoptReset(reset: BaselineReset): Promise<void> {
    this.#takeNote(reset);
    if (!this.#store.isShared) await this.#unlessTrouble(() => this.#store.noteReset(reset));
  }

  /** An alert that fires elsewhere, and is about all: what is measured meanwhile is not what is usual. */
  follow(event: AlertEvent): void {
    this.#unwell.hear(event);
  }

  #takeNote(reset: BaselineReset): void {
    const name = JSON.stringify([reset.workflow, reset.model, reset.atMs]);
    if (!this.#resets.has(name)) this.baselines.reset(reset);
    this.#resets.add(name);
  }

  /** What is usual is that of all replicas: of spans that are over they have put their parts, sooner or later. */
  async #hearOthers(isTime: boolean): Promise<void> {
    const nowMs = this.runtime.clock.wallMs();
    for (const reset of await this.#store.resets()) this.#takeNote(reset);
    if (!isTime) return;
    const fromMs = spanStart(nowMs - OTHERS_MS, SPANS_MS['5m']);
    this.baselines.add(await this.#store.read({ resolution: '5m', fromMs, untilMs: nowMs }), nowMs);
  }

  async #remember(isStart: boolean): Promise<void> {
    const nowMs = this.runtime.clock.wallMs();
    const fromMs = nowMs - this.#options.keepFiveMinutesMs;
    for (const reset of await this.#store.resets()) this.#takeNote(reset);
    const slots = await this.#store.read({ resolution: '5m', fromMs, untilMs: nowMs + 1 });
    this.baselines.add(slots, nowMs);
    this.#isRemembered = true;
    // Budgets are told at the start or not at all: by now some of it is what this process has spent itself.
    if (!isStart) return;
    const spent = slots.filter(({ startMs }) => startMs >= nowMs - SPENDING_MS);
    this.runtime.costs.remember(
      spent.map(({ workflow, startMs, counts }) => ({ workflow, usd: counts.costUsd ?? 0, atMs: startMs })),
    );
  }

  /** A store in trouble loses figures, and nothing else; it is told once, and once more when it is well again. */
  async #unlessTrouble(work: () => Promise<void>): Promise<void> {
    const { events } = this.runtime;
    try {
      await work();
      if (this.#isInTrouble) events.emit({ type: 'rollups.well' });
      this.#isInTrouble = false;
    } catch (error) {
      if (!this.#isInTrouble) events.emit({ type: 'rollups.trouble', errorCode: errorCodeOf(error) });
      this.#isInTrouble = true;
    }
  }
}
