import { textsInParams } from '../anthropic/texts-in-params.js';
import type { ClaudeCall, Objection, Outcome } from '../core/call.js';
import type { ResolvedContentPolicyOptions } from '../core/content/content-policy.options.js';
import { reviewEntryOf } from '../core/content/review-entry.js';
import { screenContent } from '../core/content/screen-content.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';

type Failed = Extract<Outcome<unknown>, { status: 'failed' }>;

/**
 * The content policy around one request: what users wrote is screened before it is sent (R17), and what was declined, by
 * the screener, a filter or the model, goes onto the list that people work through (R16).
 */
export class ContentReview {
  #reason: string | undefined;

  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly reviews: ReviewList,
    private readonly params: Parameters<typeof textsInParams>[0],
    private readonly options: ResolvedContentPolicyOptions,
  ) {}

  /** Asks the screener; `undefined` where there is none. */
  get screen(): ((call: ClaudeCall) => Promise<Objection | undefined>) | undefined {
    const { screener, screenTimeoutMs } = this.options;
    if (screener === false) return undefined;
    return async ({ feature, id: correlationId, deadlineAtMs, signal }) => {
      const { clock } = this.runtime;
      const texts = textsInParams(this.params);
      const leftMs = Math.max(0, deadlineAtMs - clock.nowMs());
      const limitMs = Math.min(screenTimeoutMs, leftMs);
      const outcome = await screenContent({
        screener,
        input: { feature, correlationId, texts },
        limitMs,
        clock,
        signal,
      });
      if (outcome.status === 'allowed') return undefined;
      // Whose time was short is no fault of the screener.
      if (outcome.status === 'timed_out' && leftMs < screenTimeoutMs) return { facts: TOO_LATE, cause: undefined };
      if (outcome.status === 'rejected') this.#reason = outcome.reason;
      return { facts: FACTS[outcome.status], cause: outcome.status === 'failed' ? outcome.cause : undefined };
    };
  }

  /** Puts a declined request onto the list. A list that cannot take it changes nothing for the caller; an event says so. */
  note(call: ClaudeCall, outcome: Outcome<unknown>): Promise<void> | undefined {
    const isDeclined = outcome.status === 'failed' && outcome.failure.kind === 'content_policy';
    return isDeclined ? this.#note(call, outcome) : undefined;
  }

  async #note({ id: correlationId, feature, model }: ClaudeCall, { failure, attempts }: Failed): Promise<void> {
    const { params: request, options } = this;
    const entry = reviewEntryOf({ call: { model }, failure, request, attempts, options, reason: this.#reason });
    const about = { type: 'content.declined', feature, correlationId, failure } as const;
    try {
      const item = { kind: 'content_policy', feature, correlationId, input: entry } as const;
      const { id: reviewId } = await this.#inTime(this.reviews.add(item));
      this.runtime.events.emit({ ...about, reviewId });
    } catch {
      this.runtime.events.emit(about);
    }
  }

  async #inTime<T>(adding: Promise<T>): Promise<T> {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const stop = this.runtime.clock.after(LONGEST_NOTE_MS, () => reject(new Error('The review list does not answer')));
    try {
      return await Promise.race([adding, tooLate]);
    } finally {
      stop();
    }
  }
}

const TOO_LATE: FailureFacts = { from: 'timeout', limit: 'deadline', isHurried: true };
/** A list that does not answer must not hold the caller up, in milliseconds. */
const LONGEST_NOTE_MS = 2_000;

const FACTS: Readonly<Record<'rejected' | 'failed' | 'timed_out' | 'aborted', FailureFacts>> = {
  rejected: { from: 'screener', verdict: 'rejected' },
  failed: { from: 'screener', verdict: 'none' },
  timed_out: { from: 'screener', verdict: 'none' },
  aborted: { from: 'abort' },
};
