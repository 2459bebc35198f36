import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { ClaudeSimulator } from 'claude-api-simulator';
import { eventually } from './eventually.js';

/** What a replica has counted since its start. */
export interface ReplicaCounts {
  /** Replicas it knows of; 0 while it cannot hear them. */
  readonly replicas: number;
  readonly asked: number;
  readonly answered: number;
  /** Calls that were told that their turn would come too late. */
  readonly waited: number;
  /** All others that failed, by code. */
  readonly failed: Readonly<Record<string, number>>;
  /** Requests sent for calls that have ended. */
  readonly attempts: number;
  /** How many times the store could not be reached. */
  readonly trouble: number;
}

/** One process of an application that has several. */
export class ReplicaProcess {
  counts: ReplicaCounts = { replicas: 0, asked: 0, answered: 0, waited: 0, failed: {}, attempts: 0, trouble: 0 };
  complaints = '';
  readonly #child: ChildProcess;

  constructor(redisUrl: string, prefix: string, api: ClaudeSimulator, perSecond: number) {
    const script = join(import.meta.dirname, 'fleet-replica.mjs');
    const values = [redisUrl, prefix, api.url, String(perSecond)];
    this.#child = spawn(process.execPath, ['--no-warnings', script, ...values], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.complaints += String(chunk)));
    createInterface(this.#child.stdout ?? process.stdin).on('line', (line) => {
      this.counts = JSON.parse(line) as ReplicaCounts;
    });
  }

  /** `SIGKILL` by default: it says nothing more to anybody. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await ended;
  }
}

/** Waits until all know of each other. */
export function untilTogether(replicas: readonly ReplicaProcess[], limitMs = 20_000): Promise<void> {
  return eventually(limitMs, async () => {
    for (const { counts, complaints } of replicas) {
      if (counts.replicas !== replicas.length) throw new Error(`${JSON.stringify(counts)} ${complaints}`);
    }
  });
}

/** What the API saw in a stretch of real time. */
export async function watch(api: ClaudeSimulator, forMs: number): Promise<{ admitted: number; refused: number }> {
  const from = api.requests.list().at(-1)?.at ?? 0;
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const seen = api.requests.list({ since: from }).filter(({ at }) => at > from && at <= from + forMs);
  return {
    admitted: seen.filter(({ status }) => status !== 429).length,
    refused: seen.filter(({ status }) => status === 429).length,
  };
}
