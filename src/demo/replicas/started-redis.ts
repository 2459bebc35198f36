import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const STARTS_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** There is no Redis, and none could be started. */
export class NoRedisError extends Error {
  override readonly name = 'NoRedisError';
  constructor(why: string) {
    super(`Replicas meet on Redis: set REDIS_URL, or install redis-server (${why}).`);
  }
}

/** A Redis that this process has started, empty, for as long as the tour takes: it can be paused. */
export class StartedRedis {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly directory: string,
  ) {}

  /** @throws {NoRedisError} */
  static async start(): Promise<StartedRedis> {
    const directory = mkdtempSync(join(tmpdir(), 'claude-replicas-'));
    const port = await freePort();
    const settings = { port, bind: '127.0.0.1', dir: directory, appendonly: 'yes', 'maxmemory-policy': 'noeviction' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = spawn('redis-server', [...args, '--save', ''], { stdio: 'ignore' });
    const started = new StartedRedis(`redis://127.0.0.1:${port}`, server, directory);
    const failed = new Promise<never>((_resolve, reject) => {
      server.once('error', ({ message }) => reject(new NoRedisError(message)));
      server.once('exit', (code) => reject(new NoRedisError(`it ended with ${code}`)));
    });
    failed.catch(() => {});
    try {
      await Promise.race([listens(port), failed]);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** It keeps its connections, and answers nobody. */
  pause(): void {
    this.server.kill('SIGSTOP');
  }

  resume(): void {
    this.server.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    const { server, directory } = this;
    if (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGCONT');
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

async function listens(port: number): Promise<void> {
  const endMs = performance.now() + STARTS_WITHIN_MS;
  while (performance.now() < endMs) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new NoRedisError(`it does not listen after ${STARTS_WITHIN_MS / 1000} s`);
}

/** Redis takes none of its own choice. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
