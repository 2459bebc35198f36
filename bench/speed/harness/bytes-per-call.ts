import { spreadOf } from './spread.js';
import type { Variant } from './variant.js';

const BATCHES = 15;
/** So few that what they leave behind fits into the young generation: else it is collected while it is counted. */
const TIMES = 100;

/** Bytes of heap that one time leaves behind, in the median; `undefined` without `--expose-gc`. */
export async function bytesPerCall({ run, batch = 1 }: Variant): Promise<number | undefined> {
  const { gc } = globalThis;
  if (gc === undefined) return undefined;
  const times = Math.ceil(TIMES / batch) * batch;
  const bytes: number[] = [];
  for (let n = 0; n < BATCHES; n++) {
    gc({ type: 'minor', execution: 'sync' });
    const before = process.memoryUsage().heapUsed;
    await run(times);
    bytes.push((process.memoryUsage().heapUsed - before) / times);
  }
  return spreadOf(bytes).median;
}
