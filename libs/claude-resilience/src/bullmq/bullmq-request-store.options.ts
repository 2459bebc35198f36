import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { EncryptionOptions } from '../sqlite/payload-cipher.js';

/** Options of ioredis (`host`, `port`, `tls`, `sentinels` and so on), or a `url`. */
export interface RedisServer {
  /** For example `redis://127.0.0.1:6379/0`. */
  readonly url?: string;
  readonly postgres?: undefined;
  readonly [setting: string]: unknown;
}

export interface PostgresServer {
  /**
   * A connection string, or options of `pg.Pool`. Two pools are made of them, each of 5 connections at most unless `max`
   * says otherwise.
   */
  readonly postgres: PostgresSettings;
}

export type PostgresSettings = string | Readonly<Record<string, unknown>>;

export interface BullmqRequestStoreOptions {
  readonly connection: RedisServer | PostgresServer;
  /**
   * Keeps this application's apart from what else is there: it begins all keys of Redis, and is the
   * schema of PostgreSQL, which is created when it is not there. @default 'claude'
   */
  readonly prefix?: string;
  /** Requests that wait or run, at most. On PostgreSQL those that arrive at once may be a few more. @default 100_000 */
  readonly maxOpen?: number;
  /** Bytes of parameters, of an answer or of a result. @default 33_554_432 */
  readonly maxPayloadBytes?: number;
  /** Milliseconds within which every call ends, with an error if need be. @default 10_000 */
  readonly callTimeoutMs?: number;
  /** BullMQ's own rate limit, over all processes: so many claims in so many milliseconds. @default none */
  readonly limiter?: { readonly max: number; readonly durationMs: number };
  /** Seals prompts, answers, results and addresses of notices. @default none */
  readonly encryption?: EncryptionOptions;
  /** Hears of a request that cannot be read, once, when it has been set aside. */
  readonly onCorrupt?: (corrupt: { readonly id: string; readonly problem: string }) => void;
  /** Hears, when the store opens, of settings of the server with which requests could be lost. */
  readonly onWarning?: (warning: ServerWarning) => void;
}

export interface ServerWarning {
  readonly code: 'may_evict' | 'no_persistence' | 'snapshots_only' | 'late_sync' | 'unknown_settings';
  /** What it means, and what to do, in our words. */
  readonly explanation: string;
}

const DEFAULTS = { prefix: 'claude', maxOpen: 100_000, callTimeoutMs: 10_000 } as const;

export type ResolvedBullmqOptions = BullmqRequestStoreOptions &
  Readonly<Record<'maxOpen' | 'callTimeoutMs', number>> & {
    readonly prefix: string;
  };

/** A plain spread would let an explicit `undefined` beat a default. */
export function resolveBullmqOptions(options: BullmqRequestStoreOptions): ResolvedBullmqOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given), connection: options.connection };
}

/** @throws {ClaudeInvalidOptionsError} naming every field that cannot work */
export function checkBullmqOptions(options: BullmqRequestStoreOptions): void {
  const { prefix, maxOpen, callTimeoutMs, limiter } = resolveBullmqOptions(options);
  const issues: string[] = [];
  const connection: unknown = options.connection;
  if (typeof connection !== 'object' || connection === null)
    issues.push('queue.connection: a server of Redis or PostgreSQL');
  else if ('postgres' in connection && !/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/.test(prefix)) {
    issues.push('queue.prefix: a simple name of a schema, on PostgreSQL');
  }
  if (prefix === '') issues.push('queue.prefix: not empty');
  if (!(Number.isSafeInteger(maxOpen) && maxOpen > 0)) issues.push('queue.maxOpen: a whole number above 0');
  if (!(callTimeoutMs > 0 && callTimeoutMs <= 2 ** 31 - 1)) issues.push('queue.callTimeoutMs: milliseconds above 0');
  if (limiter !== undefined && !(limiter.max > 0 && limiter.durationMs > 0))
    issues.push('queue.limiter: numbers above 0');
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
}
