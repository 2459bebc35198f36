import type { Clock } from '../clock.port.js';
import type { Failure } from '../failure/failure.js';
import type { Random } from '../random.port.js';
import type { ResolvedQueueRules } from './queue.options.js';
import { isEnded, type DeferredRequest } from './deferred-request.js';
import { DrainPace } from './drain-pace.js';
import { FeatureHolds } from './feature-holds.js';
import type { ClaimedRequest, RequestStore } from './request-store.port.js';
import { runRequest, type BreakOff, type RequestWorker, type RunEnd } from './run-request.js';

/** What the drain must know, and whom it tells. */
export interface DrainHooks {
  /** Features that would be refused now, since their circuit is open. */
  closedFeatures(): readonly string[];
  /** Longest time of one attempt of any feature, in milliseconds. */
  longestAttemptMs(): number;
  started(request: ClaimedRequest): void;
  /** Offers a request that was just claimed. @returns whether somebody else works on it now, with its lease (R12) */
  divert?(request: ClaimedRequest): boolean;
  /** It waits again, or has ended; `failure` is why. */
  changed(request: DeferredRequest, failure: Failure | undefined): void;
  /** The store cannot do its work (an error, told once), or can again (`undefined`). */
  storeTrouble(error: unknown): void;
}

export interface DrainSnapshot {
  readonly state: 'running' | 'paused' | 'stopped';
  /** Requests that are worked on. */
  readonly active: number;
  /** How many may be, at present: it grows with success, to `concurrency`. */
  readonly allowed: number;
  /** Milliseconds between two ends lately; `undefined` before anything ended. */
  readonly betweenEndsMs: number | undefined;
}

/** Each so many turns the oldest goes first, of whatever priority: nobody starves. */
const TURNS_PER_OLDEST = 4;
const AT_ONCE = 100;
/** Between two looks for what is to be forgotten, in milliseconds. */
const PURGE_EVERY_MS = 60_000;
/** A lease outlasts the longest attempt by so much, in milliseconds. */
const LEASE_MARGIN_MS = 30_000;

/**
 * Works off deferred requests (R10): asks circuits before each start, and pacing, where fresh calls go first, within it;
 * starts slowly, and again after every failure of the service; ends what is too late, forgets what is old.
 */
export class Drain {
  readonly #active = new Map<string, AbortController>();
  readonly #runs = new Set<Promise<void>>();
  readonly #pace: DrainPace;
  readonly #holds: FeatureHolds;
  #state: DrainSnapshot['state'] = 'stopped';
  #pumping: Promise<void> | undefined;
  #isWantedAgain = false;
  #turn = 0;
  #purgeAtMs = 0;
  #isInTrouble = false;
  #cancelPoll = () => {};

  constructor(
    private readonly store: RequestStore,
    private readonly worker: RequestWorker,
    private readonly hooks: DrainHooks,
    private readonly rules: ResolvedQueueRules,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.#pace = new DrainPace(rules.concurrency);
    this.#holds = new FeatureHolds();
  }

  start(): void {
    if (this.#state !== 'stopped') return;
    this.#state = 'running';
    void this.#poll();
  }

  /** Something may have become possible: a request was taken in, a circuit has closed. */
  poke(): void {
    if (this.#state !== 'running') return;
    this.#isWantedAgain = true;
    void this.#pump();
  }

  /** Starts nothing more; what is under way goes on. */
  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#holds.clear();
    this.poke();
  }

  /** It was cancelled in the store: whoever works on it here stops at once. */
  cancelled(id: string): void {
    this.#breakOff(id, 'cancelled');
  }

  /** Starts nothing more, gives what is under way `graceMs` to end, and hands the rest back. */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#cancelPoll();
    const stopGrace = this.clock.after(this.rules.graceMs, () => {
      for (const id of this.#active.keys()) this.#breakOff(id, 'handed_back');
    });
    await this.#pumping;
    while (this.#runs.size > 0) await Promise.all(this.#runs);
    stopGrace();
  }

  snapshot(): DrainSnapshot {
    return {
      state: this.#state,
      active: this.#active.size,
      allowed: this.#pace.allowed,
      betweenEndsMs: this.#pace.betweenEndsMs,
    };
  }

  async #poll(): Promise<void> {
    await this.#pump();
    await this.#tidy();
    if (this.#state === 'stopped') return;
    this.#cancelPoll = this.clock.after(this.rules.pollMs, () => void this.#poll());
  }

  #pump(): Promise<void> {
    this.#pumping ??= this.#startAll().finally(() => {
      this.#pumping = undefined;
    });
    return this.#pumping;
  }

  async #startAll(): Promise<void> {
    do {
      this.#isWantedAgain = false;
      while (this.#state === 'running' && this.#active.size < this.#pace.allowed && (await this.#startOne())) continue;
    } while (this.#isWantedAgain && this.#state === 'running');
  }

  /** @returns whether there may be more */
  async #startOne(): Promise<boolean> {
    const nowMs = this.clock.wallMs();
    const leaseMs = Math.max(this.rules.leaseMs, this.hooks.longestAttemptMs() + LEASE_MARGIN_MS);
    const order = this.#turn % TURNS_PER_OLDEST === TURNS_PER_OLDEST - 1 ? 'oldest' : 'first';
    const exceptFeatures = [...this.hooks.closedFeatures(), ...this.#holds.at(this.clock.nowMs())];
    const claimed = await this.#asked(() => this.store.claim({ nowMs, leaseMs, order, exceptFeatures }));
    if (claimed === undefined) return false;
    if (this.#state !== 'running') {
      await this.#asked(() => this.store.release({ id: claimed.id, ...claimed.state }, nowMs));
      return false;
    }
    this.#turn++;
    if (this.hooks.divert?.(claimed) === true) return true;
    const run = this.#run(claimed, leaseMs).finally(() => {
      this.#runs.delete(run);
      this.poke();
    });
    this.#runs.add(run);
    return true;
  }

  async #run(request: ClaimedRequest, leaseMs: number): Promise<void> {
    const off = new AbortController();
    this.#active.set(request.id, off);
    this.hooks.started(request);
    const { store, worker, clock } = this;
    const { maxAttempts } = this.rules;
    const onTrouble = (error: unknown) => this.#trouble(error);
    const tools = { store, worker, clock, leaseMs, maxAttempts, random: this.random.next(), onTrouble };
    try {
      this.#ended(request, await runRequest(request, tools, off.signal));
    } catch (error) {
      // The store could not be told; the lease runs out, and somebody else takes it up.
      this.#trouble(error);
    } finally {
      this.#active.delete(request.id);
    }
  }

  #ended({ feature }: ClaimedRequest, end: RunEnd): void {
    const nowMs = this.clock.nowMs();
    if (end.name !== 'lost') this.#well();
    if (end.name === 'released' && end.holdMs > 0) this.#holds.hold(feature, nowMs + end.holdMs);
    if (end.name !== 'saved') return;
    if (end.failure === undefined) this.#pace.succeeded();
    else if (end.failure.scope !== 'request') this.#pace.failed();
    if (isEnded(end.request.state)) this.#pace.ended(nowMs);
    this.hooks.changed(end.request, end.failure);
  }

  async #tidy(): Promise<void> {
    const wallMs = this.clock.wallMs();
    const expired = await this.#asked(() => this.store.expire(wallMs, AT_ONCE));
    for (const request of expired ?? []) this.hooks.changed(request, undefined);
    if (this.clock.nowMs() < this.#purgeAtMs) return;
    this.#purgeAtMs = this.clock.nowMs() + PURGE_EVERY_MS;
    await this.#asked(() => this.store.purge(wallMs - this.rules.keepMs, AT_ONCE));
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      this.#well();
      return answer;
    } catch (error) {
      this.#trouble(error);
      return undefined;
    }
  }

  #trouble(error: unknown): void {
    if (this.#isInTrouble || this.#state === 'stopped') return;
    this.#isInTrouble = true;
    this.hooks.storeTrouble(error);
  }

  #well(): void {
    if (!this.#isInTrouble) return;
    this.#isInTrouble = false;
    this.hooks.storeTrouble(undefined);
  }

  #breakOff(id: string, why: BreakOff): void {
    this.#active.get(id)?.abort(why);
  }
}
