import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AppClient } from '../app-client.js';

const STARTS_WITHIN_MS = 30_000;
const ADDRESS = /listens on (http:\S+)/;

export type LogLine = Readonly<Record<string, unknown>>;

export interface ReplicaPlace {
  readonly number: number;
  /** The environment, as `npm start` takes it. */
  readonly env: Readonly<Record<string, string>>;
  readonly operatorToken: string;
  readonly stop: AbortSignal;
}

/** The demo application as a process of its own, as `npm start -- --quick` starts it. */
export class Replica {
  readonly log: LogLine[] = [];
  isAlive = true;

  private constructor(
    readonly number: number,
    readonly app: AppClient,
    private readonly child: ChildProcess,
  ) {}

  static async start({ number, env, operatorToken, stop }: ReplicaPlace): Promise<Replica> {
    const [script = ''] = process.argv.slice(1);
    const child = spawn(process.execPath, [script, '--quick'], {
      env: { ...env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += String(chunk)));
    const lines: string[] = [];
    const reading = createInterface(child.stdout);
    reading.on('line', (line) => lines.push(line));
    const late = AbortSignal.timeout(STARTS_WITHIN_MS);
    const url = await new Promise<string>((resolve, reject) => {
      const fail = () => reject(new Error(`Replica ${number} did not start: ${complaints}`));
      late.addEventListener('abort', fail, { once: true });
      child.once('exit', fail);
      reading.on('line', (line) => {
        const found = ADDRESS.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    }).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });
    const replica = new Replica(number, new AppClient(url, stop, operatorToken), child);
    for (const line of lines) replica.#note(line);
    reading.on('line', (line) => replica.#note(line));
    child.once('exit', () => (replica.isAlive = false));
    return replica;
  }

  /** It says nothing to anybody, as when its machine is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** In good order. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Lines of the log with this event. */
  logged(event: string): readonly LogLine[] {
    return this.log.filter((line) => line['event'] === event);
  }

  #note(line: string): void {
    if (!line.startsWith('{')) return;
    try {
      this.log.push(JSON.parse(line) as LogLine);
    } catch {
      // half a line of a process that was killed
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isAlive) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }
}
