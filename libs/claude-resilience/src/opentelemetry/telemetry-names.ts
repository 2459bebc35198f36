import { HISTOGRAM_BOUNDS } from '../core/metrics/metrics-snapshot.js';

/** Under which this module's spans and metrics are grouped. */
export const SCOPE = 'nestjs-claude-resilience';
export const SPAN = 'claude.call';
/** An event on that span. */
export const RETRY_EVENT = 'claude.retry';

/** Names of attributes. Those of OpenTelemetry are copied, as its packages ask of libraries. */
export const ATTR = {
  answeredBy: 'claude.answered_by',
  attempt: 'claude.attempt',
  attempts: 'claude.attempts',
  circuit: 'claude.circuit',
  circuitState: 'claude.circuit.state',
  correlationId: 'claude.correlation_id',
  deferred: 'claude.deferred',
  delayMs: 'claude.delay_ms',
  errorType: 'error.type',
  fallback: 'claude.fallback',
  feature: 'claude.feature',
  model: 'claude.model',
  operation: 'claude.operation',
  operationName: 'gen_ai.operation.name',
  outcome: 'claude.outcome',
  providerName: 'gen_ai.provider.name',
  reason: 'claude.reason',
  requestModel: 'gen_ai.request.model',
  tokenDirection: 'claude.token.direction',
  tokenType: 'gen_ai.token.type',
  workflow: 'claude.workflow',
} as const;

export interface MetricName {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'up-down counter';
  readonly unit: string;
  readonly says: string;
  readonly attributes: readonly string[];
  /** Advised ends of buckets. SDKs that know no advice need a View. */
  readonly bounds?: readonly number[];
}

/** As the conventions advise. */
const GEN_AI_SECONDS = Array.from({ length: 14 }, (_, at) => 2 ** at / 100);
const GEN_AI_TOKENS = Array.from({ length: 14 }, (_, at) => 4 ** at);

const SERIES = [ATTR.workflow, ATTR.requestModel] as const;
const GEN_AI = [ATTR.operationName, ATTR.providerName, ...SERIES] as const;

const counter = (name: string, unit: string, attributes: readonly string[], says: string) =>
  ({ name, kind: 'counter', unit, says, attributes }) as const;
const histogram = (
  name: string,
  unit: string,
  attributes: readonly string[],
  says: string,
  bounds: readonly number[],
) => ({ name, kind: 'histogram', unit, says, attributes, bounds }) as const;

const durationOf = (name: string) =>
  histogram(name, 's', [...GEN_AI, ATTR.errorType], 'how long calls took, answered and failed', GEN_AI_SECONDS);
const firstChunkOf = (name: string) =>
  histogram(name, 's', GEN_AI, 'from the call to the first of its answer, of streams', GEN_AI_SECONDS);

/**
 * Metrics of the conventions for generative AI. `current`: what back ends know today. `next`: what is proposed in pull
 * requests 374 and 521 of open-telemetry/semantic-conventions-genai, which may still change.
 */
export const GEN_AI_METRICS = {
  current: {
    duration: durationOf('gen_ai.client.operation.duration'),
    firstChunk: firstChunkOf('gen_ai.client.operation.time_to_first_chunk'),
    tokenUsage: histogram(
      'gen_ai.client.token.usage',
      '{token}',
      [...GEN_AI, ATTR.tokenType],
      'tokens of each call: `input` (cached ones included), `output`',
      GEN_AI_TOKENS,
    ),
  },
  next: {
    duration: durationOf('gen_ai.client.inference.duration'),
    firstChunk: firstChunkOf('gen_ai.client.inference.time_to_first_chunk'),
    inputTokens: counter(
      'gen_ai.client.inference.usage.input_tokens',
      '{token}',
      GEN_AI,
      'tokens of prompts, cached ones included',
    ),
    outputTokens: counter('gen_ai.client.inference.usage.output_tokens', '{token}', GEN_AI, 'tokens of answers'),
    cacheReadTokens: counter(
      'gen_ai.client.inference.usage.cache_read.input_tokens',
      '{token}',
      GEN_AI,
      'of those of prompts, read from a cache',
    ),
    cacheWriteTokens: counter(
      'gen_ai.client.inference.usage.cache_write.input_tokens',
      '{token}',
      GEN_AI,
      'of those of prompts, written to a cache',
    ),
    inputPerCall: histogram(
      'gen_ai.client.inference.operation.input_tokens',
      '{token}',
      GEN_AI,
      'tokens of the prompt of each call',
      GEN_AI_TOKENS,
    ),
    outputPerCall: histogram(
      'gen_ai.client.inference.operation.output_tokens',
      '{token}',
      GEN_AI,
      'tokens of the answer of each call',
      GEN_AI_TOKENS,
    ),
  },
} as const satisfies Record<'current' | 'next', Record<string, MetricName>>;

/** Metrics of this module's own; Prometheus makes the names of `GET /metrics` of them. */
export const CLAUDE_METRICS = {
  requests: counter(
    'claude.requests',
    '{request}',
    [...SERIES, ATTR.outcome],
    'calls that ended: `ok`, `error`, `cancelled` by the caller, `rejected` before anything was sent',
  ),
  requestErrors: counter(
    'claude.request.errors',
    '{request}',
    [...SERIES, ATTR.errorType],
    'calls that met a type of error in any attempt, once for each type, `ok` ones among them',
  ),
  duration: histogram(
    'claude.request.duration',
    's',
    [...SERIES, ATTR.outcome],
    'how long calls took that were `ok` or `error`',
    HISTOGRAM_BOUNDS.requestSeconds,
  ),
  attempts: counter(
    'claude.attempts',
    '{attempt}',
    [...SERIES, ATTR.errorType],
    'requests sent to the API; `error.type` on those that failed',
  ),
  retries: counter(
    'claude.retries',
    '{attempt}',
    [...SERIES, ATTR.errorType],
    'attempts after the first, by what failed before them',
  ),
  fallbacks: counter('claude.fallbacks', '{request}', SERIES, 'failed calls that a fallback answered'),
  deferred: counter('claude.deferred_requests', '{request}', SERIES, 'calls taken into the queue'),
  tokens: counter(
    'claude.tokens',
    '{token}',
    [...SERIES, ATTR.tokenDirection],
    'each token once: `input`, `output`, `cache_read`, `cache_write`; those of batches among them',
  ),
  cost: counter('claude.cost_usd', '{USD}', SERIES, 'what they cost, by the price table'),
  unpriced: counter('claude.unpriced_requests', '{request}', SERIES, 'calls of which a part has no price'),
  inFlight: {
    name: 'claude.inflight_requests',
    kind: 'up-down counter',
    unit: '{request}',
    attributes: SERIES,
    says: 'calls that have begun and not ended',
  },
  circuitState: {
    name: 'claude.circuit.state',
    kind: 'gauge',
    unit: '1',
    attributes: [ATTR.circuit, ATTR.circuitState],
    says: '1 for the state a circuit is in, 0 for the others',
  },
  queueDepth: {
    name: 'claude.queue.depth',
    kind: 'gauge',
    unit: '{request}',
    attributes: [],
    says: 'deferred requests that wait; absent without a queue',
  },
  fleetReplicas: {
    name: 'claude.fleet.replicas',
    kind: 'gauge',
    unit: '{replica}',
    attributes: [],
    says: 'replicas that this one heard last, itself among them; absent without `fleet`, and while it cannot hear the others',
  },
  fleetBeatFailures: {
    name: 'claude.fleet.beat_failures',
    kind: 'counter',
    unit: '{beat}',
    attributes: [],
    says: 'times that it could not reach the Redis that replicas share; absent without `fleet`',
  },
} as const satisfies Record<string, MetricName>;
