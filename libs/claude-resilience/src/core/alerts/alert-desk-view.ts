import { alertOf, isStale, type AlertSetting } from './alert-of.js';
import type { AlertRecord } from './alert-record.js';
import type { AlertSilence } from './alert-silence.js';
import type { AlertState } from './alert-state.js';
import type { Alert } from './alert.js';

/** How alerting stands, for a dashboard and for health. */
export interface AlertDeskView {
  readonly alerts: readonly ShownAlert[];
  readonly silences: readonly AlertSilence[];
  /** Since the process began. */
  readonly sinks: readonly {
    readonly sink: string;
    readonly failuresInARow: number;
    readonly delivered: number;
    /** Messages that had to make room for others. */
    readonly dropped: number;
    readonly waiting: number;
  }[];
  /** Wall-clock milliseconds; absent before the first look. */
  readonly lastLookMs?: number;
  /** When people may be woken next, now included; absent where that is at any hour, or not within 14 days. */
  readonly opensAtMs?: number;
  /** Times that the state could not be kept, or read. */
  readonly storeFailures: number;
}

export interface ShownAlert extends Alert {
  readonly state: AlertState['name'];
  /** It fires, and there has been no data for long. */
  readonly isStale: boolean;
  readonly isSilenced: boolean;
  /** Another alert speaks for it. */
  readonly isCovered: boolean;
}

/** What is pending or fires. */
export function shownAlerts(
  records: readonly AlertRecord[],
  atMs: number,
  setting: AlertSetting,
  isSilenced: (record: AlertRecord) => boolean,
): readonly ShownAlert[] {
  return records
    .filter(({ state }) => state.name !== 'inactive')
    .map((record) => ({
      ...alertOf(record, atMs, setting),
      state: record.state.name,
      isStale: isStale(record, atMs, setting.staleMs),
      isSilenced: isSilenced(record),
      isCovered: atMs < (record.coveredUntilMs ?? 0),
    }));
}
