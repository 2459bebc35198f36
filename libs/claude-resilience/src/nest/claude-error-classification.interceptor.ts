import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { catchError, defer, finalize, tap, throwError, type Observable } from 'rxjs';
import { describeSdkError } from '../anthropic/describe-error.js';
import { errorOf } from '../core/call-errors.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { featureOf, readMarker } from './claude-fallback.metadata.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { RequestNotes } from '../runtime/claude-scope.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import { correlationIdOf } from '../http/correlation-id.js';
import { localeOf } from './locale-of.js';
import { MethodCircuit } from './method-circuit.js';
import { prefersLater } from './prefers-later.js';
import { varyByLanguage } from '../http/wording-headers.js';

/**
 * Opens the scope of a request (feature, correlation id, language), turns errors of the SDK that leave the handler into
 * typed ones, and says in `X-Claude-Outcome` how the request was answered. Other errors pass as they are. Alone on a
 * handler that calls the SDK itself, it also counts that handler's results for the circuit.
 */
@Injectable()
export class ClaudeErrorClassificationInterceptor implements NestInterceptor {
  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { scope, random, wording } = this.runtime;
    const handler = context.getHandler();
    const outer = scope.current();
    const feature = featureOf(handler);
    const correlationId = outer?.correlationId ?? correlationIdOf(context) ?? random.id();
    const locale = outer?.locale ?? localeOf(context, wording);
    const request: RequestNotes = outer?.request ?? this.#notesOf(context);
    // A decorated handler keeps its own books; for a bare one they are kept here.
    const circuit = this.#circuitOf(handler, feature);
    return defer(() => {
      const refusal = circuit?.enter();
      if (refusal !== undefined)
        return throwError(() => this.#typed({ from: 'circuit', ...refusal }, feature, correlationId));
      const handOver = () => circuit?.leave();
      return scope.run({ correlationId, feature, locale, request, handOver }, () => next.handle());
    }).pipe(
      tap(() => this.#tellOutcome(context, request.outcome ?? 'served')),
      tap({ complete: () => circuit?.succeeded(undefined) }),
      catchError((error: unknown) => throwError(() => this.#classified(error, feature, correlationId, circuit))),
      finalize(() => circuit?.leave()),
    );
  }

  #notesOf(context: ExecutionContext): RequestNotes {
    const { queue } = this.options;
    if (queue === false || context.getType() !== 'http') return {};
    const { ownerOf, notifyOf } = queue;
    const request: unknown = context.switchToHttp().getRequest();
    return {
      prefersLater: prefersLater(context),
      ...(ownerOf && { ownerOf: async () => ownerOf(request) }),
      ...(notifyOf && { notifyOf: async () => notifyOf(request) }),
    };
  }

  #circuitOf(handler: object, feature: string): MethodCircuit | undefined {
    const { circuits, direct } = this.runtime;
    return readMarker(handler) === undefined ? new MethodCircuit(circuits.of(feature), handler, direct) : undefined;
  }

  #classified(cause: unknown, feature: string, correlationId: string, circuit: MethodCircuit | undefined): unknown {
    const facts = describeSdkError(cause);
    if (facts === undefined) return cause;
    circuit?.failed(diagnoseFailure(facts, this.runtime.clock.wallMs()));
    return this.#typed(facts, feature, correlationId, cause);
  }

  #typed(facts: FailureFacts, feature: string, correlationId: string, cause?: unknown): unknown {
    const failure = diagnoseFailure(facts, this.runtime.clock.wallMs());
    const attempts = facts.from === 'circuit' ? 0 : 1;
    return errorOf({ failure, feature, correlationId, attempts, cause });
  }

  #tellOutcome(context: ExecutionContext, outcome: string): void {
    if (context.getType() !== 'http') return;
    const { httpAdapter } = this.host;
    const response: unknown = context.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(response)) return;
    httpAdapter.setHeader(response, 'X-Claude-Outcome', outcome);
    if (outcome === 'fallback') varyByLanguage(httpAdapter, response);
  }
}
