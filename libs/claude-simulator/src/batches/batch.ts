import type { IncomingHttpHeaders } from 'node:http';
import type { BatchItem } from './batch-item.js';
import { type BatchTimeline, fateOf, type ProcessingStatus, statusAt } from './batch-timeline.js';
import type { ItemResult, ResultLine } from './item-result.js';

/** A message batch: what it holds, its dates, and its results once there are any. */
export class Batch {
  private lines: Promise<readonly ResultLine[]> | null = null;

  constructor(
    readonly id: string,
    private readonly items: readonly BatchItem[],
    /** Of the request that created it: version and betas hold for every item. */
    readonly headers: IncomingHttpHeaders,
    private dates: BatchTimeline,
  ) {}

  get timeline(): BatchTimeline {
    return this.dates;
  }

  get size(): number {
    return this.items.length;
  }

  statusAt(nowMs: number): ProcessingStatus {
    return statusAt(this.dates, nowMs);
  }

  /** The first time counts. */
  cancel(nowMs: number): void {
    if (this.dates.cancelledAtMs === null) this.dates = { ...this.dates, cancelledAtMs: nowMs };
  }

  /**
   * One line an item, in the items' order; for a batch that has ended. The work is done when somebody looks at it for
   * the first time, once: no timer of ours runs, and what nobody asks for costs nothing.
   */
  results(process: (item: BatchItem) => Promise<ItemResult>): Promise<readonly ResultLine[]> {
    return (this.lines ??= this.work(process));
  }

  private async work(process: (item: BatchItem) => Promise<ItemResult>): Promise<readonly ResultLine[]> {
    const lines: ResultLine[] = [];
    // One after the other, so that the same seed gives the same ids.
    for (const [position, item] of this.items.entries()) {
      const fate = fateOf(this.dates, position, this.items.length);
      const result = fate === 'processed' ? await process(item) : ({ type: fate } as const);
      lines.push({ custom_id: item.customId, result });
    }
    return lines;
  }
}
