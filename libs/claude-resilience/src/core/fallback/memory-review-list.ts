import { ClaudeReviewListFullError } from './review-list-errors.js';
import { pageOfReviews, type PlacedReview, type SelectedReviews } from './page-of-reviews.js';
import type { ReviewPlace, ReviewSelection } from './review-page-place.js';
import type { ReviewRecord, StoredReview } from './review-record.js';
import { RuleBoundReviewList, type OpenReviews } from './rule-bound-review-list.js';

/** In memory, and bounded. Does not survive the process: `SqliteReviewList` does. */
export class MemoryReviewList extends RuleBoundReviewList {
  readonly #open = new Map<string, PlacedReview>();
  /** In the order in which they were resolved. */
  readonly #resolved = new Map<string, PlacedReview>();
  #lastSeq = 0;

  protected override async insert(record: ReviewRecord): Promise<void> {
    const { maxOpen } = this.options;
    if (this.#open.size >= maxOpen) throw new ClaudeReviewListFullError(maxOpen);
    const place: ReviewPlace = { resolvedAtMs: 0, seq: ++this.#lastSeq };
    this.#open.set(record.id, { ...record, resolutionJson: null, place });
    this.#forget(record.addedAtMs);
  }

  protected override async find(id: string): Promise<StoredReview | undefined> {
    return this.#open.get(id) ?? this.#resolved.get(id);
  }

  protected override async select(selection: ReviewSelection): Promise<SelectedReviews> {
    const { state, kind, limit, after } = selection;
    const all =
      state === 'open' ? [...this.#open.values()] : [...this.#resolved.values()].toSorted(byPlace).toReversed();
    const isBeyond = (place: ReviewPlace) => (state === 'open' ? place.seq > after.seq : isBefore(place, after));
    const wanted = all.filter((one) => (kind === undefined || one.kind === kind) && isBeyond(one.place));
    return pageOfReviews(wanted, { limit }, this.options.maxPageLength, (one) => one);
  }

  protected override async open(): Promise<readonly OpenReviews[]> {
    const counts = new Map<string, OpenReviews>();
    for (const { kind, addedAtMs } of this.#open.values()) {
      const { count = 0, oldestAddedAtMs = addedAtMs } = counts.get(kind) ?? {};
      counts.set(kind, { kind, count: count + 1, oldestAddedAtMs: Math.min(oldestAddedAtMs, addedAtMs) });
    }
    return [...counts.values()];
  }

  protected override async settle(
    id: string,
    atMs: number,
    json: string | undefined,
  ): Promise<StoredReview | undefined> {
    const open = this.#open.get(id);
    if (open === undefined) return undefined;
    const place: ReviewPlace = { resolvedAtMs: atMs, seq: open.place.seq };
    const settled = { ...open, resolvedAtMs: atMs, resolutionJson: json ?? null, place };
    this.#open.delete(id);
    this.#resolved.set(id, settled);
    this.#forget(atMs);
    return settled;
  }

  #forget(nowMs: number): void {
    const { keepResolvedMs, maxResolved } = this.options;
    for (const [id, { place }] of this.#resolved) {
      if (this.#resolved.size <= maxResolved && place.resolvedAtMs >= nowMs - keepResolvedMs) return;
      this.#resolved.delete(id);
    }
  }
}

const isBefore = (a: ReviewPlace, b: ReviewPlace): boolean =>
  a.resolvedAtMs < b.resolvedAtMs || (a.resolvedAtMs === b.resolvedAtMs && a.seq < b.seq);

const byPlace = (a: PlacedReview, b: PlacedReview): number => (isBefore(a.place, b.place) ? -1 : 1);
