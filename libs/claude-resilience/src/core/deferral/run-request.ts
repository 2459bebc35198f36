import type { Clock } from '../clock.port.js';
import type { Failure } from '../failure/failure.js';
import { wait } from '../wait.js';
import { decideRedo } from './decide-redo.js';
import type { DeferredRequest, RequestFailure } from './deferred-request.js';
import {
  ClaudeRequestClosedError,
  ClaudeRequestNotFoundError,
  ClaudeRequestStoreError,
  ClaudeRequestTooLargeError,
  ClaudeStaleLeaseError,
} from './request-store-errors.js';
import type { ClaimedRequest, Lease, RequestStore } from './request-store.port.js';

export type Asked =
  | { readonly ok: true; readonly answerJson: string }
  | { readonly ok: false; readonly failure: Failure };
export type Finished =
  | { readonly ok: true; readonly resultJson: string }
  | { readonly ok: false; readonly failure: Failure };

/** What is done about a deferred request, besides keeping books. Never rejects. */
export interface RequestWorker {
  /** Has the API answer it. */
  ask(request: ClaimedRequest, signal: AbortSignal): Promise<Asked>;
  /** Makes the application's own result of the answer. */
  finish(request: ClaimedRequest, answerJson: string, signal: AbortSignal): Promise<Finished>;
}

/** How one time of working on a request ended. */
export type RunEnd =
  | { readonly name: 'saved'; readonly request: DeferredRequest; readonly failure: Failure | undefined }
  /** Handed back as if it had not been started. */
  | { readonly name: 'released'; readonly holdMs: number; readonly failure: Failure | undefined }
  /** Somebody else has it by now, or it was cancelled: nothing was said about it. */
  | { readonly name: 'lost' };

export interface RunTools {
  readonly store: RequestStore;
  readonly worker: RequestWorker;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly maxAttempts: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  /** The store is in trouble while somebody works; it is asked again and again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Why work on a request is broken off. */
export type BreakOff = 'cancelled' | 'handed_back';

/** Of the lease: a sign of life comes so often that two may be missed. */
const RENEWALS_PER_LEASE = 3;
const FIRST_STORE_WAIT_MS = 500;
const LONGEST_STORE_WAIT_MS = 15_000;

/**
 * Works on one claimed request until something is stored about it: the answer first, so that a crash never pays twice; then
 * what the application makes of it. Everything is said under the lease of the claim; whoever has lost that says nothing.
 *
 * @param off aborts with a `BreakOff` as its reason
 */
export async function runRequest(request: ClaimedRequest, tools: RunTools, off: AbortSignal): Promise<RunEnd> {
  const run = new Run(request, tools, off);
  try {
    return await run.toEnd();
  } catch (error) {
    if (isLoss(error)) return { name: 'lost' };
    throw error;
  } finally {
    run.stopRenewing();
  }
}

class Run {
  readonly #lease: Lease;
  readonly #lost = new AbortController();
  readonly #signal: AbortSignal;
  #stopTimer = () => {};
  #isOver = false;

  constructor(
    private readonly request: ClaimedRequest,
    private readonly tools: RunTools,
    private readonly off: AbortSignal,
  ) {
    this.#lease = { id: request.id, fencingNumber: request.state.fencingNumber };
    this.#signal = AbortSignal.any([off, this.#lost.signal]);
    this.#renewLater();
  }

  async toEnd(): Promise<RunEnd> {
    const { store, clock, worker } = this.tools;
    let { answerJson } = this.request.state;
    if (answerJson === undefined) {
      const asked = await worker.ask(this.request, this.#signal);
      if (!asked.ok) return this.#failed(asked.failure);
      const arrived = asked.answerJson;
      const tooLarge = await this.#stored(() => store.storeAnswer(this.#lease, arrived));
      if (tooLarge) return this.#dead(TOO_LARGE);
      answerJson = arrived;
    }
    const kept = answerJson;
    const finished = await worker.finish(this.request, kept, this.#signal);
    if (!finished.ok) return this.#failed(finished.failure);
    let saved: DeferredRequest | undefined;
    const tooLarge = await this.#stored(async () => {
      saved = await store.complete(this.#lease, finished.resultJson, clock.wallMs());
    });
    return tooLarge || saved === undefined
      ? this.#dead(TOO_LARGE)
      : { name: 'saved', request: saved, failure: undefined };
  }

  stopRenewing(): void {
    this.#isOver = true;
    this.#stopTimer();
  }

  async #failed(failure: Failure): Promise<RunEnd> {
    // Whoever cancelled it has said so to the store already; who lost it has nothing to say.
    if (this.#lost.signal.aborted || this.off.reason === 'cancelled') return { name: 'lost' };
    if (this.off.aborted) return this.#released(0, undefined);
    const { maxAttempts, random } = this.tools;
    const decision = decideRedo(failure, { attempts: this.request.state.attempts, maxAttempts, random });
    if (decision.next === 'hold') return this.#released(decision.holdMs, failure);
    return this.#saidFailed(failure, decision.next === 'dead' ? undefined : decision.inMs);
  }

  #dead(failure: Failure): Promise<RunEnd> {
    return this.#saidFailed(failure, undefined);
  }

  async #saidFailed(failure: Failure, inMs: number | undefined): Promise<RunEnd> {
    const { store, clock } = this.tools;
    const nowMs = clock.wallMs();
    const reason = { failure: forKeeping(failure), retryAtMs: inMs === undefined ? undefined : nowMs + inMs };
    const request = await this.#persisted(() => store.fail(this.#lease, reason, nowMs));
    return { name: 'saved', request, failure };
  }

  async #released(holdMs: number, failure: Failure | undefined): Promise<RunEnd> {
    await this.#persisted(() => this.tools.store.release(this.#lease, this.tools.clock.wallMs()));
    return { name: 'released', holdMs, failure };
  }

  /** @returns whether the store will never take it, since it is too large */
  async #stored(step: () => Promise<void>): Promise<boolean> {
    try {
      await this.#persisted(step);
      return false;
    } catch (error) {
      if (error instanceof ClaudeRequestTooLargeError) return true;
      throw error;
    }
  }

  /** A full disk or a broken connection must not cost an answer that was paid for: it is said until it can be. */
  async #persisted<T>(step: () => Promise<T>): Promise<T> {
    for (let waitMs = FIRST_STORE_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_STORE_WAIT_MS)) {
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof ClaudeRequestStoreError) || error.trouble === 'closed') throw error;
        this.tools.onTrouble(error);
        if (!(await wait(this.tools.clock, waitMs, this.#signal))) throw error;
      }
    }
  }

  #renewLater(): void {
    const { clock, leaseMs } = this.tools;
    this.#stopTimer = clock.after(leaseMs / RENEWALS_PER_LEASE, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { store, leaseMs, clock } = this.tools;
    try {
      await store.renew(this.#lease, leaseMs, clock.wallMs());
    } catch (error) {
      if (isLoss(error)) return this.#lost.abort();
      // Trouble of the store: the next sign of life may come through.
    }
    if (!this.#isOver) this.#renewLater();
  }
}

/** Kept with the request: what only concerned the call that found out is left away. */
function forKeeping({ isFinal: _final, isInner: _inner, ...failure }: Failure): RequestFailure {
  return failure;
}

function isLoss(error: unknown): boolean {
  return (
    error instanceof ClaudeStaleLeaseError ||
    error instanceof ClaudeRequestClosedError ||
    error instanceof ClaudeRequestNotFoundError
  );
}

const TOO_LARGE: Failure = Object.freeze({
  kind: 'internal',
  retryable: false,
  verdict: 'neutral',
  rule: 'answer_too_large_to_keep',
  scope: 'request',
  severity: 'warning',
  action: 'Allow larger payloads in the queue, or ask for shorter answers.',
});
