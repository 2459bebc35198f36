import { CALL_PRIORITIES, type CallPriority } from '../call.js';
import { ClaudeInvalidOptionsError } from '../errors.js';
import { changeRequest } from './change-request.js';
import { checkNewRequest } from './check-new-request.js';
import { checkPayload, DEFAULT_MAX_PAYLOAD_BYTES } from './check-payload.js';
import {
  isDeadLetter,
  isEnded,
  type DeferredRequest,
  type NewRequest,
  type RequestStateName,
} from './deferred-request.js';
import { dueAtMs } from './due-at.js';
import { newDeferredRequest, redrivenRequest } from './new-deferred-request.js';
import { nextRequestState, type RequestEvent } from './next-request-state.js';
import {
  ClaudeRequestNotFoundError,
  ClaudeRequestQueueFullError,
  ClaudeRequestStoreError,
} from './request-store-errors.js';
import type {
  ClaimedRequest,
  ClaimWish,
  CorruptRequest,
  Enqueued,
  PageWish,
  RedriveWish,
  RequestCount,
  RequestPage,
} from './request-store.port.js';
import { RuleBoundRequestStore } from './rule-bound-request-store.js';

export interface MemoryRequestStoreOptions {
  /** Requests that wait or run, at most; and as many that have ended, of which the oldest go first. @default 10_000 */
  readonly maxOpen?: number;
  /** Bytes of parameters, of an answer or of a result. @default 33_554_432 */
  readonly maxPayloadBytes?: number;
}

/** In memory, bounded, for tests and for those to whom a crash is no loss: nothing of it survives the process. */
export class MemoryRequestStore extends RuleBoundRequestStore {
  readonly #maxOpen: number;
  /** In the order of age. */
  readonly #requests = new Map<string, DeferredRequest>();
  /** In the order of their end. */
  readonly #endedIds = new Set<string>();
  readonly #idsByKey = new Map<string, string>();
  readonly #ages = new Map<string, number>();
  #taken = 0;
  #isClosed = false;

  constructor({ maxOpen = 10_000, maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: MemoryRequestStoreOptions = {}) {
    super(maxPayloadBytes);
    this.#maxOpen = maxOpen;
  }

  async enqueue(wanted: NewRequest, nowMs: number): Promise<Enqueued> {
    this.#checkOpen();
    checkNewRequest(wanted);
    checkPayload('parameters', wanted.parametersJson, this.maxPayloadBytes);
    const known = this.#requests.get(wanted.id) ?? this.#requests.get(this.#idsByKey.get(keyOf(wanted)) ?? '');
    if (known !== undefined) return { status: 'known', request: known };
    const request = newDeferredRequest(wanted, nowMs);
    this.#add(request);
    if (request.idempotencyKey !== undefined) this.#idsByKey.set(keyOf(request), request.id);
    return { status: 'added', request };
  }

  async get(id: string): Promise<DeferredRequest | undefined> {
    this.#checkOpen();
    return this.#requests.get(id);
  }

  async claim({
    nowMs,
    leaseMs,
    order = 'first',
    exceptFeatures = [],
  }: ClaimWish): Promise<ClaimedRequest | undefined> {
    this.#checkOpen();
    let best: ClaimedRequest | undefined;
    for (const request of this.#requests.values()) {
      if (exceptFeatures.includes(request.feature) || (best !== undefined && !isBefore(request, best))) continue;
      const step = nextRequestState(request.state, { type: 'claimed', nowMs, leaseMs }, request.deadlineMs);
      if (!step.ok || step.state.name !== 'running') continue;
      best = { ...request, state: step.state };
      if (order === 'oldest') break;
    }
    if (best !== undefined) this.#requests.set(best.id, best);
    return best;
  }

  async expire(nowMs: number, limit: number): Promise<readonly DeferredRequest[]> {
    const due = this.#all().filter(
      ({ state, deadlineMs }) => !isEnded(state) && nextRequestState(state, { type: 'expired', nowMs }, deadlineMs).ok,
    );
    due.sort((a, b) => a.deadlineMs - b.deadlineMs);
    return due.slice(0, limit).map(({ id }) => this.#step(id, { type: 'expired', nowMs }));
  }

  async list(state: RequestStateName, page: PageWish): Promise<RequestPage> {
    return this.#page(page, (request) => request.state.name === state);
  }

  async count(state: RequestStateName): Promise<RequestCount> {
    const those = this.#all().filter((request) => request.state.name === state);
    const inPriority = (priority: CallPriority) => those.filter((request) => request.priority === priority).length;
    return {
      total: those.length,
      byPriority: { urgent: inPriority('urgent'), normal: inPriority('normal'), background: inPriority('background') },
      oldestDueAtMs: those.length === 0 ? undefined : Math.min(...those.map(dueAtMs)),
    };
  }

  async countAhead(id: string): Promise<number | undefined> {
    const request = await this.get(id);
    if (request?.state.name !== 'waiting') return undefined;
    const waiting = this.#all().filter(({ state }) => state.name === 'waiting');
    const older = waiting.slice(0, waiting.indexOf(request)).filter((other) => !isBefore(request, other));
    const younger = waiting.slice(waiting.indexOf(request) + 1).filter((other) => isBefore(other, request));
    return older.length + younger.length;
  }

  async deadLetters(page: PageWish): Promise<RequestPage> {
    return this.#page(page, ({ state }) => isDeadLetter(state));
  }

  async redrive(id: string, wish: RedriveWish, nowMs: number): Promise<DeferredRequest> {
    const dead = await this.get(id);
    if (dead === undefined) throw new ClaudeRequestNotFoundError(id);
    const before = 'redrivenAs' in dead.state ? dead.state.redrivenAs : undefined;
    const again = before === undefined ? undefined : this.#requests.get(before);
    if (again !== undefined) return again;
    const marked = changeRequest(id, dead, { type: 'redriven', asId: wish.newId });
    const request = redrivenRequest(dead, wish, nowMs);
    checkNewRequest(request);
    if (this.#requests.has(request.id)) throw new ClaudeInvalidOptionsError(['redrive.newId: an id that is not taken']);
    this.#add(request);
    this.#requests.set(id, marked);
    return request;
  }

  async noticesPending(limit: number, except: readonly string[] = []): Promise<readonly DeferredRequest[]> {
    const inHand = new Set(except);
    return this.#all()
      .filter(({ id, noticesDue }) => noticesDue.length > 0 && !inHand.has(id))
      .slice(0, limit);
  }

  async noticeSettled(id: string, place: number): Promise<void> {
    const request = await this.get(id);
    if (request === undefined) return;
    this.#requests.set(id, { ...request, noticesDue: request.noticesDue.filter((due) => due !== place) });
  }

  async endedOf(owner: string, limit: number): Promise<readonly DeferredRequest[]> {
    const ended = [...this.#endedIds].map((id) => this.#requests.get(id)).filter((request) => request !== undefined);
    const told = ended.filter((request) => request.owner === owner && request.state.name !== 'cancelled');
    return told.toReversed().slice(0, limit);
  }

  async purge(endedBeforeMs: number, limit: number): Promise<number> {
    const old = this.#all().filter(({ state }) => isEnded(state) && state.endedAtMs < endedBeforeMs);
    for (const request of old.slice(0, limit)) this.#forget(request);
    return Math.min(old.length, limit);
  }

  /** Nothing in memory is ever unreadable. */
  async corrupt(): Promise<readonly CorruptRequest[]> {
    return [];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #all(): DeferredRequest[] {
    this.#checkOpen();
    return [...this.#requests.values()];
  }

  #add(request: DeferredRequest): void {
    if (this.#requests.size - this.#endedIds.size >= this.#maxOpen)
      throw new ClaudeRequestQueueFullError(this.#maxOpen);
    this.#requests.set(request.id, request);
    this.#ages.set(request.id, ++this.#taken);
  }

  protected override async change(id: string, event: RequestEvent): Promise<DeferredRequest> {
    return this.#step(id, event);
  }

  #step(id: string, event: RequestEvent): DeferredRequest {
    this.#checkOpen();
    const changed = changeRequest(id, this.#requests.get(id), event);
    this.#requests.set(id, changed);
    if (!isEnded(changed.state)) return changed;
    this.#endedIds.add(id);
    const oldest = this.#endedIds.size > this.#maxOpen ? this.#endedIds.values().next().value : undefined;
    const tooMany = oldest === undefined ? undefined : this.#requests.get(oldest);
    if (tooMany !== undefined) this.#forget(tooMany);
    return changed;
  }

  #forget(request: DeferredRequest): void {
    this.#requests.delete(request.id);
    this.#endedIds.delete(request.id);
    this.#ages.delete(request.id);
    this.#idsByKey.delete(keyOf(request));
  }

  #page({ limit, after = '0' }: PageWish, belongs: (request: DeferredRequest) => boolean): RequestPage {
    const found = this.#all().filter((request) => this.#ageOf(request) > Number(after) && belongs(request));
    const requests = found.slice(0, limit);
    const last = requests.at(-1);
    return { requests, next: last === undefined || found.length <= limit ? undefined : String(this.#ageOf(last)) };
  }

  #ageOf({ id }: DeferredRequest): number {
    return this.#ages.get(id) ?? 0;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ClaudeRequestStoreError('closed', 'memory', 'it was closed');
  }
}

const rankOf = ({ priority }: DeferredRequest): number => CALL_PRIORITIES.indexOf(priority);
/** Whether one has the better priority; of the same one, the older goes first. */
const isBefore = (one: DeferredRequest, other: DeferredRequest): boolean => rankOf(one) < rankOf(other);

const keyOf = ({ owner, idempotencyKey }: NewRequest): string => JSON.stringify([owner, idempotencyKey]);
