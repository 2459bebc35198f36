import { ClaudeResilienceError } from '../errors.js';
import type { RequestStateName } from './deferred-request.js';

/** About one deferred request. Who knows its id may read it, so no message has it, and no logger finds it here by itself. */
abstract class AboutRequest extends ClaudeResilienceError {
  readonly #id: string;

  constructor(id: string, message: string) {
    super(message);
    this.#id = id;
  }

  get id(): string {
    return this.#id;
  }
}

/** There is no deferred request of that id: never was, or it was kept long enough. */
export class ClaudeRequestNotFoundError extends AboutRequest {
  override readonly name = 'ClaudeRequestNotFoundError';
  readonly code = 'CLAUDE_REQUEST_NOT_FOUND';
  constructor(id: string) {
    super(id, 'There is no deferred request of this id: there never was, or it was kept long enough');
  }
}

/** It has ended, and an end is for ever. */
export class ClaudeRequestClosedError extends AboutRequest {
  override readonly name = 'ClaudeRequestClosedError';
  readonly code = 'CLAUDE_REQUEST_CLOSED';
  constructor(
    id: string,
    readonly state: RequestStateName,
  ) {
    super(id, `The deferred request has ended: ${state}`);
  }
}

/** Whoever says this no longer holds the lease: somebody else does, or nobody. Stop, and say nothing more about it. */
export class ClaudeStaleLeaseError extends AboutRequest {
  override readonly name = 'ClaudeStaleLeaseError';
  readonly code = 'CLAUDE_REQUEST_LEASE_STALE';
  constructor(
    id: string,
    readonly fencingNumber: number,
  ) {
    super(id, `The lease of the deferred request with fencing number ${fencingNumber} is over`);
  }
}

/** Only a dead letter can be redriven, or discarded: one that failed or expired, and of which nobody had decided before. */
export class ClaudeRequestNotDeadError extends AboutRequest {
  override readonly name = 'ClaudeRequestNotDeadError';
  readonly code = 'CLAUDE_REQUEST_NOT_DEAD';
  constructor(
    id: string,
    readonly state: RequestStateName,
  ) {
    super(id, `The deferred request is ${state}: only one that failed or expired can be redriven or discarded, once`);
  }
}

/** Parameters, an answer or a result over the limit of the store. */
export class ClaudeRequestTooLargeError extends ClaudeResilienceError {
  override readonly name = 'ClaudeRequestTooLargeError';
  readonly code = 'CLAUDE_REQUEST_TOO_LARGE';
  constructor(
    readonly part: 'parameters' | 'answer' | 'result',
    readonly bytes: number,
    readonly maxBytes: number,
  ) {
    super(`The ${part} of a deferred request may have ${maxBytes} bytes of JSON, not ${bytes}`);
  }
}

/** As many requests wait and run as the store takes. Nothing was dropped to make room. */
export class ClaudeRequestQueueFullError extends ClaudeResilienceError {
  override readonly name = 'ClaudeRequestQueueFullError';
  readonly code = 'CLAUDE_REQUEST_QUEUE_FULL';
  constructor(readonly maxOpen: number) {
    super(`The queue of deferred requests is full (${maxOpen} that wait or run)`);
  }
}

/** What is stored of this one request cannot be read. It was set aside as it is; all others go on. */
export class ClaudeCorruptRequestError extends AboutRequest {
  override readonly name = 'ClaudeCorruptRequestError';
  readonly code = 'CLAUDE_REQUEST_CORRUPT';
  constructor(
    id: string,
    /** What is wrong, in our words. */
    readonly problem: string,
  ) {
    super(id, `The deferred request cannot be read: ${problem}`);
  }
}

/** Why a store as a whole cannot be used. */
export type StoreTrouble =
  /** Another process, or another store of this one, has it open. */
  | 'locked'
  | 'not_writable'
  | 'not_a_database'
  /** A database, but of somebody else. */
  | 'not_ours'
  /** Written by a later version of this module. */
  | 'newer_schema'
  | 'damaged'
  | 'disk_full'
  /** Payloads are sealed with a key that was not given, or is another now. */
  | 'wrong_key'
  | 'closed'
  /** A server that does not answer, or not in time; it may have heard all the same. Say it again. */
  | 'unreachable'
  /** A server that is set to throw away what it was given. */
  | 'not_durable'
  | 'io';

/**
 * The store cannot do it, whatever the request: nothing of it was acknowledged, and nothing was changed; but for
 * `unreachable`, where nobody knows.
 */
export class ClaudeRequestStoreError extends ClaudeResilienceError {
  override readonly name = 'ClaudeRequestStoreError';
  readonly code = 'CLAUDE_REQUEST_STORE';
  constructor(
    readonly trouble: StoreTrouble,
    /** Where it is, for people. */
    readonly place: string,
    explanation: string,
    options?: ErrorOptions,
  ) {
    super(`The store at ${place}: ${explanation}`, options);
  }
}
