import type { CallCompletedEvent, ClaudeEvent } from '../events.js';
import { STRATEGY_OF } from '../retry/retry.options.js';
import { endStep } from './end-step.js';
import { costOf, ofFailure, ofWho, stepWith, withDetails } from './step-parts.js';
import type { TimelineStep } from './timeline-step.js';

/** A step, and whose it is. */
export interface ToldStep {
  readonly correlationId: string;
  readonly workflow?: string;
  /** Wall-clock milliseconds at which its call began, where that is known. */
  readonly beganAtMs?: number;
  /** Whether there is nothing to explain: it was served, at once. */
  readonly isSmooth?: boolean;
  readonly feature: string;
  step(): TimelineStep;
}

/** What an event means for the timeline of a call; `undefined`: nothing, or for no one call. */
export function stepOf(event: ClaudeEvent, atMs: number, nowMs: number): ToldStep | undefined {
  switch (event.type) {
    case 'attempt.failed': {
      const { call, attempt, target, failure, durationMs } = event;
      const step = { what: 'attempt_failed', by: 'diagnosis', attempt, ...ofWho(target), tookMs: durationMs } as const;
      const beganAtMs = wholeBefore(atMs, nowMs - call.startedAtMs);
      const { id: correlationId, workflow, feature } = call;
      const made = stepWith(atMs, feature, { ...step, ...ofFailure(failure) });
      return { correlationId, feature, workflow, beganAtMs, step: () => made };
    }
    case 'retry.scheduled': {
      const { call, attempt, kind, delayMs } = event;
      const rule = `retry.${STRATEGY_OF[kind] ?? kind}`;
      const step = { what: 'waited', by: 'retry', rule, attempt, kind, waitMs: delayMs } as const;
      return told({ ...call, correlationId: call.id }, atMs, step);
    }
    case 'call.completed':
      return completed(event, atMs);
    case 'request.refused':
      return told(event, atMs, { what: 'refused', by: 'circuit', rule: 'guard', retryAfterMs: event.retryAfterMs });
    case 'fallback.answered':
      return told(event, atMs, { what: 'fallback_answered', by: 'fallback', kind: event.kind });
    case 'fallback.failed': {
      const step = { what: 'fallback_failed', by: 'fallback', kind: event.kind } as const;
      return told(event, atMs, { ...step, ...withDetails({ error: event.errorName }) });
    }
    case 'content.declined': {
      const { rule, kind, category } = event.failure;
      const listed = event.reviewId === undefined ? 'no: the list could not take it' : 'yes';
      return told(event, atMs, { what: 'declined', by: 'screening', rule, kind, ...withDetails({ category, listed }) });
    }
    case 'request.deferred': {
      const { kind, priority } = event;
      const rule = kind === undefined ? 'asked_for' : 'defer';
      return told(event, atMs, {
        what: 'deferred',
        by: 'queue',
        rule,
        ...(kind && { kind }),
        ...withDetails({ priority }),
      });
    }
    case 'request.not_deferred':
      return told(event, atMs, { what: 'not_deferred', by: 'queue', rule: event.errorCode });
    case 'request.ended': {
      const { state, failure, attempts, tookMs } = event;
      const why = failure === undefined ? {} : { kind: failure.kind, ...(failure.rule && { rule: failure.rule }) };
      return told(event, atMs, {
        what: 'ended',
        by: 'queue',
        rule: state,
        ...why,
        tookMs,
        ...withDetails({ state, attempts }),
      });
    }
    case 'batch.answered': {
      const { model, outcome, usage, cost } = event;
      const details = withDetails({ outcome, ...usage, ...(cost && costOf(cost)) });
      return told(event, atMs, { what: 'answered_by_batch', by: 'api', ...(model && { model }), ...details });
    }
    case 'notice.sent':
    case 'notice.failed': {
      const { type, channel, tries } = event;
      if (type === 'notice.sent')
        return told(event, atMs, { what: 'told', by: 'notices', ...withDetails({ channel, tries }) });
      return told(event, atMs, {
        what: 'not_told',
        by: 'notices',
        rule: event.reason,
        ...withDetails({ channel, tries }),
      });
    }
    case 'review.resolved':
      return told(event, atMs, {
        what: 'reviewed',
        by: 'operator',
        ...withDetails({ who: event.by, label: event.label }),
      });
    default:
      return undefined;
  }
}

/** The end of a call: most calls have nothing else to tell, and nobody asks, so the rest is made of it when somebody does. */
function completed(event: CallCompletedEvent, atMs: number): ToldStep {
  const { call, outcome, failure, endedBy, origin, attempts, durationMs } = event;
  const { usage, cost, firstTokenMs, turnWaitMs, retryWaitMs, requestId, stopReason } = event;
  const { feature, workflow, priority } = call;
  // Not the event itself: it holds on to the call, its signal and its targets.
  const facts = {
    failure,
    endedBy,
    origin,
    attempts,
    durationMs,
    usage,
    cost,
    firstTokenMs,
    turnWaitMs,
    retryWaitMs,
    requestId,
    stopReason,
    priority,
    feature,
  };
  const isSmooth = outcome === 'served' && attempts <= 1 && turnWaitMs === undefined;
  const beganAtMs = wholeBefore(atMs, durationMs);
  return { correlationId: call.id, feature, workflow, beganAtMs, isSmooth, step: () => endStep(facts, atMs) };
}

function told(
  {
    correlationId,
    feature,
    workflow,
  }: { readonly correlationId: string; readonly feature: string; readonly workflow?: string },
  atMs: number,
  step: Omit<TimelineStep, 'atMs' | 'feature'>,
): ToldStep {
  const made = stepWith(atMs, feature, step);
  return { correlationId, feature, ...(workflow !== undefined && { workflow }), step: () => made };
}

/** The time of day has whole milliseconds: never later than it was. */
function wholeBefore(atMs: number, durationMs: number): number {
  return Math.floor(atMs - durationMs);
}
