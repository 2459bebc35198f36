import { Inject, Injectable } from '@nestjs/common';
import { ClaudeFallbackHandler, type FallbackContext } from '../../core/fallback/fallback.port.js';
import { ReviewList } from '../../core/fallback/review-list.port.js';

export interface ClassificationFallbackOutput {
  readonly label: 'unclassified';
  /** Where a person will find the item. */
  readonly reviewId: string;
}

/** `unclassified`, and the item goes to human review (R24). */
@Injectable()
export class ClassificationFallback extends ClaudeFallbackHandler<unknown, ClassificationFallbackOutput> {
  override readonly usersGet: string = '"unclassified", and each item goes to human review';

  constructor(@Inject(ReviewList) private readonly reviews: ReviewList) {
    super();
  }

  async answer(input: unknown, { feature, correlationId }: FallbackContext): Promise<ClassificationFallbackOutput> {
    const { id } = await this.reviews.add({ feature, correlationId, input });
    return { label: 'unclassified', reviewId: id };
  }
}
