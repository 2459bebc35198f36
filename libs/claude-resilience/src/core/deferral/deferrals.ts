import type { ClaudeCall, DeferredOutcome, Outcome } from '../call.js';
import type { Clock } from '../clock.port.js';
import { ClaudeInvalidOptionsError } from '../errors.js';
import { errorCodeOf } from '../error-code-of.js';
import type { EventHub } from '../events.js';
import type { Failure } from '../failure/failure.js';
import type { Random } from '../random.port.js';
import type { Soon } from '../soon.js';
import type { DeferredRequest } from './deferred-request.js';
import type { Later } from './later.js';
import { ClaudeRequestStoreError } from './request-store-errors.js';
import type { RequestStore } from './request-store.port.js';

/** What takes requests in, once there is a store. */
export interface RequestIntake {
  readonly store: RequestStore;
  /** Milliseconds from acceptance to deadline, where nobody says otherwise. */
  readonly deadlineMs: number;
  /** It is in the store. */
  taken(request: DeferredRequest): void;
}

/** A promise instead of an answer (R10): puts calls into the queue, at once or instead of letting them fail. */
export class Deferrals {
  #intake: RequestIntake | undefined;
  #isShut = false;

  constructor(
    private readonly events: EventHub,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** From now on calls can be deferred. */
  open(intake: RequestIntake): void {
    this.#intake = intake;
  }

  /** From now on they cannot. */
  close(): void {
    this.#intake = undefined;
  }

  get isOpen(): boolean {
    return this.#intake !== undefined && !this.#isShut;
  }

  /** Whether an operator wants nothing more taken in. */
  get isShut(): boolean {
    return this.#isShut;
  }

  /** Takes nothing more in, until it is said otherwise: calls end as they do without a queue. */
  shut(isShut: boolean): void {
    this.#isShut = isShut;
  }

  /**
   * Turns a failed outcome into a place in the queue, where the terms allow it. A store that cannot take it leaves the
   * outcome as it was: the caller hears what went wrong first.
   */
  instead<T>(outcome: Outcome<T>, call: ClaudeCall, later: Later | undefined): Soon<Outcome<T>> {
    if (outcome.status !== 'failed' || later?.kinds.has(outcome.failure.kind) !== true) return outcome;
    // A part of an answer is with its reader, or the caller has gone.
    if (outcome.failure.isFinal === true || call.signal?.aborted === true) return outcome;
    return this.take(call, later, outcome.failure, outcome.attempts).then((taken) => taken ?? outcome);
  }

  /** @returns `undefined` when the store cannot take it; an event says so */
  async take(call: ClaudeCall, later: Later, failure?: Failure, attempts = 0): Promise<DeferredOutcome | undefined> {
    if (!this.isOpen) return undefined;
    const { id: correlationId, feature } = call;
    try {
      const request = await this.enqueue(call, later, failure);
      return { status: 'deferred', requestId: request.id, state: request.state.name, failure, attempts };
    } catch (error) {
      this.events.emit({ type: 'request.not_deferred', feature, correlationId, errorCode: errorCodeOf(error) });
      return undefined;
    }
  }

  /**
   * Takes a call into the queue.
   *
   * @param failure why, if it failed
   * @throws as `RequestStore.enqueue`, and what `ownerOf` and `notifyOf` throw @throws {ClaudeInvalidOptionsError} also when its time is
   * over before it may be started
   */
  async enqueue(call: ClaudeCall, later: Later, failure?: Failure): Promise<DeferredRequest> {
    const intake = this.#intake;
    if (intake === undefined) throw new Error('There is no queue');
    if (this.#isShut) throw new ClaudeRequestStoreError('closed', 'the queue', 'an operator drains it');
    const { feature, workflow, priority, locale, id: correlationId } = call;
    const [owner, notify] = await Promise.all([later.ownerOf(), later.notifyOf()]);
    const nowMs = this.clock.wallMs();
    const notBeforeMs = Math.ceil(nowMs + (later.notBeforeMs ?? failure?.retryAfterMs ?? 0));
    const deadlineMs = Math.ceil(nowMs + (later.deadlineMs ?? intake.deadlineMs));
    // It would be a promise of nothing: it waits, expires, and was never tried.
    if (notBeforeMs >= deadlineMs)
      throw new ClaudeInvalidOptionsError(['defer.deadlineMs: later than it may be started']);
    const { status, request } = await intake.store.enqueue(
      {
        id: this.random.secret(),
        correlationId,
        feature,
        workflow,
        parametersJson: later.parametersJson(),
        priority,
        notBeforeMs,
        deadlineMs,
        owner,
        locale,
        idempotencyKey: later.idempotencyKey,
        notify,
      },
      nowMs,
    );
    if (status === 'known') return request;
    const why = failure === undefined ? {} : { kind: failure.kind };
    const about = { feature, workflow, correlationId: request.correlationId, requestId: request.id, priority };
    this.events.emit({ type: 'request.deferred', ...about, ...why });
    intake.taken(request);
    return request;
  }
}
