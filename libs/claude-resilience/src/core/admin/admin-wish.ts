import type { AlertLabels, AlertRuleId } from '../alerts/alert-rule.js';

/** Who wants it, and why: both are logged, and shown to other operators. */
export interface AdminAuthor {
  /** A name, up to 100 characters. */
  readonly by: string;
  /** Up to 500 characters. */
  readonly reason: string;
}

export interface CircuitHoldWish extends AdminAuthor {
  readonly feature: string;
  /** Milliseconds after which it lets go by itself, 1 to 2_592_000_000 (30 days). @default when it is released */
  readonly forMs?: number;
}

export interface CircuitReleaseWish extends AdminAuthor {
  readonly feature: string;
  /** Whose hold. @default that of `by` */
  readonly holder?: string;
}

/** One dead letter, or all of a feature: either of them. */
export interface DeadLettersWish extends AdminAuthor {
  readonly requestId?: string;
  readonly feature?: string;
}

export interface RedriveLettersWish extends DeadLettersWish {
  /** `forget`: asks the API again, although there is an answer, because nothing can be made of it. @default 'keep' */
  readonly answer?: 'keep' | 'forget';
}

/** What is left out is any. */
export interface BaselineResetWish extends AdminAuthor {
  readonly workflow?: string;
  readonly model?: string;
}

export interface AlertSilenceWish extends AdminAuthor {
  /** @default every rule */
  readonly rule?: AlertRuleId;
  /** Labels that an alert must have, with these values; up to 10. @default any */
  readonly labels?: AlertLabels;
  /** Milliseconds from now on, 1 to 2_592_000_000 (30 days). */
  readonly forMs: number;
}

export interface EndSilenceWish extends AdminAuthor {
  readonly silenceId: string;
}

export interface DismissAlertWish extends AdminAuthor {
  readonly key: string;
}

export interface SinkTestWish extends AdminAuthor {
  readonly sink: string;
}

/** What each action needs to be told. */
export interface AdminWishes {
  readonly 'circuit.hold_open': CircuitHoldWish;
  readonly 'circuit.hold_closed': CircuitHoldWish;
  readonly 'circuit.release': CircuitReleaseWish;
  readonly 'queue.pause': AdminAuthor;
  readonly 'queue.drain': AdminAuthor;
  readonly 'queue.resume': AdminAuthor;
  readonly 'dead_letters.redrive': RedriveLettersWish;
  readonly 'dead_letters.discard': DeadLettersWish;
  readonly 'baseline.reset': BaselineResetWish;
  readonly 'alert.silence': AlertSilenceWish;
  readonly 'alert.end_silence': EndSilenceWish;
  readonly 'alert.dismiss': DismissAlertWish;
  readonly 'sink.test': SinkTestWish;
}
