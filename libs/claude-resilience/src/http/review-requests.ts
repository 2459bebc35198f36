import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { readReviewResolution } from '../core/fallback/read-review-resolution.js';
import type { ReviewPageWish, ReviewResolution } from '../core/fallback/review-list.port.js';
import { selectReviews } from '../core/fallback/review-page-place.js';
import { OptionReader } from '../core/option-reader.js';
import { OperatorProblem } from './operator-problem.js';

const USUAL_LIMIT = 50;
const MOST_OF_A_PAGE = 200;

/** `?state=&kind=&limit=&after=`. @throws {OperatorProblem} 422 */
export function readReviewQuery(query: unknown): ReviewPageWish {
  const issues: string[] = [];
  const read = new OptionReader('query', query, issues);
  const digits = read.text('limit');
  const limit = digits === undefined ? USUAL_LIMIT : /^\d{1,4}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(limit >= 1 && limit <= MOST_OF_A_PAGE)) issues.push(`query.limit: 1 to ${MOST_OF_A_PAGE}`);
  const [after, state, kind] = [read.text('after'), read.text('state'), read.text('kind')];
  read.done();
  const wish = {
    limit: USUAL_LIMIT,
    ...(after !== undefined && { after }),
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
  } as ReviewPageWish;
  try {
    selectReviews(wish);
  } catch (error) {
    if (!(error instanceof ClaudeInvalidOptionsError)) throw error;
    issues.push(...error.issues);
  }
  if (issues.length > 0) throw invalid('The list cannot be shown like that.', issues);
  return { ...wish, limit };
}

/** The body of a resolution. @throws {OperatorProblem} 422 */
export function readReviewBody(body: unknown): ReviewResolution {
  const issues: string[] = [];
  const resolution = readReviewResolution(body, issues);
  if (resolution === undefined) throw invalid('This is no resolution: { by, label?, note? }, all texts.', issues);
  return resolution;
}

function invalid(sentence: string, issues: readonly string[]): OperatorProblem {
  return new OperatorProblem(422, 'CLAUDE_REVIEW_INVALID', sentence, {}, issues);
}
