import type { Effort } from '../harness/effort.js';
import type { Readings } from '../harness/readings.js';
import { rowsOf } from '../harness/rows-of.js';
import type { Row } from '../harness/section.js';
import { sideBySide } from '../harness/side-by-side.js';
import { awaited, caught } from '../harness/variant.js';
import type { Subject, Subjects } from '../subjects/subject.js';

export interface Measured {
  readonly readings: Readings;
  readonly rows: readonly Row[];
}

/** Measures all subjects of a scenario beside the first of them. @param end whether their calls are answered */
export async function measured(
  open: () => Promise<Subjects>,
  end: 'answered' | 'rejected',
  effort: Effort,
): Promise<Measured> {
  const { subjects, close } = await open();
  const loop = ({ call }: Subject) => (end === 'answered' ? awaited(call) : caught(call));
  const variants = subjects.map((subject) => ({ name: subject.name, run: loop(subject) }));
  try {
    const readings = await sideBySide(variants, effort);
    return { readings, rows: await rowsOf(variants, readings, subjects[0]?.name ?? '') };
  } finally {
    await close();
  }
}

/** What one call of a row leaves behind, in bytes; no number where nobody counted. */
export function bytesOf(rows: readonly Row[], name: string): number {
  return rows.find((row) => row.name === name)?.bytes ?? Number.NaN;
}
