import type { TokenUsage } from '../call.js';
import { knownUsdOf, unknownIn, type CostSum } from '../call-cost.js';
import type { CallCompletedEvent } from '../events.js';
import type { Failure } from '../failure/failure.js';
import { isHeldBack } from './is-held-back.js';
import { bitOf } from './kind-tally.js';
import type { LogKeys } from './log-keys.js';
import { LEAST, type LogSketch } from './log-sketch.js';
import type { SeriesCounts } from './series-counts.js';

/** What events may tell besides, once those who send them know it. */
export interface Told {
  readonly type: string;
  readonly workflow?: string;
  readonly model?: string | undefined;
}

/** What a call has met so far, in one number: bits of kinds, and these two. */
export const RETRIED = 1 << 30;
export const ATTEMPT_FAILED = 1 << 29;
const KINDS = ATTEMPT_FAILED - 1;
/** R30 looks at both together: the service fails. */
const FIVE_XX = bitOf('server_error') | bitOf('overloaded');

/** What a failed attempt adds to that; one that was given up met nothing. */
export function metBy({ kind }: Failure): number {
  return ATTEMPT_FAILED | (kind === 'cancelled' ? 0 : bitOf(kind));
}

/** Counts a call that has ended; what it met on its way counts now, and only if nobody gave it up. */
export function countCall(counts: SeriesCounts, event: CallCompletedEvent, met: number, keys: LogKeys): void {
  const { failure, usage } = event;
  if (usage !== undefined) countTokens(counts, usage);
  countCost(counts, event);
  if (failure === undefined) countServed(counts, event, met, keys);
  else countFailed(counts, event, failure, met, keys);
}

function countServed(
  counts: SeriesCounts,
  { usage, durationMs, firstTokenMs }: CallCompletedEvent,
  met: number,
  keys: LogKeys,
): void {
  counts.ok += 1;
  counts.attemptsOk += 1;
  addTime(counts.servedMs, durationMs, keys);
  if (firstTokenMs !== undefined) addTime(counts.firstTokenMs, firstTokenMs, keys);
  if (usage !== undefined) sketchTokens(counts, usage, keys);
  if (met !== 0) countMet(counts, met);
}

function countFailed(
  counts: SeriesCounts,
  { attempts, durationMs }: CallCompletedEvent,
  failure: Failure,
  met: number,
  keys: LogKeys,
): void {
  // A method that asks the API itself has one attempt, of which nobody tells.
  if (attempts > 0 && (met & ATTEMPT_FAILED) === 0) counts.attemptsFailed.add(failure.kind);
  if (failure.kind === 'cancelled') {
    counts.cancelled += 1;
    return;
  }
  const wasHeldBack = isHeldBack(failure);
  if (wasHeldBack && attempts === 0) {
    counts.rejected += 1;
    return;
  }
  counts.error += 1;
  addTime(counts.failedMs, durationMs, keys);
  countMet(counts, wasHeldBack ? met : met | bitOf(failure.kind));
}

function countMet(counts: SeriesCounts, met: number): void {
  counts.errors.addAll(met & KINDS);
  if ((met & FIVE_XX) !== 0) counts.met5xx += 1;
  if ((met & RETRIED) !== 0) counts.retried += 1;
}

export function countTokens(counts: SeriesCounts, usage: TokenUsage): void {
  counts.inputTokens += usage.inputTokens;
  counts.outputTokens += usage.outputTokens;
  counts.cacheReadTokens += usage.cacheReadTokens;
  counts.cacheWriteTokens += usage.cacheWriteTokens;
}

/** A call of which a part has no price is one of the unpriced; the rest of it counts. */
export function countCost(
  counts: SeriesCounts,
  { usage, cost }: { readonly usage?: TokenUsage; readonly cost?: CostSum },
): void {
  if (cost !== undefined) counts.costUsd += knownUsdOf(cost);
  if (cost === undefined ? usage !== undefined : unknownIn(cost) > 0) counts.unpriced += 1;
}

function sketchTokens(counts: SeriesCounts, usage: TokenUsage, keys: LogKeys): void {
  const promptTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const { outputTokens } = usage;
  const [lnPrompt, lnAnswer] = [lnOf(promptTokens, keys), lnOf(outputTokens, keys)];
  counts.lnPromptTokens += lnPrompt;
  counts.lnAnswerTokens += lnAnswer;
  addTokens(counts.promptTokens, promptTokens, keys.keyOfLn(lnPrompt));
  addTokens(counts.answerTokens, outputTokens, keys.keyOfLn(lnAnswer));
}

function addTime(sketch: LogSketch, ms: number, keys: LogKeys): void {
  if (ms > LEAST && ms < Infinity) sketch.addAt(ms, keys.keyOf(ms));
  else sketch.add(ms);
}

/** No tokens count as one. */
function lnOf(tokens: number, keys: LogKeys): number {
  if (tokens < 1) return 0;
  return tokens < Infinity ? keys.lnOf(tokens) : tokens;
}

/** @param key that of one token or more */
function addTokens(sketch: LogSketch, tokens: number, key: number): void {
  if (tokens >= 1 && tokens < Infinity) sketch.addAt(tokens, key);
  else sketch.add(tokens);
}
