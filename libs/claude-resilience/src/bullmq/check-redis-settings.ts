import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import type { ServerWarning } from './bullmq-request-store.options.js';

/** What is asked of a client of Redis. */
interface RedisQuestions {
  info(section: string): Promise<string>;
  config(word: 'GET', name: string): Promise<unknown>;
}

const WARNINGS: Readonly<Record<Exclude<ServerWarning['code'], 'unknown_settings'>, string>> = {
  may_evict: 'Redis may throw away keys that have an end: locks of the queue. Set maxmemory-policy to noeviction',
  no_persistence: 'Redis keeps nothing on its disk: a restart loses every request. Set appendonly to yes',
  snapshots_only: 'Redis writes a snapshot now and then: a crash loses what came since. Set appendonly to yes',
  late_sync: 'Redis syncs its log once a second: a power cut loses the last one. Set appendfsync to always',
};

/**
 * Looks whether the server may lose what it has acknowledged. Where it does not say (a hosted one), that is told instead.
 *
 * @throws {ClaudeRequestStoreError} `not_durable` when it throws away whatever is old: then nothing is safe
 */
export async function checkRedisSettings(redis: RedisQuestions, warn: (warning: ServerWarning) => void): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  if (policy?.startsWith('allkeys') === true) {
    const explanation = `Redis throws away old keys when its memory is full (${policy}). Set maxmemory-policy to noeviction`;
    throw new ClaudeRequestStoreError('not_durable', 'redis', explanation);
  }
  const say = (code: keyof typeof WARNINGS) => warn({ code, explanation: WARNINGS[code] });
  if (policy !== undefined && policy !== 'noeviction') say('may_evict');
  const persistence = await redis.info('persistence');
  if (!/aof_enabled:[01]/.test(persistence)) return warn({ code: 'unknown_settings', explanation: UNKNOWN });
  if (/aof_enabled:1/.test(persistence)) {
    const sync = await setting(redis, 'appendfsync');
    if (sync === undefined) return warn({ code: 'unknown_settings', explanation: UNKNOWN });
    if (sync !== 'always') say('late_sync');
    return;
  }
  say((await setting(redis, 'save')) === '' ? 'no_persistence' : 'snapshots_only');
}

const UNKNOWN = 'Redis does not say how it keeps what it was told. See that appendonly is yes';

/** `undefined` when we may not ask. */
async function setting(redis: RedisQuestions, name: string): Promise<string | undefined> {
  try {
    const reply = await redis.config('GET', name);
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch {
    return undefined;
  }
}
