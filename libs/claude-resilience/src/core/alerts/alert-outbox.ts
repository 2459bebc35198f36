import type { CancelTimer, Clock } from '../clock.port.js';
import { ClaudeResilienceError } from '../errors.js';
import type { Random } from '../random.port.js';
import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from './alert-errors.js';
import type { AlertSink } from './alert-sink.port.js';
import type { AlertMessage } from './alert.js';
import type { ResolvedAlertDelivery } from './alerts.options.js';

export type AlertDelivery =
  | { readonly isTaken: true }
  | {
      readonly isTaken: false;
      readonly reason: 'refused' | 'exhausted' | 'dropped';
      readonly tries: number;
      readonly mayHaveArrived: boolean;
      readonly problem?: string;
    };

export interface AlertOutboxParts {
  readonly sink: AlertSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly rules: ResolvedAlertDelivery;
  /** Whether it may be told by this process, at this moment: asked before each try. @default always */
  mayTell?(): boolean;
  /** Told once of each message, unless the outbox was stopped, or emptied, before. */
  onDelivery(message: AlertMessage, delivery: AlertDelivery): void;
}

const GROWTH = 4;
/** However long a receiver asks to wait: the alert is older by then. */
const LONGEST_WAIT_MS = 300_000;

/** The line of messages before one sink: one at a time, a few tries each, and never more than fit. */
export class AlertOutbox {
  readonly #waiting: AlertMessage[] = [];
  #isBusy = false;
  #isStopped = false;
  /** Another one each time that it is emptied. */
  #round = 0;
  #stopWaiting: () => void = () => {};
  #work: Promise<void> = Promise.resolve();
  #lastSend: Promise<void> = Promise.resolve();
  #failuresInARow = 0;
  #delivered = 0;
  #dropped = 0;

  constructor(private readonly parts: AlertOutboxParts) {}

  /** How it has done since the process began; what waits is not under way. */
  get figures() {
    return {
      sink: this.parts.sink.name,
      failuresInARow: this.#failuresInARow,
      delivered: this.#delivered,
      dropped: this.#dropped,
      waiting: this.#waiting.length,
    };
  }

  post(message: AlertMessage): void {
    if (this.#isStopped) return;
    this.#waiting.push(message);
    const oldest = this.#waiting.length > this.parts.rules.maxWaiting ? this.#waiting.shift() : undefined;
    if (oldest !== undefined) {
      this.#dropped++;
      this.parts.onDelivery(oldest, { isTaken: false, reason: 'dropped', tries: 0, mayHaveArrived: false });
    }
    if (!this.#isBusy) this.#work = this.#workOff();
  }

  /**
   * Tries something once, past the line, which goes on as it was; nothing of it is counted.
   *
   * @returns what was wrong, in our words; `undefined`: it was taken
   */
  async test(message: AlertMessage): Promise<string | undefined> {
    if (this.#isStopped) return 'The application is about to end.';
    try {
      await this.#send(message);
      return undefined;
    } catch (error) {
      return problemIn(error) ?? 'The sink threw an error of its own.';
    }
  }

  /** Somebody else tells from now on: what waits is dropped, and what is under way is not tried again. */
  empty(): void {
    this.#round++;
    this.#waiting.length = 0;
    this.#stopWaiting();
  }

  /** Begins nothing more; resolves when the try under way is over, at most `timeoutMs` later. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#waiting.length = 0;
    this.#stopWaiting();
    await this.#work;
    await this.#lastSend;
  }

  async #workOff(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const delivery = await this.#deliver(next);
      if (delivery === undefined) continue;
      this.#failuresInARow = delivery.isTaken ? 0 : this.#failuresInARow + 1;
      if (delivery.isTaken) this.#delivered++;
      this.parts.onDelivery(next, delivery);
    }
    this.#isBusy = false;
  }

  /** @returns `undefined` when it was stopped, or emptied, before that was known */
  async #deliver(message: AlertMessage): Promise<AlertDelivery | undefined> {
    const { rules, random } = this.parts;
    const round = this.#round;
    let mayHaveArrived = false;
    for (let tries = 1; ; tries++) {
      if (this.parts.mayTell?.() === false) {
        this.empty();
        return undefined;
      }
      try {
        await this.#send(message);
        return { isTaken: true };
      } catch (error) {
        const facts = error instanceof ClaudeAlertNotSentError ? error : undefined;
        mayHaveArrived ||= facts?.mayHaveArrived ?? false;
        const isRefused = error instanceof ClaudeAlertRefusedError;
        if (isRefused || tries >= rules.maxTries) {
          const reason = isRefused ? 'refused' : 'exhausted';
          const problem = problemIn(error);
          return { isTaken: false, reason, tries, mayHaveArrived, ...(problem !== undefined && { problem }) };
        }
        const ownMs = rules.firstWaitMs * GROWTH ** (tries - 1) * (0.5 + random.next() * 1.5);
        await this.#wait(Math.min(LONGEST_WAIT_MS, Math.max(facts?.retryAfterMs ?? 0, ownMs)));
      }
      if (this.#isStopped || round !== this.#round) return undefined;
    }
  }

  /** A sink is asked one thing at a time. */
  #send(message: AlertMessage): Promise<void> {
    const { sink, rules, clock } = this.parts;
    const sending = this.#lastSend.then(() => sendInTime(sink, message, rules.timeoutMs, clock));
    this.#lastSend = sending.catch(() => {});
    return sending;
  }

  async #wait(ms: number): Promise<void> {
    if (this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel: CancelTimer = this.parts.clock.after(ms, resolve);
    this.#stopWaiting = () => {
      cancel();
      resolve();
    };
    await promise;
    this.#stopWaiting = () => {};
  }
}

/** Texts of others may hold an address, a key, or what was sent: those are not repeated. */
function problemIn(error: unknown): string | undefined {
  return error instanceof ClaudeResilienceError ? error.message : undefined;
}

async function sendInTime(sink: AlertSink, message: AlertMessage, limitMs: number, clock: Clock): Promise<void> {
  const controller = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(limitMs, () => {
    reject(new ClaudeAlertNotSentError(`it took over ${limitMs} ms`, { mayHaveArrived: true }));
    controller.abort();
  });
  // A sink that throws at once is no different from one that rejects.
  const sending = (async () => sink.send(message, controller.signal))();
  try {
    await Promise.race([sending, tooLate]);
  } finally {
    cancel();
  }
}
