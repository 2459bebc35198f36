import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Advice } from '../core/advice/advice.js';
import type { Origin, Target } from '../core/call.js';
import type { ClaudeEvent } from '../core/events.js';
import type { Failure, FailureSeverity } from '../core/failure/failure.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
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

  /** What stops an account is told by that, once, and not by each call that met it. */
  #isTold({ stopsAccount }: Failure): boolean {
    return stopsAccount === true && this.runtime.options.account !== false;
  }

  #write(event: ClaudeEvent): void {
    switch (event.type) {
      case 'attempt.failed': {
        const { call, attempt, target, failure, durationMs } = event;
        this.#logger.debug({
          event: 'claude.attempt.failed',
          ...ofCall(call),
          ...ofTarget(target),
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
        const { call, outcome, failure, attempts, durationMs, origin } = event;
        const line = {
          event: 'claude.call.completed',
          ...ofCall(call),
          ...ofOrigin(origin),
          outcome,
          ...ofFailure(failure),
          attempts,
          durationMs: Math.round(durationMs),
        };
        if (failure !== undefined && FOR_OPERATORS.has(failure.severity) && !this.#isTold(failure)) {
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
      case 'model.transitioned': {
        const { model, platform, from, to } = event;
        this.#logger.log({ event: 'claude.model.transitioned', model, platform, from, to });
        return;
      }
      case 'account.stopped': {
        const { account, failure } = event;
        const action = failure.action === undefined ? {} : { action: failure.action };
        this.#logger.error({ event: 'claude.account.stopped', account, ...ofFailure(failure), ...action });
        return;
      }
      case 'account.resumed': {
        const { account, failure, stoppedForMs } = event;
        const line = { account, errorType: failure.kind, rule: failure.rule, stoppedForMs: Math.round(stoppedForMs) };
        this.#logger.log({ event: 'claude.account.resumed', ...line });
        return;
      }
      case 'advice.given': {
        this.#logger.log({ event: 'claude.advice.given', ...ofAdvice(event), ...event.evidence });
        return;
      }
      case 'advice.withdrawn': {
        const heldForMs = Math.round(event.heldForMs);
        this.#logger.log({ event: 'claude.advice.withdrawn', ...ofAdvice(event), heldForMs });
        return;
      }
      case 'content.declined': {
        const { feature, correlationId, failure, reviewId } = event;
        const { rule, category, requestId } = failure;
        const line = {
          event: 'claude.content.declined',
          feature,
          correlationId,
          rule,
          ...(category !== undefined && { category }),
          ...(requestId !== undefined && { requestId }),
        };
        if (reviewId !== undefined) this.#logger.log({ ...line, reviewId });
        else
          this.#logger.error({ ...line, action: 'The review list could not take it: look at the list, or its store.' });
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

/** Lines of the module's own platform do not name it. */
function ofTarget({ model, platform }: Pick<Target, 'model' | 'platform'>) {
  return {
    ...(model !== undefined && { model }),
    ...(platform !== undefined && platform !== OWN_PLATFORM && { platform }),
  };
}

function ofOrigin(origin: Origin | undefined) {
  if (origin === undefined) return {};
  const { isReformulated, insteadOf } = origin;
  return {
    ...ofTarget(origin),
    ...(isReformulated && { isReformulated }),
    ...(insteadOf.length > 0 && { insteadOf: insteadOf.map(({ model, kind }) => `${model}: ${kind}`) }),
  };
}

function ofAdvice({ topic, feature, model, about, sentence }: Advice) {
  return {
    topic,
    feature,
    ...(model !== undefined && { model }),
    ...(about !== undefined && { about }),
    advice: sentence,
  };
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
