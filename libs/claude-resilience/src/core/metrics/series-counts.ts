import { KindTally, type KindCounts } from './kind-tally.js';
import { LogSketch } from './log-sketch.js';
import type { SketchJson } from './sketch-json.js';

/** What is added up. */
const SUMS = [
  'ok',
  'error',
  'cancelled',
  'rejected',
  'fallback',
  'deferred',
  'met5xx',
  'retried',
  'attemptsOk',
  'retryWaitMs',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'lnPromptTokens',
  'lnAnswerTokens',
  'costUsd',
  'unpriced',
] as const;
const TALLIES = ['errors', 'attemptsFailed', 'retries'] as const;
const SKETCHES = ['servedMs', 'failedMs', 'firstTokenMs', 'promptTokens', 'answerTokens', 'laterMs'] as const;

/** Everything counted, as plain data; what is 0 or empty is left out. */
export type CountsJson = Readonly<Partial<Record<(typeof SUMS)[number], number>>> &
  Readonly<Partial<Record<(typeof TALLIES)[number], KindCounts>>> &
  Readonly<Partial<Record<(typeof SKETCHES)[number], SketchJson>>>;

/**
 * What is counted of one workflow and model, in one minute or over any time: counts of two of them merge into one.
 *
 * Every call that has ended is one of `ok`, `error`, `cancelled` and `rejected`. `fallback` and `deferred` say of some that
 * are `error` or `rejected` what their callers got instead.
 */
export class SeriesCounts {
  ok = 0;
  /** Failed, and was not `rejected`: by the API, on the way to it, or by what looks at requests before they are sent. */
  error = 0;
  /** Given up by the caller: neither good nor bad, and in no ratio. */
  cancelled = 0;
  /** Nothing was sent: the circuit is open, the account stopped, or no turn within the rate limits would come in time. */
  rejected = 0;
  fallback = 0;
  /** Taken into the queue, at once or instead of failing. */
  deferred = 0;
  /** Calls that met a kind of failure in any of their attempts, once for each kind; `ok` ones among them. */
  readonly errors: KindTally;
  /** Of those, calls that met `server_error`, `overloaded` or both: R30 takes them as one type. */
  met5xx = 0;
  /** Calls, `ok` or `error`, that were repeated at least once. */
  retried = 0;
  /** Requests to the API that were answered. */
  attemptsOk = 0;
  readonly attemptsFailed: KindTally;
  /** By what was failed before. */
  readonly retries: KindTally;
  /** Waits before retries. */
  retryWaitMs = 0;
  /** As the API counted them: of the prompt, what was neither read from a cache nor written to one. */
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  cacheWriteTokens = 0;
  /** Sums of ln(tokens), of the calls in the sketch of the same name; no tokens count as one. */
  lnPromptTokens = 0;
  lnAnswerTokens = 0;
  costUsd = 0;
  /** Calls that used tokens, and whose cost nobody told. */
  unpriced = 0;
  /** How long calls took that were answered by the API. */
  readonly servedMs: LogSketch;
  /** How long those took that are `error`. */
  readonly failedMs: LogSketch;
  /** From the call to the first of the answer, of streams. */
  readonly firstTokenMs: LogSketch;
  /** Per call that was answered: all of the prompt, cached or not; and the answer. */
  readonly promptTokens: LogSketch;
  readonly answerTokens: LogSketch;
  /** From acceptance to the end, of deferred requests that succeeded. */
  readonly laterMs: LogSketch;

  private constructor(json: CountsJson) {
    this.errors = tallyOf(json.errors);
    this.attemptsFailed = tallyOf(json.attemptsFailed);
    this.retries = tallyOf(json.retries);
    this.servedMs = sketchOf(json.servedMs);
    this.failedMs = sketchOf(json.failedMs);
    this.firstTokenMs = sketchOf(json.firstTokenMs);
    this.promptTokens = sketchOf(json.promptTokens);
    this.answerTokens = sketchOf(json.answerTokens);
    this.laterMs = sketchOf(json.laterMs);
    for (const name of SUMS) this[name] = json[name] ?? 0;
  }

  static empty(): SeriesCounts {
    return new SeriesCounts({});
  }

  /** @throws {TypeError} when a sketch is none */
  static fromJSON(json: CountsJson): SeriesCounts {
    return new SeriesCounts(json);
  }

  /** What another process wrote, checked; `undefined`: it is none. */
  static read(value: unknown): SeriesCounts | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const json = value as CountsJson;
    const tallied = TALLIES.flatMap((name) => Object.values(json[name] ?? {}));
    const numbers: readonly unknown[] = [...SUMS.map((name) => json[name] ?? 0), ...tallied];
    if (!numbers.every((one) => Number.isFinite(one) && (one as number) >= 0)) return undefined;
    try {
      return new SeriesCounts(json);
    } catch {
      return undefined;
    }
  }

  static sumOf(parts: Iterable<SeriesCounts>): SeriesCounts {
    const sum = SeriesCounts.empty();
    for (const part of parts) sum.merge(part);
    return sum;
  }

  /** Calls that an error ratio is about: those that reached the API, or should have, and were not cancelled. */
  get judged(): number {
    return this.ok + this.error;
  }

  merge(other: SeriesCounts): void {
    for (const name of SUMS) this[name] += other[name];
    for (const name of TALLIES) this[name].merge(other[name]);
    for (const name of SKETCHES) this[name].merge(other[name]);
  }

  toJSON(): CountsJson {
    const sums = SUMS.map((name) => [name, this[name]] as const).filter(([, sum]) => sum !== 0);
    const tallies = TALLIES.map((name) => [name, this[name].toJSON()] as const);
    const sketches = SKETCHES.map((name) => [name, this[name].toJSON()] as const);
    return Object.fromEntries([
      ...sums,
      ...tallies.filter(([, counts]) => Object.keys(counts).length > 0),
      ...sketches.filter(([, { count }]) => count > 0),
    ]) as CountsJson;
  }
}

function tallyOf(json: KindCounts | undefined): KindTally {
  return json === undefined ? new KindTally() : KindTally.fromJSON(json);
}

function sketchOf(json: SketchJson | undefined): LogSketch {
  return json === undefined ? new LogSketch() : LogSketch.fromJSON(json);
}
