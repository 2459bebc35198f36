import { errorOf } from '../core/call-errors.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import type { Failure } from '../core/failure/failure.js';
import type { ClaudeWording } from '../core/wording/claude-wording.port.js';
import type { RequestUrls } from './claude-request-urls.js';
import type { ClaudeDeferredRequest } from '../runtime/claude-requests.js';
import { problemOf, type ProblemDetails } from './problem-details.js';

/** A deferred request as its client sees it: no name of a model or a vendor, and nothing of what only operators need. */
export interface RequestBody extends RequestUrls {
  readonly requestId: string;
  readonly status: ClaudeDeferredRequest['status'];
  /** For the end user (R28). */
  readonly message: string;
  /** ISO 8601. */
  readonly enqueuedAt: string;
  readonly endedAt?: string;
  /** From 1, of those that wait. */
  readonly position?: number;
  readonly expectedWaitSeconds?: number;
  readonly elapsedSeconds: number;
  readonly result?: unknown;
  readonly problem?: ProblemDetails;
}

/** @param nowMs wall-clock milliseconds */
export function requestBody(
  request: ClaudeDeferredRequest,
  urls: RequestUrls,
  wording: ClaudeWording,
  locale: string,
  nowMs: number,
): RequestBody {
  const { requestId, status, enqueuedAt, endedAt } = request;
  const problem = problemIn(request, wording, locale);
  return {
    requestId,
    status,
    message: messageOf(request, wording, locale),
    ...urls,
    enqueuedAt: enqueuedAt.toISOString(),
    ...(endedAt !== undefined && { endedAt: endedAt.toISOString() }),
    ...placeOf(request),
    elapsedSeconds: Math.max(0, Math.floor(((endedAt?.getTime() ?? nowMs) - enqueuedAt.getTime()) / 1000)),
    ...(status === 'succeeded' && { result: request.result ?? null }),
    ...(problem !== undefined && { problem }),
  };
}

/** Its place, in whole numbers. */
export function placeOf({ position, expectedWaitMs }: ClaudeDeferredRequest) {
  return {
    ...(position !== undefined && { position }),
    ...(expectedWaitMs !== undefined && { expectedWaitSeconds: Math.ceil(expectedWaitMs / 1000) }),
  };
}

/** Where it stands, as a sentence. */
export function messageOf(request: ClaudeDeferredRequest, wording: ClaudeWording, locale: string): string {
  const { status, phase, position, expectedWaitMs: startsInMs } = request;
  if (status === 'succeeded') return wording.progressMessage({ phase: 'done' }, locale);
  if (status === 'cancelled') return wording.failureMessage('cancelled', locale);
  if (phase === undefined) return wording.failureMessage(failureOf(request).kind, locale);
  if (phase === 'queued') return wording.progressMessage({ phase, position, startsInMs }, locale);
  return wording.progressMessage({ phase: phase === 'degraded' ? 'retrying' : phase }, locale);
}

/** Why it has no result, as any failed call says it; `undefined` while it may still have one, and for a cancelled one. */
export function problemIn(
  request: ClaudeDeferredRequest,
  wording: ClaudeWording,
  locale: string,
): ProblemDetails | undefined {
  const { status, feature, correlationId, attempts } = request;
  if (status !== 'failed' && status !== 'expired') return undefined;
  return problemOf(errorOf({ failure: failureOf(request), feature, correlationId, attempts }), wording, locale);
}

/** What it failed by; its time, when it was never started. */
function failureOf({ failure }: ClaudeDeferredRequest): Failure {
  return failure ?? diagnoseFailure({ from: 'timeout', limit: 'deadline' }, 0);
}
