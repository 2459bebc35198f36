import { ClaudeInvalidOptionsError } from '../errors.js';
import { show } from '../option-reader.js';
import { REVIEW_KINDS, type ReviewKind, type ReviewPageWish } from './review-list.port.js';

/** Where an item stands: when it was resolved, 0 for an open one, and its number. */
export interface ReviewPlace {
  readonly resolvedAtMs: number;
  readonly seq: number;
}

/** A wish that was checked. */
export interface ReviewSelection {
  readonly state: 'open' | 'resolved';
  readonly kind: ReviewKind | undefined;
  readonly limit: number;
  readonly after: ReviewPlace;
}

export const MOST_REVIEWS_OF_A_PAGE = 1000;

const BEFORE_ALL: ReviewPlace = { resolvedAtMs: 0, seq: 0 };
const AFTER_ALL: ReviewPlace = { resolvedAtMs: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };

/** @throws {ClaudeInvalidOptionsError} naming every bad field */
export function selectReviews({ limit, after, state = 'open', kind }: ReviewPageWish): ReviewSelection {
  const issues: string[] = [];
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_REVIEWS_OF_A_PAGE) {
    issues.push(`page.limit: an integer, at least 1, at most ${MOST_REVIEWS_OF_A_PAGE}, got ${show(limit)}`);
  }
  if (state !== 'open' && state !== 'resolved') issues.push(`page.state: one of open, resolved, got ${show(state)}`);
  if (kind !== undefined && !REVIEW_KINDS.includes(kind)) {
    issues.push(`page.kind: one of ${REVIEW_KINDS.join(', ')}, got ${show(kind)}`);
  }
  const start = state === 'open' ? BEFORE_ALL : AFTER_ALL;
  const place = after === undefined ? start : placeIn(after);
  if (place === undefined) issues.push(`page.after: "next" of another page, got ${show(after)}`);
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return { state, kind, limit, after: place ?? start };
}

/** The word for it in `next` and `after`. */
export function wordOf({ resolvedAtMs, seq }: ReviewPlace): string {
  return `${resolvedAtMs}-${seq}`;
}

function placeIn(word: unknown): ReviewPlace | undefined {
  const [, resolvedAtMs, seq] = (typeof word === 'string' && /^(\d{1,15})-(\d{1,15})$/.exec(word)) || [];
  return seq === undefined ? undefined : { resolvedAtMs: Number(resolvedAtMs), seq: Number(seq) };
}
