import type { ReceivedRequest } from '../http/received-request.js';
import { isNestedDeeper } from '../json/is-nested-deeper.js';
import { type ApiProblem, invalidRequest } from './api-problem.js';

/** Keeps everything that walks a body far from the end of the stack. */
const MAX_JSON_LEVELS = 200;

export type JsonReading =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly problem: ApiProblem };

/** Turns the bytes of a body into JSON, or says as the API does why they are none. */
export function readJson({ body, headers }: ReceivedRequest): JsonReading {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    return unreadable(`content-encoding "${encoding}" is not supported`, 'request_body_encoding_unsupported');
  }
  const text = decode(body);
  if (text === undefined) return unreadable('The request body is not valid UTF-8', 'request_body_encoding_invalid');
  try {
    const value: unknown = JSON.parse(text);
    if (isNestedDeeper(value, MAX_JSON_LEVELS)) return unreadable('The request body is nested too deeply');
    return { kind: 'json', value };
  } catch (error) {
    return unreadable(`The request body is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function decode(body: ReceivedRequest['body']): string | undefined {
  try {
    return body === 'over-limit' ? '' : new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function unreadable(message: string, errorCode?: string): JsonReading {
  return { kind: 'unreadable', problem: invalidRequest(message, errorCode) };
}
