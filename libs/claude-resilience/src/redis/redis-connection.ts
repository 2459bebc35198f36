import type { ChainableCommander, Redis } from 'ioredis';
import { once } from 'node:events';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import { needPeer } from '../core/need-peer.js';
import type { RedisFleetOptions } from './redis-fleet.js';
import { redisTroubleOf } from './redis-trouble.js';

/** Within so many milliseconds a command ends, well or not. */
const COMMAND_MS = 2_000;
/** So long a command waits for a connection that is being made again. */
const CONNECT_MS = 300;
const MOST_RETRY_MS = 2_000;

type Value = string | number;
/** A script, with its keys and what else it takes. */
export type RedisScript = (keys: readonly string[], values: readonly Value[]) => Promise<unknown>;

export interface RedisConnectionOptions extends RedisFleetOptions {
  /** Whose lists these are, among applications that share a prefix; fit for a key. @default '' */
  readonly application?: string;
}

/** A connection for what replicas keep for longer: lists and figures, at an unhurried pace. */
export class RedisConnection {
  #scripts = 0;

  private constructor(
    private readonly redis: Redis,
    private readonly base: string,
  ) {}

  /** Connects in the background: a Redis that is down at the start is found later. @throws {ClaudeInvalidOptionsError} without ioredis */
  static async open({
    connection: { url, ...rest },
    prefix,
    application = '',
  }: RedisConnectionOptions): Promise<RedisConnection> {
    const { Redis: Client } = await needPeer('fleet', 'ioredis', import('ioredis'));
    const settings = {
      connectTimeout: COMMAND_MS,
      retryStrategy: (times: number) => Math.min(times * 50, MOST_RETRY_MS),
      ...rest,
      // What was sent and not answered may have been done: its caller is told so, and decides.
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      maxRetriesPerRequest: null,
      commandTimeout: COMMAND_MS,
      socketTimeout: 3 * COMMAND_MS,
      disconnectTimeout: 200,
      lazyConnect: true,
    };
    const redis = url === undefined ? new Client(settings) : new Client(url, settings);
    // Told by the commands that fail; without a listener it would end the process.
    redis.on('error', () => {});
    await redis.connect().catch(() => {});
    return new RedisConnection(redis, application === '' ? prefix : `${prefix}:${application}`);
  }

  /** Names of keys that are all in one slot of a cluster. */
  keysOf(room: string): (name: string) => string {
    return (name) => `{${this.base}:${room}}:${name}`;
  }

  script(lua: string): RedisScript {
    const name = `claudeScript${++this.#scripts}`;
    this.redis.defineCommand(name, { lua });
    const commands = this.redis as unknown as Record<string, (...values: Value[]) => Promise<unknown>>;
    return (keys, values) => this.ask(async () => commands[name]?.(keys.length, ...keys, ...values));
  }

  /** Several commands in one round trip. @throws {ClaudeRequestStoreError} the first trouble of any of them */
  async pipeline(fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]> {
    return this.ask(async () => {
      const pipeline = this.redis.pipeline();
      fill(pipeline);
      const results = (await pipeline.exec()) ?? [];
      return results.map(([error, result]) => {
        if (error !== null) throw error;
        return result;
      });
    });
  }

  /** @throws {ClaudeRequestStoreError} */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      if (this.redis.status !== 'ready') await once(this.redis, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) });
      return await question(this.redis);
    } catch (error) {
      const { trouble, explanation } = redisTroubleOf(error);
      // What Redis says may hold what was sent: it is no cause.
      throw new ClaudeRequestStoreError(trouble, 'redis', explanation);
    }
  }

  async close(): Promise<void> {
    if (this.redis.status === 'ready') await this.redis.quit().catch(() => {});
    this.redis.disconnect();
  }
}
