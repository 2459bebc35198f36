import type { WireResult } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';

/**
 * Looks at what the API sent with a 200: a refusal is an answer to nobody's question, and a text where a message should
 * be (the page of a proxy or a login) is no answer at all.
 */
export function judgeMessage<T>(value: T): WireResult<T> {
  if (!isAnswer(value)) return { ok: false, facts: { from: 'body', problem: 'not_json' }, cause: undefined };
  return isRefusal(value) ? { ok: false, facts: refusalFacts(value), cause: undefined } : { ok: true, value };
}

/** A message, or a count of tokens; any other JSON with a 200 is that of somebody in between. */
function isAnswer(value: unknown): boolean {
  return isObject(value) && (value['type'] === 'message' || typeof value['input_tokens'] === 'number');
}

/** What a message says in which the model declined to answer. */
export function refusalFacts(message: unknown): FailureFacts {
  const details = isObject(message) ? message['stop_details'] : undefined;
  const category = isObject(details) ? details['category'] : undefined;
  return { from: 'refusal', ...(typeof category === 'string' && { category }) };
}

/** Whether a value is a message in which the model declined to answer. */
export function isRefusal(value: unknown): boolean {
  return isObject(value) && value['type'] === 'message' && value['stop_reason'] === 'refusal';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
