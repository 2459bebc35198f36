import type { LineKind } from './line-kind.js';

const SECOND_MS = 1_000;
/** Features times types of errors; beyond it, all others share one sample. */
const MOST_KINDS = 1_000;

/** What became of the lines of one kind, from the second in which the first was left out, or since the last count. */
export interface SampleCount {
  readonly kind: LineKind;
  readonly written: number;
  /** 1 or more. */
  readonly leftOut: number;
}

/** Of one kind. */
interface Sample {
  readonly kind: LineKind;
  secondBeganAtMs: number;
  inSecond: number;
  written: number;
  leftOut: number;
}

/**
 * Lets so many lines of a kind pass in a second, the first among them, and counts the others: while some are left out, what
 * was written and what was left out add up to what was heard. Has no clock: time is that of `Clock.nowMs`, as it is told.
 */
export class LineSampler {
  readonly #samples = new Map<string, Sample>();

  constructor(private readonly perSecond: number) {}

  /** @returns whether the line is written */
  admit(kind: LineKind, nowMs: number): boolean {
    const sample = this.#sampleOf(kind, nowMs);
    if (nowMs - sample.secondBeganAtMs >= SECOND_MS) {
      sample.secondBeganAtMs = nowMs;
      sample.inSecond = 0;
      // Lines of quiet times are no part of the storm that is counted.
      if (sample.leftOut === 0) sample.written = 0;
    }
    sample.inSecond++;
    const isWritten = sample.inSecond <= this.perSecond;
    if (isWritten) sample.written++;
    else sample.leftOut++;
    return isWritten;
  }

  /** Of the kinds of which some were left out; counting begins anew. */
  takeCounts(nowMs: number): readonly SampleCount[] {
    const counts = [...this.#samples.values()].filter(({ leftOut }) => leftOut > 0);
    const taken = counts.map(({ kind, written, leftOut }) => ({ kind, written, leftOut }));
    for (const [key, sample] of this.#samples) {
      sample.written = 0;
      sample.leftOut = 0;
      if (nowMs - sample.secondBeganAtMs >= SECOND_MS) this.#samples.delete(key);
    }
    return taken;
  }

  #sampleOf(kind: LineKind, nowMs: number): Sample {
    const key = JSON.stringify([kind.event, kind.level, kind.feature, kind.errorType]);
    const known = this.#samples.get(key);
    if (known !== undefined) return known;
    if (this.#samples.size >= MOST_KINDS) this.#forgetIdle(nowMs);
    if (this.#samples.size < MOST_KINDS) return this.#begin(key, kind, nowMs);
    return this.#samples.get('') ?? this.#begin('', { ...kind, feature: undefined, errorType: undefined }, nowMs);
  }

  #begin(key: string, kind: LineKind, nowMs: number): Sample {
    const sample = { kind, secondBeganAtMs: nowMs, inSecond: 0, written: 0, leftOut: 0 };
    this.#samples.set(key, sample);
    return sample;
  }

  #forgetIdle(nowMs: number): void {
    for (const [key, { leftOut, secondBeganAtMs }] of this.#samples) {
      if (leftOut === 0 && nowMs - secondBeganAtMs >= SECOND_MS) this.#samples.delete(key);
    }
  }
}
