import type { JobJson, QueueOptions } from 'bullmq';
import type { RedisServer, ResolvedBullmqOptions } from './bullmq-request-store.options.js';
import { checkRedisSettings } from './check-redis-settings.js';
import type { Engine } from './engine.js';
import { needPeer } from '../core/need-peer.js';
import { QUEUE_NAME, queueSettings } from './queue-settings.js';
import { RedisRecordShelf } from './redis-record-shelf.js';
import type { RequestWriter } from './request-writer.js';
import { TurnQueue } from './turn-queue.js';

/** Longest pause before a connection is tried again, in milliseconds. */
const MOST_RETRY_MS = 2_000;

/**
 * Connects to Redis: one connection for the queue and for what stands in it. A command fails at once while there is no
 * connection, and is never sent twice: whoever asked was told that it failed.
 */
export async function openRedisEngine(
  server: RedisServer,
  options: ResolvedBullmqOptions,
  writer: RequestWriter,
): Promise<Engine> {
  const [{ Queue, Job }, { Redis }] = await Promise.all([
    needPeer('queue', 'bullmq', import('bullmq')),
    needPeer('queue', 'ioredis', import('ioredis')),
  ]);
  const { prefix, callTimeoutMs } = options;
  const { url, ...rest } = server;
  const settings = {
    connectTimeout: callTimeoutMs,
    retryStrategy: (times: number) => Math.min(times * 50, MOST_RETRY_MS),
    ...rest,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    commandTimeout: callTimeoutMs,
    // A connection that is dead without having been closed would otherwise be found out after a quarter of an hour.
    socketTimeout: callTimeoutMs,
    // ioredis waits so long at an end, even for a connection that broke before: it would keep the process alive.
    disconnectTimeout: 200,
  };
  const redis = url === undefined ? new Redis(settings) : new Redis(url, settings);
  // Told by the calls that fail; without a listener it would end the process.
  redis.on('error', () => {});
  let queue: { close(): Promise<void> } | undefined;
  try {
    await redis.connect();
    await checkRedisSettings(redis, options.onWarning ?? (() => {}));
    const queueOptions = { connection: redis, prefix, ...queueSettings(options) } as QueueOptions;
    const opened = new Queue(QUEUE_NAME, queueOptions);
    queue = opened;
    opened.on('error', () => {});
    await opened.waitUntilReady();
    return {
      shelf: new RedisRecordShelf(redis, `${prefix}:${QUEUE_NAME}-records`, writer),
      turns: new TurnQueue(opened, (json: JobJson, jobId: string) => Job.fromJSON(opened, json, jobId)),
      place: placeOf(server),
      close: async () => {
        await opened.close();
        if (redis.status === 'ready') await redis.quit();
        else redis.disconnect();
      },
    };
  } catch (error) {
    await queue?.close().catch(() => {});
    redis.disconnect();
    throw error;
  }
}

export function placeOf({ url, host = '127.0.0.1', port = 6379 }: RedisServer): string {
  if (url === undefined) return `redis ${String(host)}:${String(port)}`;
  return URL.canParse(url) ? `redis ${new URL(url).host}` : 'redis';
}
