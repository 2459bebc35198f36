import { describe, expect, it } from '@jest/globals';
import { FAILURE } from '../../testing/request-store/store-bench.js';
import type { NotifyWish, RequestState } from './deferred-request.js';
import { noticesDueOf } from './notices-due.js';

const counts = { attempts: 1, fencingNumber: 1 };
const at = (endedAtMs: number): Record<string, RequestState> => ({
  waiting: { name: 'waiting', ...counts, notBeforeMs: 0, answerJson: undefined, lastFailure: undefined },
  succeeded: { name: 'succeeded', ...counts, endedAtMs, resultJson: '1' },
  failed: { name: 'failed', ...counts, endedAtMs, failure: FAILURE, answerJson: undefined, redrivenAs: undefined },
  cancelled: { name: 'cancelled', ...counts, endedAtMs },
  expired: { name: 'expired', ...counts, endedAtMs, lastFailure: undefined, redrivenAs: undefined },
});
const notify: readonly NotifyWish[] = [
  { channel: 'in_app', when: 'always' },
  { channel: 'email', to: 'a@example.org', when: 'slow' },
  { channel: 'webhook', url: 'https://example.org', when: 'always' },
];

describe('who is told of an end (R28)', () => {
  it.each([
    ['waiting', 500_000, []],
    ['succeeded', 1_000, [2]],
    ['succeeded', 120_999, [2]],
    ['succeeded', 121_000, [1, 2]],
    ['failed', 121_000, [1, 2]],
    ['expired', 121_000, [1, 2]],
    ['cancelled', 500_000, []],
  ])('%s at %i ms, taken in at 1000 ms: %j', (name, endedAtMs, due) => {
    expect(noticesDueOf({ notify, enqueuedAtMs: 1_000, state: at(endedAtMs)[name]! })).toEqual(due);
  });
});
