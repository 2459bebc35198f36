import { describe, expect, it } from '@jest/globals';
import { FeatureHolds } from './feature-holds.js';

describe('features that are left alone', () => {
  it.each([
    [0, ['chat', 'drafts']],
    [99, ['chat', 'drafts']],
    [100, ['drafts']],
    [299, ['drafts']],
    [300, []],
  ])('at %i ms are %j', (nowMs, left) => {
    const holds = new FeatureHolds();
    holds.hold('chat', 100);
    holds.hold('drafts', 300);
    holds.hold('drafts', 200); // whoever asked for longer stays
    expect(holds.at(nowMs)).toEqual(left);
  });

  it('are none after they were let go, and can be held again', () => {
    const holds = new FeatureHolds();
    holds.hold('chat', 100);
    holds.clear();
    expect(holds.at(0)).toEqual([]);
    holds.hold('chat', 50);
    expect([holds.at(0), holds.at(50), holds.at(0)]).toEqual([['chat'], [], []]);
  });
});
