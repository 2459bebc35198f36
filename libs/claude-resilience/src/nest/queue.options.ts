import {
  readBatchOptions,
  type BatchOptions,
  type ResolvedBatchOptions,
} from '../core/deferral/batch/batch.options.js';
import { readQueueRules, type QueueRules, type ResolvedQueueRules } from '../core/deferral/queue.options.js';
import type { NotifyWish } from '../core/deferral/deferred-request.js';
import type { RequestStore } from '../core/deferral/request-store.port.js';
import { OptionReader, show } from '../core/option-reader.js';
import type { BullmqRequestStoreOptions } from '../bullmq/bullmq-request-store.options.js';
import type { SqliteRequestStoreOptions } from '../sqlite/sqlite-request-store.js';

/** Where deferred requests are kept, and how they are worked off (R10). */
export interface QueueOptions extends QueueRules {
  /**
   * `sqlite`: a file of this one process, by Node's own SQLite; `bullmq`: a queue of BullMQ's on Redis or PostgreSQL, for as many
   * processes as there are; `memory`: lost with the process, for tests. @default 'sqlite'
   */
  readonly driver?: 'sqlite' | 'bullmq' | 'memory';
  /** Server of `bullmq`: `{ url }` or options of ioredis for Redis, `{ postgres }` for PostgreSQL. */
  readonly connection?: BullmqRequestStoreOptions['connection'];
  /** Of `bullmq`: what begins all keys of Redis, or the schema of PostgreSQL. @default 'claude' */
  readonly prefix?: string;
  /** Of `bullmq`: milliseconds within which every call to the server ends, above 0. @default 10_000 */
  readonly callTimeoutMs?: number;
  /** Of `bullmq`: so many starts in so many milliseconds, over all processes. @default none */
  readonly limiter?: NonNullable<BullmqRequestStoreOptions['limiter']>;
  /** File of `sqlite`; its directory is made if need be. @default './data/claude.db' */
  readonly path?: string;
  /** Seals prompts, answers, results and addresses in the file. @default none */
  readonly encryption?: SqliteRequestStoreOptions['encryption'];
  /** `full`: what was acknowledged survives a power cut; `normal`: a crash of the process. @default 'full' */
  readonly synchronous?: SqliteRequestStoreOptions['synchronous'];
  /** Bytes the file of `sqlite` may grow to, without its log: beyond that nothing more is taken in. @default what the disk has */
  readonly maxFileBytes?: number;
  /** Requests that wait or run, at most; integer, 1 or more. @default 100_000; 10_000 in memory */
  readonly maxOpen?: number;
  /** Bytes of parameters, of an answer or of a result; integer, 1 or more. @default 33_554_432 */
  readonly maxPayloadBytes?: number;
  /** Lets background requests leave through Message Batches (R12); `true`: by default. For `sqlite` and `memory`. @default false */
  readonly batch?: BatchOptions | boolean;
  /** A store of your own, instead of a driver; it is opened by you, and closed with the application. */
  readonly store?: RequestStore;
  /**
   * Whose an HTTP request is: then nobody else may see, follow or cancel what it deferred. Given the platform's request
   * object. @default nobody's: who knows the id (128 bits of chance) may
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- Express's, Fastify's, or the application's own type
  readonly ownerOf?: (request: any) => string | undefined | Promise<string | undefined>;
  /** Who is told of the end of what an HTTP request deferred, where the call itself does not say. @default nobody */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly notifyOf?: (request: any) => readonly NotifyWish[] | Promise<readonly NotifyWish[]>;
}

export interface ResolvedQueueOptions {
  readonly rules: ResolvedQueueRules;
  readonly batch: ResolvedBatchOptions | false;
  readonly keep:
    | { readonly driver: 'own'; readonly store: RequestStore }
    | { readonly driver: 'memory'; readonly maxOpen?: number; readonly maxPayloadBytes?: number }
    | ({ readonly driver: 'sqlite' } & SqliteRequestStoreOptions)
    | ({ readonly driver: 'bullmq' } & BullmqRequestStoreOptions);
  readonly ownerOf: ((request: unknown) => string | undefined | Promise<string | undefined>) | undefined;
  readonly notifyOf: ((request: unknown) => readonly NotifyWish[] | Promise<readonly NotifyWish[]>) | undefined;
}

const DEFAULT_PATH = './data/claude.db';

/** @returns `false` when there is no queue */
export function readQueueOptions(path: string, given: unknown, issues: string[]): ResolvedQueueOptions | false {
  if (given === undefined || given === false) return false;
  const read = new OptionReader(path, given === true ? {} : given, issues);
  const rules = readQueueRules(read);
  const keep = readKeep(read);
  const batch = readBatchOptions(read.at('batch'), read.take('batch'), issues);
  if (batch !== false && (keep.driver === 'own' || keep.driver === 'bullmq')) {
    read.reject('batch', 'false, but for the drivers sqlite and memory', true);
  }
  const ownerOf = read.take('ownerOf');
  if (ownerOf !== undefined && typeof ownerOf !== 'function') read.reject('ownerOf', 'a function', ownerOf);
  const notifyOf = read.take('notifyOf');
  if (notifyOf !== undefined && typeof notifyOf !== 'function') read.reject('notifyOf', 'a function', notifyOf);
  read.done();
  return Object.freeze({
    rules,
    keep,
    batch,
    ownerOf: ownerOf as ResolvedQueueOptions['ownerOf'],
    notifyOf: notifyOf as ResolvedQueueOptions['notifyOf'],
  });
}

function readKeep(read: OptionReader): ResolvedQueueOptions['keep'] {
  const driver = read.oneOf('driver', 'sqlite', ['sqlite', 'bullmq', 'memory']);
  const path = read.text('path') ?? DEFAULT_PATH;
  const synchronous = read.oneOf('synchronous', 'full', ['full', 'normal']);
  const encryption = read.take('encryption') as SqliteRequestStoreOptions['encryption'];
  const limits = {
    ...(read.take('maxOpen') !== undefined && { maxOpen: read.integer('maxOpen', 1, { min: 1 }) }),
    ...(read.take('maxPayloadBytes') !== undefined && {
      maxPayloadBytes: read.integer('maxPayloadBytes', 1, { min: 1 }),
    }),
  };
  const maxFileBytes =
    read.take('maxFileBytes') === undefined ? undefined : read.integer('maxFileBytes', 1, { min: 65_536 });
  const store = read.take('store');
  if (store !== undefined) {
    // By shape: it may extend another copy of the class.
    if (typeof (store as Partial<RequestStore> | null)?.claim === 'function') {
      return { driver: 'own', store: store as RequestStore };
    }
    read.reject('store', 'an instance of a class that extends RequestStore', show(store));
  }
  const server = readServer(read, driver === 'bullmq');
  if (driver === 'memory') return { driver, ...limits };
  if (server !== undefined)
    return { driver: 'bullmq', ...server, ...limits, ...(encryption !== undefined && { encryption }) };
  return {
    driver: 'sqlite',
    path,
    synchronous,
    ...limits,
    ...(maxFileBytes !== undefined && { maxFileBytes }),
    ...(encryption !== undefined && { encryption }),
  };
}

/** The rest of it is checked when it is opened, by those who know the servers. */
function readServer(read: OptionReader, isWanted: boolean): BullmqRequestStoreOptions | undefined {
  const connection = read.take('connection') as BullmqRequestStoreOptions['connection'] | undefined;
  const prefix = read.text('prefix');
  const limiter = read.take('limiter') as BullmqRequestStoreOptions['limiter'];
  const callTimeoutMs = read.take('callTimeoutMs') as number | undefined;
  const isServer = typeof connection === 'object' && connection !== null;
  if (isWanted && !isServer)
    read.reject('connection', 'a server: { url } for Redis, { postgres } for PostgreSQL', connection);
  if (!isWanted && connection !== undefined) read.reject('connection', "none but for driver: 'bullmq'", connection);
  if (!isWanted || !isServer) return undefined;
  return {
    connection,
    ...(prefix !== undefined && { prefix }),
    ...(limiter !== undefined && { limiter }),
    ...(callTimeoutMs !== undefined && { callTimeoutMs }),
  };
}
