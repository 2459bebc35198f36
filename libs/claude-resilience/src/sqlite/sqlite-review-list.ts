import type { Clock } from '../core/clock.port.js';
import type { ReviewListOptions } from '../core/fallback/review-list.options.js';
import type { SelectedReviews } from '../core/fallback/page-of-reviews.js';
import type { ReviewSelection } from '../core/fallback/review-page-place.js';
import type { ReviewRecord, StoredReview } from '../core/fallback/review-record.js';
import { RuleBoundReviewList, type OpenReviews } from '../core/fallback/rule-bound-review-list.js';
import type { Random } from '../core/random.port.js';
import { ReviewDesk } from './review-desk.js';
import type { SqliteFile } from './sqlite-file.js';

/** The review list in a file (R24): what a person should look at outlives the process. Closed with its file. */
export class SqliteReviewList extends RuleBoundReviewList {
  readonly #file: SqliteFile;
  readonly #desk: ReviewDesk;

  /** @throws {ClaudeRequestStoreError} @throws {ClaudeInvalidOptionsError} */
  constructor(file: SqliteFile, clock: Clock, random: Random, options?: ReviewListOptions) {
    super(clock, random, options);
    this.#file = file;
    this.#desk = file.read(() => new ReviewDesk(file.database, file.cipher, this.options));
    file.onRollback(() => this.#desk.forgetUndone());
  }

  protected override insert(record: ReviewRecord): Promise<void> {
    return this.#file.write(() => this.#desk.insert(record));
  }

  protected override async find(id: string): Promise<StoredReview | undefined> {
    return this.#file.read(() => this.#desk.find(id));
  }

  protected override async select(selection: ReviewSelection): Promise<SelectedReviews> {
    return this.#file.read(() => this.#desk.select(selection));
  }

  protected override async open(): Promise<readonly OpenReviews[]> {
    return this.#file.read(() => this.#desk.open());
  }

  protected override settle(id: string, atMs: number, json: string | undefined): Promise<StoredReview | undefined> {
    return this.#file.write(() => this.#desk.settle(id, atMs, json));
  }
}
