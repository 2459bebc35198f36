import type { StatusSeverity } from './status-verdict.js';

/** Something that changed, and why: the lines that tell the story of an incident. */
export interface StatusChange {
  /** Wall-clock milliseconds; of several alike in a row, that of the first. */
  readonly atMs: number;
  /** That of the last of them, and how many they were. */
  readonly lastAtMs: number;
  readonly times: number;
  /** What it happened to: a feature, an account, `queue`, `alerts`. */
  readonly about: string;
  readonly what:
    | 'opened'
    | 'probe'
    | 'probe_failed'
    | 'closed'
    | 'held_open'
    | 'held_closed'
    | 'account_stopped'
    | 'account_resumed'
    | 'model_avoided'
    | 'model_back'
    | 'rate_limited'
    | 'queue_trouble'
    | 'queue_well'
    | 'alert_fired'
    | 'alert_resolved';
  /** How it left things. */
  readonly severity: StatusSeverity;
  /** The cause, in words. */
  readonly why: string;
}
