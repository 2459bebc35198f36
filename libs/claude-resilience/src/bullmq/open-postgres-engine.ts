import type { JobJson } from 'bullmq';
import type { PostgresSettings, ResolvedBullmqOptions, ServerWarning } from './bullmq-request-store.options.js';
import type { Engine } from './engine.js';
import { needPeer } from '../core/need-peer.js';
import type { PgPool } from './pg-pool.js';
import { PostgresRecordShelf } from './postgres-record-shelf.js';
import { migrateRequestTables } from './postgres-schema.js';
import { QUEUE_NAME, queueSettings } from './queue-settings.js';
import type { RequestWriter } from './request-writer.js';
import { TurnQueue } from './turn-queue.js';

/** Connections of each pool, at most. */
const MOST_CONNECTIONS = 5;

/** Connects to PostgreSQL: a pool of BullMQ's for the queue, and one of ours for what stands in it. */
export async function openPostgresEngine(
  postgres: PostgresSettings,
  options: ResolvedBullmqOptions,
  writer: RequestWriter,
): Promise<Engine> {
  const [{ Queue, Job, createPostgresBackend }, { default: pg }] = await Promise.all([
    needPeer('queue', 'bullmq', import('bullmq')),
    needPeer('queue', 'pg', import('pg')),
  ]);
  const { prefix: schema, callTimeoutMs } = options;
  const given = typeof postgres === 'string' ? { connectionString: postgres } : postgres;
  const settings = {
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: callTimeoutMs,
    query_timeout: callTimeoutMs,
    keepAlive: true,
    ...given,
  };
  const place = placeOfPostgres(postgres);
  const connection = { ...settings, schema, migrate: true };
  const queue = new Queue(QUEUE_NAME, { connection, ...queueSettings(options) }, createPostgresBackend);
  // Told by the calls that fail; without a listener it would end the process.
  queue.on('error', () => {});
  let pool: PgPool | undefined;
  try {
    await queue.waitUntilReady();
    const searchPath = `-c search_path="${schema}"`;
    const ours = 'options' in given ? `${String(given['options'])} ${searchPath}` : searchPath;
    pool = new pg.Pool({ ...settings, options: ours });
    pool.on('error', () => {});
    await migrateRequestTables(pool, place);
    await checkPostgresSettings(pool, options.onWarning ?? (() => {}));
    const opened = pool;
    return {
      shelf: new PostgresRecordShelf(opened, writer),
      turns: new TurnQueue(queue, (json: JobJson, jobId: string) => Job.fromJSON(queue as never, json, jobId)),
      place,
      close: async () => {
        await Promise.all([queue.close(), opened.end()]);
      },
    };
  } catch (error) {
    await Promise.allSettled([queue.close(), pool?.end()]);
    throw error;
  }
}

async function checkPostgresSettings(pool: PgPool, warn: (warning: ServerWarning) => void): Promise<void> {
  const { rows } = await pool.query(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS late`,
  );
  const { fsync, late } = rows[0] ?? {};
  if (fsync === 'off')
    warn({ code: 'no_persistence', explanation: 'PostgreSQL does not sync its disk. Set fsync to on' });
  if (late !== 'off') return;
  const explanation =
    'PostgreSQL says yes before it has written: a crash loses the last moment. Set synchronous_commit to on';
  warn({ code: 'late_sync', explanation });
}

/** Where it is, for people: without a password. */
export function placeOfPostgres(postgres: PostgresSettings): string {
  const given: Readonly<Record<string, unknown>> =
    typeof postgres === 'string' ? { connectionString: postgres } : postgres;
  const { connectionString: url, host = 'localhost', port = 5432 } = given;
  if (typeof url !== 'string') return `postgresql ${String(host)}:${String(port)}`;
  return URL.canParse(url) ? `postgresql ${new URL(url).host}` : 'postgresql';
}
