import type { ReviewPlace, ReviewSelection } from './review-page-place.js';
import type { StoredReview } from './review-record.js';

/** One of a page, and where it stands. */
export type PlacedReview = StoredReview & { readonly place: ReviewPlace };

export interface SelectedReviews {
  readonly found: readonly PlacedReview[];
  readonly hasMore: boolean;
}

/**
 * Takes what fits on a page: nobody reads megabytes at once, and a process that writes them answers nobody else meanwhile.
 *
 * @param sources
 *   in order, one more than the limit when there are more
 * @param read is asked only for those that are on the page
 * @param maxLength UTF-16 units of input, after which a page ends; the first one always fits
 */
export function pageOfReviews<Source>(
  sources: readonly Source[],
  { limit }: Pick<ReviewSelection, 'limit'>,
  maxLength: number,
  read: (source: Source) => PlacedReview,
): SelectedReviews {
  const found: PlacedReview[] = [];
  let length = 0;
  for (const source of sources.slice(0, limit)) {
    if (length >= maxLength) break;
    const review = read(source);
    found.push(review);
    length += review.inputJson?.length ?? 0;
  }
  return { found, hasMore: found.length < sources.length };
}
