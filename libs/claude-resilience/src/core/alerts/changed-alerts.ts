import type { AlertRecord } from './alert-record.js';
import { isActive } from './alert-state.js';

/** What fires now and did not, and what did and does not: by what was known before. */
export function changedAlerts(
  before: readonly AlertRecord[],
  after: readonly AlertRecord[],
): { readonly fired: readonly AlertRecord[]; readonly resolved: readonly AlertRecord[] } {
  const [was, is] = [firing(before), firing(after)];
  return {
    fired: after.filter(({ key }) => is.has(key) && !was.has(key)),
    resolved: before.filter(({ key }) => was.has(key) && !is.has(key)),
  };
}

function firing(records: readonly AlertRecord[]): ReadonlySet<string> {
  return new Set(records.filter(({ state }) => isActive(state)).map(({ key }) => key));
}
