import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ClaudeEvent } from '../core/events.js';
import type { Failure, FailureSeverity } from '../core/failure/failure.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { CLAUDE_LOGGING } from './claude-resilience.tokens.js';

/** Failures that an operator must mend: nothing in the program will. */
const FOR_OPERATORS: ReadonlySet<FailureSeverity> = new Set(['warning', 'critical']);

/**
 * Writes events to the application's logger, one line each, from a fixed list of fields: ids, kinds, counts and times.
 * Never a key, a prompt, an answer, or text of the API.
 */
@Injectable()
export class ClaudeEventLogger implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('ClaudeResilience');
  #unsubscribe = () => {};

  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(CLAUDE_LOGGING) private readonly isEnabled: boolean,
  ) {}

  onModuleInit(): void {
    if (this.isEnabled) this.#unsubscribe = this.runtime.events.subscribe((event) => this.#write(event));
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  #write(event: ClaudeEvent): void {
    switch (event.type) {
      case 'attempt.failed': {
        const { call, attempt, failure, durationMs } = event;
        this.#logger.debug({
          event: 'claude.attempt.failed',
          ...ofCall(call),
          attempt,
          ...ofFailure(failure),
          durationMs: Math.round(durationMs),
        });
        return;
      }
      case 'retry.scheduled': {
        const { call, attempt, kind, delayMs } = event;
        this.#logger.debug({
          event: 'claude.retry.scheduled',
          ...ofCall(call),
          attempt,
          errorType: kind,
          delayMs: Math.round(delayMs),
        });
        return;
      }
      case 'call.completed': {
        const { call, outcome, failure, attempts, durationMs } = event;
        const line = {
          event: 'claude.call.completed',
          ...ofCall(call),
          outcome,
          ...ofFailure(failure),
          attempts,
          durationMs: Math.round(durationMs),
        };
        if (failure !== undefined && FOR_OPERATORS.has(failure.severity)) {
          this.#logger.error({ ...line, ...(failure.action !== undefined && { action: failure.action }) });
        } else if (failure !== undefined && failure.kind !== 'cancelled') this.#logger.warn(line);
        else this.#logger.log(line);
        return;
      }
      case 'fallback.answered':
      case 'fallback.failed': {
        const { type, feature, correlationId, kind } = event;
        const line = { event: `claude.${type}`, feature, correlationId, errorType: kind };
        if (type === 'fallback.answered') this.#logger.log(line);
        else this.#logger.error({ ...line, errorName: event.errorName });
        return;
      }
      case 'circuit.transitioned': {
        const { feature, from, to, window } = event;
        const reason = 'reason' in to ? { reason: to.reason } : {};
        const line = {
          event: 'claude.circuit.transitioned',
          feature,
          from,
          to: to.name,
          ...reason,
          calls: window.calls,
          failures: window.failures,
        };
        if (to.name === 'closed') this.#logger.log(line);
        else this.#logger.warn(line);
        return;
      }
      case 'request.refused': {
        const { feature, correlationId, retryAfterMs } = event;
        this.#logger.warn({ event: 'claude.request.refused', feature, correlationId, retryAfterMs });
        return;
      }
      default:
        event satisfies never;
    }
  }
}

function ofCall({
  id,
  feature,
  workflow,
  model,
}: {
  id: string;
  feature: string;
  workflow: string;
  model: string | undefined;
}) {
  return { correlationId: id, feature, workflow, ...(model !== undefined && { model }) };
}

function ofFailure(failure: Failure | undefined) {
  if (failure === undefined) return {};
  const { kind, rule, severity, isUnknown, status, requestId, retryAfterMs, accessReturnsAtMs } = failure;
  return {
    errorType: kind,
    rule,
    severity,
    ...(isUnknown === true && { isUnknown }),
    ...(status !== undefined && { upstreamStatus: status }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(accessReturnsAtMs !== undefined && { accessReturnsAt: new Date(accessReturnsAtMs).toISOString() }),
  };
}
