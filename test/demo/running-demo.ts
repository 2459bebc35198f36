import { tmpdir } from 'node:os';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ClaudeSimulator, type SimulatorOptions } from 'claude-api-simulator';
import { ReviewList, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { createApp } from '../../src/create-app.js';

/** Longer than any machine takes for an answer; tests of answers that never come give a shorter one. */
const TIMEOUT_MS = 30_000;
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };

/** The demo's own retries without their waits, and no circuit: every request meets the API as it is. */
export const IMPATIENT: ClaudeResilienceOptions = {
  circuit: false,
  account: false,
  pacing: false,
  retry: {
    rateLimited: { maxRetries: 0 },
    serverError: AT_ONCE,
    overloaded: AT_ONCE,
    connection: AT_ONCE,
    timeout: { maxRetries: 0 },
  },
};

export interface DemoOptions {
  readonly apiKey?: string;
  readonly simulator?: SimulatorOptions;
  readonly timeoutMs?: number;
  /** What is asked is answered at once, or not at all. @default false */
  readonly queue?: ClaudeResilienceOptions['queue'];
  /** Whether a refused key stops anything. @default false */
  readonly account?: ClaudeResilienceOptions['account'];
}

/** The demo application and a simulator, in this process, on free ports. */
export class RunningDemo {
  private constructor(
    readonly url: string,
    readonly app: NestExpressApplication,
    readonly simulator: ClaudeSimulator,
    /** The application's log, as written. */
    readonly log: readonly string[],
  ) {}

  static async start({
    apiKey = 'test-key',
    simulator: options = {},
    timeoutMs = TIMEOUT_MS,
    queue = false,
    account = false,
  }: DemoOptions = {}) {
    const simulator = await ClaudeSimulator.start({ latencyMs: 0, ...options });
    const log: string[] = [];
    const app = await createApp({
      apiKey,
      baseURL: simulator.url,
      model: 'claude-sonnet-5-5',
      operatorToken: 'the-token-of-the-tests',
      dataDir: tmpdir(), // for a queue with a file; tests that have one name it
      logLevel: 'trace',
      logTo: { write: (line) => void log.push(line) },
      resilience: { ...IMPATIENT, queue, account, timeoutMs },
    });
    await app.listen(0, '127.0.0.1');
    return new RunningDemo(await app.getUrl(), app, simulator, log);
  }

  get reviews(): ReviewList {
    return this.app.get(ReviewList);
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.simulator.stop();
  }
}
