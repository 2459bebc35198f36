import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { pageOfReviews, type PlacedReview, type SelectedReviews } from '../core/fallback/page-of-reviews.js';
import { ClaudeReviewListFullError } from '../core/fallback/review-list-errors.js';
import type { ResolvedReviewListOptions } from '../core/fallback/review-list.options.js';
import type { ReviewSelection } from '../core/fallback/review-page-place.js';
import type { ReviewRecord } from '../core/fallback/review-record.js';
import type { OpenReviews } from '../core/fallback/rule-bound-review-list.js';
import type { PayloadCipher } from './payload-cipher.js';
import { prepareAll, type Prepared } from './prepare-all.js';
import { SealedTexts, type TextOwner } from './sealed-texts.js';
import { isSqliteError } from './sqlite-trouble.js';

/** Rows that one step forgets at most: it shares its transaction with others. */
const MOST_FORGOTTEN = 100;

const QUERIES = {
  insert: 'INSERT INTO reviews (id, kind, feature, correlation_id, added_at_ms) VALUES (?, ?, ?, ?, ?)',
  ofId: 'SELECT * FROM reviews WHERE id = ?',
  settle: 'UPDATE reviews SET resolved_at_ms = ? WHERE seq = ?',
  remove: 'DELETE FROM reviews WHERE seq = ?',
  countOpen: 'SELECT count(*) AS n FROM reviews WHERE resolved_at_ms IS NULL',
  byKind: `
    SELECT kind, count(*) AS n, min(added_at_ms) AS oldest FROM reviews WHERE resolved_at_ms IS NULL GROUP BY kind`,
  openAfter: `
    SELECT * FROM reviews WHERE resolved_at_ms IS NULL AND seq > ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY seq LIMIT ?3`,
  resolvedBefore: `
    SELECT * FROM reviews WHERE resolved_at_ms IS NOT NULL AND (resolved_at_ms, seq) < (?4, ?1) AND (?2 IS NULL OR kind = ?2)
    ORDER BY resolved_at_ms DESC, seq DESC LIMIT ?3`,
  tooOld: 'SELECT seq FROM reviews WHERE resolved_at_ms < ? ORDER BY resolved_at_ms LIMIT ?',
  tooMany: `
    SELECT seq FROM reviews WHERE resolved_at_ms IS NOT NULL ORDER BY resolved_at_ms DESC, seq DESC LIMIT ? OFFSET ?`,
} as const;

type Row = Readonly<Record<string, SQLOutputValue>>;

/** What a `RuleBoundReviewList` needs, as plain steps inside a transaction of its caller's. */
export class ReviewDesk {
  readonly #queries: Prepared<typeof QUERIES>;
  readonly #texts: SealedTexts<'review input' | 'review resolution'>;
  /** `undefined` when it has to be counted. */
  #openCount: number | undefined;

  constructor(
    database: DatabaseSync,
    cipher: PayloadCipher | undefined,
    private readonly options: ResolvedReviewListOptions,
  ) {
    this.#queries = prepareAll(database, QUERIES);
    this.#texts = new SealedTexts(database, cipher, ['review input', 'review resolution']);
  }

  /** After a rollback. */
  forgetUndone(): void {
    this.#openCount = undefined;
  }

  insert({ id, kind, feature, correlationId, addedAtMs, inputJson }: ReviewRecord): void {
    const { maxOpen } = this.options;
    const openCount = (this.#openCount ??= Number(this.#queries.countOpen.get()?.['n']));
    if (openCount >= maxOpen) throw new ClaudeReviewListFullError(maxOpen);
    const { lastInsertRowid } = this.#queries.insert.run(id, kind, feature, correlationId, addedAtMs);
    this.#texts.put({ seq: Number(lastInsertRowid), id }, 'review input', inputJson);
    this.#openCount = openCount + 1;
    this.#forget(addedAtMs);
  }

  find(id: string): PlacedReview | undefined {
    const row = this.#queries.ofId.get(id);
    return row === undefined ? undefined : this.#reviewOf(row);
  }

  select({ state, kind, limit, after }: ReviewSelection): SelectedReviews {
    const values = [after.seq, kind ?? null, limit + 1];
    const rows =
      state === 'open'
        ? this.#queries.openAfter.all(...values)
        : this.#queries.resolvedBefore.all(...values, after.resolvedAtMs);
    return pageOfReviews(rows, { limit }, this.options.maxPageLength, (row) => this.#reviewOf(row));
  }

  open(): readonly OpenReviews[] {
    return this.#queries.byKind.all().map(({ kind, n, oldest }) => {
      return { kind: String(kind), count: Number(n), oldestAddedAtMs: Number(oldest) };
    });
  }

  settle(id: string, atMs: number, resolutionJson: string | undefined): PlacedReview | undefined {
    const row = this.#queries.ofId.get(id);
    if (row === undefined || row['resolved_at_ms'] !== null) return undefined;
    this.#queries.settle.run(atMs, Number(row['seq']));
    const owner = { seq: Number(row['seq']), id };
    if (resolutionJson !== undefined) this.#texts.put(owner, 'review resolution', resolutionJson);
    if (this.#openCount !== undefined) this.#openCount--;
    const settled = this.#reviewOf({ ...row, resolved_at_ms: atMs });
    this.#forget(atMs);
    return settled;
  }

  #forget(nowMs: number): void {
    const { keepResolvedMs, maxResolved } = this.options;
    const tooOld = this.#queries.tooOld.all(nowMs - keepResolvedMs, MOST_FORGOTTEN);
    const tooMany = this.#queries.tooMany.all(MOST_FORGOTTEN, maxResolved);
    for (const { seq } of [...tooOld, ...tooMany]) {
      this.#queries.remove.run(Number(seq));
      this.#texts.dropAll(Number(seq));
    }
  }

  #reviewOf(row: Row): PlacedReview {
    const owner = { seq: Number(row['seq']), id: String(row['id']) };
    const resolvedAtMs = row['resolved_at_ms'] === null ? undefined : Number(row['resolved_at_ms']);
    const resolution = resolvedAtMs === undefined ? null : this.#textOf(owner, 'review resolution');
    return {
      id: owner.id,
      kind: String(row['kind']),
      feature: String(row['feature']),
      correlationId: String(row['correlation_id']),
      addedAtMs: Number(row['added_at_ms']),
      inputJson: this.#textOf(owner, 'review input') ?? undefined,
      resolvedAtMs,
      resolutionJson: resolution,
      place: { resolvedAtMs: resolvedAtMs ?? 0, seq: owner.seq },
    };
  }

  /** @returns `null` when there is none, `undefined` when it cannot be opened */
  #textOf(owner: TextOwner, kind: 'review input' | 'review resolution'): string | null | undefined {
    try {
      return this.#texts.get(owner, kind) ?? null;
    } catch (error) {
      if (isSqliteError(error)) throw error;
      return undefined;
    }
  }
}
