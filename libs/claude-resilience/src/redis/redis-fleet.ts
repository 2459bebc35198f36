import type { Redis } from 'ioredis';
import { ClaudeFleetError } from '../core/fleet/fleet-error.js';
import {
  Fleet,
  FLEET_BEAT_MS,
  FLEET_COUNTERS_MS,
  FLEET_GONE_MS,
  FLEET_LEASE_MS,
  type FleetBeat,
  type FleetKeeping,
  type FleetKept,
  type FleetView,
} from '../core/fleet/fleet.port.js';
import { needPeer } from '../core/need-peer.js';
import { BOARD_KEYS, BOARD_SCRIPT } from './board-script.js';
import { readKept, readShown } from './read-board.js';
import { FLEET_KEYS, FLEET_SCRIPT } from './fleet-script.js';
import { readFleetView } from './read-fleet-view.js';

/** Options of ioredis (`host`, `port`, `tls`, `sentinels` and so on), or a `url`. */
export interface RedisServer {
  /** For example `redis://127.0.0.1:6379/0`. */
  readonly url?: string;
  readonly [setting: string]: unknown;
}

export interface RedisFleetOptions {
  /** @default redis://127.0.0.1:6379 */
  readonly connection: RedisServer;
  /** What begins all keys. @default 'claude' */
  readonly prefix: string;
}

type Scripted = Redis & {
  [Name in 'claudeFleet' | 'claudeBoard']: (...keysAndValues: (string | number)[]) => Promise<unknown>;
};

/** Longest pause before a connection is tried again, in milliseconds. */
const MOST_RETRY_MS = 2_000;

/** Where replicas meet on Redis 6.2 or newer, also a cluster's: all keys are in one slot. One command a beat. */
export class RedisFleet extends Fleet {
  readonly #keys: readonly string[];
  readonly #boardKeys: readonly string[];

  private constructor(
    private readonly redis: Scripted,
    prefix: string,
  ) {
    super();
    const keyOf = (name: string) => `{${prefix}:fleet}:${name}`;
    this.#keys = FLEET_KEYS.map(keyOf);
    this.#boardKeys = BOARD_KEYS.map(keyOf);
  }

  /** Connects in the background: a Redis that is down at the start is found later. @throws {ClaudeInvalidOptionsError} without ioredis */
  static async open({ connection: { url, ...rest }, prefix }: RedisFleetOptions): Promise<RedisFleet> {
    const { Redis: Client } = await needPeer('fleet', 'ioredis', import('ioredis'));
    const settings = {
      connectTimeout: FLEET_BEAT_MS,
      retryStrategy: (times: number) => Math.min(times * 50, MOST_RETRY_MS),
      ...rest,
      // A beat that is late is worth nothing: it fails at once, is never sent twice, and the next one says more.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      commandTimeout: FLEET_BEAT_MS,
      // A connection that is dead without having been closed would otherwise be found out after a quarter of an hour.
      socketTimeout: 3 * FLEET_BEAT_MS,
      // ioredis waits so long at an end, even for a connection that broke before: it would keep the process alive.
      disconnectTimeout: 200,
      lazyConnect: true,
    };
    const redis = url === undefined ? new Client(settings) : new Client(url, settings);
    // Told by the beats that fail; without a listener it would end the process.
    redis.on('error', () => {});
    redis.defineCommand('claudeFleet', { numberOfKeys: FLEET_KEYS.length, lua: FLEET_SCRIPT });
    redis.defineCommand('claudeBoard', { numberOfKeys: BOARD_KEYS.length, lua: BOARD_SCRIPT });
    await redis.connect().catch(() => {});
    return new RedisFleet(redis as Scripted, prefix);
  }

  async beat(beat: FleetBeat): Promise<FleetView> {
    return readFleetView(await this.#run({ op: 'beat', ...beat }));
  }

  async note(name: string, text: string | undefined, forMs: number): Promise<void> {
    await this.#run({ op: 'note', name, text, forMs });
  }

  async show(by: string, topic: string, text: string, forMs: number): Promise<void> {
    await this.#board('show', topic, by, text, forMs);
  }

  async shown(topic: string): Promise<ReadonlyMap<string, string>> {
    return readShown(await this.#board('shown', topic));
  }

  async keep({ name, text, lease, replica, revision }: FleetKeeping): Promise<number | undefined> {
    const kept = Number(await this.#board('keep', name, replica, text, revision, lease));
    return kept > 0 ? kept : undefined;
  }

  async kept(name: string): Promise<FleetKept | undefined> {
    return readKept(await this.#board('kept', name));
  }

  async leave(replica: string): Promise<void> {
    await this.#run({ op: 'leave', replica });
    await this.#board('leave', '', replica);
  }

  async close(): Promise<void> {
    if (this.redis.status === 'ready') await this.redis.quit().catch(() => {});
    this.redis.disconnect();
  }

  #run(wish: object): Promise<unknown> {
    const wishes = [JSON.stringify(wish), FLEET_LEASE_MS, FLEET_GONE_MS, FLEET_COUNTERS_MS];
    return this.#ask(() => this.redis.claudeFleet(...this.#keys, ...wishes));
  }

  #board(...wishes: (string | number)[]): Promise<unknown> {
    return this.#ask(() => this.redis.claudeBoard(...this.#boardKeys, ...wishes));
  }

  async #ask(ask: () => Promise<unknown>): Promise<unknown> {
    try {
      return await ask();
    } catch {
      // What Redis says may hold what was sent.
      throw new ClaudeFleetError(`cannot be reached, or refuses (connection: ${this.redis.status})`);
    }
  }
}
