import type { AlertSilence } from '../alerts/alert-silence.js';
import type { ShownAlert } from '../alerts/alert-desk-view.js';

/** What people on call are told of. */
export type AlertsStatus =
  /** The application has not switched alerts on. */
  | { readonly state: 'off' }
  | {
      readonly state: 'on';
      readonly alerts: readonly ShownAlert[];
      /** Those that are over, the newest first. */
      readonly recent: readonly PastAlert[];
      readonly silences: readonly AlertSilence[];
      readonly sinks: readonly AlertSinkStatus[];
      /** Wall-clock milliseconds; absent before the first look. */
      readonly lastLookMs?: number;
    };

export interface PastAlert {
  readonly rule: string;
  readonly title: string;
  readonly summary: string;
  readonly severity: ShownAlert['severity'];
  /** Wall-clock milliseconds. */
  readonly sinceMs: number;
  readonly endedAtMs: number;
}

export interface AlertSinkStatus {
  readonly sink: string;
  /** Messages in a row that it did not take, all tries together. */
  readonly failuresInARow: number;
  readonly delivered: number;
  readonly waiting: number;
}
