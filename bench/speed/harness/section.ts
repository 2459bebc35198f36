import type { Spread } from './spread.js';

/** One line of a table. */
export interface Row {
  readonly name: string;
  readonly figure: Spread;
  /** As a multiple of the section's reference. */
  readonly ratio?: Spread;
  readonly bytes?: number | undefined;
}

/** What is to be reached, and what was. */
export interface GoalReading {
  readonly what: string;
  readonly bound: 'at most' | 'at least' | 'between';
  /** One number; two for `between`. */
  readonly limits: readonly number[];
  readonly unit?: string;
  readonly value: Spread;
}

/** One thing measured. */
export interface Section {
  readonly title: string;
  /** What is compared, and what is not. */
  readonly text: string;
  readonly unit: string;
  /** Name of the row that ratios are taken against. */
  readonly reference?: string;
  readonly rows: readonly Row[];
  readonly goals: readonly GoalReading[];
}

export function isMet({
  bound,
  limits: [limit = Number.NaN, most = Number.NaN],
  value: { median },
}: GoalReading): boolean {
  switch (bound) {
    case 'at most':
      return median <= limit;
    case 'at least':
      return median >= limit;
    case 'between':
      return median >= limit && median <= most;
    default:
      return bound satisfies never;
  }
}
