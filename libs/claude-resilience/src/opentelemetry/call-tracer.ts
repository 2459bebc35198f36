import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { CallWatch, TraceIds } from '../core/call-watch.js';
import type { ClaudeCall, Outcome } from '../core/call.js';
import type { RetryScheduledEvent } from '../core/events.js';
import { codeOf } from '../core/failure/failure.js';
import { guarded } from './guarded.js';
import type { OpenTelemetryApi } from './load-api.js';
import { attributesOfCall, attributesOfOutcome, outcomeOf } from './span-attributes.js';
import { ATTR, RETRY_EVENT, SPAN } from './telemetry-names.js';

/**
 * One INTERNAL span around each call: attempts, waits, queue and fallback. It is active inside, so that the SDK's span of each
 * attempt is its child. It has nothing of prompts, answers, or texts of the API.
 */
export class CallTracer implements CallWatch {
  /** Under which a call finds its own span, whatever the application has made active inside. */
  readonly #key: symbol;

  constructor(
    private readonly api: OpenTelemetryApi,
    private readonly tracer: Tracer,
    private readonly circuitStateOf: (feature: string) => string,
  ) {
    this.#key = api.createContextKey('claude-resilience:span');
  }

  async around<O extends Outcome<unknown, unknown>>(call: ClaudeCall, inside: () => Promise<O>): Promise<O> {
    const { trace, context } = this.api;
    const parent = this.#parentOf(call);
    const span = guarded(() => this.#start(call, parent));
    if (span === undefined) return inside();
    try {
      const outcome = await context.with(trace.setSpan(parent, span).setValue(this.#key, span), inside);
      guarded(() => this.#describe(span, call, outcome));
      return outcome;
    } catch (error) {
      // No failure of a call comes this way: it is a bug, and the trace should show where.
      guarded(() => span.setStatus({ code: this.api.SpanStatusCode.ERROR, message: codeOf('internal') }));
      throw error;
    } finally {
      guarded(() => span.end());
    }
  }

  /** What was waited for is seen in the trace. */
  retryScheduled({ attempt, kind, delayMs }: RetryScheduledEvent): void {
    const span = this.api.context.active().getValue(this.#key) as Span | undefined;
    span?.addEvent(RETRY_EVENT, {
      [ATTR.attempt]: attempt,
      [ATTR.errorType]: kind,
      [ATTR.delayMs]: Math.round(delayMs),
    });
  }

  traceIds(): TraceIds | undefined {
    return activeTraceIds(this.api);
  }

  /** What comes from the queue belongs to no request: the one that happened to wake the queue is somebody else's. */
  #parentOf({ isDeferred }: ClaudeCall): Context {
    return isDeferred === true ? this.api.ROOT_CONTEXT : this.api.context.active();
  }

  #start(call: ClaudeCall, parent: Context): Span {
    return this.tracer.startSpan(
      SPAN,
      { kind: this.api.SpanKind.INTERNAL, attributes: attributesOfCall(call) },
      parent,
    );
  }

  #describe(span: Span, call: ClaudeCall, outcome: Outcome<unknown, unknown>): void {
    if (!span.isRecording()) return;
    span.setAttributes(attributesOfOutcome(outcome, this.circuitStateOf(call.feature)));
    const name = outcomeOf(outcome);
    if (outcome.status === 'failed' && (name === 'error' || name === 'rejected')) {
      span.setStatus({ code: this.api.SpanStatusCode.ERROR, message: codeOf(outcome.failure.kind) });
    }
  }
}

/** @returns `undefined` outside of any trace */
export function activeTraceIds({ trace }: OpenTelemetryApi): TraceIds | undefined {
  const spanContext = guarded(() => trace.getActiveSpan()?.spanContext());
  if (spanContext === undefined || !trace.isSpanContextValid(spanContext)) return undefined;
  const { traceId, spanId } = spanContext;
  return { traceId, spanId };
}
