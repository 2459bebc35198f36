import { knownUsdOf, unknownIn } from '../call-cost.js';
import type { CallCompletedEvent, ClaudeEvent } from '../events.js';
import type { Failure } from '../failure/failure.js';
import { STRATEGY_OF } from '../retry/retry.options.js';
import type { StepDecider, TimelineStep } from './timeline-step.js';

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

type Details = Readonly<Record<string, string | number | undefined>>;

/** What an event means for the timeline of a call; `undefined`: nothing, or for no one call. */
export function stepOf(event: ClaudeEvent, atMs: number, nowMs: number): ToldStep | undefined {
  switch (event.type) {
    case 'attempt.failed': {
      const { call, attempt, target, failure, durationMs } = event;
      const step = { what: 'attempt_failed', by: 'diagnosis', attempt, ...ofWho(target), tookMs: durationMs } as const;
      const beganAtMs = atMs - (nowMs - call.startedAtMs);
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
  const beganAtMs = atMs - durationMs;
  return { correlationId: call.id, feature, workflow, beganAtMs, isSmooth, step: () => endStep(facts, atMs) };
}

type EndFacts = Readonly<Record<'feature' | 'priority', string>> & {
  readonly [Name in Exclude<keyof CallCompletedEvent, 'type' | 'call' | 'outcome' | 'metered'>]:
    | CallCompletedEvent[Name]
    | undefined;
};

function endStep(facts: EndFacts, atMs: number): TimelineStep {
  const { failure, endedBy, origin, durationMs = 0, usage, cost, requestId, feature } = facts;
  const { attempts, firstTokenMs, turnWaitMs, retryWaitMs, stopReason, priority } = facts;
  const figures = { attempts, firstTokenMs, turnWaitMs, retryWaitMs, ...usage, ...(cost && costOf(cost)) };
  const details = withDetails({ ...figures, stopReason, priority, notRetried: endedBy });
  const end: Omit<TimelineStep, 'atMs' | 'feature'> =
    failure === undefined
      ? { what: 'served', by: 'api', ...(requestId !== undefined && { requestId }), ...(origin && ofWho(origin)) }
      : { what: 'failed', ...ofFailure(failure), by: deciderOf(failure, endedBy) };
  return stepWith(atMs, feature, { ...end, tookMs: durationMs, ...details });
}

/** Who ended it: what stopped it before it was sent, else the rules of retries, else what it failed by. */
function deciderOf({ kind, rule, isHeld }: Failure, endedBy: CallCompletedEvent['endedBy']): StepDecider {
  if (kind === 'circuit_open') return 'circuit';
  if (kind === 'cancelled') return 'caller';
  if (rule === 'paced_past_deadline' || rule === 'waiting_room_full') return 'pacing';
  if (rule === 'budget_spent') return 'budget';
  if (isHeld === true) return 'account';
  return endedBy === undefined || endedBy === 'not_retryable' ? 'diagnosis' : 'retry';
}

function ofFailure({ kind, rule, status, requestId, retryAfterMs }: Failure) {
  return {
    kind,
    rule,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function ofWho({ model, platform }: { readonly model: string | undefined; readonly platform: string | undefined }) {
  return { ...(model !== undefined && { model }), ...(platform !== undefined && { platform }) };
}

/** Where nobody knows a price, nothing says that it was nothing. */
function costOf(cost: NonNullable<CallCompletedEvent['cost']>): Details {
  const [usd, unknown] = [knownUsdOf(cost), unknownIn(cost)];
  return { ...((unknown === 0 || usd > 0) && { costUsd: usd }), ...(unknown > 0 && { costUnknown: unknown }) };
}

function withDetails(given: Details): Pick<TimelineStep, 'details'> {
  let details: Record<string, string | number> | undefined;
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (value !== undefined) (details ??= {})[name] = value;
  }
  return details === undefined ? {} : { details };
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

const stepWith = (atMs: number, feature: string, step: Omit<TimelineStep, 'atMs' | 'feature'>): TimelineStep => ({
  atMs,
  feature,
  ...step,
});
