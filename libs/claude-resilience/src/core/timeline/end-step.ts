import type { CallCompletedEvent } from '../events.js';
import type { Failure } from '../failure/failure.js';
import { costOf, ofFailure, ofWho, stepWith, withDetails } from './step-parts.js';
import type { StepDecider, TimelineStep } from './timeline-step.js';

/** What is kept of the end of a call until somebody asks. */
export type EndFacts = Readonly<Record<'feature' | 'priority', string>> & {
  readonly [Name in Exclude<keyof CallCompletedEvent, 'type' | 'call' | 'outcome' | 'metered'>]:
    | CallCompletedEvent[Name]
    | undefined;
};

/** How a call ended, and who ended it. */
export function endStep(facts: EndFacts, atMs: number): TimelineStep {
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
