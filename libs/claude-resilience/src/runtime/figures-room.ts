import { errorCodeOf } from '../core/error-code-of.js';
import { Baselines } from '../core/metrics/baselines.js';
import { MemoryRollupStore } from '../core/metrics/memory-rollup-store.js';
import type { ResolvedRollupOptions } from '../core/metrics/rollup.options.js';
import { RollupKeeper } from '../core/metrics/rollup-keeper.js';
import type { RollupSlot } from '../core/metrics/rollup-slot.js';
import type { BaselineReset, RollupStore, SlotWish } from '../core/metrics/rollup-store.port.js';
import type { SeriesName } from '../core/metrics/series-book.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import { UnwellLog } from './unwell-log.js';

const DAY_MS = 86_400_000;
/** How far back budgets look when a process begins: the day that is on, and the one before it. */
const SPENDING_MS = 2 * DAY_MS;

/**
 * What is known of longer times than an hour (R31, R33, R34, R38): rollups in a store, what is usual, and what was spent. It
 * works before it is opened, and without a store that outlives the process, with less to look back on.
 */
export class FiguresRoom {
  readonly baselines = new Baselines();
  #store: RollupStore = new MemoryRollupStore();
  #keeper: RollupKeeper | undefined;
  #isInTrouble = false;
  readonly #unwell: UnwellLog;
  readonly #unsubscribe: () => void;

  constructor(private readonly runtime: ClaudeRuntime) {
    this.#unwell = new UnwellLog(() => runtime.clock.wallMs());
    this.#unsubscribe = runtime.events.subscribe((event) => this.#unwell.hear(event));
  }

  /** Once, before calls are made: learns what processes before this one have kept. Trouble of the store is told, not thrown. */
  async open(store: RollupStore, options: ResolvedRollupOptions): Promise<void> {
    const { clock, metrics, random } = this.runtime;
    this.#store = store;
    const source = `${clock.wallMs().toString(36)}-${Math.floor(random.next() * 36 ** 6).toString(36)}`;
    const wasUnwell = (series: SeriesName, startMs: number, endMs: number) => this.#unwell.was(series, startMs, endMs);
    this.#keeper = new RollupKeeper(metrics, store, source, wasUnwell, options);
    await this.#unlessTrouble(() => this.#remember(options));
  }

  /** Every minute: keeps what is over, and learns from it. Never rejects. */
  async tick(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    await this.#unlessTrouble(async () => this.baselines.add(await keeper.run(), this.runtime.clock.wallMs()));
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
    this.baselines.reset(reset);
    return reset;
  }

  async #remember({ keepFiveMinutesMs }: ResolvedRollupOptions): Promise<void> {
    const nowMs = this.runtime.clock.wallMs();
    for (const reset of await this.#store.resets()) this.baselines.reset(reset);
    const slots = await this.#store.read({ resolution: '5m', fromMs: nowMs - keepFiveMinutesMs, untilMs: nowMs + 1 });
    this.baselines.add(slots, nowMs);
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
