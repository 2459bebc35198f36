import type { Attributes, Meter } from '@opentelemetry/api';
import type { TokenUsage } from '../core/call.js';
import { instrumentsOf } from './instruments.js';
import { ATTR, GEN_AI_METRICS } from './telemetry-names.js';

/** One logical call, as the conventions for generative AI see it. */
export interface GenAiCall {
  /** Absent for a call that was given up, or never sent. */
  readonly durationMs?: number;
  /** Of a closed set; absent when it was answered. */
  readonly errorType?: string;
  readonly firstTokenMs?: number;
  readonly usage?: TokenUsage;
}

export type GenAiMeter = (call: GenAiCall, attributes: Attributes) => void;

/** Records calls under today's names, or under the proposed ones. */
export function genAiMeter(meter: Meter, semconv: 'current' | 'next'): GenAiMeter {
  return semconv === 'current' ? currentMeter(meter) : nextMeter(meter);
}

function currentMeter(meter: Meter): GenAiMeter {
  const record = instrumentsOf(meter, GEN_AI_METRICS.current);
  return (call, attributes) => {
    recordTimes(record, call, attributes);
    const { usage } = call;
    if (usage === undefined) return;
    record.tokenUsage(promptTokens(usage), { ...attributes, [ATTR.tokenType]: 'input' });
    record.tokenUsage(usage.outputTokens, { ...attributes, [ATTR.tokenType]: 'output' });
  };
}

function nextMeter(meter: Meter): GenAiMeter {
  const record = instrumentsOf(meter, GEN_AI_METRICS.next);
  return (call, attributes) => {
    recordTimes(record, call, attributes);
    const { usage } = call;
    if (usage === undefined) return;
    record.inputTokens(promptTokens(usage), attributes);
    record.outputTokens(usage.outputTokens, attributes);
    if (usage.cacheReadTokens > 0) record.cacheReadTokens(usage.cacheReadTokens, attributes);
    if (usage.cacheWriteTokens > 0) record.cacheWriteTokens(usage.cacheWriteTokens, attributes);
    record.inputPerCall(promptTokens(usage), attributes);
    record.outputPerCall(usage.outputTokens, attributes);
  };
}

type Times = Pick<ReturnType<typeof instrumentsOf<'duration' | 'firstChunk'>>, 'duration' | 'firstChunk'>;

function recordTimes(record: Times, { durationMs, errorType, firstTokenMs }: GenAiCall, attributes: Attributes): void {
  const error = errorType === undefined ? {} : { [ATTR.errorType]: errorType };
  if (durationMs !== undefined) record.duration(durationMs / 1_000, { ...attributes, ...error });
  if (firstTokenMs !== undefined) record.firstChunk(firstTokenMs / 1_000, attributes);
}

function promptTokens({ inputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens;
}
