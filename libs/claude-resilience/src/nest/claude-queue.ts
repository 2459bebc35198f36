import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DrainSnapshot } from '../core/deferral/drain.js';
import type { PageWish, RequestCount } from '../core/deferral/request-store.port.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { requestView, type ClaudeDeferredRequest } from '../runtime/claude-requests.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { ClaudeResilienceService } from './claude-resilience.service.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import { DeferredHandlers } from './deferred-handlers.js';
import { DeferredWorker } from './deferred-worker.js';
import { openRequestStore } from './open-request-store.js';

/** How the queue is, in numbers. */
export interface ClaudeQueueReport extends DrainSnapshot {
  readonly waiting: RequestCount;
  readonly running: RequestCount;
}

/**
 * The operator's hand on the queue of deferred requests (R10). Its methods throw `ClaudeInvalidOptionsError` when there is no
 * queue. Opens the store before the first HTTP request; at the end finishes what is under way, or hands it back.
 */
@Injectable()
export class ClaudeQueue implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
    @Inject(ClaudeResilienceService) private readonly claude: ClaudeResilienceService,
    @Inject(DeferredHandlers) private readonly handlers: DeferredHandlers,
  ) {}

  /** @throws {ClaudeRequestStoreError} when the store cannot be used: better now than when somebody needs it */
  async onApplicationBootstrap(): Promise<void> {
    const { queue } = this.options;
    if (queue === false) return;
    const worker = new DeferredWorker(this.runtime, this.claude.messages, this.handlers);
    this.room.open(await openRequestStore(queue.keep), worker, queue.rules, queue.ownerOf);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.room.stopWork();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.room.close();
  }

  async report(): Promise<ClaudeQueueReport> {
    const { store } = this.room;
    const [waiting, running] = await Promise.all([store.count('waiting'), store.count('running')]);
    return { ...this.room.snapshot(), waiting, running };
  }

  /** Starts nothing more until `resume`; what is under way goes on, and requests are taken in. Of this process alone. */
  pause(): void {
    this.room.pause();
  }

  resume(): void {
    this.room.resume();
  }

  /** Failed and expired ones that nobody has tried again, the oldest first. */
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
}
