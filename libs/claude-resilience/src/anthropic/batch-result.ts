import type { ItemResult, ResultLine } from '../core/deferral/batch/batch-transport.port.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import type { MeteredReply } from '../core/call.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import { judgeMessage } from './judge-reply.js';
import { meterMessage } from './metered-usage.js';
import { usageOf } from './usage-of.js';

/** Reads one line of the results of a batch. Takes any text. */
export function readResultLine(line: string): ResultLine {
  const value = parsed(line);
  const customId = field(value, 'custom_id');
  const result = resultOf(field(value, 'result'));
  if (typeof customId !== 'string' || result === undefined) return { name: 'unreadable' };
  return { name: 'item', customId, result };
}

function resultOf(result: unknown): ItemResult | undefined {
  switch (field(result, 'type')) {
    case 'succeeded':
      return answerOf(field(result, 'message'));
    case 'errored':
      return { name: 'failed', facts: factsOf(field(result, 'error')), model: undefined, usage: undefined };
    case 'canceled':
      return { name: 'canceled' };
    case 'expired':
      return { name: 'expired' };
    default:
      return undefined;
  }
}

/** Judged as a message that came alone: a refusal is no answer. */
function answerOf(message: unknown): ItemResult | undefined {
  // A count of tokens would pass as an answer too.
  if (field(message, 'type') !== 'message') return undefined;
  const judged = judgeMessage(message);
  const usage = usageOf(message);
  const model = text(field(message, 'model'));
  const metered = atBatchPrice(meterMessage(message, { model: undefined, platform: OWN_PLATFORM }));
  if (!judged.ok) return { name: 'failed', facts: judged.facts, model, usage, metered };
  return { name: 'answered', answerJson: JSON.stringify(message), model, usage, metered };
}

/** What came out of a batch is paid for as such, whatever its `service_tier` says or leaves out. */
function atBatchPrice(metered: MeteredReply): MeteredReply {
  const { usage } = metered;
  return usage === undefined ? metered : { ...metered, usage: { ...usage, serviceTier: 'batch' } };
}

/** An error inside a 200 has no status; the API gives each of these types with one, and the table goes by it. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function factsOf(response: unknown): FailureFacts {
  const error = field(response, 'error');
  const type = text(field(error, 'type'));
  const code = text(field(field(error, 'details'), 'error_code'));
  const says = text(field(error, 'message'));
  const requestId = text(field(response, 'request_id'));
  const status = type !== undefined && Object.hasOwn(STATUS_OF, type) ? STATUS_OF[type] : undefined;
  return {
    from: 'response',
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(code !== undefined && { code }),
    ...(says !== undefined && { says }),
    ...(requestId !== undefined && { requestId }),
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
