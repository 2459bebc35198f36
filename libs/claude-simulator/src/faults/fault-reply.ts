import { edgePage } from '../api/edge-page.js';
import { IDENTITY_HEADERS } from '../api/identity.js';
import { problemReply } from '../api/json-reply.js';
import type { ReplyHeaders, WholeReply } from '../http/reply.js';
import { rfc3339Seconds } from '../limits/rfc3339.js';
import type { Fault } from './fault.js';
import { faultProblem } from './fault-problem.js';
import type { FaultRule } from './fault-rule.js';

interface Circumstances {
  readonly requestId: string;
  readonly nowMs: number;
  /** What the rate-limit headers of this request would say; empty if there are none. */
  readonly rateLimitHeaders: ReplyHeaders;
}

type ErrorFault = Extract<Fault, { kind: 'error' }>;
type PageFault = Extract<Fault, { kind: 'page' }>;

/** An error of the API, with the rule's parameters in place of the profile's. */
export function errorReply(fault: ErrorFault, rule: FaultRule, circumstances: Circumstances): WholeReply {
  const { requestId, nowMs, rateLimitHeaders } = circumstances;
  const retryAfterSeconds = rule.retryAfterSeconds === undefined ? fault.retryAfterSeconds : rule.retryAfterSeconds;
  return problemReply(faultProblem(fault, rule, nowMs), {
    'request-id': requestId,
    // The API does not know the caller whose key it turns away.
    ...(fault.status === 401 ? {} : IDENTITY_HEADERS),
    ...(fault.rateLimits === 'exhausted' ? exhausted(rateLimitHeaders, retryAfterSeconds ?? 0, nowMs) : {}),
    ...retryAfter(retryAfterSeconds),
    ...fault.headers,
    ...lowerCased(rule.headers),
  });
}

/** A page of the edge, which knows of no organisation. */
export function pageReply(fault: PageFault, rule: FaultRule, requestId: string): WholeReply {
  return edgePage(fault.status, rule.message ?? fault.message, {
    'request-id': requestId,
    ...retryAfter(rule.retryAfterSeconds ?? null),
    ...lowerCased(rule.headers),
  });
}

export function customReply({ status = 500, headers, body = '' }: FaultRule, requestId: string): WholeReply {
  const isText = typeof body === 'string';
  const defaults = {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'request-id': requestId,
  };
  return {
    kind: 'whole',
    status,
    headers: { ...defaults, ...lowerCased(headers) },
    body: isText ? body : JSON.stringify(body),
  };
}

/** The fault claims that no request is left; the token limits stay as they are. */
function exhausted(headers: ReplyHeaders, retryAfterSeconds: number, nowMs: number): ReplyHeaders {
  if (headers['anthropic-ratelimit-requests-remaining'] === undefined) return headers;
  return {
    ...headers,
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': rfc3339Seconds(nowMs + retryAfterSeconds * 1_000),
  };
}

function retryAfter(seconds: number | null): ReplyHeaders {
  return seconds === null ? {} : { 'retry-after': String(seconds) };
}

function lowerCased(headers: ReplyHeaders = {}): ReplyHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
