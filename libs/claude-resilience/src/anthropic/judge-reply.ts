import type { WireResult } from '../core/call.js';

/**
 * Looks at what the API sent with a 200: a refusal is an answer to nobody's question, and a text where a message should
 * be (the page of a proxy or a login) is no answer at all.
 */
export function judgeMessage<T>(value: T): WireResult<T> {
  if (!isObject(value)) return { ok: false, facts: { from: 'body', problem: 'not_json' }, cause: undefined };
  return isRefusal(value) ? { ok: false, facts: { from: 'refusal' }, cause: undefined } : { ok: true, value };
}

/** Whether a value is a message in which the model declined to answer. */
export function isRefusal(value: unknown): boolean {
  return isObject(value) && value['type'] === 'message' && value['stop_reason'] === 'refusal';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
