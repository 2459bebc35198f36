import { freezeDeeply } from '../freeze-deeply.js';

/** Day on which the list below was compared with its sources. */
export const PRICES_AS_OF = '2026-11-22';

/** US dollars for a million tokens of each kind. */
export interface TokenPrices {
  readonly input: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** What a model costs, from a day on and for prompts of a size. */
export interface ModelPrice {
  /** Without date and platform; or any id, as it stands in the API's answer. */
  readonly model: string;
  /** First moment, in wall-clock milliseconds; the first price of a model is also that of every day before. */
  readonly fromMs: number;
  /** For prompts with more tokens than this, all three kinds together; then for every token of the request. */
  readonly abovePromptTokens: number;
  readonly standard: TokenPrices;
  /** Absent: nobody knows what the fast mode costs, or there is none. */
  readonly fast?: TokenPrices;
  /** Factor on every token that had to stay in the United States; absent: such a request does not exist. */
  readonly usFactor?: number;
  /** Where it was read. */
  readonly source: PriceSource;
}

/** `list`: the API's own price list; `reported`: a third party's word; `configured`: the application's. */
export type PriceSource = 'list' | 'reported' | 'configured';

/** Factor on every token of a batch. Source: the price list. */
export const BATCH_FACTOR = 0.5;
/** From 4.6 on. Source: the price list. */
export const US_FACTOR = 1.1;

/** US dollars for a thousand web searches. Source: the price list. */
export const WEB_SEARCH_USD_PER_THOUSAND = 10;

/** Writes cost so much more than input, on every model. Reads do not follow a rule: they are in the table. */
export const CACHE_WRITE_FACTORS = { cacheWrite5m: 1.25, cacheWrite1h: 2 } as const;

type Row = readonly [
  model: string,
  from: string,
  abovePromptTokens: number,
  input: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  cacheRead: number,
  output: number,
  usFactor: number | undefined,
  source?: PriceSource,
];

/** The model's first day is of no use where it is not known: its price never was another. */
const ALWAYS = '2023-03-14';
const K = 1_000;
const NO = undefined;

// Sources, read on PRICES_AS_OF: https://platform.claude.com/docs/en/about-claude/pricing, .../models/overview,
// .../models/haiku-5-5/overview. Cache reads of Fable 5.2: https://github.com/kurofune/claudit/releases/tag/v1.9.2.
// The price of Mythos 5.2 and of Mythos Preview is not public.
// oxfmt-ignore
const ROWS: readonly Row[] = [
  // model             from     above    input  5m     1h    read   output  US
  ['claude-fable-5-2', '2026-11-09', 0,  8,     10,    16,   0.20,  40,     US_FACTOR, 'reported'],
  ['claude-opus-5-5',  '2026-09-22', 0,  4,     5,     8,    0.20,  20,     US_FACTOR],
  ['claude-sonnet-5-5', '2026-09-28', 0, 2,     2.50,  4,    0.20,  10,     US_FACTOR],
  ['claude-sonnet-5-5', '2026-10-07', 0, 2,     2.50,  4,    0.10,  10,     US_FACTOR],
  ['claude-haiku-5-5', '2026-10-07', 0,  0.10,  0.125, 0.20, 0.01,  0.50,   US_FACTOR],
  ['claude-haiku-5-5', '2026-10-07', 100 * K, 0.50, 0.625, 1, 0.05, 2.50,   US_FACTOR],
  ['claude-fable-5-1', '2026-09-01', 0,  10,    12.50, 20,   0.25,  50,     US_FACTOR],
  ['claude-mythos-5-1', '2026-09-01', 0, 10,    12.50, 20,   0.25,  50,     US_FACTOR],
  ['claude-fable-5',   ALWAYS,   0,      10,    12.50, 20,   1,     50,     US_FACTOR],
  ['claude-mythos-5',  ALWAYS,   0,      10,    12.50, 20,   1,     50,     US_FACTOR],
  ['claude-opus-5',    ALWAYS,   0,      5,     6.25,  10,   0.50,  25,     US_FACTOR],
  ['claude-opus-4-8',  ALWAYS,   0,      5,     6.25,  10,   0.50,  25,     US_FACTOR],
  ['claude-opus-4-7',  ALWAYS,   0,      5,     6.25,  10,   0.50,  25,     US_FACTOR],
  ['claude-opus-4-6',  ALWAYS,   0,      5,     6.25,  10,   0.50,  25,     US_FACTOR],
  ['claude-opus-4-5',  ALWAYS,   0,      5,     6.25,  10,   0.50,  25,     NO],
  ['claude-sonnet-5',  ALWAYS,   0,      2,     2.50,  4,    0.20,  10,     US_FACTOR],
  ['claude-sonnet-4-6', ALWAYS,  0,      3,     3.75,  6,    0.30,  15,     US_FACTOR],
  ['claude-sonnet-4-5', ALWAYS,  0,      3,     3.75,  6,    0.30,  15,     NO],
  ['claude-haiku-4-5', ALWAYS,   0,      1,     1.25,  2,    0.10,  5,      NO],
];

/** Twice the standard price, the cache's factors on top. That of Opus 5.5 and Fable 5.2 is not confirmed: unknown. */
const FAST: Readonly<Record<string, TokenPrices>> = {
  'claude-opus-5': { input: 10, cacheWrite5m: 12.5, cacheWrite1h: 20, cacheRead: 1, output: 50 },
  'claude-opus-4-8': { input: 10, cacheWrite5m: 12.5, cacheWrite1h: 20, cacheRead: 1, output: 50 },
};

/** The API's prices; data, and no promise: `cost.prices` overrides it. */
export const LIST_PRICES: readonly ModelPrice[] = ROWS.map(
  ([model, from, abovePromptTokens, input, cacheWrite5m, cacheWrite1h, cacheRead, output, usFactor, source]) => {
    const fast = FAST[model];
    return freezeDeeply({
      model,
      fromMs: Date.parse(from),
      abovePromptTokens,
      standard: { input, cacheWrite5m, cacheWrite1h, cacheRead, output },
      source: source ?? 'list',
      ...(fast !== undefined && { fast }),
      ...(usFactor !== undefined && { usFactor }),
    });
  },
);

/** All prices that a cost is made of. */
export interface PriceTable {
  readonly prices: ReadonlyMap<string, readonly ModelPrice[]>;
  readonly webSearchUsdPerThousand: number;
}
