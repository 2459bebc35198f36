import type { ClaudeEventOf, ClaudeEventType } from '../events.js';
import { EndFacts } from './end-step.js';
import { wholeBefore, type KeptStep } from './kept-step.js';
import { costOf, stepWith, withDetails } from './step-parts.js';
import type { TimelineStep } from './timeline-step.js';

/** What is a step of a call. */
export const STEP_EVENTS = [
  'call.completed',
  'attempt.failed',
  'retry.scheduled',
  'request.refused',
  'fallback.answered',
  'fallback.failed',
  'content.declined',
  'request.deferred',
  'request.not_deferred',
  'request.ended',
  'batch.answered',
  'notice.sent',
  'notice.failed',
  'review.resolved',
] as const satisfies readonly ClaudeEventType[];
export type StepEvent = ClaudeEventOf<(typeof STEP_EVENTS)[number]>;

/** What an event means for the timeline of a call. */
export function stepOf(event: StepEvent, atMs: number, nowMs: number): KeptStep {
  switch (event.type) {
    case 'call.completed':
      return new EndFacts(event, atMs);
    case 'attempt.failed': {
      const { call, attempt, target, failure, durationMs } = event;
      const { id: correlationId, feature, workflow } = call;
      const beganAtMs = wholeBefore(atMs, nowMs - call.startedAtMs);
      return {
        was: 'attempt',
        correlationId,
        feature,
        workflow,
        atMs,
        beganAtMs,
        attempt,
        target,
        failure,
        durationMs,
      };
    }
    case 'retry.scheduled': {
      const { call, attempt, kind, delayMs } = event;
      const { id: correlationId, feature, workflow } = call;
      return { was: 'wait', correlationId, feature, workflow, atMs, attempt, kind, delayMs };
    }
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
      return event satisfies never;
  }
}

interface OfRequest {
  readonly correlationId: string;
  readonly feature: string;
  readonly workflow?: string;
}

function told(
  { correlationId, feature, workflow }: OfRequest,
  atMs: number,
  step: Omit<TimelineStep, 'atMs' | 'feature'>,
): KeptStep {
  return { was: 'made', correlationId, feature, workflow, step: stepWith(atMs, feature, step) };
}
