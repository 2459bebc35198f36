import { baselineOf, BASELINE_RULES, type Baseline, type BaselinePoint, type BaselineRules } from './baseline.js';
import { countedIn, rollUp } from './rollup.js';
import { SPANS_MS, type RollupSlot } from './rollup-slot.js';
import type { BaselineReset } from './rollup-store.port.js';
import { isMeant, type SeriesName } from './series-book.js';
import type { SeriesCounts } from './series-counts.js';
import { TOKEN_RULES, tokenShiftOf, usualSpendOf, type TokenShift } from './token-baseline.js';

const SLOT_MS = SPANS_MS['5m'];
/** A week, and the day before it that says how long it has been bad. */
const KEPT_MS = BASELINE_RULES.windowMs + BASELINE_RULES.maxUnwellMs;
/** What is usual is learnt anew so often; while too little is known, with each slot. */
const LEARN_EVERY_MS = 30 * 60_000;

/** What is kept of a slot: numbers only. */
interface Point extends SeriesName {
  readonly startMs: number;
  readonly isUnwell: boolean;
  readonly calls: number;
  readonly p95Ms: number;
  readonly tokenCalls: number;
  readonly lnPromptTokens: number;
  readonly lnAnswerTokens: number;
  readonly costUsd: number;
}

/** What one slot says of something: a sum, and of how many. */
interface Sum {
  readonly value: number;
  readonly samples: number;
}

/**
 * What is usual of every workflow and model (R31, R33, R34), learnt from slots of 5 minutes. Give it those of the store at the
 * start, and what `RollupKeeper.run` returns from then on: the same slot twice counts once.
 */
export class Baselines {
  readonly #points = new Map<string, Map<number, Point>>();
  readonly #known = new Map<string, Learnt>();
  #resets: readonly BaselineReset[] = [];

  /** Of several sources, give all slots of a span together. */
  add(slots: readonly RollupSlot[], nowMs: number): void {
    const touched = new Set<Map<number, Point>>();
    for (const counted of rollUp(countedIn(slots), SLOT_MS)) {
      const key = keyOf(counted);
      const points = this.#points.get(key) ?? new Map<number, Point>();
      this.#points.set(key, points.set(counted.startMs, pointOf(counted)));
      touched.add(points);
    }
    for (const points of touched) {
      for (const startMs of points.keys()) if (startMs < nowMs - KEPT_MS) points.delete(startMs);
    }
  }

  /** Something was changed on purpose, a model for one: what was before is not compared with. */
  reset(reset: BaselineReset): void {
    this.#resets = [...this.#resets, reset];
    this.#known.clear();
  }

  /** What 95 % of the answers usually take at most, in milliseconds. */
  latencyOf(series: SeriesName, nowMs: number): Baseline {
    return this.#learnt('latency', series, nowMs, () =>
      this.#baseline(series, ({ p95Ms, calls }) => ({ value: p95Ms * calls, samples: calls }), BASELINE_RULES, nowMs),
    );
  }

  /** Tokens of a request in `counts`, against what is usual of the same series; `undefined` when there are none. */
  tokensOf(
    of: Partial<SeriesName>,
    direction: 'input' | 'output',
    counts: SeriesCounts,
    nowMs: number,
  ): TokenShift | undefined {
    const lnOf = LN_TOKENS[direction];
    const baseline = this.#learnt(direction, of, nowMs, () =>
      this.#baseline(of, (point) => ({ value: point[lnOf], samples: point.tokenCalls }), TOKEN_RULES, nowMs),
    );
    return tokenShiftOf({ lnTokens: counts[lnOf], samples: counts.promptTokens.count }, baseline);
  }

  /** What 5 minutes cost at most, but for 1 % of them, in US dollars; `undefined` while it is being learnt. */
  spendOf(of: Partial<SeriesName>, nowMs: number): number | undefined {
    return this.#learnt('spend', of, nowMs, () =>
      usualSpendOf(
        this.#summed(of, ({ costUsd, calls }) => ({ value: costUsd, samples: calls })),
        nowMs,
      ),
    );
  }

  #baseline(of: Partial<SeriesName>, sumOf: (point: Point) => Sum, rules: BaselineRules, nowMs: number): Baseline {
    const means = this.#summed(of, sumOf).map((point) => ({
      ...point,
      value: point.value / Math.max(1, point.samples),
    }));
    return baselineOf(means, nowMs, rules);
  }

  /** Points of all series that are meant, those of one span added up, the oldest first. */
  #summed(of: Partial<SeriesName>, sumOf: (point: Point) => Sum): BaselinePoint[] {
    const sums = new Map<number, BaselinePoint>();
    for (const points of this.#points.values()) {
      for (const point of points.values()) {
        if (!isMeant(point, of)) break; // all of them are of one series
        if (this.#isForgotten(point)) continue;
        const { startMs, isUnwell } = point;
        const { value, samples } = sumOf(point);
        const before = sums.get(startMs);
        const sum =
          before === undefined
            ? { startMs, value, samples, isUnwell }
            : {
                startMs,
                value: before.value + value,
                samples: before.samples + samples,
                isUnwell: before.isUnwell || isUnwell,
              };
        sums.set(startMs, sum);
      }
    }
    return [...sums.values()].sort((one, other) => one.startMs - other.startMs);
  }

  #isForgotten(point: Point): boolean {
    return this.#resets.some((reset) => isMeant(point, reset) && point.startMs < reset.atMs);
  }

  /** Rules ask every minute, and what is usual hardly changes: it is learnt anew only so often. */
  #learnt<T extends Baseline | number | undefined>(
    what: string,
    of: Partial<SeriesName>,
    nowMs: number,
    learn: () => T,
  ): T {
    const key = JSON.stringify([what, of.workflow ?? null, of.model ?? null]);
    const known = this.#known.get(key);
    if (known !== undefined && nowMs >= known.atMs && nowMs < known.untilMs) return known.usual as T;
    const usual = learn();
    const isLearning = usual === undefined || (typeof usual === 'object' && usual.state === 'learning');
    this.#known.set(key, { usual, atMs: nowMs, untilMs: nowMs + (isLearning ? SLOT_MS : LEARN_EVERY_MS) });
    return usual;
  }
}

/** What is usual, and while it is good enough. */
interface Learnt {
  readonly usual: Baseline | number | undefined;
  readonly atMs: number;
  readonly untilMs: number;
}

const LN_TOKENS = { input: 'lnPromptTokens', output: 'lnAnswerTokens' } as const;

function pointOf({ workflow, model, startMs, isUnwell, counts }: ReturnType<typeof rollUp>[number]): Point {
  return {
    workflow,
    model,
    startMs,
    isUnwell,
    calls: counts.servedMs.count,
    p95Ms: counts.servedMs.quantile(0.95) ?? 0,
    tokenCalls: counts.promptTokens.count,
    lnPromptTokens: counts.lnPromptTokens,
    lnAnswerTokens: counts.lnAnswerTokens,
    costUsd: counts.costUsd,
  };
}

function keyOf({ workflow, model }: SeriesName): string {
  return JSON.stringify([workflow, model]);
}
