import type { TokenUsage } from '../call.js';
import { LogSketch } from './log-sketch.js';
import { SeriesBook, type SeriesName } from './series-book.js';
import { LEAST_CALLS, oddnessOf, spreadOf, type TokenSpread } from './token-baseline.js';

/** In robust standard deviations of ln(tokens); healthy calls of any spread stay below. */
const ODD_FROM = 5;
/** What is usual is learnt anew with so many calls: learning looks at all of them, telling at one. */
const LEARN_CALLS = 240;

/** By how much a call is odd; neither, where it is not, or nobody knows. */
export interface Oddness {
  /** Of the whole prompt, cached or not. */
  readonly input?: number;
  readonly output?: number;
}

/** Finds the single call that takes far more tokens than others of its workflow and model: a loop, or a document nobody meant. */
export class OddTokens {
  readonly #series = new SeriesBook(() => ({ input: new UsualTokens(), output: new UsualTokens() }));

  hear(
    { workflow, model }: SeriesName,
    { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }: TokenUsage,
  ): Oddness {
    const usual = this.#series.of(workflow, model);
    const input = usual.input.oddness(inputTokens + cacheReadTokens + cacheWriteTokens);
    const output = usual.output.oddness(outputTokens);
    return { ...(input >= ODD_FROM && { input }), ...(output >= ODD_FROM && { output }) };
  }
}

class UsualTokens {
  #calls = new LogSketch();
  #usual: TokenSpread | undefined;

  /** @returns one decimal; 0 while nobody knows */
  oddness(tokens: number): number {
    const oddness = this.#usual === undefined ? 0 : oddnessOf(tokens, this.#usual);
    this.#calls.add(tokens);
    if (this.#calls.count >= (this.#usual === undefined ? LEAST_CALLS : LEARN_CALLS)) {
      this.#usual = spreadOf(this.#calls);
      this.#calls = new LogSketch();
    }
    return Math.round(oddness * 10) / 10;
  }
}
