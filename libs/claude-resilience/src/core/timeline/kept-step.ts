import type { Target } from '../call.js';
import type { Failure, FailureKind } from '../failure/failure.js';
import { STRATEGY_OF } from '../retry/retry.options.js';
import { endStep, type EndFacts } from './end-step.js';
import { ofFailure, ofWho, stepWith } from './step-parts.js';
import type { TimelineStep } from './timeline-step.js';

/** What is kept of an event: of those that every call has, the rest is made when somebody asks. */
export type KeptStep = EndFacts | AttemptFacts | WaitFacts | MadeStep;

interface OfCall {
  readonly correlationId: string;
  readonly feature: string;
  readonly workflow: string | undefined;
}

/** A request failed. */
export interface AttemptFacts extends OfCall {
  readonly was: 'attempt';
  readonly atMs: number;
  /** Wall-clock milliseconds at which its call began. */
  readonly beganAtMs: number;
  readonly attempt: number;
  readonly target: Target;
  readonly failure: Failure;
  readonly durationMs: number;
}

/** A retry waits. */
export interface WaitFacts extends OfCall {
  readonly was: 'wait';
  readonly atMs: number;
  readonly attempt: number;
  readonly kind: FailureKind;
  readonly delayMs: number;
}

export interface MadeStep extends OfCall {
  readonly was: 'made';
  readonly step: TimelineStep;
}

export function stepFrom(kept: KeptStep): TimelineStep {
  switch (kept.was) {
    case 'end':
      return endStep(kept);
    case 'attempt':
      return attemptStep(kept);
    case 'wait':
      return waitStep(kept);
    case 'made':
      return kept.step;
    default:
      return kept satisfies never;
  }
}

/** The earliest wall-clock milliseconds that a step tells of, where it tells of more than itself. */
export function beganAtMsOf(kept: KeptStep): number {
  if (kept.was === 'attempt') return kept.beganAtMs;
  return kept.was === 'end' ? wholeBefore(kept.atMs, kept.durationMs) : Infinity;
}

/** The time of day has whole milliseconds: never later than it was. */
export function wholeBefore(atMs: number, durationMs: number): number {
  return Math.floor(atMs - durationMs);
}

function attemptStep({ atMs, feature, attempt, target, failure, durationMs }: AttemptFacts): TimelineStep {
  const step = { what: 'attempt_failed', by: 'diagnosis', attempt, ...ofWho(target), tookMs: durationMs } as const;
  return stepWith(atMs, feature, { ...step, ...ofFailure(failure) });
}

function waitStep({ atMs, feature, attempt, kind, delayMs }: WaitFacts): TimelineStep {
  const rule = `retry.${STRATEGY_OF[kind] ?? kind}`;
  return stepWith(atMs, feature, { what: 'waited', by: 'retry', rule, attempt, kind, waitMs: delayMs });
}
