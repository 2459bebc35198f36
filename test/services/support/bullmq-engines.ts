import { createPostgresBackend, createRedisBackend, Queue, type IQueueBackend, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { BullmqRequestStoreOptions } from '../../../libs/claude-resilience/src/bullmq/bullmq-request-store.options.js';
import { PostgresServer } from './postgres-server.js';
import { RedisServer } from './redis-server.js';

/** The queue of a store, as somebody else sees it with the tools of BullMQ. */
export interface SeenQueue {
  add(name: string, data: unknown, options?: { readonly timestamp: number }): Promise<unknown>;
  getJobCounts(): Promise<Record<string, number>>;
  getJobs(types: 'delayed'[]): Promise<Job[]>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  obliterate(options: { force: boolean }): Promise<void>;
  getBackend(): IQueueBackend;
  close(): Promise<void>;
}

export interface TestEngine {
  readonly name: 'Redis' | 'PostgreSQL';
  readonly connection: BullmqRequestStoreOptions['connection'];
  queueOf(prefix: string): SeenQueue;
  /** Makes a record unreadable. */
  damage(prefix: string, id: string): Promise<void>;
  /** All that is stored of a request. */
  recordOf(prefix: string, id: string): Promise<string>;
  stop(): Promise<void>;
}

/** What BullMQ would be told by a store, but for the interval. */
const SETTINGS = { maxStalledCount: 1000, stalledInterval: 1 };

/** Those that this machine has. */
export async function startEngines(): Promise<TestEngine[]> {
  const engines: TestEngine[] = [];
  const redis = await RedisServer.start('--appendfsync', 'no');
  if (redis !== undefined) engines.push(redisEngine(redis));
  const postgres = await PostgresServer.start();
  if (postgres !== undefined) engines.push(postgresEngine(postgres));
  return engines;
}

function redisEngine(server: RedisServer): TestEngine {
  const connection = { url: server.url };
  return {
    name: 'Redis',
    connection,
    queueOf: (prefix) =>
      new Queue('requests', { connection, prefix, ...SETTINGS } as never, createRedisBackend) as never,
    damage: async (prefix, id) => {
      const redis = new Redis(server.url);
      await redis.hset(`${prefix}:requests-records:r:${id}`, 'r', '{"secret": prompt');
      await redis.quit();
    },
    recordOf: async (prefix, id) => {
      const redis = new Redis(server.url);
      const row = await redis.hgetall(`${prefix}:requests-records:r:${id}`);
      await redis.quit();
      return JSON.stringify(row);
    },
    stop: () => server.stop(),
  };
}

function postgresEngine(server: PostgresServer): TestEngine {
  const postgres = server.newDatabase();
  return {
    name: 'PostgreSQL',
    connection: { postgres },
    queueOf: (schema) => {
      const connection = { connectionString: postgres, schema };
      return new Queue('requests', { connection, ...SETTINGS } as never, createPostgresBackend as never) as never;
    },
    damage: async (schema, id) => {
      const client = new pg.Client({ connectionString: postgres });
      await client.connect();
      await client.query(`UPDATE "${schema}".request_record SET record = '{"secret": prompt' WHERE id = $1`, [id]);
      await client.end();
    },
    recordOf: async (schema, id) => {
      const client = new pg.Client({ connectionString: postgres });
      await client.connect();
      const { rows } = await client.query(`SELECT * FROM "${schema}".request_record WHERE id = $1`, [id]);
      await client.end();
      return JSON.stringify(rows);
    },
    stop: () => server.stop(),
  };
}

/** For a process that is started with it. */
export function urlOf({ connection }: TestEngine): string {
  return String('postgres' in connection ? connection.postgres : connection.url);
}
