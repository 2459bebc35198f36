import { FAILURE_NOUN } from '../../core/status/failure-in-words.js';
import type { StepDecider, TimelineStep } from '../../core/timeline/timeline-step.js';
import { took, word } from '../dashboard/page-words.js';

/** What happened, as a sentence without an end. Names in it are text of anybody's. */
export function stepInWords(step: TimelineStep): string {
  const { what, attempt, kind, waitMs, retryAfterMs, rule, details = {} } = step;
  const by = kind === undefined ? '' : `: ${FAILURE_NOUN[kind]}`;
  switch (what) {
    case 'attempt_failed':
      return `Request ${attempt} failed${by}`;
    case 'waited':
      return `Waits ${took(waitMs ?? 0)}, then is tried again`;
    case 'served':
      return `Answered${details['stopReason'] === undefined ? '' : ` (${details['stopReason']})`}`;
    case 'failed': {
      const why = NOT_RETRIED[String(details['notRetried'] ?? '')];
      return `Failed in the end${by}${why === undefined ? '' : `. ${why}`}`;
    }
    case 'refused':
      return `Turned away at the door: try again after ${took(retryAfterMs ?? 0)}`;
    case 'fallback_answered':
      return 'The fallback answered';
    case 'fallback_failed':
      return `The fallback failed, too (${details['error']})`;
    case 'declined':
      return 'Declined for its content';
    case 'deferred':
      return `Put into the queue, ${details['priority']}`;
    case 'not_deferred':
      return 'Could not be put into the queue';
    case 'answered_by_batch':
      return `Answered in a batch (${details['outcome']})`;
    case 'ended':
      return `The deferred request ${rule}${by}, after ${details['attempts']} starts`;
    case 'told':
      return `Its end was told by ${details['channel']}`;
    case 'not_told':
      return `Its end could not be told by ${details['channel']}`;
    case 'reviewed':
      return `Decided about by ${details['who'] ?? 'somebody'}`;
    case 'circuit_changed':
      return `Meanwhile the circuit went from ${word(String(details['from']))} to ${word(String(details['to']))}`;
    default:
      return what satisfies never;
  }
}

export const DECIDERS: Readonly<Record<StepDecider, string>> = {
  api: 'Claude',
  diagnosis: 'the diagnosis of failures',
  retry: 'the rules of retries',
  pacing: 'pacing',
  circuit: 'the circuit',
  account: 'the stopped account',
  budget: 'the budget',
  screening: 'screening',
  fallback: 'the fallback',
  queue: 'the queue',
  caller: 'the caller',
  operator: 'a person',
  notices: 'notices',
};

const NOT_RETRIED: Readonly<Record<string, string>> = {
  not_retryable: 'Repeating it cannot help',
  exhausted: 'It was tried often enough',
  deadline: 'The next try would have come after its deadline',
  circuit_open: 'The circuit was open by then',
  no_budget: 'Nothing was left of the budget of retries',
};
