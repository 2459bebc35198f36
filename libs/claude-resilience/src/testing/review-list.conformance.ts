import type { ReviewList } from '../core/fallback/review-list.port.js';
import type { SpecRunner } from './request-store/spec-runner.js';
import { keeping } from './review-list/keeping.js';
import { looking } from './review-list/looking.js';
import { resolving } from './review-list/resolving.js';
import { ReviewBench, type ReviewParts } from './review-list/review-bench.js';

/**
 * What every review list keeps to (R24). Call it in a spec, once for each list:
 * `describeReviewList({ describe, it, beforeEach, afterEach, expect }, 'MyList', (parts) => new MyList(parts))`.
 *
 * @param make
 *   a new, empty list of these parts
 * @param close called with the list when its spec is over
 */
export function describeReviewList(
  runner: SpecRunner,
  name: string,
  make: (parts: ReviewParts) => ReviewList | Promise<ReviewList>,
  close: (list: ReviewList) => void | Promise<void> = () => {},
): void {
  runner.describe(`${name}, as a review list (R24)`, () => {
    const bench = new ReviewBench(runner, make, close);
    keeping(bench);
    looking(bench);
    resolving(bench);
  });
}
