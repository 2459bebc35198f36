import type { Batch } from './batch.js';

/** The batches of a workspace that nobody has deleted. */
export class BatchShelf {
  private batches: readonly Batch[] = [];

  /** Newest first. */
  get all(): readonly Batch[] {
    return this.batches;
  }

  find(id: string): Batch | undefined {
    return this.batches.find((batch) => batch.id === id);
  }

  add(batch: Batch): void {
    this.batches = [batch, ...this.batches];
  }

  remove(batch: Batch): void {
    this.batches = this.batches.filter((kept) => kept !== batch);
  }
}
