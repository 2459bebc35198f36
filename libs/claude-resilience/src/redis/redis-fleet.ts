import type { RedisOptions } from 'ioredis';
import type { Fleet } from '../core/fleet/fleet.port.js';

export type RedisServer = RedisOptions & { readonly url?: string };

/** Where replicas meet on Redis. */
export const RedisFleet = {
  async open(_options: { readonly connection: RedisServer; readonly prefix: string }): Promise<Fleet> {
    throw new Error('Not built yet: give a store.');
  },
};
