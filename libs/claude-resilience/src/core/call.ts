import type { MeteredReply, MeteredRequest } from './cost/metered-usage.js';
import type { AwaitedLimit, FailureFacts } from './failure/failure-facts.js';
import type { Failure, FailureKind } from './failure/failure.js';

export type { MeteredReply, MeteredRequest };

/** Who goes first when not everybody can. */
export const CALL_PRIORITIES = ['urgent', 'normal', 'background'] as const;
export type CallPriority = (typeof CALL_PRIORITIES)[number];

/** Who is asked: a model, on a platform. `undefined` where a function of the application's asks whom it likes. */
export interface Target {
  readonly model: string | undefined;
  /** Name of the client in `platforms`; `anthropic` is the module's own. */
  readonly platform: string | undefined;
  /** Whose rate limits it counts against: of a credential and model class, shared by the models of one bucket. */
  readonly bucket: string;
}

/** How one request differs from the call it belongs to. */
export interface Sending {
  /** From 1. */
  readonly number: number;
  readonly target: Target;
  /** Set when the question is put differently, with safety instructions, after a model declined it (R18). */
  readonly isReformulated: boolean;
}

/** What a transport can do besides sending. */
export interface Abilities {
  /** Whether the request can be put so that this target takes it. */
  suits(target: Target): boolean;
  /** Whether the question can be put differently after a model declined it (R18). */
  readonly canReformulate: boolean;
  /** How much this target is asked for. */
  estimate(target: Target): TokenEstimate;
  /** Looks at the request before anything is sent. @returns why it must not be sent */
  objection(call: ClaudeCall): Promise<Objection | undefined> | Objection | undefined;
}

/** Why a request was not sent at all. */
export interface Objection {
  readonly facts: FailureFacts;
  readonly cause: unknown;
}

/** What the caller asked for. Frozen at the desk, passed through every room. Times are those of `Clock.nowMs`. */
export interface ClaudeCall {
  /** Correlation id: in every log line, event and error of this call. */
  readonly id: string;
  /** Set when that was made for this call: nothing came of it before. */
  readonly hasNewId?: boolean;
  readonly feature: string;
  /** What the call is part of, for metrics; the feature's name when the caller names none. */
  readonly workflow: string;
  readonly priority: CallPriority;
  /** The model asked for; `undefined` when the call is a function of the application's. */
  readonly model: string | undefined;
  /** Whom it may be answered by, the first choice first; at least one. */
  readonly targets: readonly Target[];
  readonly startedAtMs: number;
  /** Nothing of this call goes on after this moment: no attempt, no wait. */
  readonly deadlineAtMs: number;
  /** Longest time for one attempt, headers and body, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest wait for the headers of an answer, in milliseconds; absent: as long as the attempt may take. */
  readonly headersMs?: number;
  /** Longest time from the headers to the end of a whole message, in milliseconds; absent: what is left of the attempt. */
  readonly bodyMs?: number;
  /** Milliseconds an attempt must have had for its silence to count against the service. */
  readonly fairTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Set for a stream. */
  readonly isStream?: boolean | undefined;
  /** Set for a count of tokens: that it works says little about the service, and nothing about money. */
  readonly isCount?: boolean | undefined;
  /** Language of sentences for the end user, a BCP 47 tag; the default one when nobody knows. */
  readonly locale?: string | undefined;
  /** Set when it comes from the queue: fresh calls go first, and it goes back there instead of waiting for a circuit. */
  readonly isDeferred?: boolean | undefined;
}

/** One request on the wire. */
export interface Attempt extends Sending {
  /** Aborts when the attempt's time is over or the caller gives up. Lives until the body is read. */
  readonly signal: AbortSignal;
  /** Milliseconds this attempt may take, headers and body. */
  readonly timeoutMs: number;
  /**
   * Says what is waited for from now on, and for how long at most: never longer than the attempt may take. Whoever says
   * nothing has the attempt's own time for all of it.
   *
   * @param withinMs milliseconds from now, above 0; absent: what is left of the attempt
   */
  waitsFor(limit: AwaitedLimit, withinMs?: number): void;
  /**
   * Says that what runs inside asks for permits and limits of its own (a service call inside `run`). Gives this
   * attempt's permit back and leaves it only the deadline of the call: one owner of retrying, one permit per request.
   */
  handOver(): void;
}

/** Headers of an answer, by lower-case name: the limits, the waits and the request's id; nothing else is kept. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** Tokens of one request, as the API counted them. */
export interface TokenUsage {
  /** Of the prompt, neither read from a cache nor written to one. */
  readonly inputTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
}

/** Tokens that a request is likely to take. */
export interface TokenEstimate {
  /** Of the prompt. */
  readonly inputTokens: number;
  /** Of the answer, at most. */
  readonly outputTokens: number;
}

/** What is worth knowing of a reply besides its value. */
export interface ReplyNotes {
  readonly headers?: ResponseHeaders | undefined;
  readonly usage?: TokenUsage | undefined;
  /** By `Clock.nowMs`, when the first of the answer was here; of streams. */
  readonly firstTokenAtMs?: number | undefined;
  /** Why the model stopped: the API's word for it. */
  readonly stopReason?: string | undefined;
  /** The API's id of the answer, where it is not among `headers`. */
  readonly requestId?: string | undefined;
  /** All that the request took; several where other models were asked inside it. Absent: nobody told. */
  readonly metered?: readonly MeteredReply[] | undefined;
}

/** What came back from the wire: a value, or what was seen instead and the error it was seen in. */
export type WireResult<T> =
  | ({ readonly ok: true; readonly value: T } & ReplyNotes)
  | ({
      readonly ok: false;
      readonly facts: FailureFacts;
      readonly cause: unknown;
      /** Nothing may follow, whatever the failure: the reader of a stream has part of an answer. */
      readonly isFinal?: boolean;
    } & ReplyNotes);

/** The same after diagnosis. */
export type AttemptResult<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly cause: unknown;
      /** Another request follows at once, which is not the same again: another model, or the question put differently. */
      readonly goesOn?: boolean;
      /** Nothing was sent. */
      readonly isUnsent?: boolean;
    };

/** Who answered, and why not the first choice. */
export interface Origin extends Pick<Target, 'model' | 'platform'> {
  /** Whether the question was put differently, with safety instructions, after a model had declined it. */
  readonly isReformulated: boolean;
  /** Who was asked before and could not, in order; repeated tries of the one that answered are not among them. */
  readonly insteadOf: readonly (Pick<Target, 'model' | 'platform'> & { readonly kind: FailureKind })[];
}

/** How a call ended. Failures are values here; one typed error is made of them at the desk. */
export type Outcome<T, F = never> =
  | { readonly status: 'served'; readonly value: T; readonly attempts: number; readonly origin: Origin }
  | FallbackOutcome<F>
  | DeferredOutcome
  | { readonly status: 'failed'; readonly failure: Failure; readonly cause: unknown; readonly attempts: number };

/** Not answered, but in the queue: it will be (R10). */
export interface DeferredOutcome {
  readonly status: 'deferred';
  /** Who knows it may read and cancel the request. */
  readonly requestId: string;
  /** What became of it: `waiting`, unless it was there already, by its idempotency key. */
  readonly state: string;
  /** Why; `undefined` when nobody wanted to wait for it. */
  readonly failure: Failure | undefined;
  readonly attempts: number;
}

/** Answered, by the feature's fallback. `message` is a plain sentence for the end user (R29). */
export interface FallbackOutcome<F> {
  readonly status: 'fallback';
  readonly value: F;
  readonly message: string;
  readonly failure: Failure;
  readonly attempts: number;
}
