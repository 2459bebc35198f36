/** What the other replicas hold of a limit, and want of it. */
export interface OtherShares {
  readonly count: number;
  /** Sum of their shares, 0 to 1. */
  readonly share: number;
  /** Units a second that they would send, in sum. */
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
export function fairShare(wants: number, others: OtherShares, held: number): number {
  const free = Math.max(0, 1 - others.share);
  const all = others.wants + wants;
  const byNeed = all > 0 ? wants / all : 1 / (others.count + 1);
  const fair = EVEN_PART / (others.count + 1) + (1 - EVEN_PART) * byNeed;
  const isNoise = fair < held && held - fair < held * LEAST_CHANGE;
  return Math.min(isNoise ? held : fair, free);
}
