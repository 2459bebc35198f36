import type { AdviceRule } from '../advice-view.js';
import { HOUR_MS, sumOf } from '../feature-figures.js';
import { hours } from '../figures-in-words.js';

const WINDOW_MS = 24 * HOUR_MS;
const MIN_ANSWERS = 3;

/** Answers that no row of the diagnosis table names: they are handled by their status, a newer version may know better (R7). */
export const unknownAnswers: AdviceRule = ({ feature: { name }, figures, nowMs }) => {
  const slots = figures.slots.since(nowMs, WINDOW_MS);
  const unknown = sumOf(slots, 'unknown');
  const requests = sumOf(slots, 'attempts');
  if (unknown < MIN_ANSWERS) return [];
  const seen = `${unknown} of ${requests} requests of "${name}" in the last ${hours(WINDOW_MS)} failed in a way that this version does not know`;
  return [
    {
      topic: 'unknown_answers',
      feature: name,
      evidence: { unknown, requests, windowMs: WINDOW_MS },
      sentence: `${seen}: install a newer version of nestjs-claude-resilience.`,
    },
  ];
};
