import type { Resolution, RollupSlot } from '../core/metrics/rollup-slot.js';

/** The field that says that a span is folded: no slot has it. */
export const FOLDED = 'folded';

/** What names a slot within its span. */
export function fieldOf({ workflow, model, source }: RollupSlot): string {
  return JSON.stringify([workflow, model, source]);
}

export function slotValue({ counts, isUnwell }: RollupSlot): string {
  return `${isUnwell === true ? '!' : '.'}${JSON.stringify(counts)}`;
}

/** One that cannot be read stays where it is, until it is old enough to go. */
export function slotOfField(
  resolution: Resolution,
  startMs: number,
  field: string,
  value: string,
): readonly RollupSlot[] {
  if (field === FOLDED) return [];
  try {
    const [workflow, model, source] = JSON.parse(field) as [string, string, string];
    const counts = JSON.parse(value.slice(1)) as RollupSlot['counts'];
    const isUnwell = value.startsWith('!') ? { isUnwell: true as const } : {};
    return [{ resolution, startMs, workflow, model, source, counts, ...isUnwell }];
  } catch {
    return [];
  }
}
