import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A server that a test has started: it can be paused, killed and started again where it was. */
export class ServerProcess {
  #child: ChildProcess | undefined;

  constructor(
    private readonly command: string,
    private readonly values: readonly string[],
    private readonly options: SpawnOptions,
    private readonly stopSignal: NodeJS.Signals,
  ) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#child = spawn(this.command, this.values, { ...this.options, stdio: 'ignore' });
  }

  /** It stays, and keeps its connections, and does nothing; nor do the processes that it has started. */
  pause(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGCONT');
  }

  async stop(signal: NodeJS.Signals = this.stopSignal): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  #pids(): number[] {
    const pid = this.#child?.pid;
    if (pid === undefined) return [];
    // Linux says who they are; elsewhere only the first of them is paused.
    const children = `/proc/${pid}/task/${pid}/children`;
    const others = existsSync(children)
      ? readFileSync(children, 'utf8')
          .split(' ')
          .filter((text) => text !== '')
      : [];
    return [pid, ...others.map(Number)];
  }
}

/**
 * @returns the first that exists
 * @throws when there is none and a missing service is a failure (`REQUIRE_SERVICES=1`)
 */
export function findProgram(name: string, places: readonly string[]): string | undefined {
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`${name} is not installed, and REQUIRE_SERVICES is set`);
  process.stderr.write(`SKIPPED: ${name} is not installed\n`);
  return undefined;
}
