import type { ClaudeCall } from '../call.js';
import type { Failure } from '../failure/failure.js';
import type { RefusalCategory } from '../failure/refusal-category.js';
import type { ResolvedContentPolicyOptions } from './content-policy.options.js';
import { measureRequest } from './measure-request.js';
import { redactValue } from './redact-value.js';

/** A declined request, for people to look at (R16). Without `keepRequest` it holds facts only: no word of anybody's. */
export interface ContentReviewEntry {
  readonly kind: 'content_policy';
  /** Which row of the diagnosis table: the model declined, a filter did, or the application's own screener. */
  readonly rule: string;
  /** `null` where nobody says, or says something new. */
  readonly category: RefusalCategory | null;
  readonly model: string | null;
  /** Turns of the conversation; 0 where the request has none. */
  readonly messages: number;
  /** Characters of all texts in it. */
  readonly characters: number;
  /** Attempts made, the reformulated one included. */
  readonly attempts: number;
  /** The API's own id of the request, for support. */
  readonly requestId?: string;
  /** The screener's label, redacted. */
  readonly reason?: string;
  /** The request, redacted and bounded. */
  readonly request?: unknown;
}

export interface DeclinedRequest {
  readonly call: Pick<ClaudeCall, 'model'>;
  readonly failure: Pick<Failure, 'rule' | 'requestId' | 'category'>;
  /** The parameters of the request as it was given. */
  readonly request: unknown;
  readonly attempts: number;
  readonly options: Pick<ResolvedContentPolicyOptions, 'keepRequest' | 'redactText'>;
  readonly reason?: string | undefined;
}

/** Never throws, whatever the request and the hook. */
export function reviewEntryOf(declined: DeclinedRequest): ContentReviewEntry {
  const { call, failure, request, attempts, options, reason } = declined;
  const redacted = (value: unknown) => redactValue(value, options.redactText);
  return {
    kind: 'content_policy',
    rule: failure.rule,
    category: failure.category ?? null,
    model: call.model ?? null,
    ...measureRequest(request),
    attempts,
    ...(failure.requestId !== undefined && { requestId: failure.requestId }),
    ...(reason !== undefined && { reason: String(redacted(reason)) }),
    ...(options.keepRequest && { request: redacted(request) }),
  };
}
