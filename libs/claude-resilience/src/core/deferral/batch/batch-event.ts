import type { MeteredRequest, TokenUsage } from '../../call.js';
import type { CostSum } from '../../call-cost.js';
import type { Failure } from '../../failure/failure.js';

/** What happened to batches (R12): past facts. None holds a prompt, an answer or text of the API. */
export type BatchEvent = BatchSubmittedEvent | BatchNotSubmittedEvent | BatchAnsweredEvent | BatchEndedEvent;

export interface BatchSubmittedEvent {
  readonly type: 'batch.submitted';
  /** The API's own id. */
  readonly batchId: string;
  readonly requests: number;
  /** Set when it had been sent before, by a process that did not learn of it: it was found again. */
  readonly isFound: boolean;
}

/** A batch was not taken, or nobody knows whether it was. */
export interface BatchNotSubmittedEvent {
  readonly type: 'batch.not_submitted';
  readonly requests: number;
  readonly failure: Failure;
  /** It is sent again; first it is looked for; or its requests go back into the queue, each for itself. */
  readonly next: 'again' | 'find' | 'one_by_one';
}

/** The API has answered one request of a batch: half the price of a single one. */
export interface BatchAnsweredEvent {
  readonly type: 'batch.answered';
  readonly batchId: string;
  readonly feature: string;
  readonly workflow: string;
  readonly correlationId: string;
  /** Who answered, in the API's words. */
  readonly model?: string;
  readonly usage?: TokenUsage;
  /** All of it that has a price. */
  readonly metered?: MeteredRequest;
  /** What it cost, by the price table; there whenever `metered` is. */
  readonly cost?: CostSum;
  readonly serviceTier: 'batch';
  /** `declined`: a refusal; `dropped`: it had been cancelled by then. Both may have to be paid for. */
  readonly outcome: 'kept' | 'declined' | 'dropped';
}

export interface BatchEndedEvent {
  readonly type: 'batch.ended';
  readonly batchId: string;
  readonly requests: number;
  /** By what their results say. */
  readonly answered: number;
  readonly failed: number;
  readonly canceled: number;
  readonly expired: number;
  /** Without a result that could be read: they are asked again. */
  readonly missing: number;
  /** From its sending, in milliseconds. */
  readonly tookMs: number;
}
