import type { FailureFacts, ResponseFacts } from '../core/failure/failure-facts.js';
import { keepHeaders } from './response-headers.js';

/**
 * Says what an error of the SDK shows, or `undefined` if the SDK did not make it.
 *
 * By shape and name, not by `instanceof`: an application may hold a second copy of the SDK (CommonJS beside ESM), and its
 * errors are of other classes.
 */
export function describeSdkError(error: unknown): FailureFacts | undefined {
  if (!isObject(error)) return undefined;
  if (NO_KEY.test(text(error['message']) ?? '')) return describeAnthropicError(error);
  if (!isSdkError(error)) return undefined;
  switch (error['name']) {
    case 'APIUserAbortError':
      return { from: 'abort' };
    case 'APIConnectionTimeoutError':
      return { from: 'timeout', limit: 'headers' }; // the SDK's limit is for nothing else
    case 'APIConnectionError':
      return describeNetworkError(error) ?? { from: 'connection' };
    default:
      return 'requestID' in error ? describeResponse(error) : describeAnthropicError(error);
  }
}

/** Without a key the SDK throws a plain `Error`, at the first request. */
const NO_KEY = /^Could not resolve authentication method\b/;

/** Says what went wrong with a request that the SDK sent, whoever made the error. */
export function describeWireError(error: unknown): FailureFacts {
  return describeSdkError(error) ?? describeNetworkError(error) ?? describeParseError(error) ?? { from: 'code' };
}

/** The SDK lets a body that is no JSON through as the parser's own error. */
function describeParseError(error: unknown): FailureFacts | undefined {
  return isObject(error) && error['name'] === 'SyntaxError' ? { from: 'body', problem: 'broken' } : undefined;
}

/**
 * Says what an error of the network shows, or `undefined` if no network made it: Node's own, or those of `fetch`.
 * Walks down `cause`, since `fetch` hides the reason there.
 */
export function describeNetworkError(error: unknown, depth = 0): FailureFacts | undefined {
  if (!isObject(error) || depth > 5) return undefined;
  const { name, message, code } = error;
  // Node's own limits, 300 s each, that of the body between two of its chunks.
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || name === 'HeadersTimeoutError')
    return { from: 'timeout', limit: 'headers' };
  if (code === 'UND_ERR_BODY_TIMEOUT' || name === 'BodyTimeoutError') return { from: 'timeout', limit: 'body' };
  if (name === 'TimeoutError') return { from: 'timeout', limit: 'attempt' };
  if (name === 'AbortError') return { from: 'abort' };
  // What `fetch` says when a body ends too soon after the headers: a limit ran out, or it broke off.
  if (name === 'TypeError' && message === 'terminated') {
    const inner = describeNetworkError(error['cause'], depth + 1);
    return inner?.from === 'timeout' ? inner : { from: 'body', problem: 'broken' };
  }
  if (typeof code === 'string' && NETWORK_CODE.test(code)) return { from: 'connection', networkCode: code };
  const inner = describeNetworkError(error['cause'], depth + 1);
  if (inner !== undefined) return inner;
  return name === 'TypeError' && message === 'fetch failed' ? { from: 'connection' } : undefined;
}

const NETWORK_CODE =
  /^(E(CONN(RESET|REFUSED|ABORTED)|HOSTUNREACH|NETUNREACH|NETDOWN|NOTFOUND|AI_AGAIN|PIPE|PROTO|TIMEDOUT)|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_.*|UNABLE_TO_.*|ERR_(TLS|SSL)_.*|UND_ERR_.*|HPE_.*)$/;

function describeResponse(error: Readonly<Record<string, unknown>>): ResponseFacts {
  const { status, type, errorCode, apiMessage, message, requestID } = error;
  const headers = keepHeaders(error['headers'] as Headers | undefined);
  const says = text(apiMessage) ?? text(message);
  return {
    from: 'response',
    ...(typeof status === 'number' && { status }),
    ...(text(type) !== undefined && { type: type as string }),
    ...(text(errorCode) !== undefined && { code: errorCode as string }),
    ...(says !== undefined && { says }),
    ...(headers['retry-after-ms'] !== undefined && { retryAfterMs: headers['retry-after-ms'] }),
    ...(headers['retry-after'] !== undefined && { retryAfter: headers['retry-after'] }),
    ...(headers['x-should-retry'] === 'false' && { mayRetry: false }),
    ...(text(requestID) !== undefined && { requestId: requestID as string }),
  };
}

/** An error the SDK raised before anything was sent: no key, or options that cannot work. */
function describeAnthropicError(error: Readonly<Record<string, unknown>>): FailureFacts {
  const network = describeNetworkError(error);
  if (network !== undefined) return network;
  const says = text(error['message']);
  return { from: 'code', ...(says !== undefined && { says }) };
}

/** Every `APIError` has these three; the SDK's root class has only its name. */
function isSdkError(error: Readonly<Record<string, unknown>>): boolean {
  return ('requestID' in error && 'headers' in error && 'error' in error) || error['name'] === 'AnthropicError';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
