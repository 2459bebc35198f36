import type { ClaudeCall, TokenUsage } from '../call.js';
import type { AttemptFailedEvent, CallCompletedEvent, ClaudeEvent } from '../events.js';
import type { FeatureFigures } from './feature-figures.js';
import { requestKindOf } from './request-kind.js';
import { retiringModelNamed } from './retiring-models.js';
import { kindIn, TIMEOUT_RULES, type SlotCounts, type TimeoutRule } from './slot-counts.js';

/** Tokens of a prompt from which on caching is worth while; the longest that a model asks for before it caches at all. */
const LARGE_PROMPT_TOKENS = 4_096;
/** Calls of which our own pacing sent nothing. */
const HELD_BACK_RULES: ReadonlySet<string> = new Set(['paced_past_deadline', 'waiting_room_full']);

export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** What of a feature's settings its figures need. */
interface Limits {
  readonly stream: { readonly idleMs: number };
}

/** Events that figures are made of. */
export type CountedEvent = AttemptFailedEvent | CallCompletedEvent;

export function isCounted(event: ClaudeEvent): event is CountedEvent {
  return event.type === 'attempt.failed' || event.type === 'call.completed';
}

/** Writes an event into the figures of its feature. Of the call only kind, limits and model are looked at. */
export function noteEvent(figures: FeatureFigures, event: CountedEvent, limits: Limits, moment: Moment): void {
  // Counts of tokens have limits of their own, and cost nothing.
  if (event.call.isCount === true) return;
  const slot = figures.slots.at(moment.nowMs);
  if (event.type === 'attempt.failed') noteFailedAttempt(figures, slot, event, limits, moment);
  else noteCall(figures, slot, event, moment);
}

function noteFailedAttempt(
  figures: FeatureFigures,
  slot: SlotCounts,
  { call, failure, target }: AttemptFailedEvent,
  { stream }: Limits,
  moment: Moment,
): void {
  const isOverloaded = failure.kind === 'overloaded';
  noteAttempt(figures, slot, call, isOverloaded, moment);
  noteModel(figures, target.model, moment);
  if (isOverloaded) slot.overloaded += 1;
  if (failure.kind === 'rate_limited') slot.rateLimited += 1;
  if (failure.isUnknown === true) slot.unknown += 1;
  const rule = TIMEOUT_RULES.find((known) => known === failure.rule);
  // A neutral one was hurried: whoever left it so little time cannot be helped by another limit.
  if (rule === undefined || failure.verdict === 'neutral') return;
  const { limits } = kindIn(slot, requestKindOf(call));
  const counts = limits.get(rule) ?? { timeouts: 0, longestMs: 0 };
  limits.set(rule, {
    timeouts: counts.timeouts + 1,
    longestMs: Math.max(counts.longestMs, limitOf(rule, call, stream.idleMs)),
  });
}

function noteCall(figures: FeatureFigures, slot: SlotCounts, event: CallCompletedEvent, moment: Moment): void {
  const { call, outcome, failure, origin, usage, attempts, durationMs } = event;
  slot.calls += 1;
  if (failure !== undefined && HELD_BACK_RULES.has(failure.rule)) slot.heldBack += 1;
  if (failure?.kind === 'too_large') slot.tooLarge += 1;
  if (usage !== undefined) noteUsage(slot, usage);
  if (outcome !== 'served') return;
  noteAttempt(figures, slot, call, false, moment);
  noteModel(figures, origin?.model, moment);
  const kind = requestKindOf(call);
  const counts = kindIn(slot, kind);
  counts.answered += 1;
  // With retries, it is the time of several requests and of the waits between them; a stream's is that of its reader.
  if (attempts === 1 && kind !== 'stream') counts.served.add(durationMs);
}

function noteAttempt(
  figures: FeatureFigures,
  slot: SlotCounts,
  call: ClaudeCall,
  isOverloaded: boolean,
  { wallMs }: Moment,
): void {
  slot.attempts += 1;
  kindIn(slot, requestKindOf(call)).attempts += 1;
  const hour = figures.hours.at(wallMs);
  hour.attempts += 1;
  if (isOverloaded) hour.overloaded += 1;
}

function noteModel(figures: FeatureFigures, name: string | undefined, { nowMs }: Moment): void {
  const retiring = name === undefined ? undefined : retiringModelNamed(name);
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
