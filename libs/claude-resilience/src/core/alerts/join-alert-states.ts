import { readAlertDeskState, type AlertDeskState } from './alert-desk-state.js';
import type { AlertRecord, Telling } from './alert-record.js';

/**
 * What whoever takes over goes by: what was kept, or what it knows itself where that is newer. What the other one told since
 * they were one is told by it, too, and will be told to be over.
 *
 * @param own what this process knows; absent: it has not looked yet @param jointMs the newest look that both know of
 */
export function joinAlertStates(
  kept: AlertDeskState | undefined,
  own: AlertDeskState | undefined,
  jointMs: number,
): AlertDeskState | undefined {
  // What was on its way of its own may have arrived, or not.
  const ours = readAlertDeskState(own);
  if (kept === undefined || ours === undefined) return kept ?? ours;
  const [newer, older] = ours.atMs > kept.atMs ? [ours, kept] : [kept, ours];
  return { ...newer, records: joinRecords(newer.records, older.records, jointMs) };
}

/** Those of `base`, and what `other` has told after `sinceMs`. */
export function joinRecords(
  base: readonly AlertRecord[],
  other: readonly AlertRecord[],
  sinceMs: number,
): readonly AlertRecord[] {
  const joined = new Map(base.map((record) => [record.key, record]));
  for (const record of other) {
    const news = Object.entries(record.told).filter(([, telling]) => telling.atMs > sinceMs && isKnown(telling));
    if (news.length === 0) continue;
    const known = joined.get(record.key) ?? { ...record, told: {} };
    joined.set(record.key, { ...known, told: { ...Object.fromEntries(news), ...known.told } });
  }
  return [...joined.values()];
}

const isKnown = ({ state }: Telling): boolean => state === 'told' || state === 'unsure';
