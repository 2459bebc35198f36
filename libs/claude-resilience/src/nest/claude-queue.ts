import { Inject, Injectable } from '@nestjs/common';
import type { DrainSnapshot } from '../core/deferral/drain.js';
import type { PageWish, RequestCount } from '../core/deferral/request-store.port.js';
import { requestView, type ClaudeDeferredRequest } from '../runtime/claude-requests.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';

/** How the queue is, in numbers. */
export interface ClaudeQueueReport extends DrainSnapshot {
  readonly waiting: RequestCount;
  readonly running: RequestCount;
  /** Whether requests are taken in: not while it is drained. */
  readonly takesIn: boolean;
}

/** The operator's hand on the queue of deferred requests (R10). Throws `ClaudeInvalidOptionsError` when there is no queue. */
@Injectable()
export class ClaudeQueue {
  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
  ) {}

  async report(): Promise<ClaudeQueueReport> {
    const { store } = this.room;
    const [waiting, running] = await Promise.all([store.count('waiting'), store.count('running')]);
    return { ...this.room.snapshot(), waiting, running, takesIn: this.room.takesIn };
  }

  /** Starts nothing more until `resume`; what is under way goes on, and requests are taken in. Of this process alone. */
  pause(): void {
    this.room.pause();
  }

  /**
   * Takes nothing more in and works off what is there, also if it was paused, until `resume`: calls end as they do without a
   * queue, and `claude.defer` throws `ClaudeRequestStoreError`. Of this process alone.
   */
  drain(): void {
    this.room.drain();
  }

  /** Ends `pause` and `drain`. */
  resume(): void {
    this.room.resume();
  }

  /** Failed and expired ones that nobody has tried again or discarded, the oldest first. */
  async deadLetters(
    page: PageWish = { limit: 100 },
  ): Promise<{ readonly requests: readonly ClaudeDeferredRequest[]; readonly next: string | undefined }> {
    const { requests, next } = await this.room.store.deadLetters(page);
    return { requests: requests.map((request) => requestView({ request, phase: undefined })), next };
  }

  /**
   * Tries a dead letter again, as a new request; said twice, the first one counts.
   *
   * @param answer `forget`: asks the API again, although there is an answer, because nothing can be made of it
   * @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestNotDeadError} @throws {ClaudeRequestQueueFullError}
   */
  async redrive(requestId: string, answer: 'keep' | 'forget' = 'keep'): Promise<ClaudeDeferredRequest> {
    const { queue } = this.options;
    const deadlineMs = queue === false ? 0 : queue.rules.deadlineMs;
    const request = await this.room.redrive(requestId, { deadlineMs, answer });
    return requestView({ request, phase: undefined });
  }

  /**
   * Decides that a dead letter will not be tried again: whoever it belongs to sees its end as before. Said twice, the first one
   * counts.
   *
   * @throws {ClaudeRequestNotFoundError} @throws {ClaudeRequestNotDeadError}
   */
  async discard(requestId: string): Promise<ClaudeDeferredRequest> {
    return requestView({ request: await this.room.discard(requestId), phase: undefined });
  }
}
