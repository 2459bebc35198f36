import type { Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import { ReviewList, type NewReviewItem, type ReviewItem } from './review-list.port.js';

/**
 * In memory, and bounded: when it is full, a further item is refused with an error, so that nothing is dropped in
 * silence. Does not survive the process.
 */
export class MemoryReviewList extends ReviewList {
  readonly #items = new Map<string, ReviewItem>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly capacity = 10_000,
  ) {
    super();
  }

  async add({ kind = 'unclassified', ...item }: NewReviewItem): Promise<ReviewItem> {
    if (this.#items.size >= this.capacity) throw new Error(`The review list is full (${this.capacity} items)`);
    const added: ReviewItem = { ...item, kind, id: this.random.id(), addedAt: new Date(this.clock.wallMs()) };
    this.#items.set(added.id, added);
    return added;
  }

  async list(): Promise<readonly ReviewItem[]> {
    return [...this.#items.values()];
  }

  async resolve(id: string): Promise<ReviewItem | undefined> {
    const item = this.#items.get(id);
    this.#items.delete(id);
    return item;
  }
}
