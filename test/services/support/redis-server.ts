import { Redis } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { findProgram, ServerProcess } from './server-process.js';

const PLACES = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'];

/** A Redis of a test's own, with its log on the disk. */
export class RedisServer {
  private constructor(
    readonly url: string,
    private readonly directory: string,
    private readonly server: ServerProcess,
  ) {}

  /** @returns `undefined` when there is none on this machine */
  static async start(...settings: string[]): Promise<RedisServer | undefined> {
    const program = findProgram('redis-server', PLACES);
    if (program === undefined) return undefined;
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), 'claude-redis-'));
    const values = Object.entries({
      port: String(port),
      bind: '127.0.0.1',
      dir: directory,
      pidfile: join(directory, 'redis.pid'),
      save: '',
      appendonly: 'yes',
    }).flatMap(([name, value]) => [`--${name}`, value]);
    const server = new ServerProcess(program, [...values, ...settings], {}, 'SIGTERM');
    const started = new RedisServer(`redis://127.0.0.1:${port}`, directory, server);
    await started.startAgain();
    return started;
  }

  async startAgain(): Promise<void> {
    this.server.start();
    await eventually(20_000, () => this.#ask((redis) => redis.ping()));
  }

  pause(): void {
    this.server.pause();
  }

  resume(): void {
    this.server.resume();
  }

  kill(): Promise<void> {
    return this.server.stop('SIGKILL');
  }

  /** Empties it, and nothing else. */
  async empty(): Promise<void> {
    await this.#ask((redis) => redis.flushall());
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #ask(question: (redis: Redis) => Promise<unknown>): Promise<void> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      await question(redis);
      await redis.quit();
    } finally {
      if (redis.status !== 'end') redis.disconnect();
    }
  }
}
