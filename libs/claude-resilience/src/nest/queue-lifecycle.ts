import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { RequestStore } from '../core/deferral/request-store.port.js';
import { AnnouncedReviewList } from '../core/fallback/announced-review-list.js';
import { ReviewList } from '../core/fallback/review-list.port.js';
import { NoticeDesk } from '../core/notices/notice-desk.js';
import type { NoticeSender } from '../core/notices/notice-sender.port.js';
import { ClaudeRequestUrls } from '../http/claude-request-urls.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import type { SqliteFile } from '../sqlite/sqlite-file.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { ClaudeResilienceService } from './claude-resilience.service.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import { DeferredHandlers } from './deferred-handlers.js';
import { DeferredWorker } from './deferred-worker.js';
import { FleetLists } from './fleet-lists.js';
import { openNoticeSenders, type ResolvedNoticesOptions } from './notices.options.js';
import { openRequestStore } from './open-request-store.js';

/**
 * Opens what outlives the process (deferred requests, reviews, notices) before the first HTTP request; at the end finishes what
 * is under way, or hands it back, and closes.
 */
@Injectable()
export class QueueLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #opened = Promise.withResolvers<SqliteFile | undefined>();
  #file: SqliteFile | undefined;
  readonly #lastWords: (() => Promise<void>)[] = [];
  #notices: NoticeDesk | undefined;
  #senders: readonly NoticeSender[] = [];

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
    @Inject(ClaudeResilienceService) private readonly claude: ClaudeResilienceService,
    @Inject(DeferredHandlers) private readonly handlers: DeferredHandlers,
    @Inject(ReviewList) private readonly reviews: ReviewList,
    @Inject(ClaudeRequestUrls) private readonly urls: ClaudeRequestUrls,
    @Inject(FleetLists) private readonly lists: FleetLists,
  ) {}

  /** @throws {ClaudeRequestStoreError} when the store cannot be used: better now than when somebody needs it */
  async onApplicationBootstrap(): Promise<void> {
    const { queue, notices } = this.options;
    if (queue === false) {
      await this.#keepReviews(undefined);
      return this.#opened.resolve(undefined);
    }
    const worker = new DeferredWorker(this.runtime, this.claude.messages, this.handlers);
    // First what may be wrong without a store: nothing is open then.
    if (notices !== false) this.#senders = await openNoticeSenders(notices, this.runtime.clock);
    const opened = await openRequestStore(queue.keep, (warning) =>
      this.runtime.events.emit({ type: 'queue.warned', ...warning }),
    );
    const { store, file } = opened;
    this.#file = file;
    this.#opened.resolve(file);
    await this.#keepReviews(file);
    const { openBatches } = await import('./open-batches.js'); // who has no queue loads none of it
    const batches = await openBatches(this.runtime, this.options, queue, opened, worker, this.reviews);
    await this.room.open(store, worker, queue.rules, queue.ownerOf, batches);
    if (notices !== false) this.#tellPeople(store, notices);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.room.stopWork(), this.#notices?.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    // One that cannot close keeps nobody else from it.
    await Promise.allSettled(this.#senders.map((sender) => sender.close()));
    await this.room.close();
    await Promise.allSettled(this.#lastWords.map((say) => say()));
    await this.lists.close();
    this.#file?.close();
  }

  /**
   * The file that outlives the process, where there is one, for whoever else has something to keep in it. It is there once
   * this hook of start-up has opened it: hooks run side by side in older versions of Nest.
   *
   * @param lastWords run before it is closed; must not reject
   */
  file(lastWords: () => Promise<void>): Promise<SqliteFile | undefined> {
    this.#lastWords.push(lastWords);
    return this.#opened.promise;
  }

  /** Where requests outlive the process, what people are to review does so, too. One of the application's stays as it is. */
  async #keepReviews(file: SqliteFile | undefined): Promise<void> {
    if (!(this.reviews instanceof AnnouncedReviewList)) return;
    const shared = await this.lists.reviews();
    if (shared !== undefined) return this.reviews.keepIn(shared);
    if (file === undefined) return;
    const { SqliteReviewList } = await import('../sqlite/sqlite-review-list.js');
    const { clock, random } = this.runtime;
    this.reviews.keepIn(new SqliteReviewList(file, clock, random));
  }

  #tellPeople(store: RequestStore, options: ResolvedNoticesOptions): void {
    const { clock, events, random, wording } = this.runtime;
    const usualLink = ({ id }: { readonly id: string }) =>
      new URL(this.urls.of(id)?.statusUrl ?? '', options.baseUrl).href;
    const parts = {
      store,
      senders: this.#senders,
      wording,
      linkTo: options.linkTo ?? usualLink,
      events,
      clock,
      random,
    };
    const desk = new NoticeDesk({ ...parts, rules: options.rules });
    this.#notices = desk;
    events.subscribe(() => desk.wake(), ['request.ended']);
    this.room.whenEndedElsewhere(() => desk.wake());
    desk.start();
  }
}
