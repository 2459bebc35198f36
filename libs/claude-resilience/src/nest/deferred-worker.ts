import { describeThrown } from '../anthropic/function-transport.js';
import { ClaudeCallError } from '../core/call-error.js';
import type { Asked, Finished, RequestWorker } from '../core/deferral/run-request.js';
import type { ClaimedRequest } from '../core/deferral/request-store.port.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import type { Failure } from '../core/failure/failure.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeScopeValues } from '../runtime/claude-scope.js';
import type { DeferredParameters } from './call-later.js';
import { openCall } from './open-call.js';
import type { ClaudeMessageParams, ClaudeMessages } from './claude-messages.js';
import { newDeferredNotes } from './deferred-notes.js';
import type { DeferredHandlers } from './deferred-handlers.js';
import type { ClaudeMessage } from './part-requests.js';

/** What a handler is given, as it was kept. */
interface Kept {
  readonly message: ClaudeMessage;
  readonly params: object;
  readonly data: unknown;
  /** For the handler, in milliseconds. */
  readonly deadlineMs: number;
}

/** The same answer gives the same result: what the handler does besides must not be done again and again. */
const NO_JSON = {
  rule: 'deferred_result_is_no_json',
  action: 'Return what can be written as JSON from the handler, then redrive the request.',
};

/** Has deferred requests answered by the API, under every rule but deferral and fallback, and by the application's handler. */
export class DeferredWorker implements RequestWorker {
  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly messages: ClaudeMessages,
    private readonly handlers: DeferredHandlers,
  ) {}

  async ask(request: ClaimedRequest, signal: AbortSignal): Promise<Asked> {
    try {
      const { params: asked, timeoutMs } = JSON.parse(request.parametersJson) as DeferredParameters;
      const params = asked as ClaudeMessageParams;
      const { feature, workflow, priority } = request;
      const leftMs = Math.max(1, request.deadlineMs - this.runtime.clock.wallMs());
      const deadlineMs = Math.min(this.runtime.features.get(feature).deadlineMs, leftMs);
      const options = {
        feature,
        workflow,
        priority,
        signal,
        deadlineMs,
        ...(timeoutMs !== undefined && { timeoutMs }),
      };
      const outcome = await this.runtime.scope.run(this.#scopeOf(request), async () => {
        const call = openCall(this.runtime, options, { model: params.model, isDeferred: true });
        return this.messages.answer(params, call);
      });
      if (outcome.status === 'served') return { ok: true, answerJson: JSON.stringify(outcome.value) };
      return { ok: false, failure: outcome.status === 'failed' ? outcome.failure : this.#bug() };
    } catch {
      // What was kept cannot be asked any more: a feature or a model that is no longer configured, or a mistake of ours.
      return { ok: false, failure: this.#bug() };
    }
  }

  async finish(request: ClaimedRequest, answerJson: string, signal: AbortSignal): Promise<Finished> {
    const kept = this.#kept(request, answerJson);
    if (kept === undefined) return { ok: false, failure: this.#bug() };
    let result: unknown;
    try {
      result = await this.#handled(request, kept, signal);
    } catch (error) {
      return { ok: false, failure: this.#failureOf(error) };
    }
    try {
      return { ok: true, resultJson: JSON.stringify(result) ?? 'null' };
    } catch {
      return { ok: false, failure: { ...this.#bug(), ...NO_JSON } };
    }
  }

  /** @returns `undefined` when nobody can make anything of it any more */
  #kept({ feature, parametersJson }: ClaimedRequest, answerJson: string): Kept | undefined {
    try {
      const { deadlineMs } = this.runtime.features.get(feature);
      const { params, data } = JSON.parse(parametersJson) as DeferredParameters;
      return { message: JSON.parse(answerJson) as ClaudeMessage, params, data, deadlineMs };
    } catch {
      return undefined;
    }
  }

  /** What the handler makes of it: in time, and while somebody waits for it. */
  async #handled(
    request: ClaimedRequest,
    { message, params, data, deadlineMs }: Kept,
    off: AbortSignal,
  ): Promise<unknown> {
    const { id: requestId, correlationId, feature, workflow, owner, locale } = request;
    const { clock, scope } = this.runtime;
    const over = new AbortController();
    const signal = AbortSignal.any([off, over.signal]);
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const stop = clock.after(deadlineMs, () => reject(new Error('The handler took too long')));
    const onAbort = () => reject(new Error('Nobody waits for the handler any more'));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) onAbort();
      const context = { requestId, correlationId, feature, workflow, owner, locale, params, data, signal };
      const inside = { ...this.#scopeOf(request), signal, deadlineAtMs: clock.nowMs() + deadlineMs };
      const handling = async () => (signal.aborted ? undefined : this.handlers.of(feature)(message, context));
      return await Promise.race([givenUp, scope.run(inside, handling)]);
    } finally {
      stop();
      signal.removeEventListener('abort', onAbort);
      over.abort();
    }
  }

  #scopeOf({ correlationId, feature, locale }: ClaimedRequest): ClaudeScopeValues {
    return { correlationId, feature, locale, request: newDeferredNotes() };
  }

  /** The answer is kept: a handler that fails is asked again, as its reason may pass. */
  #failureOf(error: unknown): Failure {
    const facts = describeThrown(error);
    if (facts !== undefined && error instanceof ClaudeCallError) return { ...error.failure, retryable: true };
    return { ...this.#bug(), rule: 'deferred_handler', retryable: true, scope: 'request' };
  }

  #bug(): Failure {
    return diagnoseFailure({ from: 'code' }, this.runtime.clock.wallMs());
  }
}
