import { PayloadTexts } from '../bullmq/payload-texts.js';
import type { Clock } from '../core/clock.port.js';
import type { SelectedReviews } from '../core/fallback/page-of-reviews.js';
import { ClaudeReviewListFullError } from '../core/fallback/review-list-errors.js';
import type { ReviewListOptions } from '../core/fallback/review-list.options.js';
import type { ReviewSelection } from '../core/fallback/review-page-place.js';
import type { ReviewRecord, StoredReview } from '../core/fallback/review-record.js';
import { RuleBoundReviewList, type OpenReviews } from '../core/fallback/rule-bound-review-list.js';
import type { Random } from '../core/random.port.js';
import { PayloadCipher, type EncryptionOptions } from '../sqlite/payload-cipher.js';
import type { RedisConnection, RedisScript } from './redis-connection.js';
import { addedAtOf, inputPlace, recordText, resolutionPlace, reviewOfRow, type ReviewRow } from './review-rows.js';
import {
  COUNT_REVIEWS,
  FIND_REVIEW,
  INSERT_REVIEW,
  REVIEW_KEYS,
  SELECT_REVIEWS,
  SETTLE_REVIEW,
} from './review-scripts.js';

export interface RedisReviewListOptions extends ReviewListOptions {
  /** Seals inputs and resolutions. @default none */
  readonly encryption?: EncryptionOptions;
}

/** The review list in Redis (R24): one list for all replicas, whichever is asked. Every step is one command. */
export class RedisReviewList extends RuleBoundReviewList {
  readonly #keys: readonly string[];
  readonly #texts: PayloadTexts;
  readonly #scripts: Readonly<Record<'insert' | 'find' | 'select' | 'settle' | 'count', RedisScript>>;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    connection: RedisConnection,
    clock: Clock,
    random: Random,
    { encryption, ...options }: RedisReviewListOptions = {},
  ) {
    super(clock, random, options);
    this.#texts = new PayloadTexts(encryption === undefined ? undefined : new PayloadCipher(encryption), 'redis');
    this.#keys = REVIEW_KEYS.map(connection.keysOf('reviews'));
    this.#scripts = {
      insert: connection.script(INSERT_REVIEW),
      find: connection.script(FIND_REVIEW),
      select: connection.script(SELECT_REVIEWS),
      settle: connection.script(SETTLE_REVIEW),
      count: connection.script(COUNT_REVIEWS),
    };
  }

  protected override async insert(record: ReviewRecord): Promise<void> {
    const { id, kind, inputJson, addedAtMs } = record;
    const { maxOpen } = this.options;
    const input = this.#texts.write(inputJson, inputPlace(id));
    const values = [id, kind, inputJson.length, recordText(record), input, maxOpen, ...this.#forgetting(addedAtMs)];
    if ((await this.#scripts.insert(this.#keys, values)) === 'full') throw new ClaudeReviewListFullError(maxOpen);
  }

  protected override async find(id: string): Promise<StoredReview | undefined> {
    return this.#reviewIn(await this.#scripts.find(this.#keys, [id]));
  }

  protected override async select({ state, kind, limit, after }: ReviewSelection): Promise<SelectedReviews> {
    const values = [state, kind ?? 'all', limit, after.resolvedAtMs, after.seq, this.options.maxPageLength];
    const [rows, hasMore] = (await this.#scripts.select(this.#keys, values)) as [ReviewRow[], number];
    return { found: rows.map((row) => reviewOfRow(row, this.#texts)), hasMore: hasMore === 1 };
  }

  protected override async open(): Promise<readonly OpenReviews[]> {
    type Counted = readonly [kind: string, count: number, first: string | null];
    const counts = (await this.#scripts.count(this.#keys, [])) as readonly Counted[];
    return counts.flatMap(([kind, count, first]) =>
      first === null ? [] : [{ kind, count, oldestAddedAtMs: addedAtOf(first) }],
    );
  }

  protected override async settle(
    id: string,
    atMs: number,
    json: string | undefined,
  ): Promise<StoredReview | undefined> {
    const resolution = json === undefined ? '' : this.#texts.write(json, resolutionPlace(id));
    return this.#reviewIn(await this.#scripts.settle(this.#keys, [id, atMs, resolution, ...this.#forgetting(atMs)]));
  }

  #reviewIn(row: unknown): StoredReview | undefined {
    return row === null ? undefined : reviewOfRow(row as ReviewRow, this.#texts);
  }

  /** Before when a resolved item is forgotten, and how many stay. */
  #forgetting(nowMs: number): readonly number[] {
    const { keepResolvedMs, maxResolved } = this.options;
    return [nowMs - keepResolvedMs, maxResolved];
  }
}
