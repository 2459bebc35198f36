import type { MeteredIteration, MeteredRefusal, MeteredRequest, MeteredTokens, MeteredUsage } from './metered-usage.js';

/** One item on the bill of a request. */
export type BilledPart = BilledTokens | { readonly type: 'web_searches'; readonly count: number } | UnreadablePart;

export interface BilledTokens extends Pick<MeteredUsage, 'serviceTier' | 'speed' | 'geography'> {
  readonly type: 'tokens';
  readonly model: string | undefined;
  readonly platform: string | undefined;
  readonly tokens: MeteredTokens;
  readonly isEstimated: boolean;
}

/** It was answered, and nobody can read what it took. */
interface UnreadablePart {
  readonly type: 'unreadable';
}

/** Refusals before any output that cost nothing. Source: the API's release notes of 2026-09-24; the list may change. */
const FREE: ReadonlySet<MeteredRefusal['category']> = new Set(['cyber', 'general_harms', 'none']);

/**
 * What is billed for one request: a part for each round of a model, at that model's price, and one for its web searches.
 * Where there are rounds the usage as a whole is that of the last model only, and without compactions.
 */
export function billedParts(request: MeteredRequest): readonly BilledPart[] {
  const { usage } = request;
  if (usage === undefined) return [{ type: 'unreadable' }];
  const { webSearches, iterations } = usage;
  const rounds: readonly Round[] = iterations.length > 0 ? iterations : [usage];
  const parts: BilledPart[] = [];
  for (const round of rounds) if (!isFree(round.refusal)) parts.push(partOf(round, usage, request));
  // Searches were made before anybody declined.
  if (webSearches > 0) parts.push({ type: 'web_searches', count: webSearches });
  return parts;
}

type Round = MeteredTokens & Partial<Pick<MeteredIteration, 'type' | 'model' | 'refusal' | 'isEstimated'>>;

function isFree(refusal: MeteredRefusal | undefined): boolean {
  return refusal?.when === 'before_output' && FREE.has(refusal.category);
}

function partOf(round: Round, usage: MeteredUsage, { model, platform }: MeteredRequest): BilledTokens {
  const { serviceTier, speed, geography, fallbackCredit } = usage;
  const writes = round.cacheWrite5mTokens + round.cacheWrite1hTokens;
  // The credit is for who answered instead. How much of the prompt had been in the other model's cache is not told.
  const isCredited = fallbackCredit === 'redeemed' && round.refusal === undefined && writes > 0;
  const isUnclear =
    isUnclearRefusal(round.refusal) ||
    // The speed is that of who answered; those who declined may have had another.
    (round.refusal !== undefined && usage.iterations.length > 0 && speed !== 'standard') ||
    // Nobody knows whether a round of next year's is in the sums of another.
    round.type === 'other';
  return {
    type: 'tokens',
    model: round.model ?? model,
    platform,
    tokens: isCredited ? asReads(round, writes) : round,
    serviceTier,
    speed,
    geography,
    isEstimated: usage.isEstimated === true || round.isEstimated === true || isCredited || isUnclear,
  };
}

function asReads(round: MeteredTokens, writes: number): MeteredTokens {
  const cacheReadTokens = round.cacheReadTokens + writes;
  return { ...round, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, cacheReadTokens };
}

/** Before any output, for a reason of which nobody said whether it is billed. */
function isUnclearRefusal(refusal: MeteredRefusal | undefined): boolean {
  if (refusal?.when !== 'before_output') return false;
  return refusal.category === undefined || refusal.category === 'unlisted';
}
