import { spawn } from 'node:child_process';
import { ENVIRONMENT } from './run-command.mjs';

const START_MS = 20_000;
const STOP_MS = 5_000;
const ADDRESS = /\blistens on (http:\/\/127\.0\.0\.1:\d+)/;

/** A process that serves HTTP on a port of its choice and says on which. */
export class RunningProcess {
  #output = '';

  constructor(command, args, folder, environment) {
    this.process = spawn(command, args, { cwd: folder, env: { ...ENVIRONMENT, ...environment } });
    this.process.stdout.on('data', (data) => (this.#output += data));
    this.process.stderr.on('data', (data) => (this.#output += data));
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(error.message));
      this.process.once('close', (code, signal) => resolve(code ?? signal));
    });
  }

  /** @throws with what it wrote, if it ends or says nothing in time */
  async address() {
    const end = Promise.race([this.ended, after(START_MS, 'nothing in time')]);
    const heard = new Promise((resolve) => this.process.stdout.on('data', () => this.#url && resolve()));
    await Promise.race([end, heard]);
    if (this.#url === undefined) throw new Error(`no address: ${await end}\n${this.#output}`);
    return this.#url;
  }

  /** Asks it to end, and makes it if it does not. @returns its exit code, or the signal that ended it */
  async stop() {
    this.process.kill('SIGTERM');
    await Promise.race([this.ended, after(STOP_MS)]);
    this.process.kill('SIGKILL');
    return this.ended;
  }

  get #url() {
    return ADDRESS.exec(this.#output)?.[1];
  }
}

function after(delayMs, value) {
  return new Promise((resolve) => setTimeout(resolve, delayMs, value).unref());
}
