import type { AdviceRule } from '../advice-view.js';
import { HOUR_MS, sumOf } from '../feature-figures.js';
import { counted, hours } from '../figures-in-words.js';

const WINDOW_MS = 24 * HOUR_MS;
const MIN_CALLS = 5;
const MIN_SHARE = 0.01;

/** Prompts or bodies that are too large, again and again: sent as they are they can never work (R5). */
export const tooLarge: AdviceRule = ({ feature: { name }, figures, nowMs }) => {
  const slots = figures.slots.since(nowMs, WINDOW_MS);
  const large = sumOf(slots, 'tooLarge');
  const calls = sumOf(slots, 'calls');
  if (large < MIN_CALLS || large / calls < MIN_SHARE) return [];
  const seen = `${large} of ${counted(calls, 'call')} of "${name}" in the last ${hours(WINDOW_MS)} were too large`;
  return [
    {
      topic: 'too_large',
      feature: name,
      evidence: { tooLarge: large, calls, share: large / calls, windowMs: WINDOW_MS },
      sentence: `${seen}: use claude.summarise, which splits documents, or send less in one request.`,
    },
  ];
};
