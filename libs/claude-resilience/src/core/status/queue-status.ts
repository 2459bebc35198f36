import type { CallPriority } from '../call.js';

/** The queue of deferred requests. */
export type QueueStatus =
  /** The application has none. */
  | { readonly state: 'none' }
  /** Its store cannot be asked now, and never could be; `trouble` where it said why. */
  | { readonly state: 'unknown'; readonly trouble?: string }
  | QueueFigures;

export interface QueueFigures {
  readonly state: 'running' | 'paused' | 'stopped';
  /** When it was counted, wall-clock milliseconds. */
  readonly countedAtMs: number;
  /** A word of the store's, while it cannot do its work; the counts are from before then. */
  readonly trouble?: string;
  readonly waiting: number;
  readonly waitingByPriority: Readonly<Record<CallPriority, number>>;
  /** Milliseconds that the oldest has waited since it was due; absent when none is. */
  readonly oldestMs?: number;
  readonly running: number;
  /** How many may be worked on at a time, at present. */
  readonly allowed: number;
  /** Waiting about 15 minutes ago; absent when nobody knows. */
  readonly waitingBefore?: number;
  /** Milliseconds until it is empty, at the speed of late; absent when nobody knows. */
  readonly emptyInMs?: number;
  /** What left by Message Batches; absent: nothing does. */
  readonly batches?: BatchesStatus;
}

export interface BatchesStatus {
  /** Requests that wait for company. */
  readonly collecting: number;
  readonly underWay: readonly { readonly state: string; readonly requests: number }[];
}
