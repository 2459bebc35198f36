import type { DatabaseSync } from 'node:sqlite';
import { CALL_PRIORITIES, type CallPriority } from '../core/call.js';
import { changeRequest } from '../core/deferral/change-request.js';
import { checkNewRequest } from '../core/deferral/check-new-request.js';
import type { DeferredRequest, NewRequest, RequestStateName } from '../core/deferral/deferred-request.js';
import { newDeferredRequest, redrivenRequest } from '../core/deferral/new-deferred-request.js';
import type { RequestEvent } from '../core/deferral/next-request-state.js';
import {
  ClaudeCorruptRequestError,
  ClaudeRequestNotFoundError,
  ClaudeRequestQueueFullError,
  ClaudeRequestStoreError,
} from '../core/deferral/request-store-errors.js';
import type {
  ClaimedRequest,
  ClaimWish,
  CorruptRequest,
  Enqueued,
  PageWish,
  RedriveWish,
  RequestCount,
  RequestPage,
} from '../core/deferral/request-store.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { PayloadCipher } from './payload-cipher.js';
import { prepareQueries, type RequestQueries } from './request-queries.js';
import { REQUEST_PAYLOADS } from './request-row.js';
import type { Numbered } from './numbered-request.js';
import { RequestTable } from './request-table.js';
import { SealedTexts } from './sealed-texts.js';

/**
 * What `RequestStore` promises, as plain steps: each is run inside a transaction of its caller's, and refuses, with an
 * error of ours, only before it has written anything; but for what it set aside, which stays so.
 */
export class RequestDesk {
  readonly #table: RequestTable;
  readonly #queries: RequestQueries;
  #setAside: CorruptRequest[] = [];

  constructor(
    database: DatabaseSync,
    cipher: PayloadCipher | undefined,
    private readonly path: string,
    private readonly maxOpen: number,
  ) {
    this.#table = new RequestTable(database, new SealedTexts(database, cipher, REQUEST_PAYLOADS));
    this.#queries = prepareQueries(database);
  }

  /** After a rollback. */
  forgetUndone(): void {
    this.#setAside = [];
    this.#table.forget();
  }

  /** What was set aside since this was asked last. */
  takeSetAside(): readonly CorruptRequest[] {
    return this.#setAside.splice(0);
  }

  enqueue(wanted: NewRequest, nowMs: number): Enqueued {
    const request = newDeferredRequest(wanted, nowMs);
    const known = this.#known(request);
    if (known !== undefined) return { status: 'known', request: known };
    this.#insert(request);
    return { status: 'added', request };
  }

  get(id: string): DeferredRequest | undefined {
    const found = this.#table.find(id);
    const aside = found === undefined ? this.#queries.corrupt.get(id) : undefined;
    if (aside !== undefined) throw new ClaudeCorruptRequestError(id, String(aside['problem']));
    return found?.request;
  }

  claim({ nowMs, leaseMs, order = 'first', exceptFeatures = [] }: ClaimWish): ClaimedRequest | undefined {
    const next = order === 'first' ? this.#queries.firstDue : this.#queries.oldestDue;
    this.#table.becomeDue(nowMs);
    for (;;) {
      const seq = next.get(nowMs, JSON.stringify(exceptFeatures))?.['seq'];
      if (seq === undefined) return undefined;
      const found = this.#readable(Number(seq));
      if (found === undefined) continue;
      const { state, ...rest } = this.#step(found.request.id, found, { type: 'claimed', nowMs, leaseMs });
      return state.name === 'running' ? { ...rest, state } : undefined;
    }
  }

  change(id: string, event: RequestEvent): DeferredRequest {
    return this.#step(id, this.#table.find(id), event);
  }

  expire(nowMs: number, limit: number): readonly DeferredRequest[] {
    return this.#readableOf(this.#table.seqs(this.#queries.overdue, nowMs, nowMs, limit)).map((found) =>
      this.#step(found.request.id, found, { type: 'expired', nowMs }),
    );
  }

  list(state: RequestStateName, { limit, after = '0' }: PageWish): RequestPage {
    return this.#page(this.#table.seqs(this.#queries[LISTED_BY[state]], state, Number(after), limit + 1), limit);
  }

  count(state: RequestStateName): RequestCount {
    const byPriority: Record<CallPriority, number> = { urgent: 0, normal: 0, background: 0 };
    const oldestMs: number[] = [];
    const query = state === 'waiting' || state === 'running' ? this.#queries.countOpen : this.#queries.countEnded;
    for (const { priority, n, oldest } of query.all(state)) {
      const name = CALL_PRIORITIES[Number(priority)];
      if (name === undefined) continue;
      byPriority[name] = Number(n);
      oldestMs.push(Number(oldest));
    }
    const total = byPriority.urgent + byPriority.normal + byPriority.background;
    return { total, byPriority, oldestDueAtMs: oldestMs.length === 0 ? undefined : Math.min(...oldestMs) };
  }

  countAhead(id: string): number | undefined {
    const { priority, seq } = this.#queries.placeOf.get(id) ?? {};
    if (priority === undefined || seq === undefined) return undefined;
    const due = this.#queries.dueAhead.get(priority, seq)?.['n'];
    return Number(due) + Number(this.#queries.laterAhead.get(priority, seq)?.['n']);
  }

  deadLetters({ limit, after = '0' }: PageWish): RequestPage {
    return this.#page(this.#table.seqs(this.#queries.dead, Number(after), limit + 1), limit);
  }

  redrive(id: string, wish: RedriveWish, nowMs: number): DeferredRequest {
    const dead = this.#table.find(id);
    if (dead === undefined) throw new ClaudeRequestNotFoundError(id);
    const { state } = dead.request;
    const before = 'redrivenAs' in state ? state.redrivenAs : undefined;
    const again = before === undefined ? undefined : this.#table.find(before);
    if (again !== undefined) return again.request;
    const marked = changeRequest(id, dead.request, { type: 'redriven', asId: wish.newId });
    const request = redrivenRequest(dead.request, wish, nowMs);
    checkNewRequest(request);
    if (this.#queries.ofId.get(request.id) !== undefined) {
      throw new ClaudeInvalidOptionsError(['redrive.newId: an id that is not taken']);
    }
    this.#insert(request);
    this.#table.save(dead, marked);
    return request;
  }

  noticesPending(limit: number, except: readonly string[]): readonly DeferredRequest[] {
    const seqs = this.#table.seqs(this.#queries.withNotices, JSON.stringify(except), limit);
    return this.#readableOf(seqs).map(({ request }) => request);
  }

  noticeSettled(id: string, place: number): void {
    const found = this.#table.find(id);
    if (found === undefined) return;
    const noticesDue = found.request.noticesDue.filter((due) => due !== place);
    if (noticesDue.length < found.request.noticesDue.length) this.#table.save(found, { ...found.request, noticesDue });
  }

  endedOf(owner: string, limit: number): readonly DeferredRequest[] {
    return this.#readableOf(this.#table.seqs(this.#queries.endedOf, owner, limit)).map(({ request }) => request);
  }

  purge(endedBeforeMs: number, limit: number): number {
    const seqs = this.#endedBefore(endedBeforeMs, limit);
    for (const seq of seqs) this.#table.remove(seq);
    return seqs.length;
  }

  corrupt(): readonly CorruptRequest[] {
    return this.#queries.allCorrupt.all().map(({ id, problem }) => ({ id: String(id), problem: String(problem) }));
  }

  /** Without an index of ends, which every request would have to pay for: those that could have ended so early are few. */
  #endedBefore(endedBeforeMs: number, limit: number): readonly number[] {
    const seqs: number[] = [];
    for (const row of this.#queries.takenIn.iterate()) {
      if (seqs.length >= limit || Number(row['enqueued_at_ms']) >= endedBeforeMs) break;
      const endedAtMs = row['ended_at_ms'];
      if (endedAtMs !== null && Number(endedAtMs) < endedBeforeMs) seqs.push(Number(row['seq']));
    }
    return seqs;
  }

  #insert(request: DeferredRequest): void {
    if (this.#table.openCount >= this.maxOpen) throw new ClaudeRequestQueueFullError(this.maxOpen);
    this.#table.insert(request);
  }

  /** The request that is there under the same id, or the same key of the same owner. */
  #known({ id, idempotencyKey, owner }: NewRequest): DeferredRequest | undefined {
    const ofKey = idempotencyKey === undefined ? undefined : this.#queries.ofKey.get(idempotencyKey, owner ?? null);
    const seq = (this.#queries.ofId.get(id) ?? ofKey)?.['seq'];
    return seq === undefined ? undefined : this.#readable(Number(seq))?.request;
  }

  #step(id: string, found: Numbered | undefined, event: RequestEvent): DeferredRequest {
    const changed = changeRequest(id, found?.request, event);
    if (found !== undefined) this.#table.save(found, changed);
    return changed;
  }

  #page(seqs: readonly number[], limit: number): RequestPage {
    const wanted = seqs.slice(0, limit);
    const requests = this.#readableOf(wanted).map(({ request }) => request);
    return { requests, next: seqs.length > limit ? String(wanted.at(-1)) : undefined };
  }

  #readableOf(seqs: readonly number[]): Numbered[] {
    return seqs.map((seq) => this.#readable(seq)).filter((found) => found !== undefined);
  }

  #readable(seq: number): Numbered | undefined {
    const found = this.#table.readOrSetAside(seq);
    if (found === undefined)
      throw new ClaudeRequestStoreError('damaged', this.path, 'an index names what is not there');
    if ('request' in found) return found;
    this.#setAside.push(found);
    return undefined;
  }
}

/** Each from the index that has the fewest others in it. */
const LISTED_BY: Readonly<Record<RequestStateName, 'openInState' | 'inVain' | 'succeeded'>> = {
  waiting: 'openInState',
  running: 'openInState',
  succeeded: 'succeeded',
  failed: 'inVain',
  cancelled: 'inVain',
  expired: 'inVain',
};
