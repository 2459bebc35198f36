/** Something a person should look at, since no model did. */
export interface ReviewItem {
  readonly id: string;
  readonly feature: string;
  readonly correlationId: string;
  /** What was to be classified, as the handler got it. */
  readonly input: unknown;
  readonly addedAt: Date;
}

/** The list that people read and resolve (R24). */
export abstract class ReviewList {
  abstract add(item: Pick<ReviewItem, 'feature' | 'correlationId' | 'input'>): Promise<ReviewItem>;

  /** What is open, the oldest first. */
  abstract list(): Promise<readonly ReviewItem[]>;

  /** Takes an item off the list. @returns it, or `undefined` when there is none of that id */
  abstract resolve(id: string): Promise<ReviewItem | undefined>;
}
