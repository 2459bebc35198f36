import { OptionReader } from '../option-reader.js';
import {
  CACHE_WRITE_FACTORS,
  LIST_PRICES,
  US_FACTOR,
  WEB_SEARCH_USD_PER_THOUSAND,
  type ModelPrice,
  type PriceTable,
  type TokenPrices,
} from './price-table.js';

/** Prices of one model, in US dollars for a million tokens; exact to four decimals. */
export interface TokenPriceOptions {
  /** From 0. */
  readonly input: number;
  readonly output: number;
  /** Follows no rule. */
  readonly cacheRead: number;
  /** For 5 minutes. @default 1.25 times `input` */
  readonly cacheWrite5m?: number;
  /** For an hour. @default twice `input` */
  readonly cacheWrite1h?: number;
}

export interface ModelPriceOptions extends TokenPriceOptions {
  /** First day, UTC: `2026-12-01`; before it the built-in price goes on. @default every day */
  readonly from?: string;
  /** For prompts with more tokens than this, from 0. @default 0, all of them */
  readonly abovePromptTokens?: number;
  /** Of the fast mode. @default none: such requests have no known price */
  readonly fast?: TokenPriceOptions;
  /** Factor for requests that stay in the United States, from 1. @default 1.1 */
  readonly usFactor?: number;
}

/**
 * Prices by model: its name, which is then also meant by the names that platforms give it; or any id as it stands, such as
 * that of a deployment.
 */
export type PricesOptions = Readonly<Record<string, ModelPriceOptions | readonly ModelPriceOptions[]>>;

/** A million dollars for a million tokens: beyond it somebody mistook the unit. */
const MOST_USD = 1_000_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const BOUNDS = { min: 0, max: MOST_USD };

/** The built-in list under what was configured. @param webSearchUsd US dollars for a thousand searches */
export function readPriceTable(
  path: string,
  given: unknown,
  issues: string[],
  webSearchUsd = WEB_SEARCH_USD_PER_THOUSAND,
): PriceTable {
  const read = new OptionReader(path, given, issues);
  const prices = new Map<string, readonly ModelPrice[]>();
  for (const price of LIST_PRICES) prices.set(price.model, [...(prices.get(price.model) ?? []), price]);
  const isRecord = typeof given === 'object' && given !== null && !Array.isArray(given);
  for (const model of isRecord ? Object.keys(given) : []) {
    const value = read.take(model);
    const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
    const at = (index: number) => (Array.isArray(value) ? `${read.at(model)}[${index}]` : read.at(model));
    const own = rows.map((row, index) => readPrice(at(index), model, row, issues));
    if (own.length === 0) issues.push(`${read.at(model)}: at least one price, got none`);
    checkTwins(read.at(model), own, issues);
    const fromMs = Math.min(...own.map((price) => price.fromMs));
    prices.set(model, [...(prices.get(model) ?? []).filter((price) => price.fromMs < fromMs), ...own]);
  }
  for (const rows of prices.values()) Object.freeze(rows);
  return Object.freeze({ prices, webSearchUsdPerThousand: webSearchUsd });
}

function readPrice(path: string, model: string, given: unknown, issues: string[]): ModelPrice {
  if (given === undefined) issues.push(`${path}: a price, got undefined`);
  const read = new OptionReader(path, given, issues);
  const fast = read.take('fast');
  const price: ModelPrice = {
    model,
    fromMs: readDay(read),
    abovePromptTokens: read.integer('abovePromptTokens', 0, { min: 0 }),
    standard: readTokenPrices(read),
    usFactor: read.number('usFactor', US_FACTOR, { min: 1, max: 100 }),
    source: 'configured',
    ...(fast !== undefined && { fast: readFast(`${path}.fast`, fast, issues) }),
  };
  read.done();
  return Object.freeze(price);
}

function readFast(path: string, given: unknown, issues: string[]): TokenPrices {
  const read = new OptionReader(path, given, issues);
  const prices = readTokenPrices(read);
  read.done();
  return prices;
}

function readTokenPrices(read: OptionReader): TokenPrices {
  const input = required(read, 'input');
  return Object.freeze({
    input,
    cacheWrite5m: read.number('cacheWrite5m', input * CACHE_WRITE_FACTORS.cacheWrite5m, BOUNDS),
    cacheWrite1h: read.number('cacheWrite1h', input * CACHE_WRITE_FACTORS.cacheWrite1h, BOUNDS),
    cacheRead: required(read, 'cacheRead'),
    output: required(read, 'output'),
  });
}

/** A price that is left out must not be 0. */
function required(read: OptionReader, name: string): number {
  if (read.take(name) === undefined) read.reject(name, 'US dollars for a million tokens', undefined);
  return read.number(name, 0, BOUNDS);
}

function readDay(read: OptionReader): number {
  const value = read.take('from');
  if (value === undefined) return -Infinity;
  const ms = typeof value === 'string' && DAY.test(value) ? Date.parse(value) : NaN;
  // A 31st of June is another day for some and none for others.
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(String(value))) return ms;
  read.reject('from', 'a day such as "2026-12-01"', value);
  return -Infinity;
}

/** Two prices for the same would leave it to chance; and every day needs one for small prompts. */
function checkTwins(path: string, own: readonly ModelPrice[], issues: string[]): void {
  const days = new Map<number, Set<number>>();
  for (const { fromMs, abovePromptTokens } of own) {
    const bands = days.get(fromMs) ?? new Set();
    if (bands.has(abovePromptTokens)) issues.push(`${path}: one price for each day and size of prompt, got two`);
    days.set(fromMs, bands.add(abovePromptTokens));
  }
  if ([...days.values()].some((bands) => !bands.has(0))) {
    issues.push(`${path}: a price for prompts of every size (abovePromptTokens 0), got none for some day`);
  }
}
