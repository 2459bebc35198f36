import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '../../system/system-random.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { describeReviewList } from '../../testing/review-list.conformance.js';
import { EventHub, type ClaudeEvent } from '../events.js';
import { AnnouncedReviewList } from './announced-review-list.js';
import { MemoryReviewList } from './memory-review-list.js';

const runner = { describe, it, beforeEach, afterEach, expect };

describeReviewList(runner, 'AnnouncedReviewList', ({ clock, random, options }) => {
  return new AnnouncedReviewList(new MemoryReviewList(clock, random, options), new EventHub(new ManualClock()));
});

it('tells once of everything that is resolved, and nothing that a person wrote about it (R24)', async () => {
  const hub = new EventHub(new ManualClock());
  const events: ClaudeEvent[] = [];
  hub.subscribe((event) => events.push(event));
  const list = new AnnouncedReviewList(new MemoryReviewList(new ManualClock(), new SystemRandom()), hub);
  const item = { feature: 'classification', correlationId: 'c-1', input: 'SECRET' };
  const [a, b] = [await list.add(item), await list.add({ ...item, kind: 'content_policy' })];
  await list.resolve(a.id, { by: 'ann', label: 'invoice', note: 'SECRET' });
  await list.resolve(a.id, { by: 'bob' });
  await list.resolve(b.id);
  await list.resolve('nobody');
  const about = { type: 'review.resolved', feature: 'classification', correlationId: 'c-1' };
  expect(events).toEqual([
    { ...about, reviewId: a.id, kind: 'unclassified', by: 'ann', label: 'invoice' },
    { ...about, reviewId: b.id, kind: 'content_policy' },
  ]);
});

it('can be given another place to keep items in', async () => {
  const [clock, random] = [new ManualClock(), new SystemRandom()];
  const later = new MemoryReviewList(clock, random);
  const list = new AnnouncedReviewList(new MemoryReviewList(clock, random), new EventHub(clock));
  list.keepIn(later);
  const item = await list.add({ feature: 'classification', correlationId: 'c-1', input: 1 });
  expect(await later.list()).toEqual([item]);
  expect((await list.countOpen()).total).toBe(1);
});
