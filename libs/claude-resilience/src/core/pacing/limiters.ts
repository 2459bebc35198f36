import { Draw, LimitBucket } from './limit-bucket.js';
import { MovingAverage } from './moving-average.js';
import type { LimitReading, PoolReadings } from './read-limits.js';
import type { TokenEstimate, TurnUsage } from './turn.js';

/** `remaining` of tokens is rounded to the nearest thousand. */
const ROUNDED_BY_TOKENS = 500;
/** Weight of a new call in what is usual. */
const WEIGHT = 0.1;

/** What one attempt drew from each limiter, and what its caller expected. */
export class Draws {
  readonly requests = new Draw();
  readonly tokens = new Draw();
  readonly input = new Draw();
  readonly output = new Draw();
  expected: TokenEstimate = NOTHING;
}

const NOTHING: TokenEstimate = Object.freeze({ inputTokens: 0, outputTokens: 0 });

/**
 * The limiters of one pool together. A caller's estimates are corrected by how far off they usually are: much of a
 * prompt may come from a cache, and answers are rarely as long as they might be.
 */
export class Limiters {
  readonly requests: LimitBucket;
  readonly tokens: LimitBucket;
  readonly input: LimitBucket;
  readonly output: LimitBucket;
  readonly #inputRatio = new MovingAverage(WEIGHT);
  readonly #outputRatio = new MovingAverage(WEIGHT);
  readonly #usualInput = new MovingAverage(WEIGHT);
  readonly #usualOutput = new MovingAverage(WEIGHT);

  /** @param ownShare our share of the limits, above 0 to 1 */
  constructor(ownShare: number) {
    this.requests = new LimitBucket('at_once', 0, ownShare);
    this.tokens = new LimitBucket('as_produced', ROUNDED_BY_TOKENS, ownShare);
    this.input = new LimitBucket('at_once', ROUNDED_BY_TOKENS, ownShare);
    this.output = new LimitBucket('as_produced', ROUNDED_BY_TOKENS, ownShare);
  }

  /** When an attempt may go; `nowMs` if at once. */
  freeAtMs(expected: TokenEstimate, nowMs: number): number {
    const input = this.#inputOf(expected);
    const output = this.#outputOf(expected);
    return Math.max(
      this.requests.freeAtMs(1, nowMs),
      this.tokens.freeAtMs(input + output, nowMs),
      this.input.freeAtMs(input, nowMs),
      this.output.freeAtMs(output, nowMs),
    );
  }

  /** The part of all of them that is this replica's; above 0, to 1. */
  share(part: number, nowMs: number): void {
    for (const bucket of [this.requests, this.tokens, this.input, this.output]) bucket.share(part, nowMs);
  }

  take(expected: TokenEstimate, nowMs: number, draws: Draws): void {
    const input = this.#inputOf(expected);
    const output = this.#outputOf(expected);
    this.#usualInput.add(input);
    this.#usualOutput.add(output);
    this.requests.take(1, nowMs, draws.requests);
    this.tokens.take(input + output, nowMs, draws.tokens);
    this.input.take(input, nowMs, draws.input);
    this.output.take(output, nowMs, draws.output);
    draws.expected = expected;
  }

  /**
   * @param used what it really took; `none` if the server refused it; `unsent` if it never went; `undefined` when nobody
   *   knows
   */
  settle(draws: Draws, used: TurnUsage | 'none' | 'unsent' | undefined): void {
    if (used === 'unsent') {
      // Its turn is over all the same: turns that nobody uses while a circuit is shut must not come back as one burst.
      this.requests.settle(draws.requests, 1);
      for (const name of ['tokens', 'input', 'output'] as const) this[name].settle(draws[name], 0);
      return;
    }
    if (used === 'none') {
      for (const name of ['requests', 'tokens', 'input', 'output'] as const) this[name].settle(draws[name], 0);
      return;
    }
    const input = used && used.inputTokens + (used.cacheCreationInputTokens ?? 0);
    const output = used?.outputTokens;
    this.requests.settle(draws.requests, 1);
    this.tokens.settle(draws.tokens, input === undefined || output === undefined ? undefined : input + output);
    this.input.settle(draws.input, input);
    this.output.settle(draws.output, output);
    learnRatio(this.#inputRatio, input, draws.expected.inputTokens);
    learnRatio(this.#outputRatio, output, draws.expected.outputTokens);
  }

  learn(said: PoolReadings, draws: Draws, nowMs: number): void {
    if (said.requests !== undefined) this.requests.learn(said.requests, draws.requests, nowMs);
    if (said.inputTokens !== undefined) this.input.learn(said.inputTokens, draws.input, nowMs);
    if (said.outputTokens !== undefined) this.output.learn(said.outputTokens, draws.output, nowMs);
    if (said.tokens === undefined) return;
    if (isOnlyTheSum(said)) this.tokens.forget();
    else this.tokens.learn(said.tokens, draws.tokens, nowMs);
  }

  /** After a 429: what is used up is used up; and if nothing is, bursts are not what `remaining` promises. */
  refused(said: PoolReadings, draws: Draws, nowMs: number): void {
    const { requests, inputTokens, outputTokens, tokens } = said;
    this.#exhausted(this.requests, requests, draws.requests, nowMs);
    this.#exhausted(this.input, inputTokens, draws.input, nowMs);
    this.#exhausted(this.output, outputTokens, draws.output, nowMs);
    const { inputTokens: needed } = draws.expected;
    const hadRoom =
      requests?.remaining !== undefined &&
      holds(requests, 1) &&
      holds(inputTokens, needed + ROUNDED_BY_TOKENS) &&
      holds(outputTokens, 1) &&
      holds(tokens, needed + ROUNDED_BY_TOKENS);
    if (hadRoom) this.requests.mistrustBurst(draws.requests, nowMs);
  }

  /** Attempts a millisecond that the limits allow in the long run, at the usual size; `undefined` when none is known. */
  get perMs(): number | undefined {
    const input = this.#usualInput.value ?? 0;
    const output = this.#usualOutput.value ?? 0;
    const least = Math.min(
      this.requests.perMs ?? Infinity,
      ratePer(this.tokens, input + output),
      ratePer(this.input, input),
      ratePer(this.output, output),
    );
    return least === Infinity ? undefined : least;
  }

  #exhausted(bucket: LimitBucket, said: LimitReading | undefined, draw: Draw, nowMs: number): void {
    if (said?.remaining !== undefined && said.remaining < 1) bucket.exhausted(said.remaining, draw, nowMs);
  }

  #inputOf({ inputTokens }: TokenEstimate): number {
    return inputTokens * (this.#inputRatio.value ?? 1);
  }

  #outputOf({ outputTokens }: TokenEstimate): number {
    return outputTokens * (this.#outputRatio.value ?? 1);
  }
}

function isOnlyTheSum({ tokens, inputTokens, outputTokens }: PoolReadings): boolean {
  if (inputTokens?.limit === undefined || outputTokens?.limit === undefined) return false;
  return tokens?.limit === inputTokens.limit + outputTokens.limit;
}

function holds(said: LimitReading | undefined, units: number): boolean {
  return said?.remaining === undefined || said.remaining >= units;
}

function ratePer({ perMs }: LimitBucket, units: number): number {
  return perMs === undefined || units <= 0 ? Infinity : perMs / units;
}

/** A wild guess must not block a bucket for minutes, nor open it: estimates are trusted within a factor of a hundred. */
function learnRatio(ratio: MovingAverage, used: number | undefined, expected: number): void {
  if (used === undefined || !(expected > 0)) return;
  ratio.add(Math.min(100, Math.max(0.01, used / expected)));
}
