import type { CancelTimer, Clock } from '../clock.port.js';
import { isLoss } from './is-loss.js';
import type { ClaimedRequest, Lease, RequestStore } from './request-store.port.js';

/** A sign of life comes so often in the time of a lease that two may be missed. */
const RENEWALS_PER_LEASE = 3;

/** Keeps one lease by signs of life, for as long as somebody works under it, and finds out when it is lost. */
export class LeaseKeeper {
  readonly lease: Lease;
  readonly #lost = new AbortController();
  #untilMs: number;
  #isOver = false;
  #stopTimer: CancelTimer = () => {};

  constructor(
    { id, state }: ClaimedRequest,
    private readonly store: RequestStore,
    private readonly clock: Clock,
    private readonly leaseMs: number,
  ) {
    this.lease = { id, fencingNumber: state.fencingNumber };
    this.#untilMs = state.leaseUntilMs;
    this.#renewLater();
  }

  /** Aborts when somebody else has it, or nobody any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether it has run out, as far as is known here: anybody may take it, this very process too. */
  isOverdue(wallMs: number): boolean {
    return !this.#isOver && !this.lost.aborted && this.#untilMs <= wallMs;
  }

  /** Gives a sign of life now. @throws {ClaudeRequestStoreError} when the store is in trouble; a loss is no error */
  async renew(): Promise<void> {
    try {
      this.#untilMs = await this.store.renew(this.lease, this.leaseMs, this.clock.wallMs());
    } catch (error) {
      if (!isLoss(error)) throw error;
      this.#lost.abort();
    }
  }

  /** It is of no more use: whoever worked under it has said the last word, or gives up. */
  stop(): void {
    this.#isOver = true;
    this.#stopTimer();
  }

  #renewLater(): void {
    if (this.#isOver || this.lost.aborted) return;
    // Trouble of the store is told by those who have something to say; the next sign of life may come through.
    const next = () => this.#renewLater();
    this.#stopTimer = this.clock.after(this.leaseMs / RENEWALS_PER_LEASE, () => void this.renew().then(next, next));
  }
}
