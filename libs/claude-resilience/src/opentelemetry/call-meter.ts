import type { Attributes, Meter } from '@opentelemetry/api';
import type { ClaudeCall, TokenUsage } from '../core/call.js';
import { knownUsdOf, unknownIn, type CostSum } from '../core/cost/cost-sum.js';
import type { CallCompletedEvent, ClaudeEvent } from '../core/events.js';
import { countCall, metBy, RETRIED } from '../core/metrics/count-call.js';
import { LogKeys } from '../core/metrics/log-keys.js';
import { SeriesCounts } from '../core/metrics/series-counts.js';
import { genAiMeter, type GenAiMeter } from './gen-ai-meter.js';
import { instrumentsOf } from './instruments.js';
import { SeriesAttributesBook } from './series-attributes.js';
import { ATTR, CLAUDE_METRICS } from './telemetry-names.js';

const {
  circuitState: _state,
  queueDepth: _depth,
  fleetReplicas: _replicas,
  fleetBeatFailures: _failures,
  ...COUNTED
} = CLAUDE_METRICS;

/**
 * Counts and measures calls as they end, once each: subscribe `hear` to the event hub. The rules are those of the module's own
 * counters, so that all exporters say the same; here they are added to instruments that several modules of a process may share.
 */
export class CallMeter {
  readonly #add;
  readonly #genAi: GenAiMeter;
  readonly #series: SeriesAttributesBook;
  readonly #met = new WeakMap<ClaudeCall, number>();
  readonly #keys = new LogKeys();

  constructor(meter: Meter, semconv: 'current' | 'next', always: Attributes) {
    this.#add = instrumentsOf(meter, COUNTED);
    this.#genAi = genAiMeter(meter, semconv);
    this.#series = new SeriesAttributesBook(always);
  }

  hear(event: ClaudeEvent): void {
    switch (event.type) {
      case 'attempt.failed':
        if (event.call.isCount === true) return;
        this.#met.set(event.call, (this.#met.get(event.call) ?? 0) | metBy(event.failure));
        return this.#attempts(this.#series.ofCall(event.call).claude, event.failure.kind, 1);
      case 'retry.scheduled':
        if (event.call.isCount === true) return;
        this.#met.set(event.call, (this.#met.get(event.call) ?? 0) | RETRIED);
        return this.#add.retries(1, { ...this.#series.ofCall(event.call).claude, [ATTR.errorType]: event.kind });
      case 'call.completed':
        return event.call.isCount === true ? undefined : this.#completed(event);
      case 'request.refused':
        return this.#requests(this.#series.of(event.feature, undefined).claude, 'rejected', 1);
      case 'fallback.answered':
        return this.#add.fallbacks(1, this.#series.of(event.workflow, event.model).claude);
      case 'request.deferred':
        return this.#add.deferred(1, this.#series.of(event.workflow, undefined).claude);
      case 'batch.answered':
        return this.#spent(this.#series.of(event.workflow, event.model).claude, event);
      default:
    }
  }

  began(call: ClaudeCall): void {
    this.#add.inFlight(1, this.#series.ofCall(call).claude);
  }

  ended(call: ClaudeCall): void {
    this.#add.inFlight(-1, this.#series.ofCall(call).claude);
  }

  #completed(event: CallCompletedEvent): void {
    const { call, failure, durationMs, firstTokenMs, usage } = event;
    const counts = SeriesCounts.empty();
    countCall(counts, event, this.#met.get(call) ?? 0, this.#keys);
    this.#met.delete(call);
    const { claude, genAi } = this.#series.ofCall(call);

    for (const outcome of ['ok', 'error', 'cancelled', 'rejected'] as const) {
      this.#requests(claude, outcome, counts[outcome]);
    }
    for (const [kind, count] of Object.entries(counts.errors.toJSON())) {
      this.#add.requestErrors(count, { ...claude, [ATTR.errorType]: kind });
    }
    this.#attempts(claude, undefined, counts.attemptsOk);
    for (const [kind, count] of Object.entries(counts.attemptsFailed.toJSON())) this.#attempts(claude, kind, count);
    this.#spent(claude, event);

    const isJudged = counts.judged > 0;
    if (isJudged) this.#add.duration(durationMs / 1_000, { ...claude, [ATTR.outcome]: counts.ok > 0 ? 'ok' : 'error' });
    this.#genAi(
      {
        ...(isJudged && { durationMs }),
        ...(isJudged && failure !== undefined && { errorType: failure.kind }),
        ...(firstTokenMs !== undefined && { firstTokenMs }),
        ...(usage !== undefined && { usage }),
      },
      genAi,
    );
  }

  #requests(attributes: Attributes, outcome: string, count: number): void {
    if (count > 0) this.#add.requests(count, { ...attributes, [ATTR.outcome]: outcome });
  }

  #attempts(attributes: Attributes, errorType: string | undefined, count: number): void {
    const error = errorType === undefined ? {} : { [ATTR.errorType]: errorType };
    if (count > 0) this.#add.attempts(count, { ...attributes, ...error });
  }

  #spent(attributes: Attributes, { usage, cost }: { readonly usage?: TokenUsage; readonly cost?: CostSum }): void {
    for (const [direction, tokens] of usage === undefined ? [] : directionsOf(usage)) {
      if (tokens > 0) this.#add.tokens(tokens, { ...attributes, [ATTR.tokenDirection]: direction });
    }
    if (cost === undefined) return;
    this.#add.cost(knownUsdOf(cost), attributes);
    if (unknownIn(cost) > 0) this.#add.unpriced(1, attributes);
  }
}

function directionsOf(usage: TokenUsage): readonly (readonly [direction: string, tokens: number])[] {
  return [
    ['input', usage.inputTokens],
    ['output', usage.outputTokens],
    ['cache_read', usage.cacheReadTokens],
    ['cache_write', usage.cacheWriteTokens],
  ];
}
