import type { MeteredReply, Target } from '../core/call.js';
import type { MeteredTier, MeteredUsage } from '../core/cost/metered-usage.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import { readIterations, refusalOf } from './metered-usage-rounds.js';
import { count, field, name, readTokens } from './metered-usage-tokens.js';

/**
 * What a message took: one of `messages`, of `beta.messages`, or of the results of a batch. Takes any shape, as what
 * answers may be a proxy: numbers that cannot be are no usage at all, and not 0.
 *
 * @param asked who was asked: other platforms have names and prices of their own for what answers there
 */
export function meterMessage(message: unknown, asked: Pick<Target, 'model' | 'platform'>): MeteredReply {
  const answered = name(field(message, 'model'));
  const isOwn = asked.platform === undefined || asked.platform === OWN_PLATFORM;
  const model = isOwn ? (answered ?? asked.model) : (asked.model ?? answered);
  return { model, usage: readUsage(message) };
}

/** Whether a value is a message; a count of tokens, or a page of somebody in between, takes nothing. */
export function isMessage(value: unknown): boolean {
  return field(value, 'type') === 'message';
}

function readUsage(message: unknown): MeteredUsage | undefined {
  const usage = field(message, 'usage');
  const refusal = field(message, 'stop_reason') === 'refusal' ? refusalOf(message) : undefined;
  const tokens = readTokens(usage);
  const thinkingTokens = count(field(field(usage, 'output_tokens_details'), 'thinking_tokens'));
  const webSearches = count(field(field(usage, 'server_tool_use'), 'web_search_requests'));
  const webFetches = count(field(field(usage, 'server_tool_use'), 'web_fetch_requests'));
  const iterations = readIterations(field(usage, 'iterations'), message, refusal);
  if (tokens === undefined || iterations === undefined) return undefined;
  if (thinkingTokens === undefined || webSearches === undefined || webFetches === undefined) return undefined;
  const credit = name(field(field(field(usage, 'fallback_credit'), 'status'), 'type'));
  return {
    ...tokens,
    thinkingTokens,
    webSearches,
    webFetches,
    serviceTier: tierOf(field(usage, 'service_tier')),
    speed: speedOf(field(usage, 'speed')),
    geography: geographyOf(field(usage, 'inference_geo')),
    iterations,
    ...(credit !== undefined && { fallbackCredit: credit === 'redeemed' ? credit : 'not_applied' }),
    ...(refusal !== undefined && { refusal }),
  };
}

function tierOf(value: unknown): MeteredTier {
  if (value === null || value === undefined) return 'standard';
  return value === 'standard' || value === 'priority' || value === 'batch' ? value : 'other';
}

function speedOf(value: unknown): MeteredUsage['speed'] {
  if (value === null || value === undefined) return 'standard';
  return value === 'standard' || value === 'fast' ? value : 'other';
}

/** Models before 4.6 cannot be told where to run, and say so. */
const ANYWHERE: ReadonlySet<unknown> = new Set([null, undefined, 'global', 'not_available']);

function geographyOf(value: unknown): MeteredUsage['geography'] {
  if (ANYWHERE.has(value)) return 'anywhere';
  return value === 'us' ? 'us' : 'other';
}
