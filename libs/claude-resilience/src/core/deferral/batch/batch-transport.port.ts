import type { MeteredReply, TokenUsage } from '../../call.js';
import type { FailureFacts } from '../../failure/failure-facts.js';

/** One request, as it goes into a batch. */
export interface BatchLetter {
  readonly customId: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What was heard: a value, or what was seen instead. */
export type Told<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly facts: FailureFacts };

/** A batch, as the API shows it. */
export interface BatchSight {
  readonly batchId: string;
  /** Wall-clock milliseconds, by the API's clock; `undefined` when it does not say. */
  readonly createdAtMs: number | undefined;
  readonly status: 'in_progress' | 'canceling' | 'ended';
  /** How many it holds. */
  readonly requests: number;
}

export type ItemResult =
  | {
      readonly name: 'answered';
      /** The message, as JSON text. */
      readonly answerJson: string;
      readonly model: string | undefined;
      readonly usage: TokenUsage | undefined;
      /** All that has a price, at that of a batch. */
      readonly metered?: MeteredReply;
    }
  | {
      readonly name: 'failed';
      readonly facts: FailureFacts;
      readonly model: string | undefined;
      /** Of an answer that was refused midway: that is paid for. */
      readonly usage: TokenUsage | undefined;
      readonly metered?: MeteredReply;
    }
  | { readonly name: 'canceled' | 'expired' };

/** One line of the results. */
export type ResultLine =
  | { readonly name: 'unreadable' }
  | { readonly name: 'item'; readonly customId: string; readonly result: ItemResult };

export interface BatchLimits {
  readonly signal: AbortSignal;
  /** Longest wait for headers, in milliseconds. Whoever asks aborts the rest. */
  readonly timeoutMs: number;
}

/** Speaks to the Batches API, and sends everything exactly once. Never rejects. */
export abstract class BatchTransport {
  abstract submit(letters: readonly BatchLetter[], limits: BatchLimits): Promise<Told<BatchSight>>;

  abstract look(batchId: string, limits: BatchLimits): Promise<Told<BatchSight>>;

  /** Batches that were created at or after a moment of the API's clock, by whomever. */
  abstract recent(sinceMs: number, limits: BatchLimits): Promise<Told<readonly BatchSight[]>>;

  /** The results of one that has ended, in any order; ends after what is not `ok`. */
  abstract results(batchId: string, limits: BatchLimits): AsyncIterable<Told<ResultLine>>;

  abstract cancel(batchId: string, limits: BatchLimits): Promise<Told<undefined>>;
}
