import type { FailureKind } from '../failure/failure.js';
import type { NotifyWish } from './deferred-request.js';

/** How a call may be answered later: on what terms, and what will be asked then (R10). */
export interface Later {
  /** `at_once`: nobody wants to wait for it; `when_refused`: instead of failing in one of `kinds`. */
  readonly when: 'at_once' | 'when_refused';
  readonly kinds: ReadonlySet<FailureKind>;
  /** Whose it is, in the application's words. Asked only when it is put into the queue. */
  ownerOf(): Promise<string | undefined>;
  /** Who is told of the end. Asked only then, too. */
  notifyOf(): Promise<readonly NotifyWish[]>;
  /** What will be asked, as JSON text. */
  parametersJson(): string;
  readonly idempotencyKey?: string | undefined;
  /** Milliseconds from now to the moment from which on nobody has a use for it. @default the queue's */
  readonly deadlineMs?: number | undefined;
  /** Not before so many milliseconds from now. @default 0, or what the failure asks for */
  readonly notBeforeMs?: number | undefined;
}
