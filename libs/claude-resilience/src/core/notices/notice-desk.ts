import type { CancelTimer, Clock } from '../clock.port.js';
import type { RequestStore } from '../deferral/request-store.port.js';
import { ClaudeInvalidOptionsError, ClaudeResilienceError } from '../errors.js';
import type { EventHub } from '../events.js';
import type { Random } from '../random.port.js';
import type { ClaudeWording } from '../wording/claude-wording.port.js';
import { decideNoticeRetry } from './decide-notice-retry.js';
import { endingOf, type Ending } from './ending.js';
import { NoticeJob, type NoticeErrand } from './notice-job.js';
import { noticeOf } from './notice-of.js';
import type { NoticeSender } from './notice-sender.port.js';
import { NOTICE_DEFAULTS, type ResolvedNoticeRules } from './notice.options.js';
import { sendInTime } from './send-in-time.js';

export interface NoticeDeskParts {
  readonly store: Pick<RequestStore, 'noticesPending' | 'noticeSettled'>;
  /** One for each channel. A wish for a channel without one is settled, and told as `notice.failed`. */
  readonly senders: readonly NoticeSender[];
  readonly wording: ClaudeWording;
  /** Where the end of a request can be looked at: an absolute URL, as it stands in mails and webhooks. */
  readonly linkTo: (ending: Pick<Ending, 'id' | 'feature' | 'owner' | 'locale'>) => string;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly random: Random;
  readonly rules?: ResolvedNoticeRules;
}

/** Requests that one look at the store takes in. */
const BATCH = 50;
/** Requests that wait here for another try, at most: beyond that, later ones wait in the store. */
const MOST_WATCHED = 10_000;

/**
 * Tells people of the end of requests (R28), never on the path of one: works off what the store says is pending, channel by
 * channel, again and again until it is taken or given up, which is an event `notice.failed`. In one process nothing that
 * was taken is sent again. A process that dies between sending and settling sends it again when it is back, and two
 * processes on one store may both send it: with the same id, so that receivers can drop it. Tries are counted in memory;
 * what bounds them beyond a restart is `maxAgeMs`.
 */
export class NoticeDesk {
  readonly #senders: ReadonlyMap<string, NoticeSender>;
  readonly #rules: ResolvedNoticeRules;
  readonly #jobs = new Map<string, NoticeJob>();
  /** Those that are due, the next one last; lined up anew when it is empty, and when there are others. */
  #line: NoticeJob[] = [];
  #busy = 0;
  readonly #doneSinceLook = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #state: 'idle' | 'looking' | 'looking, again' | 'stopped' = 'stopped';
  #nextLookMs = 0;
  /** Whether the store had more than one look took in. */
  #isMore = false;
  #cancelTimer: CancelTimer | undefined;

  /** @throws {ClaudeInvalidOptionsError} for two senders of one channel */
  constructor(private readonly parts: NoticeDeskParts) {
    this.#senders = new Map(parts.senders.map((sender) => [sender.channel, sender]));
    this.#rules = parts.rules ?? NOTICE_DEFAULTS;
    if (this.#senders.size < parts.senders.length) {
      throw new ClaudeInvalidOptionsError(['notices: one sender for each channel']);
    }
  }

  start(): void {
    if (this.#state !== 'stopped') return;
    this.#state = 'idle';
    this.wake();
  }

  /** Looks at the store now: a request has ended. */
  wake(): void {
    if (this.#state === 'looking') this.#state = 'looking, again';
    if (this.#state === 'idle') this.#track(this.#look());
  }

  /** Begins nothing more; resolves when what is under way is over, at most `timeoutMs` later. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#cancelTimer?.();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #look(): Promise<void> {
    const { clock, store } = this.parts;
    this.#state = 'looking';
    this.#nextLookMs = clock.nowMs() + this.#rules.pollMs;
    this.#doneSinceLook.clear();
    this.#isMore = false;
    try {
      const pending = this.#jobs.size < MOST_WATCHED ? await store.noticesPending(BATCH, [...this.#jobs.keys()]) : [];
      for (const ending of pending.map(endingOf)) {
        // What was done meanwhile is pending in what the store said before.
        if (ending === undefined || this.#jobs.has(ending.id) || this.#doneSinceLook.has(ending.id)) continue;
        this.#jobs.set(ending.id, new NoticeJob(ending, clock.nowMs()));
        this.#isMore = pending.length >= BATCH;
        this.#line = [];
      }
    } catch {
      // A store in trouble is told of by those who work off its requests; here it is asked again later.
    }
    const state = this.#stateNow();
    if (state === 'stopped') return;
    this.#state = 'idle';
    if (state === 'looking, again') this.wake();
    this.#go();
  }

  /** It changes while somebody waits, which the compiler does not see. */
  #stateNow() {
    return this.#state;
  }

  /** Begins what is due, and sets the alarm for what is not. */
  #go(): void {
    if (this.#stateNow() === 'stopped') return;
    const { clock } = this.parts;
    this.#cancelTimer?.();
    while (this.#busy < this.#rules.maxParallel) {
      if (this.#line.length === 0) this.#lineUp();
      const job = this.#line.pop();
      if (job === undefined) break;
      this.#track(this.#work(job));
    }
    if (this.#busy >= this.#rules.maxParallel) return;
    // There is nothing left to begin with here, and more in the store.
    if (this.#isMore) return this.wake();
    let dueAtMs = this.#nextLookMs;
    for (const job of this.#jobs.values()) if (!job.isBusy) dueAtMs = Math.min(dueAtMs, job.dueAtMs);
    this.#cancelTimer = clock.after(Math.max(0, dueAtMs - clock.nowMs()), () => {
      if (clock.nowMs() >= this.#nextLookMs) this.wake();
      else this.#go();
    });
  }

  /** Lines up what is due: a receiver that takes half a minute to say no stands behind those who were not asked yet. */
  #lineUp(): void {
    const nowMs = this.parts.clock.nowMs();
    const due = [...this.#jobs.values()].filter(({ isBusy, dueAtMs }) => !isBusy && dueAtMs <= nowMs);
    this.#line = due.toSorted((a, b) => a.tries - b.tries).toReversed();
  }

  async #work(job: NoticeJob): Promise<void> {
    job.isBusy = true;
    this.#busy++;
    for (;;) {
      const errand = this.#stateNow() !== 'stopped' ? job.nextDue(this.parts.clock.nowMs()) : undefined;
      if (errand === undefined) break;
      if (!errand.isOver) await this.#try(job.ending, errand);
      if (errand.isOver) await this.#settle(job, errand);
    }
    job.isBusy = false;
    this.#busy--;
    if (job.isDone) {
      this.#jobs.delete(job.ending.id);
      this.#doneSinceLook.add(job.ending.id);
    }
    this.#go();
  }

  async #try(ending: Ending, errand: NoticeErrand): Promise<void> {
    const { clock, events, linkTo, random, wording } = this.parts;
    const { feature, correlationId, endedAtMs } = ending;
    const wish = ending.notify[errand.place];
    if (wish === undefined || wish.channel === 'in_app') return void (errand.isOver = true);
    const about = { feature, correlationId, channel: wish.channel };
    const sender = this.#senders.get(wish.channel);
    if (sender === undefined) {
      errand.isOver = true;
      return events.emit({ type: 'notice.failed', ...about, tries: 0, reason: 'no_sender' });
    }
    errand.tries++;
    try {
      const notice = noticeOf(ending, errand.place, wish, wording, linkTo(ending));
      await sendInTime(sender, notice, this.#rules.timeoutMs, clock);
      errand.isOver = true;
      events.emit({ type: 'notice.sent', ...about, tries: errand.tries });
    } catch (error) {
      const ageMs = clock.wallMs() - endedAtMs;
      const decision = decideNoticeRetry(error, errand.tries, ageMs, this.#rules, random.next());
      if (decision.again) return void (errand.dueAtMs = clock.nowMs() + decision.waitMs);
      errand.isOver = true;
      // Texts of others may hold an address, or what was sent.
      const problem = error instanceof ClaudeResilienceError ? { problem: error.message } : {};
      events.emit({ type: 'notice.failed', ...about, tries: errand.tries, reason: decision.reason, ...problem });
    }
  }

  async #settle(job: NoticeJob, errand: NoticeErrand): Promise<void> {
    try {
      await this.parts.store.noticeSettled(job.ending.id, errand.place);
      job.drop(errand);
    } catch {
      errand.dueAtMs = this.parts.clock.nowMs() + this.#rules.pollMs;
    }
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }
}
