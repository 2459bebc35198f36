import type { Attributes } from '@opentelemetry/api';
import type { ClaudeCall, Outcome } from '../core/call.js';
import type { Failure } from '../core/failure/failure.js';
import { isHeldBack } from '../core/metrics/is-held-back.js';
import { ATTR } from './telemetry-names.js';

/** Names come from callers: longer ones are cut. */
const LONGEST_NAME = 128;

export type SpanOutcome = 'ok' | 'error' | 'cancelled' | 'rejected' | 'fallback' | 'deferred';

/** What is known of a call when it begins: samplers decide by it. */
export function attributesOfCall(call: ClaudeCall): Attributes {
  return {
    [ATTR.feature]: cut(call.feature),
    [ATTR.workflow]: cut(call.workflow),
    [ATTR.operation]: operationOf(call),
    [ATTR.correlationId]: cut(call.id),
    ...(call.model !== undefined && { [ATTR.model]: cut(call.model) }),
    ...(call.isDeferred === true && { [ATTR.deferred]: true }),
  };
}

/** How it ended; no tokens, since the SDK's own span has them, and back ends would count them twice. */
export function attributesOfOutcome(outcome: Outcome<unknown, unknown>, circuitState: string): Attributes {
  const name = outcomeOf(outcome);
  return {
    [ATTR.outcome]: name,
    [ATTR.attempts]: outcome.attempts,
    [ATTR.circuitState]: circuitState,
    [ATTR.fallback]: outcome.status === 'fallback',
    ...(name === 'error' || name === 'rejected' ? { [ATTR.errorType]: failureOf(outcome)?.kind } : reasonOf(outcome)),
    ...(outcome.status === 'served' &&
      outcome.origin.insteadOf.length > 0 &&
      outcome.origin.model !== undefined && { [ATTR.answeredBy]: cut(outcome.origin.model) }),
  };
}

export function outcomeOf(outcome: Outcome<unknown, unknown>): SpanOutcome {
  if (outcome.status === 'served') return 'ok';
  if (outcome.status !== 'failed') return outcome.status;
  if (outcome.failure.kind === 'cancelled') return 'cancelled';
  return isHeldBack(outcome.failure) && outcome.attempts === 0 ? 'rejected' : 'error';
}

/** Why something else came instead of the model's answer; a call that was given up has no error. */
function reasonOf(outcome: Outcome<unknown, unknown>): Attributes {
  const failure = outcome.status === 'failed' ? undefined : failureOf(outcome);
  return failure === undefined ? {} : { [ATTR.reason]: failure.kind };
}

function failureOf(outcome: Outcome<unknown, unknown>): Failure | undefined {
  return outcome.status === 'served' ? undefined : outcome.failure;
}

function operationOf({ model, isCount, isStream }: ClaudeCall): string {
  if (isCount === true) return 'count_tokens';
  if (isStream === true) return 'stream';
  return model === undefined ? 'run' : 'create';
}

function cut(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
}
