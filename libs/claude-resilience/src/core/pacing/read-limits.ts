import type { ResponseHeaders } from '../call.js';

/** What an answer says of one limit. Any member may be missing. */
export interface LimitReading {
  /** Units a minute, 1 or more. */
  readonly limit?: number | undefined;
  /** Units left when the headers were written, 0 or more; of tokens, rounded to the nearest thousand. */
  readonly remaining?: number | undefined;
}

/** The limiters of one pool; `undefined` where an answer says nothing readable. */
export interface PoolReadings {
  readonly requests: LimitReading | undefined;
  /** The most restrictive token limit in force, a workspace's for example; else input and output together. */
  readonly tokens: LimitReading | undefined;
  readonly inputTokens: LimitReading | undefined;
  readonly outputTokens: LimitReading | undefined;
}

/** Pools have limits of their own. Calls with a priority commitment draw from both that and the standard pool. */
export type LimitPool = 'standard' | 'fast' | 'priority';

/** There is a `-reset`, too: when a limit is full again, which is not when one request fits. Nothing waits for it. */
interface FamilyNames {
  readonly limit: string;
  readonly remaining: string;
}

const family = (prefix: string): FamilyNames => ({
  limit: `${prefix}-limit`,
  remaining: `${prefix}-remaining`,
});

type PoolFamilies = Readonly<Record<keyof PoolReadings, FamilyNames | undefined>>;

/** Only the standard pool counts requests. */
const FAMILIES: Readonly<Record<LimitPool, PoolFamilies>> = {
  standard: {
    requests: family('anthropic-ratelimit-requests'),
    tokens: family('anthropic-ratelimit-tokens'),
    inputTokens: family('anthropic-ratelimit-input-tokens'),
    outputTokens: family('anthropic-ratelimit-output-tokens'),
  },
  fast: {
    requests: undefined,
    tokens: undefined,
    inputTokens: family('anthropic-fast-input-tokens'),
    outputTokens: family('anthropic-fast-output-tokens'),
  },
  priority: {
    requests: undefined,
    tokens: undefined,
    inputTokens: family('anthropic-priority-input-tokens'),
    outputTokens: family('anthropic-priority-output-tokens'),
  },
};

/** Reads what an answer's headers say is allowed and left. What is unreadable counts as missing. Costs well under 1 us. */
export function readLimits(headers: ResponseHeaders, pool: LimitPool): PoolReadings {
  const families = FAMILIES[pool];
  return {
    requests: readFamily(headers, families.requests),
    tokens: readFamily(headers, families.tokens),
    inputTokens: readFamily(headers, families.inputTokens),
    outputTokens: readFamily(headers, families.outputTokens),
  };
}

/** Whether anything is said of this pool at all. */
export function saysAnything({ requests, tokens, inputTokens, outputTokens }: PoolReadings): boolean {
  return (requests ?? tokens ?? inputTokens ?? outputTokens) !== undefined;
}

function readFamily(headers: ResponseHeaders, names: FamilyNames | undefined): LimitReading | undefined {
  if (names === undefined) return undefined;
  const limit = readCount(headers[names.limit], 1);
  const remaining = readCount(headers[names.remaining], 0);
  return limit === undefined && remaining === undefined ? undefined : { limit, remaining };
}

function readCount(text: string | undefined, atLeast: number): number | undefined {
  if (text === undefined || !/^\s*\d+\s*$/.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= atLeast ? count : undefined;
}
