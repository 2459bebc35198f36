/** Fewer replicas than this are believed by nobody, however few there are: one that is fed false failures opens nobody else's. */
const LEAST_EVIDENCE = 2;

/**
 * Whether what others found out is enough to go by, without evidence of one's own: half of those who would notice.
 *
 * @param evidence replicas whose circuit opened by what they met themselves   @param witnesses replicas that have calls for it
 */
export function isQuorum(evidence: number, witnesses: number): boolean {
  return evidence >= Math.max(LEAST_EVIDENCE, witnesses / 2);
}

/**
 * Beats that a replica waits before it closes by another's word: the first two at once, then twice as many with each
 * beat, so that a service which has just come back does not meet everybody together, and a word that was wrong is found
 * out by few.
 *
 * @param rank place among those who wait, from 0
 */
export function closingBeats(rank: number): number {
  return rank < 2 ? 0 : Math.floor(Math.log2(rank));
}
