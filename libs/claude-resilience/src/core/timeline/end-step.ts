import type { CallPriority, TokenUsage } from '../call.js';
import type { CostSum } from '../call-cost.js';
import type { CallCompletedEvent, FallbackAnsweredEvent } from '../events.js';
import type { Failure } from '../failure/failure.js';
import { costOf, ofFailure, ofWho, stepWith, withDetails } from './step-parts.js';
import type { StepDecider, TimelineStep } from './timeline-step.js';

/**
 * What is kept of the end of a call until somebody asks. Not the event itself: it holds on to the call, its signal and its
 * targets. Written anew where it is of no more use.
 */
export class EndFacts {
  readonly was = 'end';
  correlationId = '';
  feature = '';
  workflow = '';
  priority: CallPriority = 'normal';
  model: string | undefined;
  platform: string | undefined;
  failure: Failure | undefined;
  endedBy: CallCompletedEvent['endedBy'];
  usage: TokenUsage | undefined;
  cost: CostSum | undefined;
  requestId: string | undefined;
  stopReason: string | undefined;
  attempts = 0;
  firstTokenMs: number | undefined;
  turnWaitMs: number | undefined;
  retryWaitMs: number | undefined;
  durationMs = 0;
  atMs = 0;
  /** What answered in its place, while it waits to be taken in. */
  fallback: FallbackAnsweredEvent | undefined;
  fallbackAtMs = 0;

  constructor(event: CallCompletedEvent, atMs: number) {
    this.note(event, atMs);
  }

  note(event: CallCompletedEvent, atMs: number): void {
    const { call, origin } = event;
    this.correlationId = call.id;
    this.feature = call.feature;
    this.workflow = call.workflow;
    this.priority = call.priority;
    this.model = origin?.model;
    this.platform = origin?.platform;
    this.failure = event.failure;
    this.endedBy = event.endedBy;
    this.usage = event.usage;
    this.cost = event.cost;
    this.requestId = event.requestId;
    this.stopReason = event.stopReason;
    this.attempts = event.attempts;
    this.firstTokenMs = event.firstTokenMs;
    this.turnWaitMs = event.turnWaitMs;
    this.retryWaitMs = event.retryWaitMs;
    this.durationMs = event.durationMs;
    this.atMs = atMs;
    this.fallback = undefined;
  }
}

/** Whether there is nothing to explain: it was served, at once. */
export function isSmooth({ outcome, attempts, turnWaitMs }: CallCompletedEvent): boolean {
  return outcome === 'served' && attempts <= 1 && turnWaitMs === undefined;
}

/** Whether its circuit refused it before anything was sent: in an outage, most are. */
export function isRefusal({ failure, attempts }: CallCompletedEvent): boolean {
  return failure?.kind === 'circuit_open' && attempts === 0;
}

/** How a call ended, and who ended it. */
export function endStep(facts: EndFacts): TimelineStep {
  const { failure, endedBy, durationMs = 0, usage, cost, requestId, feature } = facts;
  const { attempts, firstTokenMs, turnWaitMs, retryWaitMs, stopReason, priority } = facts;
  const figures = { attempts, firstTokenMs, turnWaitMs, retryWaitMs, ...usage, ...(cost && costOf(cost)) };
  const details = withDetails({ ...figures, stopReason, priority, notRetried: endedBy });
  const end: Omit<TimelineStep, 'atMs' | 'feature'> =
    failure === undefined
      ? { what: 'served', by: 'api', ...(requestId !== undefined && { requestId }), ...ofWho(facts) }
      : { what: 'failed', ...ofFailure(failure), by: deciderOf(failure, endedBy) };
  return stepWith(facts.atMs, feature, { ...end, tookMs: durationMs, ...details });
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
