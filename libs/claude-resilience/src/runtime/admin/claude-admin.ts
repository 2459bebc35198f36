import type { AdminAct, AdminAction } from '../../core/admin/admin-act.js';
import type {
  AdminAuthor,
  AdminWishes,
  AlertSilenceWish,
  BaselineResetWish,
  CircuitHoldWish,
  CircuitReleaseWish,
  DeadLettersWish,
  DismissAlertWish,
  EndSilenceWish,
  RedriveLettersWish,
  SinkTestWish,
} from '../../core/admin/admin-wish.js';
import type { AlertDeskView } from '../../core/alerts/alert-desk-view.js';
import { readAdminWish } from '../../core/admin/read-admin-wish.js';
import { RecentActs } from '../../core/admin/recent-acts.js';
import type { ClaudeRuntime } from '../claude-runtime.js';
import type { DeferralRoom } from '../deferral-room.js';
import { alertHands, type AlertsAtHand } from './alert-hands.js';
import { baselineHands, type BaselinesAtHand } from './baseline-hands.js';
import { circuitHands } from './circuit-hands.js';
import { deadLetterHands } from './dead-letter-hands.js';
import type { Decisions } from './decisions.js';
import type { Done, Hands } from './hands.js';
import { queueHands } from './queue-hands.js';

export interface AdminParts {
  readonly runtime: ClaudeRuntime;
  readonly decisions: Decisions;
  readonly room: DeferralRoom;
  readonly figures: BaselinesAtHand;
  readonly alerts: AlertsAtHand;
  /** Milliseconds that a redriven request has, from then on. */
  readonly deadlineMs: number;
}

/**
 * The operator's hands: what `POST /claude/admin/...` does, for programs. Everything says who did it and why, is an event
 * (`admin.acted`), a line of the log, and among `recent()`. Said twice, it is one; `changed` says so. Of this process alone, but for
 * what the stores share: dead letters, baselines.
 *
 * Each method throws `ClaudeInvalidOptionsError` naming every bad field, `ClaudeAdminRefusedError` where it cannot be done as
 * things are, and what the part it reaches for throws; nothing was done then.
 */
export class ClaudeAdmin {
  readonly #hands: Hands;
  readonly #acts = new RecentActs();

  constructor(private readonly parts: AdminParts) {
    const { runtime, decisions, room, figures, alerts, deadlineMs } = parts;
    this.#hands = {
      ...circuitHands(runtime, decisions),
      ...queueHands(room),
      ...deadLetterHands(room, deadlineMs),
      ...baselineHands(figures),
      ...alertHands(alerts, runtime.clock, decisions),
    };
  }

  /** The newest acts, the newest first, up to 100, since the process began. */
  recent(): readonly AdminAct[] {
    return this.#acts.all;
  }

  /** How alerting stands; `undefined`: nobody looks. */
  alerts(): AlertDeskView | undefined {
    const { alerts } = this.parts;
    return alerts.isOn ? alerts.view() : undefined;
  }

  /** @param wish checked here: it may come from anybody */
  async act<A extends AdminAction>(action: A, wish: AdminWishes[A]): Promise<AdminAct> {
    const read = readAdminWish(action, wish);
    const done: Done = await this.#hands[action](read);
    const act: AdminAct = {
      action,
      ...done,
      by: read.by,
      reason: read.reason,
      atMs: this.parts.runtime.clock.wallMs(),
    };
    this.#acts.add(Object.freeze(act));
    this.parts.runtime.events.emit({ type: 'admin.acted', ...act });
    return act;
  }

  /** Holds a circuit open: nothing is sent, fallbacks answer. @throws {ClaudeUnknownFeatureError} */
  holdOpen(wish: CircuitHoldWish): Promise<AdminAct> {
    return this.act('circuit.hold_open', wish);
  }

  /** Holds a circuit closed; it waits while somebody holds it open. @throws {ClaudeUnknownFeatureError} */
  holdClosed(wish: CircuitHoldWish): Promise<AdminAct> {
    return this.act('circuit.hold_closed', wish);
  }

  /** Lets go of a circuit, for oneself or for another. @throws {ClaudeUnknownFeatureError} */
  release(wish: CircuitReleaseWish): Promise<AdminAct> {
    return this.act('circuit.release', wish);
  }

  /** Starts nothing more of the queue; requests are taken in. */
  pauseQueue(author: AdminAuthor): Promise<AdminAct> {
    return this.act('queue.pause', author);
  }

  /** Takes nothing more in, and works off what is there. */
  drainQueue(author: AdminAuthor): Promise<AdminAct> {
    return this.act('queue.drain', author);
  }

  /** Ends `pauseQueue` and `drainQueue`. */
  resumeQueue(author: AdminAuthor): Promise<AdminAct> {
    return this.act('queue.resume', author);
  }

  /** Tries dead letters again, up to 1 000. @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestNotDeadError} */
  redrive(wish: RedriveLettersWish): Promise<AdminAct> {
    return this.act('dead_letters.redrive', wish);
  }

  /** Decides against dead letters, up to 1 000. @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestNotDeadError} */
  discard(wish: DeadLettersWish): Promise<AdminAct> {
    return this.act('dead_letters.discard', wish);
  }

  /** What is usual is learnt anew, after a change on purpose. @throws {ClaudeRequestStoreError} */
  resetBaseline(wish: BaselineResetWish): Promise<AdminAct> {
    return this.act('baseline.reset', wish);
  }

  /** Nobody is told of some alerts for a while. */
  silence(wish: AlertSilenceWish): Promise<AdminAct> {
    return this.act('alert.silence', wish);
  }

  endSilence(wish: EndSilenceWish): Promise<AdminAct> {
    return this.act('alert.end_silence', wish);
  }

  /** Ends an alert that nobody will ever speak of again. */
  dismissAlert(wish: DismissAlertWish): Promise<AdminAct> {
    return this.act('alert.dismiss', wish);
  }

  /** Sends a test through one sink; the outcome says whether it was taken. @throws {ClaudeUnknownAlertSinkError} */
  testSink(wish: SinkTestWish): Promise<AdminAct> {
    return this.act('sink.test', wish);
  }
}
