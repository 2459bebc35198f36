import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { defer, from, lastValueFrom, type Observable } from 'rxjs';
import { describeThrown } from '../anthropic/function-transport.js';
import { errorOf } from '../core/call-errors.js';
import type { AttemptResult } from '../core/call.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { runWithRetry, type RetriedResult } from '../core/retry/run-with-retry.js';
import { openCall } from './open-call.js';
import { featureOf } from './claude-fallback.metadata.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { methodHooks } from './method-hooks.js';

/**
 * Runs the handler again after an error of the SDK, by the retry rules of its feature. Opt-in, for handlers that call
 * the SDK themselves, answer one value and are safe to repeat. Stands aside where the service has retried already.
 */
@Injectable()
export class ClaudeRetryInterceptor implements NestInterceptor {
  constructor(@Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return defer(() => from(this.#repeat(featureOf(context.getHandler()), next)));
  }

  async #repeat(feature: string, next: CallHandler): Promise<unknown> {
    const { features, clock, random } = this.runtime;
    const attempt = async (): Promise<AttemptResult<unknown>> => {
      try {
        return { ok: true, value: await lastValueFrom(next.handle(), { defaultValue: undefined }) };
      } catch (cause) {
        const facts = describeThrown(cause) ?? { from: 'code' };
        return { ok: false, failure: diagnoseFailure(facts, clock.wallMs()), cause };
      }
    };
    const call = openCall(this.runtime, { feature });
    const hooks = methodHooks(this.runtime, call);
    const { retry } = features.get(feature);
    const ended = (result: RetriedResult<unknown>) => {
      if (result.ok) return result.value;
      throw result.cause ?? errorOf({ ...result, feature, correlationId: call.id });
    };
    return runWithRetry(call, { attempt, ended }, hooks, retry, clock, random);
  }
}
