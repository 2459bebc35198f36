import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Afterwards it is killed, and its test fails. */
const LONGEST_LIFE_MS = 90_000;

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The demo application, in a process of its own. */
export class DemoProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly ended: Promise<End>,
  ) {}

  /** Resolves once it listens. */
  static async start(env: Readonly<Record<string, string>>): Promise<DemoProcess> {
    const script = join(import.meta.dirname, 'demo-worker.mjs');
    const child = spawn(process.execPath, ['--no-warnings', script], {
      timeout: LONGEST_LIFE_MS,
      killSignal: 'SIGKILL',
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<End>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += String(chunk)));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const [, found] = /listens on (http:\S+)/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
      void ended.then(() => reject(new Error(`It ended before it listened: ${said}`)));
    });
    return new DemoProcess(child, url, ended);
  }

  /** Asks it to end, as an orchestrator does. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }
}
