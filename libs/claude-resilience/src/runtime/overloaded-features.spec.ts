import { expect, it } from '@jest/globals';
import type { HeldAdvice } from '../core/advice/advice.js';
import { ManualClock } from '../testing/manual-clock.js';
import { OverloadedFeatures } from './overloaded-features.js';

const held = (topic: HeldAdvice['advice']['topic'], feature: string): HeldAdvice => ({
  advice: { topic, feature, evidence: {}, sentence: '' },
  sinceWallMs: 0,
});

it('knows of which features 529s persist, and looks again every ten seconds (R12)', async () => {
  const clock = new ManualClock();
  let looks = 0;
  let advice: readonly HeldAdvice[] = [held('persistent_overload', 'nightly'), held('too_large', 'chat')];
  const advisor = {
    held: () => {
      looks++;
      return advice;
    },
  };
  const overloaded = new OverloadedFeatures(advisor, clock);
  const both = () => [overloaded.has('nightly'), overloaded.has('chat')];
  expect(both()).toEqual([true, false]);
  advice = [held('persistent_overload', 'chat')];
  await clock.advance(9_999);
  expect([both(), looks]).toEqual([[true, false], 1]);
  await clock.advance(1);
  expect([both(), looks]).toEqual([[false, true], 2]);
});
