import type { Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import type { ResolvedQueueRules } from './queue.options.js';
import { isEnded } from './deferred-request.js';
import { Claims } from './claims.js';
import type { DrainHooks } from './drain-hooks.js';
import { DrainPace } from './drain-pace.js';
import { FeatureHolds } from './feature-holds.js';
import { Housekeeping, type AskStore } from './housekeeping.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { ClaimedRequest, RequestStore } from './request-store.port.js';
import { runRequest, type RequestWorker, type RunEnd } from './run-request.js';
import { TroubleReport } from './trouble-report.js';
import { WorkAtHand, type Work } from './work-at-hand.js';

export interface DrainSnapshot {
  readonly state: 'running' | 'paused' | 'stopped';
  /** Requests that are worked on. */
  readonly active: number;
  /** How many may be, at present: it grows with success, to `concurrency`. */
  readonly allowed: number;
  /** Milliseconds between two ends lately; `undefined` before anything ended. */
  readonly betweenEndsMs: number | undefined;
}

/**
 * Works off deferred requests (R10): asks circuits before each start, and pacing, where fresh calls go first, within it;
 * starts slowly, and again after every failure of the service; ends what is too late, forgets what is old.
 */
export class Drain {
  readonly #atWork = new WorkAtHand();
  readonly #pace: DrainPace;
  readonly #holds = new FeatureHolds();
  readonly #trouble: TroubleReport;
  readonly #housekeeping: Housekeeping;
  readonly #claims: Claims;
  #state: DrainSnapshot['state'] = 'stopped';
  #pumping: Promise<void> | undefined;
  #isWantedAgain = false;
  #cancelPoll = () => {};
  #stopping = Promise.resolve();

  constructor(
    private readonly store: RequestStore,
    private readonly worker: RequestWorker,
    private readonly hooks: DrainHooks,
    private readonly rules: ResolvedQueueRules,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.#pace = new DrainPace(rules.concurrency);
    this.#trouble = new TroubleReport((error) => hooks.storeTrouble(error));
    const asked: AskStore = (ask) => this.#asked(ask);
    this.#housekeeping = new Housekeeping(store, rules, clock, asked);
    this.#claims = new Claims({ store, hooks, rules, clock, atWork: this.#atWork, holds: this.#holds, asked });
  }

  start(): void {
    if (this.#state !== 'stopped') return;
    this.#state = 'running';
    void this.#poll();
  }

  /** There may be more to do: a request was taken in. */
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
    this.letGo();
  }

  /** What held features up may be over: a circuit has closed, a bill was paid. */
  letGo(): void {
    this.#holds.clear();
    this.poke();
  }

  /** It was cancelled in the store: whoever works on it here stops at once. */
  cancelled(id: string): void {
    this.#atWork.breakOff('cancelled', id);
    this.#claims.cancelled(id);
  }

  /** Starts nothing more, gives what is under way `graceMs` to end, and hands the rest back. Said twice, it is one stop. */
  stop(): Promise<void> {
    if (this.#state === 'stopped') return this.#stopping;
    this.#state = 'stopped';
    this.#cancelPoll();
    this.#stopping = this.#atWork.endWithin(this.rules.graceMs, this.clock, this.#pumping);
    return this.#stopping;
  }

  snapshot(): DrainSnapshot {
    return {
      state: this.#state,
      active: this.#atWork.size,
      allowed: this.#pace.allowed,
      betweenEndsMs: this.#pace.betweenEndsMs,
    };
  }

  async #poll(): Promise<void> {
    await this.#pump();
    await this.#housekeeping
      .tidy((request) => this.hooks.changed(request, undefined))
      .catch((error: unknown) => this.#tellTrouble(this, error));
    if (this.#state === 'stopped') return;
    this.#cancelPoll();
    this.#cancelPoll = this.clock.after(this.rules.pollMs, () => void this.#poll());
  }

  #pump(): Promise<void> {
    this.#pumping ??= this.#startAll()
      .catch((error: unknown) => this.#tellTrouble(this, error))
      .finally(() => {
        this.#pumping = undefined;
        // Wanted after it had looked for the last time.
        if (this.#isWantedAgain) this.poke();
      });
    return this.#pumping;
  }

  async #startAll(): Promise<void> {
    do {
      this.#isWantedAgain = false;
      while (this.#state === 'running' && this.#atWork.size < this.#pace.allowed && (await this.#startOne())) continue;
    } while (this.#isWantedAgain && this.#state === 'running');
  }

  /** @returns whether there may be more */
  async #startOne(): Promise<boolean> {
    const next = await this.#claims.next(() => this.#state === 'running');
    if (next.name !== 'claimed') return next.name === 'passed_by';
    const { request, leaseMs } = next;
    if (this.hooks.divert?.(request) === true) return true;
    const { store, clock } = this;
    const keeper = new LeaseKeeper(request, store, clock, leaseMs);
    const work: Work = { id: request.id, startedAtMs: clock.nowMs(), off: new AbortController(), keeper };
    this.#atWork.begin(
      work,
      () => this.#run(request, work, leaseMs),
      () => this.poke(),
    );
    return true;
  }

  async #run(request: ClaimedRequest, work: Work, leaseMs: number): Promise<void> {
    const { store, worker, clock } = this;
    const tools = {
      store,
      worker,
      clock,
      leaseMs,
      keeper: work.keeper,
      maxAttempts: this.rules.maxAttempts,
      random: this.random.next(),
      onTrouble: (error: unknown) => this.#tellTrouble(work, error),
      onWell: () => this.#trouble.well(work),
    };
    try {
      this.hooks.started(request);
      this.#ended(request, work, await runRequest(request, tools, work.off.signal));
    } catch (error) {
      // The store could not be told; the lease runs out, and somebody else takes it up.
      this.#tellTrouble(this, error);
    } finally {
      this.#trouble.well(work);
    }
  }

  #ended({ feature }: ClaimedRequest, { startedAtMs }: Work, end: RunEnd): void {
    const nowMs = this.clock.nowMs();
    if (end.name === 'released' && end.holdMs > 0) this.#holds.hold(feature, nowMs + end.holdMs);
    if (end.name !== 'saved') return;
    if (end.failure === undefined) this.#pace.succeeded();
    else if (end.failure.scope !== 'request') this.#pace.failed();
    if (isEnded(end.request.state)) this.#pace.ended(nowMs, startedAtMs);
    this.hooks.changed(end.request, end.failure);
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      this.#trouble.well(this);
      return answer;
    } catch (error) {
      this.#tellTrouble(this, error);
      return undefined;
    }
  }

  #tellTrouble(who: object, error: unknown): void {
    if (this.#state !== 'stopped') this.#trouble.bad(who, error);
  }
}
