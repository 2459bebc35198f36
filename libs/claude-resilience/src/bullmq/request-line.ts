import { changeRequest } from '../core/deferral/change-request.js';
import { isEnded, type DeferredRequest } from '../core/deferral/deferred-request.js';
import { nextRequestState, readyAtMs } from '../core/deferral/next-request-state.js';
import { ClaudeCorruptRequestError } from '../core/deferral/request-store-errors.js';
import type { ClaimedRequest, ClaimWish, CorruptRequest } from '../core/deferral/request-store.port.js';
import type { Engine } from './engine.js';
import type { Inserted, Kept, Step } from './record-shelf.js';
import type { Turn } from './turn-queue.js';
import type { StillWanted } from './within.js';

/** Jobs that one claim looks at, at most, before it asks the shelf. */
const MOST_TURNS = 64;
/** Every so many claims, one asks the shelf first: what has lost its place in the line is found there. */
const SWEEP_EVERY = 64;
/** Milliseconds for which a job steps aside whose feature is refused now, or that came before its time. */
const ASIDE_MS = 5_000;
const TOO_SOON_MS = 1_000;
/** Milliseconds after which a job without a request is no longer one that is about to get its request. */
const ORPHAN_MS = 60_000;

/** Brings the two halves together: the line of BullMQ's, which says who is next, and the shelf, which knows whether that is so. */
export class RequestLine {
  /** Jobs locked for claims of this process, by the id of the request. */
  readonly #held = new Map<string, Turn & { readonly fencingNumber: number }>();
  #claims = 0;

  constructor(
    private readonly engine: Engine,
    private readonly onCorrupt: (corrupt: CorruptRequest) => void,
  ) {}

  /** The job first: one without a request is dropped by whoever meets it, a request without a job would wait for long. */
  async join(
    request: DeferredRequest,
    maxOpen: number,
    nowMs: number,
    isWanted: StillWanted,
    mark?: Step,
  ): Promise<Inserted['status']> {
    const { turns, shelf } = this.engine;
    const jobId = turns.newJobId();
    const { id: requestId, feature, priority, state } = request;
    const delayMs = (readyAtMs(state) ?? nowMs) - nowMs;
    await turns.add(jobId, { requestId, feature, priority }, delayMs);
    if (!isWanted()) return 'stale';
    const { status } = await shelf.insert(request, jobId, maxOpen, mark);
    if (status !== 'added') await this.#tidy(() => turns.remove(jobId));
    return status;
  }

  async claim(wish: ClaimWish, isWanted: StillWanted): Promise<ClaimedRequest | undefined> {
    if (wish.order === 'oldest' || ++this.#claims % SWEEP_EVERY === 0) {
      await this.#tidy(() => this.engine.turns.recoverStalled());
      const oldest = await this.#claimFromShelf(wish, isWanted);
      if (oldest !== undefined) return oldest;
    }
    for (let n = 0; n < MOST_TURNS && isWanted(); n++) {
      const turn = await this.engine.turns.next();
      if (turn === 'limited') return undefined;
      if (turn === undefined) break;
      const claimed = await this.#take(turn, wish);
      if (claimed !== undefined) return claimed;
    }
    await this.#tidy(() => this.engine.turns.recoverStalled());
    return this.#claimFromShelf(wish, isWanted);
  }

  /** Takes a step on the shelf, and then tells the line. @returns `false` when somebody was faster */
  async step(step: Step, nowMs: number | undefined): Promise<boolean> {
    if (!(await this.engine.shelf.replace(step))) return false;
    await this.#tidy(() => this.#settle(step, nowMs));
    return true;
  }

  /** Whoever held it has no part in it any more. */
  async letGo(id: string, fencingNumber: number): Promise<void> {
    const turn = this.#heldBy(id, fencingNumber);
    if (turn === undefined) return;
    this.#held.delete(id);
    // Whoever meets it next sees what has become of its request.
    await this.#tidy(() => this.engine.turns.putBack(turn, 0));
  }

  /** One that cannot be read is set aside, and is no more. */
  async findReadable(id: string): Promise<Kept | undefined> {
    try {
      return await this.engine.shelf.find(id);
    } catch (error) {
      if (!(error instanceof ClaudeCorruptRequestError)) throw error;
      const corrupt = { id, problem: error.problem };
      await this.engine.shelf.setAside(corrupt);
      try {
        this.onCorrupt(corrupt);
      } catch {
        // A mistake of a listener must not cost somebody the request that is claimed instead.
      }
      return undefined;
    }
  }

  /** Those whose moment has come, whatever the line says of them: its clock may be another, or somebody has emptied it. */
  async #claimFromShelf(wish: ClaimWish, isWanted: StillWanted): Promise<ClaimedRequest | undefined> {
    if (await this.engine.turns.isPaused()) return undefined;
    for (const id of await this.engine.shelf.claimable(wish)) {
      if (!isWanted()) return undefined;
      const kept = await this.findReadable(id);
      const claimed = kept === undefined ? undefined : await this.#tryClaim(kept, wish);
      if (claimed !== undefined) return claimed;
    }
    return undefined;
  }

  /** Claims the request of a job, or puts the job where it belongs. */
  async #take(turn: Turn, wish: ClaimWish): Promise<ClaimedRequest | undefined> {
    const { turns } = this.engine;
    const kept = await this.findReadable(turn.requestId);
    if (kept === undefined && turn.ageMs < ORPHAN_MS) return this.#away(turn, TOO_SOON_MS);
    if (kept?.jobId !== turn.jobId) return void (await this.#tidy(() => turns.drop(turn)));
    const { state, feature } = kept.request;
    if (isEnded(state))
      return void (await this.#tidy(() => turns.finish(turn, state.name, state.name === 'succeeded')));
    if (wish.exceptFeatures?.includes(feature) === true) return this.#away(turn, ASIDE_MS);
    const claimed = await this.#tryClaim(kept, wish);
    if (claimed === undefined) {
      const waitMs = (readyAtMs(state) ?? wish.nowMs) - wish.nowMs;
      return this.#away(turn, waitMs > 0 ? Math.max(waitMs, TOO_SOON_MS) : ASIDE_MS);
    }
    this.#held.set(claimed.id, { ...turn, fencingNumber: claimed.state.fencingNumber });
    await this.#tidy(() => turns.hold(turn, wish.leaseMs));
    return claimed;
  }

  async #away(turn: Turn, forMs: number): Promise<undefined> {
    await this.#tidy(() => this.engine.turns.putBack(turn, forMs));
  }

  async #tryClaim(kept: Kept, { nowMs, leaseMs }: ClaimWish): Promise<ClaimedRequest | undefined> {
    const { id, state: before, deadlineMs } = kept.request;
    if (!nextRequestState(before, { type: 'claimed', nowMs, leaseMs }, deadlineMs).ok) return undefined;
    const after = changeRequest(id, kept.request, { type: 'claimed', nowMs, leaseMs });
    const { state } = after;
    if (state.name !== 'running' || !(await this.engine.shelf.replace({ kept, after }))) return undefined;
    // A claim of ours before this one has run out, and its job is still ours.
    const turn = this.#held.get(id);
    if (turn !== undefined) {
      this.#held.set(id, { ...turn, fencingNumber: state.fencingNumber });
      await this.#tidy(() => this.engine.turns.hold(turn, leaseMs));
    }
    return { ...after, state };
  }

  /** Tells the line what a step means for the job. */
  async #settle({ kept, after }: Step, nowMs: number | undefined): Promise<void> {
    const { turns } = this.engine;
    const { id, state } = after;
    const turn = this.#heldBy(id, kept.request.state.fencingNumber);
    if (isEnded(state)) {
      this.#held.delete(id);
      return turn === undefined ? turns.remove(kept.jobId) : turns.finish(turn, state.name, state.name === 'succeeded');
    }
    if (nowMs === undefined) return;
    const waitMs = (readyAtMs(state) ?? nowMs) - nowMs;
    if (state.name === 'running') return turn === undefined ? undefined : turns.hold(turn, waitMs);
    this.#held.delete(id);
    return turn === undefined ? turns.reschedule(kept.jobId, waitMs) : turns.putBack(turn, waitMs);
  }

  #heldBy(id: string, fencingNumber: number): Turn | undefined {
    const held = this.#held.get(id);
    return held?.fencingNumber === fencingNumber ? held : undefined;
  }

  /** What the line is told is true already: if it does not hear it, it finds out when the lock of the job runs out. */
  async #tidy(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      // The job is locked by somebody else, is elsewhere by now, or the server is gone.
    }
  }
}
