import type { Target } from '../call.js';
import type { Failure, FailureKind, FailureScope } from '../failure/failure.js';

/** When another target may be asked: with no wait; once repeating is of no more use; or not at all. */
export type Moment = 'at_once' | 'after_retries' | 'never';

/** What has to do with whom was asked, and not with what was asked: another platform has its own. */
const OF_THE_PLATFORM: ReadonlySet<FailureScope> = new Set(['model_class', 'credential', 'organisation', 'service']);
/** Often over with the next try, and an answer may be under way already: first the same again (R13). */
const PASSING: ReadonlySet<FailureKind> = new Set(['timeout', 'connection']);

/**
 * Whether `to` may answer what failed at `from`. On the same platform the failure's row says so: a rate limit is shared
 * by the models of one bucket, a spend limit by all. Source: the API's errors and rate limits, October 2026.
 */
export function mayAnswerInstead(failure: Failure, from: Target, to: Target): Moment {
  if (from.platform !== to.platform) {
    if (!OF_THE_PLATFORM.has(failure.scope) || failure.rule === 'deadline') return 'never';
    return PASSING.has(failure.kind) ? 'after_retries' : 'at_once';
  }
  switch (failure.mayFallBackToModel) {
    case undefined:
    case 'yes':
      return 'at_once';
    case 'after_retries':
      return 'after_retries';
    case 'other_bucket':
      return from.bucket === to.bucket ? 'never' : 'at_once';
    case 'opt_in':
    case 'no':
      return 'never';
    default:
      return failure.mayFallBackToModel satisfies never;
  }
}
