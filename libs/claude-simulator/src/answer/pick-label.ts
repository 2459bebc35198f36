import type { Random } from '../random/seeded-random.js';

/** Words shorter than this say nothing; longer ones are compared by their beginning, so that "bills" is near "billing". */
const STEM_CHARACTERS = 4;

/** The label whose words occur most often outside the list itself; among equals, chance decides. */
export function pickLabel(labels: readonly string[], text: string, random: Random): string {
  const scored = labels.map((label) => ({ label, score: occurrences(label, text) }));
  const best = Math.max(...scored.map(({ score }) => score));
  const candidates = scored.filter(({ score }) => score === best);
  return candidates[Math.floor(random() * candidates.length)]?.label ?? '';
}

function occurrences(label: string, text: string): number {
  const lowerCased = text.toLowerCase();
  const stems = label.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return stems.reduce((sum, word) => sum + lowerCased.split(word.slice(0, STEM_CHARACTERS)).length - 1, 0);
}
