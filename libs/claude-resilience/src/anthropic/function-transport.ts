import { ClaudeCallError } from '../core/call-error.js';
import type { Attempt, ClaudeCall, WireResult } from '../core/call.js';
import { ClaudeDeferredError } from '../core/deferral/deferred-error.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { Transport } from '../core/transport.port.js';
import { describeNetworkError, describeSdkError } from './describe-error.js';
import { isRefusal, refusalFacts } from './judge-reply.js';

/**
 * Sends a call by running a function of the application's, which talks to the API in a way of its own. A call inside it
 * that waits in the queue is what came of it, and no failure: nothing is retried, nobody is judged.
 */
export abstract class FunctionTransport<T> extends Transport<T | ClaudeDeferredError> {
  protected abstract run(attempt: Attempt): T | Promise<T>;

  send(_call: ClaudeCall, attempt: Attempt): Promise<WireResult<T | ClaudeDeferredError>> {
    try {
      return Promise.resolve(this.run(attempt)).then<WireResult<T>, WireResult<ClaudeDeferredError>>(answered, failed);
    } catch (cause) {
      return Promise.resolve(failed(cause));
    }
  }
}

function answered<T>(value: T): WireResult<T> {
  return isRefusal(value) ? { ok: false, facts: refusalFacts(value), cause: undefined } : { ok: true, value };
}

function failed(cause: unknown): WireResult<ClaudeDeferredError> {
  if (cause instanceof ClaudeDeferredError) return { ok: true, value: cause };
  return { ok: false, facts: describeThrown(cause) ?? describeNetworkError(cause) ?? { from: 'code' }, cause };
}

/** What an error says that a call made: one of ours, diagnosed already, or one of the SDK; `undefined` for any other. */
export function describeThrown(error: unknown): FailureFacts | undefined {
  return error instanceof ClaudeCallError ? { from: 'inner_call', failure: error.failure } : describeSdkError(error);
}
