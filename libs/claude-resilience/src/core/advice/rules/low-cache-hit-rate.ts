import type { AdviceRule } from '../advice-view.js';
import { HOUR_MS, sumOf } from '../feature-figures.js';
import { hours, percent } from '../figures-in-words.js';

const WINDOW_MS = 24 * HOUR_MS;
/** Large prompts in the same slot as others, within which a cached one would still have been there. */
const MIN_REPEATED = 30;
const LOW_SHARE = 0.2;
/** Share of tokens written to the cache from which on somebody is caching already, in vain. */
const WRITTEN_SHARE = 0.2;

/** Large prompts, one soon after the other, that are paid in full each time (a cache read costs a tenth or less). */
export const lowCacheHitRate: AdviceRule = ({ feature: { name }, figures, nowMs }) => {
  const slots = figures.slots.since(nowMs, WINDOW_MS).filter(({ largePrompts }) => largePrompts > 1);
  const prompts = sumOf(slots, 'largePrompts');
  const promptTokens = sumOf(slots, 'promptTokens');
  const readShare = sumOf(slots, 'cacheReadTokens') / promptTokens;
  const writtenShare = sumOf(slots, 'cacheWriteTokens') / promptTokens;
  if (prompts < MIN_REPEATED || readShare >= LOW_SHARE) return [];
  const tokensPerPrompt = Math.round(promptTokens / prompts);
  const seen = `${percent(readShare)} of the tokens of ${prompts} large prompts of "${name}" (${tokensPerPrompt} tokens on average)`;
  const remedy =
    writtenShare >= WRITTEN_SHARE
      ? `though ${percent(writtenShare)} were written to it: the part before cache_control must be the same each time, to the letter`
      : 'so mark the part that repeats with cache_control: reading it costs a tenth or less';
  return [
    {
      topic: 'low_cache_hit_rate',
      feature: name,
      evidence: { prompts, promptTokens, tokensPerPrompt, readShare, writtenShare, windowMs: WINDOW_MS },
      sentence: `${seen} came from the cache in the last ${hours(WINDOW_MS)}, ${remedy}.`,
    },
  ];
};
