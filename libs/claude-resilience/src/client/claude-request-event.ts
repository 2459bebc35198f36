import type { ClaudeProblem } from './claude-problem.js';

/** What a request is doing: `slow` is longer than usual, `backgrounded` so long that a notice will come (R28). */
export type ClaudeRequestPhase = 'queued' | 'running' | 'slow' | 'retrying' | 'degraded' | 'backgrounded';

/** The request is kept and will be answered; told once. */
export interface ClaudeAcceptedEvent {
  readonly type: 'accepted';
  readonly requestId: string;
  /** `waiting`, `running`, ... when it was said. */
  readonly status: string;
  /** For the end user, as every `message` here. */
  readonly message: string;
}

export interface ClaudeProgressEvent {
  readonly type: 'progress';
  readonly phase: ClaudeRequestPhase;
  readonly message: string;
  /** Whole seconds since the request was accepted. */
  readonly elapsedSeconds: number;
  /** Place in the queue, from 1, while it waits. */
  readonly position?: number;
  /** Where a realistic waiting time is known. */
  readonly expectedWaitSeconds?: number;
}

/** How a request ended. Exactly one, and it is the last event. */
export type ClaudeEndEvent<Result = unknown> =
  | { readonly type: 'done'; readonly message: string; readonly result: Result }
  | { readonly type: 'failed'; readonly message: string; readonly problem: ClaudeProblem }
  | { readonly type: 'cancelled'; readonly message: string };

export type ClaudeRequestEvent<Result = unknown> = ClaudeAcceptedEvent | ClaudeProgressEvent | ClaudeEndEvent<Result>;
