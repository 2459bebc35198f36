import { Fleet } from '../core/fleet/fleet.port.js';
import { OptionReader, show } from '../core/option-reader.js';
import type { RedisServer } from '../redis/redis-fleet.js';

/** How replicas of an application act as one: rate limits, circuits, budgets, alerts and what people decide are shared. */
export interface FleetOptions {
  /** Redis, by `{ url }` or options of ioredis. @default redis://127.0.0.1:6379 */
  readonly connection?: RedisServer;
  /** What begins all keys. Replicas of one credential have one; other applications have their own. @default 'claude' */
  readonly prefix?: string;
  /**
   * Keeps what people are to review, and metrics of longer times, in this Redis: one list and one history for all replicas.
   * `rollups.path` and `rollups.store`, and a `ReviewList` of your own, come first. `queue.encryption` seals reviews here, too.
   * `false`: they are kept as without `fleet`. @default true
   */
  readonly keepLists?: boolean;
  /** A meeting place of your own, instead of Redis; it is closed with the application. */
  readonly store?: Fleet;
}

export type ResolvedFleetOptions =
  | { readonly store: Fleet }
  | {
      readonly store: undefined;
      readonly connection: RedisServer;
      readonly prefix: string;
      readonly keepsLists: boolean;
    };

const FIT_PREFIX = /^[\w:.-]{1,100}$/;

/** @returns `false`: every replica is alone */
export function readFleetOptions(path: string, given: unknown, issues: string[]): ResolvedFleetOptions | false {
  if (given === undefined || given === false) return false;
  const read = new OptionReader(path, given === true ? {} : given, issues);
  const store = read.take('store');
  const connection = read.take('connection');
  const prefix = read.text('prefix') ?? 'claude';
  const keepsLists = read.oneOf('keepLists', true, [true, false]);
  read.done();
  if (!FIT_PREFIX.test(prefix)) read.reject('prefix', '1 to 100 letters, digits and "_:.-"', prefix);
  if (store instanceof Fleet) {
    if (connection !== undefined) issues.push(`${path}.connection: absent beside a store`);
    return Object.freeze({ store });
  }
  if (store !== undefined) read.reject('store', 'a Fleet', store);
  if (connection !== undefined && (typeof connection !== 'object' || connection === null)) {
    issues.push(`${path}.connection: { url } or options of ioredis, got ${show(connection)}`);
  }
  const { url } = (connection ?? {}) as { url?: unknown };
  if (url !== undefined && !(typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url))) {
    // It may hold a password: it is not shown.
    issues.push(`${path}.connection.url: redis:// or rediss://, got something else`);
  }
  return Object.freeze({ store: undefined, connection: (connection ?? {}) as RedisServer, prefix, keepsLists });
}
