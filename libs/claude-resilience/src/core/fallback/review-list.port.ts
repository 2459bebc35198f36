/** Why a person should look: no model could classify it; or it was declined. */
export const REVIEW_KINDS = ['unclassified', 'content_policy'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** Something a person should look at, since no model did. */
export interface ReviewItem {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly feature: string;
  readonly correlationId: string;
  /** What was to be classified, as the handler got it; or a `ContentReviewEntry`, which says what was declined. */
  readonly input: unknown;
  readonly addedAt: Date;
}

/** @see ReviewItem; of kind `unclassified` unless it says otherwise */
export type NewReviewItem = Pick<ReviewItem, 'feature' | 'correlationId' | 'input'> & Partial<Pick<ReviewItem, 'kind'>>;

/** The list that people read and resolve (R24). */
export abstract class ReviewList {
  abstract add(item: NewReviewItem): Promise<ReviewItem>;

  /** What is open, the oldest first. */
  abstract list(): Promise<readonly ReviewItem[]>;

  /** Takes an item off the list. @returns it, or `undefined` when there is none of that id */
  abstract resolve(id: string): Promise<ReviewItem | undefined>;
}
