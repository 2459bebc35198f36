import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { catchError, defer, tap, throwError, type Observable } from 'rxjs';
import { describeSdkError } from '../anthropic/describe-error.js';
import { errorOf } from '../core/call-errors.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { featureOf } from './claude-fallback.metadata.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { RequestNotes } from '../runtime/claude-scope.js';
import { correlationIdOf } from './correlation-id.js';

/**
 * Opens the scope of a request (feature, correlation id), turns errors of the SDK that leave the handler into typed
 * ones, and says in `X-Claude-Outcome` how the request was answered. Other errors pass as they are.
 */
@Injectable()
export class ClaudeErrorClassificationInterceptor implements NestInterceptor {
  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const feature = featureOf(context.getHandler());
    const correlationId = correlationIdOf(context) ?? this.runtime.random.id();
    const request: RequestNotes = {};
    return defer(() => this.runtime.scope.run({ correlationId, feature, request }, () => next.handle())).pipe(
      tap(() => this.#tellOutcome(context, request.outcome ?? 'served')),
      catchError((error: unknown) => throwError(() => this.#classified(error, feature, correlationId))),
    );
  }

  #classified(cause: unknown, feature: string, correlationId: string): unknown {
    const facts = describeSdkError(cause);
    if (facts === undefined) return cause;
    const failure = diagnoseFailure(facts, this.runtime.clock.wallMs());
    return errorOf({ failure, feature, correlationId, attempts: 1, cause });
  }

  #tellOutcome(context: ExecutionContext, outcome: string): void {
    if (context.getType() !== 'http') return;
    const { httpAdapter } = this.host;
    const response: unknown = context.switchToHttp().getResponse();
    if (!httpAdapter.isHeadersSent(response)) httpAdapter.setHeader(response, 'X-Claude-Outcome', outcome);
  }
}
