import type { BatchLedger } from '../core/deferral/batch/batch-ledger.port.js';
import type { BatchRecord, BatchState } from '../core/deferral/batch/batch-record.js';
import type { SpecRunner } from './request-store/spec-runner.js';

const STATES: readonly BatchState[] = [
  { name: 'prepared' },
  { name: 'sending', sentAtMs: 7 },
  { name: 'suspected', sentAtMs: 7, batchIds: ['msgbatch_1', 'msgbatch_2'] },
  { name: 'sent', sentAtMs: 7, batchId: 'msgbatch_1' },
];

const record = (id: string, createdAtMs = 5, over: Partial<BatchRecord> = {}): BatchRecord => ({
  id,
  createdAtMs,
  items: [
    { customId: `${id}-1`, requestId: 'r-1', fencingNumber: 1 },
    { customId: `${id}-2`, requestId: 'r "\u00fc" 2', fencingNumber: 3 },
  ],
  state: { name: 'prepared' },
  ...over,
});

/**
 * What every ledger of batches keeps to (R12). Call it in a spec, once for each ledger.
 *
 * @param make
 *   a new, empty ledger
 * @param close called with the ledger when its spec is over
 */
export function describeBatchLedger(
  { describe, it, beforeEach, afterEach, expect }: SpecRunner,
  name: string,
  make: () => BatchLedger | Promise<BatchLedger>,
  close: (ledger: BatchLedger) => void | Promise<void> = () => {},
): void {
  describe(`${name}, as a ledger of batches (R12)`, () => {
    let made: BatchLedger | undefined;
    const ledger = (): BatchLedger => {
      if (made === undefined) throw new Error('There is a ledger once a spec runs');
      return made;
    };
    beforeEach(async () => {
      made = await make();
    });
    afterEach(async () => close(ledger()));

    it('has nothing at first', async () => {
      expect(await ledger().all()).toEqual([]);
    });

    it('gives back all of what was put, the oldest first', async () => {
      await ledger().put(record('late', 9));
      await ledger().put(record('early', 1));
      expect(await ledger().all()).toEqual([record('early', 1), record('late', 9)]);
    });

    for (const state of STATES)
      it(`keeps ${state.name} in place of what was there`, async () => {
        await ledger().put(record('a', 5, { state: { name: 'sending', sentAtMs: 1 } }));
        const next = record('a', 5, { state, items: record('a').items.slice(1) });
        await ledger().put(next);
        expect(await ledger().all()).toEqual([next]);
      });

    it('forgets one, once or twice, and no other', async () => {
      await ledger().put(record('a'));
      await ledger().put(record('b'));
      await ledger().remove('a');
      await ledger().remove('a');
      await ledger().remove('nobody');
      expect(await ledger().all()).toEqual([record('b')]);
    });

    it('hands out, and keeps, nothing through which it could be changed', async () => {
      const items = [{ customId: 'c', requestId: 'r', fencingNumber: 1 }];
      await ledger().put(record('a', 5, { items }));
      items.length = 0;
      expect((await ledger().all())[0]?.items).toHaveLength(1);
    });
  });
}
