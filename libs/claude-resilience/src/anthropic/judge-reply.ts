import type { WireResult } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';

/** A value that the API sent with a 200, or what is wrong with it. */
export function judgeMessage<T>(value: T): WireResult<T> {
  const facts = whyNoAnswer(value);
  return facts === undefined ? { ok: true, value } : { ok: false, facts, cause: undefined };
}

/**
 * Looks at what the API sent with a 200: a refusal is an answer to nobody's question, and a text where a message should
 * be (the page of a proxy or a login) is no answer at all.
 */
export function whyNoAnswer(value: unknown): FailureFacts | undefined {
  if (!isAnswer(value)) return { from: 'body', problem: 'not_json' };
  return isRefusal(value) ? refusalFacts(value) : undefined;
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
