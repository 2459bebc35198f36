import type { Clock } from '../clock.port.js';
import type { Failure } from '../failure/failure.js';
import { weighEvidence } from './account-evidence.js';
import { noticeOf, type AccountNotice } from './account-notice.js';
import { initialAccountState, type AccountFailure, type AccountState } from './account-state.js';
import type { ResolvedAccountOptions } from './account.options.js';
import { holdFailure } from './hold-failure.js';
import { heldForMs, nextAccountState, type AccountEvent, type AccountTicket } from './next-account-state.js';

export type AccountAdmission = AccountAdmitted | AccountHeld;

export interface AccountAdmitted {
  readonly admitted: true;
  /** Give it back with `record` or `release`, whatever happens. */
  readonly ticket: AccountTicket;
}

export interface AccountHeld {
  readonly admitted: false;
  /** Why, for the caller; marked `isHeld`. */
  readonly failure: Failure;
  /** Milliseconds until asking again makes sense; at least 1. */
  readonly retryAfterMs: number;
}

/** For people: health, dashboards. Holds no text of the API. */
export type AccountSnapshot =
  | { readonly name: 'working'; readonly account: string }
  | {
      readonly name: 'stopped';
      readonly account: string;
      readonly failure: AccountFailure;
      /** Wall-clock milliseconds since the epoch. */
      readonly sinceWallMs: number;
      readonly stoppedForMs: number;
      /** Milliseconds until a call may pass as the probe; 0 when the next one does. */
      readonly nextProbeInMs: number;
      readonly isProbing: boolean;
      readonly probesMade: number;
      /** Wall-clock milliseconds since the epoch, where the date is known. */
      readonly accessReturnsAtMs?: number;
    };

/**
 * Who may be asked with one credential: the pure rules of `nextAccountState`, on a clock. Has no timer: time is looked at
 * when somebody asks. A clock that goes back counts as standing still.
 */
export class AccountGate {
  #state: AccountState;
  /** That of calls which pass while the account works: all of them hold the same. */
  #pass: AccountAdmitted | undefined;
  #nowMs = -Infinity;

  /**
   * @param account name of the platform whose credential it is
   * @param options `false`: every call passes, nothing is told
   */
  constructor(
    readonly account: string,
    readonly options: ResolvedAccountOptions | false,
    private readonly clock: Clock,
    private readonly onNotice: (notice: AccountNotice) => void = () => {},
  ) {
    this.#state = initialAccountState(this.#now());
  }

  /** Takes a ticket, or hears why nothing may be sent. */
  admit(): AccountAdmission {
    if (this.#state.name === 'working') return this.#passOf(this.#state.generation);
    const nowMs = this.#now();
    const retryAfterMs = this.#heldForMs(nowMs);
    if (this.#state.name === 'stopped' && retryAfterMs > 0) {
      return { admitted: false, failure: holdFailure(this.#state.failure), retryAfterMs };
    }
    this.#apply({ type: 'admitted', nowMs });
    const { generation } = this.#state;
    const probeId = this.#state.name === 'stopped' ? this.#state.probe?.id : undefined;
    return { admitted: true, ticket: { generation, probeId } };
  }

  /**
   * Gives a ticket back with what was learnt.
   *
   * @param failure `undefined` when the request was answered
   */
  record(ticket: AccountTicket, failure: Failure | undefined): void {
    const evidence = weighEvidence(failure);
    if (this.#state.name === 'working' && evidence.says !== 'refused') return; // nothing would change
    this.#apply({ type: 'reported', nowMs: this.#now(), wallMs: this.clock.wallMs(), ticket, evidence });
  }

  /** Gives a ticket back unused: a call inside this one asks for its own, and must not find the slot taken. */
  release(ticket: AccountTicket): void {
    this.#apply({ type: 'released', ticket });
  }

  /** Milliseconds for which a call would be held back; 0 when one would pass now. Takes nothing. */
  heldForMs(): number {
    return this.#state.name === 'working' ? 0 : this.#heldForMs(this.#now());
  }

  state(): AccountState {
    return this.#state;
  }

  snapshot(): AccountSnapshot {
    const state = this.#state;
    const { account } = this;
    if (state.name === 'working') return { name: 'working', account };
    const stoppedForMs = this.#now() - state.sinceMs;
    const { failure, probesMade } = state;
    return {
      name: 'stopped',
      account,
      failure,
      sinceWallMs: this.clock.wallMs() - stoppedForMs,
      stoppedForMs,
      nextProbeInMs: this.heldForMs(),
      isProbing: state.probe !== undefined,
      probesMade,
      ...(failure.accessReturnsAtMs !== undefined && { accessReturnsAtMs: failure.accessReturnsAtMs }),
    };
  }

  #passOf(generation: number): AccountAdmitted {
    if (this.#pass?.ticket.generation === generation) return this.#pass;
    return (this.#pass = Object.freeze({ admitted: true, ticket: Object.freeze({ generation, probeId: undefined }) }));
  }

  /** The single place where the state changes: first it, then whoever listens. */
  #apply(event: AccountEvent): void {
    if (this.options === false) return;
    const from = this.#state;
    this.#state = nextAccountState(from, event, this.options);
    const notice = noticeOf(this.account, from, this.#state);
    if (notice !== undefined) this.onNotice(notice);
  }

  #heldForMs(nowMs: number): number {
    return this.options === false ? 0 : heldForMs(this.#state, nowMs, this.options);
  }

  #now(): number {
    return (this.#nowMs = Math.max(this.#nowMs, this.clock.nowMs()));
  }
}
