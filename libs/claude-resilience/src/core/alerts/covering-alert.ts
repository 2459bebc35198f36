import type { AlertRecord } from './alert-record.js';
import { isActive } from './alert-state.js';

/**
 * How long an alert stays covered after what covered it ended, in milliseconds: its own figures look back 5 minutes, and
 * must be well for 5 more.
 */
export const COVER_LASTS_MS = 600_000;

/** The active alert that says all that this one would: the same for all workflows, or its cause. */
export function coveringAlert(record: AlertRecord, others: Iterable<AlertRecord>): AlertRecord | undefined {
  for (const other of others) {
    if (other.key !== record.key && isActive(other.state) && covers(other, record)) return other;
  }
  return undefined;
}

function covers(wide: AlertRecord, narrow: AlertRecord): boolean {
  const isSameType = wide.labels['error_type'] === narrow.labels['error_type'];
  switch (narrow.rule) {
    case 'error_rate':
      return wide.rule === 'error_rate' && isSameType && isOfAll(wide);
    case 'retry_rate':
      return wide.rule === 'retry_rate' && isOfAll(wide);
    case 'persistent_errors': {
      if (!isSameType) return false;
      const isSameWorkflow = wide.labels['workflow'] === narrow.labels['workflow'];
      return wide.rule === 'error_rate' ? isOfAll(wide) || isSameWorkflow : wide.rule === narrow.rule && isOfAll(wide);
    }
    case 'access_refused':
      return wide.rule === 'account_stopped' && isSameType;
    default:
      return false;
  }
}

const isOfAll = ({ labels }: AlertRecord) => labels['workflow'] === undefined;
