import { changeRequest } from '../core/deferral/change-request.js';
import { checkNewRequest } from '../core/deferral/check-new-request.js';
import type { DeferredRequest, NewRequest, RequestStateName } from '../core/deferral/deferred-request.js';
import { newDeferredRequest, redrivenRequest } from '../core/deferral/new-deferred-request.js';
import { nextRequestState, type RequestEvent } from '../core/deferral/next-request-state.js';
import {
  ClaudeRequestClosedError,
  ClaudeRequestNotFoundError,
  ClaudeRequestQueueFullError,
  ClaudeStaleLeaseError,
} from '../core/deferral/request-store-errors.js';
import type { Enqueued, PageWish, RedriveWish, RequestPage } from '../core/deferral/request-store.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { RecordShelf } from './record-shelf.js';
import type { RequestLine } from './request-line.js';
import type { StillWanted } from './within.js';

/** Of requests whose deadline has come, how many more than asked for are looked at: somebody may be at work on those. */
const HELD_ONES = 256;

/**
 * What `RequestStore` promises, as steps of a shelf: each reads, decides, and writes only if nobody was faster; else it
 * begins again. Every turn means that somebody else got on, and it ends when nobody waits for it any more.
 */
export class RequestDesk {
  constructor(
    private readonly shelf: RecordShelf,
    private readonly line: RequestLine,
    private readonly maxOpen: number,
  ) {}

  async enqueue(wanted: NewRequest, nowMs: number, isWanted: StillWanted): Promise<Enqueued> {
    const request = newDeferredRequest(wanted, nowMs);
    return until(isWanted, async () => {
      const id = await this.shelf.known(request);
      const known = id === undefined ? undefined : await this.shelf.find(id);
      if (known !== undefined) return { status: 'known', request: known.request };
      const status = await this.line.join(request, this.maxOpen, nowMs, isWanted);
      if (status === 'full') throw new ClaudeRequestQueueFullError(this.maxOpen);
      return status === 'added' ? { status, request } : undefined;
    });
  }

  async change(id: string, event: RequestEvent, isWanted: StillWanted): Promise<DeferredRequest> {
    const nowMs = 'nowMs' in event ? event.nowMs : undefined;
    try {
      return await until(isWanted, async () => {
        const kept = await this.shelf.find(id);
        const after = changeRequest(id, kept?.request, event);
        if (kept === undefined || after === kept.request) return after;
        return (await this.line.step({ kept, after }, nowMs)) ? after : undefined;
      });
    } catch (error) {
      const isOver = error instanceof ClaudeRequestClosedError || error instanceof ClaudeStaleLeaseError;
      if (isOver && 'fencingNumber' in event) await this.line.letGo(id, event.fencingNumber);
      throw error;
    }
  }

  async expire(nowMs: number, limit: number, isWanted: StillWanted): Promise<readonly DeferredRequest[]> {
    const expired: DeferredRequest[] = [];
    for (const id of await this.shelf.overdue(nowMs, limit + HELD_ONES)) {
      if (expired.length >= limit || !isWanted()) break;
      const kept = await this.line.findReadable(id);
      if (kept === undefined) continue;
      const { state, deadlineMs } = kept.request;
      if (!nextRequestState(state, { type: 'expired', nowMs }, deadlineMs).ok) continue;
      const after = changeRequest(id, kept.request, { type: 'expired', nowMs });
      if (await this.line.step({ kept, after }, nowMs)) expired.push(after);
    }
    return expired;
  }

  async redrive(id: string, wish: RedriveWish, nowMs: number, isWanted: StillWanted): Promise<DeferredRequest> {
    return until(isWanted, async () => {
      const kept = await this.shelf.find(id);
      if (kept === undefined) throw new ClaudeRequestNotFoundError(id);
      const { state } = kept.request;
      const before = 'redrivenAs' in state ? state.redrivenAs : undefined;
      const again = before === undefined ? undefined : await this.shelf.find(before);
      if (again !== undefined) return again.request;
      const after = changeRequest(id, kept.request, { type: 'redriven', asId: wish.newId });
      const request = redrivenRequest(kept.request, wish, nowMs);
      checkNewRequest(request);
      const status = await this.line.join(request, this.maxOpen, nowMs, isWanted, { kept, after });
      if (status === 'full') throw new ClaudeRequestQueueFullError(this.maxOpen);
      if (status === 'known') throw new ClaudeInvalidOptionsError(['redrive.newId: an id that is not taken']);
      return status === 'added' ? request : undefined;
    });
  }

  async noticeSettled(id: string, place: number, isWanted: StillWanted): Promise<void> {
    await until(isWanted, async () => {
      const kept = await this.shelf.find(id);
      if (kept?.request.noticesDue.includes(place) !== true) return 'settled';
      const noticesDue = kept.request.noticesDue.filter((due) => due !== place);
      return (await this.shelf.replace({ kept, after: { ...kept.request, noticesDue } })) ? 'settled' : undefined;
    });
  }

  async page(of: RequestStateName | 'dead', { limit, after = '0' }: PageWish): Promise<RequestPage> {
    const { ids, next } = await this.shelf.page(of, Number(after), limit);
    return { requests: await this.readable(ids), next };
  }

  async readable(ids: readonly string[]): Promise<readonly DeferredRequest[]> {
    const found = await Promise.all(ids.map((id) => this.line.findReadable(id)));
    return found.filter((kept) => kept !== undefined).map(({ request }) => request);
  }
}

/** Tries until there is a value. When nobody waits for it any more, what it ends with is heard by nobody. */
async function until<T>(isWanted: StillWanted, attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (!isWanted()) throw new Error('Nobody waits for it any more');
  }
}
