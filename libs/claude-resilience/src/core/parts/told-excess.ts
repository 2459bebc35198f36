import type { Excess } from './excess.js';

/** As the API says it: "prompt is too long: 209343 tokens > 200000 maximum". */
const TOLD = /(\d{1,12}) tokens > (\d{1,12})/;

/**
 * Reads from the API's words by how much a prompt was too long.
 *
 * @param roomForAnswer tokens that the answer may take from the same window
 */
export function toldExcess(says: string | undefined, roomForAnswer: number): Excess {
  const [, got, window] = TOLD.exec(says ?? '') ?? [];
  if (got === undefined || window === undefined) return { by: 'unknown' };
  return { by: 'tokens', got: Number(got), allowed: roomIn(Number(window), roomForAnswer) };
}

/** Tokens of a context window that a prompt may take: what the answer leaves, and at least half. */
export function roomIn(windowTokens: number, roomForAnswer: number): number {
  return Math.max(windowTokens - roomForAnswer, Math.floor(windowTokens / 2));
}
