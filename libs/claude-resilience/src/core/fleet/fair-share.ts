/** What a replica holds of a limit. */
export interface HeldShare {
  readonly replica: string;
  /** 0 to 1. */
  readonly share: number;
  /** Units a second it would send. */
  readonly wants: number;
}

/** This part is given out evenly, whatever is wanted: who begins to ask has something to begin with. */
const EVEN_PART = 0.01;
/** Giving up less than this part of what is held is not worth it: it is noise, and what moves to and fro is used by nobody. */
const LEAST_CHANGE = 0.05;

/**
 * How much of a limit one replica may use: by what it wants, against what all want, and never more than is free. So a
 * replica that gives something up does so at once, and others get it with their next beat: the sum is never above 1.
 *
 * @param others those whose share is still good
 * @param held what this replica holds now; 0 if nothing
 */
export function fairShare(wants: number, others: readonly HeldShare[], held: number): number {
  const free = Math.max(0, 1 - others.reduce((sum, { share }) => sum + share, 0));
  const all = others.reduce((sum, other) => sum + other.wants, wants);
  const byNeed = all > 0 ? wants / all : 1 / (others.length + 1);
  const fair = EVEN_PART / (others.length + 1) + (1 - EVEN_PART) * byNeed;
  const isNoise = fair < held && held - fair < held * LEAST_CHANGE;
  return Math.min(isNoise ? held : fair, free);
}
