import { SPANS_MS, type Resolution, type RollupSlot } from '../core/metrics/rollup-slot.js';
import { countedIn, rollUp } from '../core/metrics/rollup.js';
import { RollupStore, type BaselineReset, type SlotWish } from '../core/metrics/rollup-store.port.js';
import type { RedisConnection, RedisScript } from './redis-connection.js';
import { FOLD, PUT, REMOVE } from './rollup-scripts.js';
import { fieldOf, slotOfField, slotValue } from './rollup-fields.js';

const HOUR_MS = SPANS_MS['1h'];
/** Who counted what is folded: all. */
const ALL = 'all';
/** An hour is folded so long after its end, in milliseconds: a replica that comes late has an hour to say what it counted. */
const FOLD_AFTER_MS = 2 * HOUR_MS;
/** How far back hours are looked for that nobody folded. */
const FOLD_BACK_MS = 9 * 24 * HOUR_MS;
/** Spans in one round trip. */
const MOST_AT_ONCE = 200;

/**
 * Metrics of all replicas in Redis (R38). Each replica puts slots of its own, so none overwrites another's, and putting again
 * changes nothing; whoever reads adds them up. Two hours after its end an hour is folded into slots of all: so what is kept
 * does not grow with replicas, nor with restarts.
 */
export class RedisRollupStore extends RollupStore {
  override readonly isShared = true;
  readonly #key: (name: string) => string;
  readonly #put: RedisScript;
  readonly #remove: RedisScript;
  readonly #fold: RedisScript;

  constructor(private readonly connection: RedisConnection) {
    super();
    this.#key = connection.keysOf('figures');
    this.#put = connection.script(PUT);
    this.#remove = connection.script(REMOVE);
    this.#fold = connection.script(FOLD);
  }

  async put(slots: readonly RollupSlot[]): Promise<void> {
    if (slots.length === 0) return;
    const spans = [...Map.groupBy(slots, ({ resolution, startMs }) => this.#spanKey(resolution, startMs))];
    const keys = [this.#starts('5m'), this.#starts('1h'), ...spans.map(([key]) => key)];
    const values = spans.flatMap(([, own], at) =>
      own.flatMap((slot) => {
        const isOfAll = slot.source === ALL ? 1 : 0;
        return [at + 3, slot.resolution === '5m' ? 1 : 2, slot.startMs, isOfAll, fieldOf(slot), slotValue(slot)];
      }),
    );
    await this.#put(keys, values);
  }

  async read({ resolution, fromMs, untilMs, workflow, model }: SlotWish): Promise<readonly RollupSlot[]> {
    const slots: RollupSlot[] = [];
    const starts = await this.#startsIn(resolution, fromMs, untilMs);
    for (let at = 0; at < starts.length; at += MOST_AT_ONCE) {
      const some = starts.slice(at, at + MOST_AT_ONCE);
      const spans = await this.connection.pipeline((pipeline) => {
        for (const startMs of some) pipeline.hgetall(this.#spanKey(resolution, startMs));
      });
      slots.push(...some.flatMap((startMs, index) => slotsOfSpan(resolution, startMs, spans[index])));
    }
    return slots.filter(
      (slot) => (workflow === undefined || slot.workflow === workflow) && (model === undefined || slot.model === model),
    );
  }

  async removeBefore(resolution: Resolution, beforeMs: number): Promise<number> {
    const starts = await this.#startsIn(resolution, 0, beforeMs);
    let removed = 0;
    for (let at = 0; at < starts.length; at += MOST_AT_ONCE) {
      const some = starts.slice(at, at + MOST_AT_ONCE);
      const keys = [this.#starts(resolution), ...some.map((startMs) => this.#spanKey(resolution, startMs))];
      removed += Number(await this.#remove(keys, some));
    }
    return removed;
  }

  async noteReset({ workflow, model, atMs }: BaselineReset): Promise<void> {
    const series = JSON.stringify([workflow ?? null, model ?? null]);
    await this.connection.ask((redis) => redis.hset(this.#key('resets'), series, atMs));
  }

  async resets(): Promise<readonly BaselineReset[]> {
    const resets = await this.connection.ask((redis) => redis.hgetall(this.#key('resets')));
    return Object.entries(resets)
      .flatMap(([series, atMs]) => resetOf(series, Number(atMs)))
      .sort((one, other) => one.atMs - other.atMs);
  }

  /** Folds hours that ended long enough ago. Of several replicas, one does; were it two, they would do the same. */
  override async tidy(nowMs: number): Promise<void> {
    const isFirst = await this.connection.ask((redis) => redis.set(this.#key('folding'), '1', 'PX', 60_000, 'NX'));
    if (isFirst === null) return;
    const untilMs = Math.floor((nowMs - FOLD_AFTER_MS) / HOUR_MS) * HOUR_MS;
    const doneMs = Number((await this.connection.ask((redis) => redis.get(this.#key('folded-until')))) ?? 0);
    // A clock that was wrong before stops nothing.
    const fromMs = Math.max(untilMs - FOLD_BACK_MS, doneMs > untilMs ? 0 : doneMs);
    const left: number[] = [];
    for (const hourMs of await this.#hoursIn(fromMs, untilMs)) if (!(await this.#foldHour(hourMs))) left.push(hourMs);
    await this.connection.ask((redis) => redis.set(this.#key('folded-until'), Math.min(untilMs, ...left)));
  }

  async #hoursIn(fromMs: number, untilMs: number): Promise<readonly number[]> {
    const [fives, hours] = [await this.#startsIn('5m', fromMs, untilMs), await this.#startsIn('1h', fromMs, untilMs)];
    return [...new Set([...fives, ...hours].map((startMs) => Math.floor(startMs / HOUR_MS) * HOUR_MS))];
  }

  /** @returns `false` where somebody put something meanwhile: nothing was changed, and the next time it is tried again */
  async #foldHour(hourMs: number): Promise<boolean> {
    const wish = { fromMs: hourMs, untilMs: hourMs + HOUR_MS };
    const fives = await this.read({ resolution: '5m', ...wish });
    const hours = await this.read({ resolution: '1h', ...wish });
    if ([...fives, ...hours].every(({ source }) => source === ALL)) return true;
    // An hour that its replica did not finish is made of the parts there are.
    const finished = new Set(hours.map(({ source }) => source));
    const parts = fives.filter(({ source }) => !finished.has(source));
    const all = [...folded(fives, '5m'), ...folded([...hours, ...parts], '1h')];
    const keys = [this.#starts('5m'), this.#starts('1h'), ...spansOf(hourMs).map((span) => this.#spanKey(...span))];
    const seen = spansOf(hourMs).map(
      ([resolution, startMs]) =>
        (resolution === '5m' ? fives : hours).filter((slot) => slot.startMs === startMs).length,
    );
    const values = spansOf(hourMs).flatMap(([resolution, startMs], at) => {
      const own = all.filter((slot) => slot.resolution === resolution && slot.startMs === startMs);
      return [seen[at] ?? 0, startMs, own.length, ...own.flatMap((slot) => [fieldOf(slot), slotValue(slot)])];
    });
    return (await this.#fold(keys, values)) === 1;
  }

  async #startsIn(resolution: Resolution, fromMs: number, untilMs: number): Promise<readonly number[]> {
    const found = await this.connection.ask((redis) =>
      redis.zrangebyscore(this.#starts(resolution), fromMs, `(${untilMs}`),
    );
    return found.map(Number);
  }

  #starts(resolution: Resolution): string {
    return this.#key(`${resolution}:starts`);
  }

  #spanKey(resolution: Resolution, startMs: number): string {
    return this.#key(`${resolution}:${startMs}`);
  }
}

/** Those of 5 minutes first, then the hour: the order of the script's keys. */
function spansOf(hourMs: number): readonly (readonly [Resolution, number])[] {
  const fives = Array.from({ length: HOUR_MS / SPANS_MS['5m'] }, (_, at) => hourMs + at * SPANS_MS['5m']);
  return [...fives.map((startMs) => ['5m', startMs] as const), ['1h', hourMs] as const];
}

function folded(slots: readonly RollupSlot[], resolution: Resolution): readonly RollupSlot[] {
  return rollUp(countedIn(slots), SPANS_MS[resolution]).map(({ counts, isUnwell, ...about }) => {
    return { resolution, source: ALL, ...about, counts: counts.toJSON(), ...(isUnwell && { isUnwell }) };
  });
}

function slotsOfSpan(resolution: Resolution, startMs: number, fields: unknown): readonly RollupSlot[] {
  if (typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields).flatMap(([field, value]) => slotOfField(resolution, startMs, field, String(value)));
}

function resetOf(series: string, atMs: number): readonly BaselineReset[] {
  try {
    const [workflow, model] = JSON.parse(series) as [string | null, string | null];
    return [{ ...(workflow !== null && { workflow }), ...(model !== null && { model }), atMs }];
  } catch {
    return [];
  }
}
