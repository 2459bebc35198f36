import { baselineOf, BASELINE_RULES, type Baseline, type BaselinePoint } from './baseline.js';
import { countedIn, rollUp } from './rollup.js';
import { SPANS_MS, type RollupSlot } from './rollup-slot.js';
import type { BaselineReset } from './rollup-store.port.js';
import { isMeant, type SeriesName } from './series-book.js';
import type { SeriesCounts } from './series-counts.js';
import { TOKEN_RULES, tokenShiftOf, usualSpendOf, type TokenShift } from './token-baseline.js';

const SLOT_MS = SPANS_MS['5m'];
/** A week, and the day before it that says how long it has been bad. */
const KEPT_MS = BASELINE_RULES.windowMs + BASELINE_RULES.maxUnwellMs;
/** What nobody asks for any more is thrown away so often. */
const TIDY_EVERY_MS = 60 * 60_000;
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

/** What is read of slots. */
interface Measure {
  valueOf(point: Point): number;
  samplesOf(point: Point): number;
  /** The value of two series in one slot. */
  join(one: BaselinePoint, other: BaselinePoint): number;
}

/**
 * What is usual of every workflow and model (R31, R33, R34), learnt from slots of 5 minutes. Give it those of the store at the
 * start, and what `RollupKeeper.run` returns from then on: the same slot twice counts once.
 */
export class Baselines {
  readonly #points = new Map<string, Map<number, Point>>();
  readonly #known = new Map<string, Learnt>();
  #resets: readonly BaselineReset[] = [];
  #tidiedAtMs = -Infinity;

  /** Of several sources, give all slots of a span together. */
  add(slots: readonly RollupSlot[], nowMs: number): void {
    for (const counted of rollUp(countedIn(slots), SLOT_MS)) {
      const key = keyOf(counted);
      const points = this.#points.get(key) ?? new Map<number, Point>();
      this.#points.set(key, points.set(counted.startMs, pointOf(counted)));
    }
    this.#tidy(nowMs);
  }

  /** Something was changed on purpose, a model for one: what was before is not compared with. */
  reset(reset: BaselineReset): void {
    this.#resets = [...this.#resets, reset];
    this.#known.clear();
  }

  /** What 95 % of the answers usually take at most, in milliseconds. */
  latencyOf(series: SeriesName, nowMs: number): Baseline {
    return this.#learnt('latency', series, nowMs, () =>
      baselineOf(this.#measured(series, LATENCY, nowMs), nowMs, BASELINE_RULES),
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
      baselineOf(this.#measured(of, TOKENS[direction], nowMs), nowMs, TOKEN_RULES),
    );
    return tokenShiftOf({ lnTokens: counts[lnOf], samples: counts.promptTokens.count }, baseline);
  }

  /** What 5 minutes cost at most, but for 1 % of them, in US dollars; `undefined` while it is being learnt. */
  spendOf(of: Partial<SeriesName>, nowMs: number): number | undefined {
    return this.#learnt('spend', of, nowMs, () => usualSpendOf(this.#measured(of, SPEND, nowMs), nowMs));
  }

  /** Points of all series that are meant, those of one span joined, the oldest first. There are thousands: one object each. */
  #measured(of: Partial<SeriesName>, measure: Measure, nowMs: number): readonly BaselinePoint[] {
    const all: BaselinePoint[] = [];
    for (const points of this.#points.values()) {
      for (const point of points.values()) {
        if (!isMeant(point, of)) break; // all of them are of one series
        const { startMs, isUnwell } = point;
        if (startMs < nowMs - KEPT_MS || this.#isForgotten(point)) continue;
        all.push({ startMs, value: measure.valueOf(point), samples: measure.samplesOf(point), isUnwell });
      }
    }
    return joined(
      all.sort((one, other) => one.startMs - other.startMs),
      measure,
    );
  }

  #tidy(nowMs: number): void {
    // A clock that was wrong, and went back, must not put it off.
    if (Math.abs(nowMs - this.#tidiedAtMs) < TIDY_EVERY_MS) return;
    this.#tidiedAtMs = nowMs;
    for (const [key, points] of this.#points) {
      for (const startMs of points.keys()) if (startMs < nowMs - KEPT_MS) points.delete(startMs);
      if (points.size === 0) this.#points.delete(key);
    }
  }

  #isForgotten(point: Point): boolean {
    return this.#resets.length > 0 && this.#resets.some((reset) => isMeant(point, reset) && point.startMs < reset.atMs);
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

const meanOf = (one: BaselinePoint, other: BaselinePoint): number =>
  (one.value * one.samples + other.value * other.samples) / Math.max(1, one.samples + other.samples);

const LATENCY: Measure = { valueOf: ({ p95Ms }) => p95Ms, samplesOf: ({ calls }) => calls, join: meanOf };
const SPEND: Measure = {
  valueOf: ({ costUsd }) => costUsd,
  samplesOf: ({ calls }) => calls,
  join: (one, other) => one.value + other.value,
};
const TOKENS = { input: tokensIn('lnPromptTokens'), output: tokensIn('lnAnswerTokens') } as const;

function tokensIn(ln: 'lnPromptTokens' | 'lnAnswerTokens'): Measure {
  return {
    valueOf: (point) => point[ln] / Math.max(1, point.tokenCalls),
    samplesOf: ({ tokenCalls }) => tokenCalls,
    join: meanOf,
  };
}

/** Those of one span as one. @param sorted by their start */
function joined(sorted: readonly BaselinePoint[], { join }: Measure): readonly BaselinePoint[] {
  const points: BaselinePoint[] = [];
  for (const point of sorted) {
    const last = points.at(-1);
    if (last?.startMs !== point.startMs) points.push(point);
    else {
      const isUnwell = last.isUnwell || point.isUnwell;
      const [value, samples] = [join(last, point), last.samples + point.samples];
      points[points.length - 1] = { startMs: last.startMs, value, samples, isUnwell };
    }
  }
  return points;
}

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
