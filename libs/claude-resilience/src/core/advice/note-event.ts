import type { ClaudeCall, TokenUsage } from '../call.js';
import type { AttemptFailedEvent, CallCompletedEvent, ClaudeEventType } from '../events.js';
import type { FeatureFigures, HourCounts } from './feature-figures.js';
import { requestKindOf } from './request-kind.js';
import { kindIn, TIMEOUT_RULES, type KindCounts, type SlotCounts, type TimeoutRule } from './slot-counts.js';

/** Tokens of a prompt from which on caching is worth while; the longest that a model asks for before it caches at all. */
const LARGE_PROMPT_TOKENS = 4_096;
const TIMEOUT_RULE_OF: ReadonlyMap<string, TimeoutRule> = new Map(TIMEOUT_RULES.map((rule) => [rule, rule]));
/** Calls of which our own pacing sent nothing. */
const HELD_BACK_RULES: ReadonlySet<string> = new Set(['paced_past_deadline', 'waiting_room_full']);

/** What of features' settings their figures need. */
interface Features {
  get(name: string): { readonly stream: { readonly idleMs: number } };
}

/** Events that figures are made of. */
export const ADVICE_EVENTS = ['call.completed', 'attempt.failed'] as const satisfies readonly ClaudeEventType[];
export type CountedEvent = AttemptFailedEvent | CallCompletedEvent;

/** Writes an event into the figures of its feature. Of the call only kind, limits and model are looked at. */
export function noteEvent(
  figures: FeatureFigures,
  event: CountedEvent,
  features: Features,
  nowMs: number,
  wallMs: number,
): void {
  // Counts of tokens have limits of their own, and cost nothing.
  if (event.call.isCount === true) return;
  const slot = figures.slots.at(nowMs);
  if (event.type === 'attempt.failed') {
    noteFailedAttempt(figures.hours.at(wallMs), slot, event, features);
    noteModel(figures, event.target.model, nowMs);
    return;
  }
  noteCall(slot, event);
  if (event.outcome !== 'served') return;
  noteAnswer(figures.hours.at(wallMs), slot, event);
  noteModel(figures, event.origin?.model, nowMs);
}

function noteFailedAttempt(
  hour: HourCounts,
  slot: SlotCounts,
  { call, failure }: AttemptFailedEvent,
  features: Features,
): void {
  const isOverloaded = failure.kind === 'overloaded';
  const counts = noteAttempt(hour, slot, call, isOverloaded);
  if (isOverloaded) slot.overloaded += 1;
  if (failure.kind === 'rate_limited') slot.rateLimited += 1;
  if (failure.isUnknown === true) slot.unknown += 1;
  const rule = TIMEOUT_RULE_OF.get(failure.rule);
  // A neutral one was hurried: whoever left it so little time cannot be helped by another limit.
  if (rule === undefined || failure.verdict === 'neutral') return;
  const { timeouts, longestMs } = counts.limits.get(rule) ?? { timeouts: 0, longestMs: 0 };
  const limitMs = limitOf(rule, call, features.get(call.feature).stream.idleMs);
  counts.limits.set(rule, { timeouts: timeouts + 1, longestMs: Math.max(longestMs, limitMs) });
}

function noteCall(slot: SlotCounts, { failure, usage }: CallCompletedEvent): void {
  slot.calls += 1;
  if (failure !== undefined && HELD_BACK_RULES.has(failure.rule)) slot.heldBack += 1;
  if (failure?.kind === 'too_large') slot.tooLarge += 1;
  if (usage !== undefined) noteUsage(slot, usage);
}

function noteAnswer(hour: HourCounts, slot: SlotCounts, { call, attempts, durationMs }: CallCompletedEvent): void {
  const counts = noteAttempt(hour, slot, call, false);
  counts.answered += 1;
  // With retries, it is the time of several requests and of the waits between them; a stream's is that of its reader.
  if (attempts === 1 && call.isStream !== true) counts.served.add(durationMs);
}

/** @returns the counts of its kind */
function noteAttempt(hour: HourCounts, slot: SlotCounts, call: ClaudeCall, isOverloaded: boolean): KindCounts {
  slot.attempts += 1;
  hour.attempts += 1;
  if (isOverloaded) hour.overloaded += 1;
  const counts = kindIn(slot, requestKindOf(call));
  counts.attempts += 1;
  return counts;
}

function noteModel(figures: FeatureFigures, name: string | undefined, nowMs: number): void {
  const retiring = name === undefined ? undefined : figures.retiringNamed(name);
  if (retiring !== undefined) figures.retiring.set(retiring, nowMs);
}

function noteUsage(slot: SlotCounts, { inputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage): void {
  const promptTokens = inputTokens + cacheReadTokens + cacheWriteTokens;
  if (!(promptTokens >= LARGE_PROMPT_TOKENS)) return;
  slot.largePrompts += 1;
  slot.promptTokens += promptTokens;
  slot.cacheReadTokens += cacheReadTokens;
  slot.cacheWriteTokens += cacheWriteTokens;
}

/** Milliseconds that the limit allowed which ended the request. */
function limitOf(rule: TimeoutRule, call: ClaudeCall, idleMs: number): number {
  switch (rule) {
    case 'headers_timeout':
      return Math.min(call.headersMs ?? Infinity, call.timeoutMs);
    case 'body_stalled':
      return Math.min(call.bodyMs ?? Infinity, call.timeoutMs);
    case 'attempt_timeout':
    case 'stream_never_began':
      return call.timeoutMs;
    case 'stream_silent':
      return idleMs;
    default:
      return rule satisfies never;
  }
}
