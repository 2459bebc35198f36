/** How much is done for one figure. */
export interface Effort {
  readonly name: 'full' | 'quick';
  /** Rounds in which every variant has its turn. */
  readonly rounds: number;
  /** Milliseconds of one turn. */
  readonly turnMs: number;
  /** Milliseconds of processor time before the first round, for each variant. */
  readonly warmUpMs: number;
}

export const FULL: Effort = { name: 'full', rounds: 41, turnMs: 12, warmUpMs: 400 };
/** Good for a look while working; its figures are not written down. */
export const QUICK: Effort = { name: 'quick', rounds: 7, turnMs: 4, warmUpMs: 60 };
