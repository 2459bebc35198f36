import { bytesPerCall } from './bytes-per-call.js';
import type { Readings } from './readings.js';
import type { Row } from './section.js';
import type { Variant } from './variant.js';

const NS_PER: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6 };

/** A row for each variant, with what it allocates. */
export async function rowsOf(
  variants: readonly Variant[],
  readings: Readings,
  reference: string,
  unit: 'ns' | 'us' | 'ms' = 'ns',
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const variant of variants) {
    const { name } = variant;
    const { median, low, high } = readings.of(name);
    const per = NS_PER[unit] ?? 1;
    rows.push({
      name,
      figure: { median: median / per, low: low / per, high: high / per },
      ratio: readings.ratio(name, reference),
      bytes: await bytesPerCall(variant),
    });
  }
  return rows;
}
