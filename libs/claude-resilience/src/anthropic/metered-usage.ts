import type { MeteredReply, Target } from '../core/call.js';
import type { MeteredTier, MeteredUsage } from '../core/cost/metered-usage.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import { readIterations, refusalOf } from './metered-usage-rounds.js';
import { count, name, readTokens, type SaidTokens } from './metered-usage-tokens.js';

/** What is read here of a message; whoever answers may write anything, in any place. */
interface SaidMessage {
  readonly type?: unknown;
  readonly model?: unknown;
  readonly stop_reason?: unknown;
  readonly usage?: SaidUsage | null;
}

interface SaidUsage extends SaidTokens {
  readonly output_tokens_details?: { readonly thinking_tokens?: unknown } | null;
  readonly server_tool_use?: { readonly web_search_requests?: unknown; readonly web_fetch_requests?: unknown } | null;
  readonly iterations?: unknown;
  readonly service_tier?: unknown;
  readonly speed?: unknown;
  readonly inference_geo?: unknown;
  readonly fallback_credit?: { readonly status?: { readonly type?: unknown } | null } | null;
}

/**
 * What a message took: one of `messages`, of `beta.messages`, or of the results of a batch. Takes any shape, as what
 * answers may be a proxy: numbers that cannot be are no usage at all, and not 0.
 *
 * @param asked who was asked: other platforms have names and prices of their own for what answers there
 */
export function meterMessage(message: unknown, asked: Pick<Target, 'model' | 'platform'>): MeteredReply {
  const said = message as SaidMessage | null | undefined;
  const answered = said?.model === asked.model ? asked.model : name(said?.model);
  const isOwn = asked.platform === undefined || asked.platform === OWN_PLATFORM;
  const model = isOwn ? (answered ?? asked.model) : (asked.model ?? answered);
  return { model, usage: readUsage(said) };
}

/** Whether a value is a message; a count of tokens, or a page of somebody in between, takes nothing. */
export function isMessage(value: unknown): boolean {
  return (value as SaidMessage | null | undefined)?.type === 'message';
}

function readUsage(message: SaidMessage | null | undefined): MeteredUsage | undefined {
  const usage = message?.usage;
  const tokens = readTokens(usage);
  if (tokens === undefined) return undefined;
  const refusal = message?.stop_reason === 'refusal' ? refusalOf(message) : undefined;
  const thinkingTokens = count(usage?.output_tokens_details?.thinking_tokens);
  const webSearches = count(usage?.server_tool_use?.web_search_requests);
  const webFetches = count(usage?.server_tool_use?.web_fetch_requests);
  const iterations = readIterations(usage?.iterations, message, refusal);
  if (iterations === undefined) return undefined;
  if (thinkingTokens === undefined || webSearches === undefined || webFetches === undefined) return undefined;
  const { inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens, isEstimated } = tokens;
  const metered: Writable<MeteredUsage> = {
    inputTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens,
    cacheReadTokens,
    outputTokens,
    thinkingTokens,
    webSearches,
    webFetches,
    serviceTier: tierOf(usage?.service_tier),
    speed: speedOf(usage?.speed),
    geography: geographyOf(usage?.inference_geo),
    iterations,
  };
  const credit = name(usage?.fallback_credit?.status?.type);
  if (isEstimated !== undefined) metered.isEstimated = isEstimated;
  if (credit !== undefined) metered.fallbackCredit = credit === 'redeemed' ? credit : 'not_applied';
  if (refusal !== undefined) metered.refusal = refusal;
  return metered;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function tierOf(value: unknown): MeteredTier {
  if (value === null || value === undefined) return 'standard';
  return value === 'standard' || value === 'priority' || value === 'batch' ? value : 'other';
}

function speedOf(value: unknown): MeteredUsage['speed'] {
  if (value === null || value === undefined) return 'standard';
  return value === 'standard' || value === 'fast' ? value : 'other';
}

function geographyOf(value: unknown): MeteredUsage['geography'] {
  // Models before 4.6 cannot be told where to run, and say that it is not available.
  if (value === null || value === undefined || value === 'global' || value === 'not_available') return 'anywhere';
  return value === 'us' ? 'us' : 'other';
}
