import type { Clock } from '../clock.port.js';
import type { Failure } from '../failure/failure.js';
import { wait } from '../wait.js';
import { decideRedo } from './decide-redo.js';
import type { DeferredRequest, RequestFailure } from './deferred-request.js';
import { isLoss } from './is-loss.js';
import { LeaseKeeper } from './lease-keeper.js';
import { requestErrorCode } from './request-error-code.js';
import { ClaudeStaleLeaseError, type StoreTrouble } from './request-store-errors.js';
import type { ClaimedRequest, RequestStore } from './request-store.port.js';
import { NEVER_ENDED, TOO_LARGE } from './unfinished-failures.js';

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
  /** It could be told after all. */
  readonly onWell?: () => void;
  /** Of the request; whoever gives it may look at it. @default one of its own */
  readonly keeper?: LeaseKeeper;
}

/** Why work on a request is broken off. */
export type BreakOff = 'cancelled' | 'handed_back';

const FIRST_STORE_WAIT_MS = 500;
const LONGEST_STORE_WAIT_MS = 15_000;

/**
 * Works on one claimed request until something is stored about it: the answer first, so that a crash never pays twice; then
 * what the application makes of it. Everything is said under the lease of the claim; whoever has lost that says nothing.
 *
 * @param off aborts with a `BreakOff` as its reason
 */
export async function runRequest(request: ClaimedRequest, tools: RunTools, off: AbortSignal): Promise<RunEnd> {
  const { store, clock, leaseMs, keeper = new LeaseKeeper(request, store, clock, leaseMs) } = tools;
  const run = new Run(request, tools, keeper, off);
  try {
    return await run.toEnd();
  } catch (error) {
    if (isLoss(error) || run.isGone) return LOST;
    throw error;
  } finally {
    keeper.stop();
  }
}

class Run {
  readonly #signal: AbortSignal;

  constructor(
    private readonly request: ClaimedRequest,
    private readonly tools: RunTools,
    private readonly keeper: LeaseKeeper,
    private readonly off: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([off, keeper.lost]);
  }

  /** Whether there is nothing to say: whoever cancelled it has told the store, and who lost it has no word in it. */
  get isGone(): boolean {
    return this.keeper.lost.aborted || this.off.reason === ('cancelled' satisfies BreakOff);
  }

  async toEnd(): Promise<RunEnd> {
    const { store, clock, worker, maxAttempts } = this.tools;
    const { lease } = this.keeper;
    let { answerJson } = this.request.state;
    if (this.#signal.aborted) return this.#brokenOff();
    // Whoever worked on it never came to an end: it takes its process with it, each time.
    if (this.request.state.attempts > maxAttempts) return this.#dead(this.request.state.lastFailure ?? NEVER_ENDED);
    if (answerJson === undefined) {
      const asked = await worker.ask(this.request, this.#signal);
      if (!asked.ok) return this.#failed(asked.failure, false);
      const arrived = asked.answerJson;
      const tooLarge = await this.#stored(() => store.storeAnswer(lease, arrived));
      if (tooLarge) return this.#dead(TOO_LARGE);
      answerJson = arrived;
    }
    if (this.#signal.aborted) return this.#brokenOff();
    const finished = await worker.finish(this.request, answerJson, this.#signal);
    if (!finished.ok) return this.#failed(finished.failure, true);
    let saved: DeferredRequest | undefined;
    const tooLarge = await this.#stored(async () => {
      saved = await store.complete(lease, finished.resultJson, clock.wallMs());
    });
    return tooLarge || saved === undefined
      ? this.#dead(TOO_LARGE)
      : { name: 'saved', request: saved, failure: undefined };
  }

  async #failed(failure: Failure, hasAnswer: boolean): Promise<RunEnd> {
    if (this.#signal.aborted) return this.#brokenOff();
    const { maxAttempts, random } = this.tools;
    const { attempts } = this.request.state;
    const decision = decideRedo(failure, { attempts, maxAttempts, hasAnswer, random });
    if (decision.next === 'hold') return this.#released(decision.holdMs, failure);
    return this.#saidFailed(failure, decision.next === 'dead' ? undefined : decision.inMs);
  }

  #brokenOff(): RunEnd | Promise<RunEnd> {
    return this.isGone ? LOST : this.#released(0, undefined);
  }

  #dead(failure: Failure): Promise<RunEnd> {
    return this.#saidFailed(failure, undefined);
  }

  async #saidFailed(failure: Failure, inMs: number | undefined): Promise<RunEnd> {
    const { store, clock } = this.tools;
    const nowMs = clock.wallMs();
    const reason = { failure: forKeeping(failure), retryAtMs: inMs === undefined ? undefined : nowMs + inMs };
    const request = await this.#persisted(() => store.fail(this.keeper.lease, reason, nowMs));
    return { name: 'saved', request, failure };
  }

  async #released(holdMs: number, failure: Failure | undefined): Promise<RunEnd> {
    await this.#persisted(() => this.tools.store.release(this.keeper.lease, this.tools.clock.wallMs()));
    return { name: 'released', holdMs, failure };
  }

  /** @returns whether the store will never take it, since it is too large */
  async #stored(step: () => Promise<void>): Promise<boolean> {
    try {
      await this.#persisted(step);
      return false;
    } catch (error) {
      if (requestErrorCode(error) === 'CLAUDE_REQUEST_TOO_LARGE') return true;
      throw error;
    }
  }

  /** A full disk or a broken connection must not cost an answer that was paid for: it is said until it can be. */
  async #persisted<T>(step: () => Promise<T>): Promise<T> {
    const { clock, onTrouble, onWell } = this.tools;
    for (let waitMs = 0; ; waitMs = Math.min(Math.max(waitMs * 2, FIRST_STORE_WAIT_MS), LONGEST_STORE_WAIT_MS)) {
      if (waitMs > 0) await wait(clock, waitMs, this.#signal);
      if (this.isGone) throw new ClaudeStaleLeaseError(this.keeper.lease.id, this.keeper.lease.fencingNumber);
      try {
        const said = await step();
        if (waitMs > 0) onWell?.();
        return said;
      } catch (error) {
        if (!mayPass(error)) throw error;
        onTrouble(error);
        // Once there is no more time it was said for the last time.
        if (this.#signal.aborted) throw error;
      }
    }
  }
}

const LOST: RunEnd = Object.freeze({ name: 'lost' });

/** Kept with the request: what only concerned the call that found out is left away. */
function forKeeping({ isFinal: _final, isInner: _inner, ...failure }: Failure): RequestFailure {
  return failure;
}

/** Whether the store is in trouble that may be over in a while. */
function mayPass(error: unknown): boolean {
  if (requestErrorCode(error) !== 'CLAUDE_REQUEST_STORE') return false;
  return (error as { trouble?: unknown }).trouble !== ('closed' satisfies StoreTrouble);
}
