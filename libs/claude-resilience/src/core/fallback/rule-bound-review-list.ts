import type { Clock } from '../clock.port.js';
import { ClaudeInvalidOptionsError } from '../errors.js';
import { show } from '../option-reader.js';
import type { Random } from '../random.port.js';
import { readReviewResolution } from './read-review-resolution.js';
import { reviewInputJson } from './review-input-json.js';
import {
  REVIEW_KINDS,
  ReviewList,
  type NewReviewItem,
  type ReviewCount,
  type ReviewItem,
  type ReviewKind,
  type ReviewPage,
  type ReviewPageWish,
  type ReviewResolution,
} from './review-list.port.js';
import {
  resolveReviewListOptions,
  type ResolvedReviewListOptions,
  type ReviewListOptions,
} from './review-list.options.js';
import { selectReviews, wordOf, type ReviewSelection } from './review-page-place.js';
import type { SelectedReviews } from './page-of-reviews.js';
import { itemOfReview, type ReviewRecord, type StoredReview } from './review-record.js';

/** How many of a kind are open, and since when. */
export interface OpenReviews {
  readonly kind: string;
  readonly count: number;
  readonly oldestAddedAtMs: number;
}

/** What every list says in the same way, once it can keep and find records. */
export abstract class RuleBoundReviewList extends ReviewList {
  protected readonly options: ResolvedReviewListOptions;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    options?: ReviewListOptions,
  ) {
    super();
    this.options = resolveReviewListOptions(options);
  }

  /** Keeps a new one, and forgets what was resolved long enough ago. @throws {ClaudeReviewListFullError} */
  protected abstract insert(record: ReviewRecord): Promise<void>;
  protected abstract find(id: string): Promise<StoredReview | undefined>;
  /** In the order of the page, as far as `pageOfReviews` takes them. */
  protected abstract select(selection: ReviewSelection): Promise<SelectedReviews>;
  protected abstract open(): Promise<readonly OpenReviews[]>;
  /** Marks an open one as resolved, and forgets as `insert`. @returns it, or `undefined` when it is not open */
  protected abstract settle(
    id: string,
    atMs: number,
    resolutionJson: string | undefined,
  ): Promise<StoredReview | undefined>;

  override async add({ kind = 'unclassified', feature, correlationId, input }: NewReviewItem): Promise<ReviewItem> {
    if (!REVIEW_KINDS.includes(kind)) {
      throw new ClaudeInvalidOptionsError([`review.kind: one of ${REVIEW_KINDS.join(', ')}, got ${show(kind)}`]);
    }
    const record: ReviewRecord = {
      id: this.random.id(),
      kind,
      feature,
      correlationId,
      addedAtMs: Math.round(this.clock.wallMs()),
      inputJson: reviewInputJson(input, this.options.maxInputBytes),
      resolvedAtMs: undefined,
      resolutionJson: undefined,
    };
    await this.insert(record);
    return itemOfReview({ ...record, resolutionJson: null });
  }

  override async get(id: string): Promise<ReviewItem | undefined> {
    const found = await this.find(id);
    return found === undefined ? undefined : itemOfReview(found);
  }

  override async page(wish: ReviewPageWish): Promise<ReviewPage> {
    const { found, hasMore } = await this.select(selectReviews(wish));
    const last = hasMore ? found.at(-1) : undefined;
    return { items: found.map(itemOfReview), next: last === undefined ? undefined : wordOf(last.place) };
  }

  override async countOpen(): Promise<ReviewCount> {
    const open = await this.open();
    const of = (kind: ReviewKind) => open.find((one) => one.kind === kind)?.count ?? 0;
    const oldestMs = Math.min(...open.map(({ oldestAddedAtMs }) => oldestAddedAtMs));
    return {
      total: open.reduce((sum, { count }) => sum + count, 0),
      byKind: { unclassified: of('unclassified'), content_policy: of('content_policy') },
      oldestAddedAt: open.length === 0 ? undefined : new Date(oldestMs),
    };
  }

  override async resolve(id: string, given?: ReviewResolution): Promise<ReviewItem | undefined> {
    const issues: string[] = [];
    const resolution = given === undefined ? undefined : readReviewResolution(given, issues);
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    const json = resolution === undefined ? undefined : JSON.stringify(resolution);
    const settled = await this.settle(id, Math.round(this.clock.wallMs()), json);
    return settled === undefined ? undefined : itemOfReview(settled);
  }
}
