import type { EventHub } from '../events.js';
import {
  ReviewList,
  type NewReviewItem,
  type ReviewCount,
  type ReviewItem,
  type ReviewPage,
  type ReviewPageWish,
  type ReviewResolution,
} from './review-list.port.js';

/** A list, and an event for everything that is resolved on it, so that the application can act on what a person said. */
export class AnnouncedReviewList extends ReviewList {
  /** @param inner where items are kept */
  constructor(
    private inner: ReviewList,
    private readonly events: EventHub,
  ) {
    super();
  }

  /** Keeps items elsewhere from now on: in a file that can be opened no sooner. What was added before stays where it is. */
  keepIn(list: ReviewList): void {
    this.inner = list;
  }

  override add(item: NewReviewItem): Promise<ReviewItem> {
    return this.inner.add(item);
  }

  override get(id: string): Promise<ReviewItem | undefined> {
    return this.inner.get(id);
  }

  override page(wish: ReviewPageWish): Promise<ReviewPage> {
    return this.inner.page(wish);
  }

  override countOpen(): Promise<ReviewCount> {
    return this.inner.countOpen();
  }

  override async resolve(id: string, resolution?: ReviewResolution): Promise<ReviewItem | undefined> {
    const item = await this.inner.resolve(id, resolution);
    if (item === undefined) return undefined;
    const { kind, feature, correlationId, resolution: said } = item;
    const verdict = {
      ...(said !== undefined && { by: said.by }),
      ...(said?.label !== undefined && { label: said.label }),
    };
    this.events.emit({ type: 'review.resolved', reviewId: id, kind, feature, correlationId, ...verdict });
    return item;
  }
}
