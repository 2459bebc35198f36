import { execFileSync, type SpawnOptions } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { findProgram, ServerProcess } from './server-process.js';

const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL of a test's own. */
export class PostgresServer {
  #databases = 0;

  private constructor(
    private readonly port: number,
    private readonly directory: string,
    private readonly bin: string,
    private readonly server: ServerProcess,
  ) {}

  /** @returns `undefined` when there is none on this machine */
  static async start(): Promise<PostgresServer | undefined> {
    const program = findProgram('postgres', [
      ...debianPlaces(),
      '/usr/local/bin/postgres',
      '/opt/homebrew/bin/postgres',
    ]);
    if (program === undefined) return undefined;
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), 'claude-postgres-'));
    const bin = join(program, '..');
    const options = asNobody(directory);
    const initial = ['-D', directory, '-U', 'postgres', '-A', 'trust', '-N'];
    execFileSync(join(bin, 'initdb'), initial, { ...options, stdio: 'pipe' });
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: '80',
    };
    const values = [
      '-D',
      directory,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const started = new PostgresServer(port, directory, bin, new ServerProcess(program, values, options, 'SIGINT'));
    await started.startAgain();
    return started;
  }

  async startAgain(): Promise<void> {
    this.server.start();
    await eventually(20_000, async () => this.#sql('SELECT 1'));
  }

  /** Of a new, empty database. */
  newDatabase(): string {
    const name = `test_${++this.#databases}`;
    this.#sql(`CREATE DATABASE ${name} TEMPLATE template0`);
    return `postgres://postgres@127.0.0.1:${this.port}/${name}`;
  }

  pause(): void {
    this.server.pause();
  }

  resume(): void {
    this.server.resume();
  }

  /** As `pg_ctl stop -m fast`: connections are ended, what was committed stays. */
  end(): Promise<void> {
    return this.server.stop();
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #sql(sql: string): void {
    const values = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres', '-c', sql, 'postgres'];
    execFileSync(join(this.bin, 'psql'), values, { stdio: 'ignore', timeout: 10_000 });
  }
}

function debianPlaces(): string[] {
  try {
    const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(DEBIAN, version, 'bin/postgres'));
  } catch {
    return [];
  }
}

/** PostgreSQL does not run as root: it runs as its own user then, who is given the directory. */
function asNobody(directory: string): SpawnOptions {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  chownSync(directory, uid, gid);
  return { uid, gid, cwd: directory };
}

const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
