/** Why a person should look: no model could classify it; or it was declined. */
export const REVIEW_KINDS = ['unclassified', 'content_policy'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** Something a person should look at, since no model did. */
export interface ReviewItem {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly feature: string;
  readonly correlationId: string;
  /** What was to be classified, as the handler got it; or a `ContentReviewEntry`, which says what was declined. Kept as JSON. */
  readonly input: unknown;
  readonly addedAt: Date;
  /** Absent as long as it is open. */
  readonly resolvedAt?: Date;
  /** Absent when it is open, and when whoever resolved it said nothing. */
  readonly resolution?: ReviewResolution;
  /** Why what was stored cannot be read, in our words; `input` is `null` then. */
  readonly problem?: string;
}

/** @see ReviewItem; of kind `unclassified` unless it says otherwise */
export type NewReviewItem = Pick<ReviewItem, 'feature' | 'correlationId' | 'input'> & Partial<Pick<ReviewItem, 'kind'>>;

/** What a person made of an item. */
export interface ReviewResolution {
  /** Who it was, in the application's words: 1 to 200 characters. */
  readonly by: string;
  /** The label that it should have had, or another verdict the application acts on: 1 to 200 characters. */
  readonly label?: string;
  /** For people: 1 to 4000 characters. */
  readonly note?: string;
}

export interface ReviewPageWish {
  /** From 1 to 1000; a page of long items has fewer. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** `open`: the oldest first; `resolved`: those resolved last come first. @default 'open' */
  readonly state?: 'open' | 'resolved';
  /** @default every kind */
  readonly kind?: ReviewKind;
}

export interface ReviewPage {
  readonly items: readonly ReviewItem[];
  /** `undefined` on the last page. */
  readonly next: string | undefined;
}

/** What is open. */
export interface ReviewCount {
  readonly total: number;
  readonly byKind: Readonly<Record<ReviewKind, number>>;
  /** `undefined` when nothing is. */
  readonly oldestAddedAt: Date | undefined;
}

/**
 * The list that people read and resolve (R24). One conformance suite runs over every list:
 * `testing/review-list.conformance.ts`.
 */
export abstract class ReviewList {
  /**
   * Puts an item onto the list; a list that is full refuses it, and drops nothing to make room.
   * @throws {ClaudeReviewListFullError} @throws {ClaudeReviewInputError}
   */
  abstract add(item: NewReviewItem): Promise<ReviewItem>;

  /** @returns an item, open or resolved; `undefined` when there is none of that id */
  abstract get(id: string): Promise<ReviewItem | undefined>;

  /** @throws {ClaudeInvalidOptionsError} for a wish that no list could fulfil */
  abstract page(wish: ReviewPageWish): Promise<ReviewPage>;

  abstract countOpen(): Promise<ReviewCount>;

  /**
   * Takes an item off what is open, for good, and keeps it for a time with what was said. Of two at once, one does.
   * @returns it, or `undefined` when nothing of that id is open
   * @throws {ClaudeInvalidOptionsError} naming every field of a resolution that cannot be kept
   */
  abstract resolve(id: string, resolution?: ReviewResolution): Promise<ReviewItem | undefined>;

  /** Everything that is open, the oldest first. `page` is for long lists. */
  async list(): Promise<readonly ReviewItem[]> {
    const items: ReviewItem[] = [];
    let after: string | undefined;
    do {
      const page: ReviewPage = await this.page({ limit: 500, ...(after !== undefined && { after }) });
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return items;
  }
}
