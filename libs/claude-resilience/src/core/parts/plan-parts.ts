import type { Excess } from './excess.js';
import type { PartsStop } from './parts-stop.js';

export interface PlanLimits {
  /** Into how many parts it may be cut at most. */
  readonly maxParts: number;
  readonly overlapCharacters: number;
}

export type PartPlan =
  | { readonly status: 'split'; readonly maxCharacters: number; readonly parts: number }
  | { readonly status: 'stop'; readonly reason: PartsStop };

/** A shorter text is not cut: what is too large then is what stands around it. In characters. */
export const MIN_PART_CHARACTERS = 500;
/** Texts are not equally dense everywhere, and estimates are estimates. */
const MARGIN = 0.8;
/** Two parts, and room for the place to cut. */
const ABOUT_HALF = 0.6;
/** A part is at most so much of its whole: every cut makes it smaller. */
const MOST_OF_WHOLE = 0.75;
/** Cuts fall where paragraphs end, so that parts are not equally long. */
const UNEVENNESS = 1.15;

/** How large parts must be for a text that was too large by so much; or that cutting it further is of no use (R5). */
export function planParts(characters: number, excess: Excess, { maxParts, overlapCharacters }: PlanLimits): PartPlan {
  if (characters <= MIN_PART_CHARACTERS) return { status: 'stop', reason: 'part_is_minimal' };
  const share = excess.by === 'unknown' ? ABOUT_HALF : Math.min(1, excess.allowed / excess.got) * MARGIN;
  const fits = Math.max(1, Math.floor(characters * share));
  const overlap = Math.min(overlapCharacters, Math.floor(fits / 2));
  const parts = Math.max(2, Math.ceil((characters - overlap) / (fits - overlap)));
  if (parts > maxParts) return { status: 'stop', reason: 'too_many_parts' };
  const even = Math.ceil((characters / parts) * UNEVENNESS) + overlap;
  return { status: 'split', maxCharacters: Math.min(fits, even, Math.floor(characters * MOST_OF_WHOLE)), parts };
}
