import { ClaudeCallError } from '../core/call-error.js';
import type { Attempt, ClaudeCall, WireResult } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { Transport } from '../core/transport.port.js';
import { describeNetworkError, describeSdkError } from './describe-error.js';
import { isRefusal, refusalFacts } from './judge-reply.js';

/** Sends a call by running a function of the application's, which talks to the API in a way of its own. */
export class FunctionTransport<T> extends Transport<T> {
  constructor(private readonly run: (attempt: Attempt) => T | Promise<T>) {
    super();
  }

  async send(_call: ClaudeCall, attempt: Attempt): Promise<WireResult<T>> {
    try {
      const value = await this.run(attempt);
      return isRefusal(value) ? { ok: false, facts: refusalFacts(value), cause: undefined } : { ok: true, value };
    } catch (cause) {
      return { ok: false, facts: describeThrown(cause) ?? describeNetworkError(cause) ?? { from: 'code' }, cause };
    }
  }
}

/** What an error says that a call made: one of ours, diagnosed already, or one of the SDK; `undefined` for any other. */
export function describeThrown(error: unknown): FailureFacts | undefined {
  return error instanceof ClaudeCallError ? { from: 'inner_call', failure: error.failure } : describeSdkError(error);
}
