import { BatchItems, oursIn } from './batch-items.js';
import type { BatchItem } from './batch-record.js';
import type { SharedBatchTools } from './batch-tools.js';
import type { BatchLetter } from './batch-transport.port.js';
import { sideBySide } from './side-by-side.js';

/** Requests that are screened at a time. */
const AT_ONCE = 8;
/** Of the time a request must have left to be taken: collecting and failed tries have cost some of it. */
const TIME_LEFT_SHARE = 0.5;

/**
 * What a batch will hold, as the store has it now. What is no longer ours is left out; what cannot leave by batch, or no
 * longer should, goes back into the queue.
 *
 * @throws {ClaudeRequestStoreError}
 */
export async function writeLetters(
  given: readonly BatchItem[],
  { store, writeLetter, hooks, options, clock, returned, reformulated }: SharedBatchTools,
  off: AbortSignal,
): Promise<{ readonly letters: readonly BatchLetter[]; readonly items: readonly BatchItem[] }> {
  const batchItems = new BatchItems(store);
  const back: BatchItem[] = [];
  const written = await sideBySide(given, AT_ONCE, async (item) => {
    const request = oursIn(await batchItems.find(item), item);
    if (request === undefined || off.aborted) return undefined;
    const isTooLate = request.deadlineMs - clock.wallMs() < options.minLeftMs * TIME_LEFT_SHARE;
    const isHeld = hooks.isHeld(request.feature);
    const params = isTooLate || isHeld ? undefined : await writeLetter(request, off, reformulated.has(item.requestId));
    if (params !== undefined) return { item, letter: { customId: item.customId, params } };
    // What people hold back may leave by batch when they let go.
    if (!isHeld) returned.add(item.requestId);
    back.push(item);
    return undefined;
  });
  if (!off.aborted) await batchItems.release(back, clock.wallMs());
  const whole = written.filter((one) => one !== undefined);
  return { letters: whole.map(({ letter }) => letter), items: whole.map(({ item }) => item) };
}
