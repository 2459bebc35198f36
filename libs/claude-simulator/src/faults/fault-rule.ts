import type { ErrorType } from '../api/error-type.js';
import type { RefusalCategory } from '../api/refusal-category.js';
import type { FaultName } from './fault-profiles.js';

/** One line of a scenario: what goes wrong, for whom, how often, when. */
export interface FaultRule {
  readonly fault: FaultName;

  /** Which requests; every part given must match. Left out: all requests to `/v1`. */
  readonly when?: {
    readonly method?: 'GET' | 'POST' | 'DELETE';
    /** Exact path, without the query: `/v1/messages`; a `*` stands for one whole part of it. */
    readonly path?: string;
    /** Exact model id as the request names it. */
    readonly model?: string;
    /** Text that occurs in the system prompt or in any message; upper and lower case differ. */
    readonly promptIncludes?: string;
    /**
     * Items of a batch with this `custom_id`, or with one that begins so if there is a `*` at the end; `*` alone: all
     * items. Such a rule strikes items when their batch is created, and no request; any other rule strikes no item.
     */
    readonly customId?: string;
  };

  /** How many of the first matching requests pass untouched; integer, 0 or more. @default 0 */
  readonly skip?: number;
  /** Which part of the matching requests fails, 0..1, drawn from the seed. @default 1 */
  readonly share?: number;
  /** How often the rule strikes at most; integer, 1 or more. @default no bound */
  readonly count?: number;
  /** From when, in milliseconds since the rule was set. @default 0 */
  readonly fromMs?: number;
  /** Until when (exclusive), in milliseconds since the rule was set. @default for ever */
  readonly untilMs?: number;

  /**
   * Waits so long before anything else happens; milliseconds, 0 or more. Of `stream_silence`: how long the silence
   * lasts; of `stream_slow`: before every event. @default 0; of `slow_headers` 30_000, of `stream_silence` for ever, of
   * `stream_slow` 1_000
   */
  readonly delayMs?: number;
  /**
   * Of errors, pages, `custom`, `hang` and `reset_before_headers`. `answer`: the API does all its work first, a batch is
   * created, a message written and charged, and only the client never learns of it. @default 'arrival'
   */
  readonly strikesAt?: 'arrival' | 'answer';
  /** `retry-after`, whole seconds, of error and page faults; null leaves it out where the real API sends it. */
  readonly retryAfterSeconds?: number | null;
  /** Replaces the text of an error or page, or the explanation of a refusal. */
  readonly message?: string;
  /** More headers of errors and pages; of `custom`, all that matter. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Of faults of a stream: after how many text deltas it strikes, or after the last one where there are fewer. 0: before
   * any text; null: before the very first event. @default 5; of `stream_unknown_event` and `stream_slow` null
   */
  readonly afterEvents?: number | null;
  /** Of `stream_error`. @default 'overloaded_error' */
  readonly errorType?: ErrorType;
  /** Of `refusal` and `stream_refusal`. @default null */
  readonly category?: RefusalCategory;
  /** Of `custom`: 200..599. */
  readonly status?: number;
  /** Of `custom`: sent as it is when a string, else as JSON. @default empty */
  readonly body?: unknown;
}
