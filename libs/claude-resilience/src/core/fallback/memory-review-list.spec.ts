import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeReviewList } from '../../testing/review-list.conformance.js';
import { MemoryReviewList } from './memory-review-list.js';

const runner = { describe, it, beforeEach, afterEach, expect };

describeReviewList(
  runner,
  'MemoryReviewList',
  ({ clock, random, options }) => new MemoryReviewList(clock, random, options),
);
