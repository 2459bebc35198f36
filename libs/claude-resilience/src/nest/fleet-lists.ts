import { Inject, Injectable } from '@nestjs/common';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import type { RollupStore } from '../core/metrics/rollup-store.port.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { applicationName } from './application-name.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';

/** What replicas keep together in the Redis of `fleet`: reviews and rollups. Nothing without it. */
@Injectable()
export class FleetLists {
  #opening: Promise<RedisConnection | undefined> | undefined;

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
  ) {}

  /** @returns `undefined`: they are kept as without `fleet` @throws {ClaudeInvalidOptionsError} */
  async reviews(): Promise<ReviewList | undefined> {
    const connection = await this.#open();
    if (connection === undefined) return undefined;
    const { RedisReviewList } = await import('../redis/redis-review-list.js');
    const { queue } = this.options;
    const keep = queue === false ? undefined : queue.keep;
    const encryption = keep !== undefined && 'encryption' in keep ? keep.encryption : undefined;
    const { clock, random } = this.runtime;
    return new RedisReviewList(connection, clock, random, encryption === undefined ? {} : { encryption });
  }

  /** As `reviews`. */
  async rollups(): Promise<RollupStore | undefined> {
    const connection = await this.#open();
    if (connection === undefined) return undefined;
    const { RedisRollupStore } = await import('../redis/redis-rollup-store.js');
    return new RedisRollupStore(connection);
  }

  /** When nobody has anything to say any more. Never rejects. */
  async close(): Promise<void> {
    const connection = await this.#opening?.catch(() => undefined);
    await connection?.close();
  }

  #open(): Promise<RedisConnection | undefined> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<RedisConnection | undefined> {
    const { fleet } = this.options;
    if (fleet === false || fleet.store !== undefined || !fleet.keepsLists) return undefined;
    const { RedisConnection: Connection } = await import('../redis/redis-connection.js');
    return Connection.open({ ...fleet, application: applicationName(this.options) });
  }
}
