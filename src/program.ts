import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaudeRequestStoreError } from 'nestjs-claude-resilience';
import { InvalidConfigError, readAppConfig, type AppConfig } from './app.config.js';
import { openClaudeEndpoint, type ClaudeEndpoint } from './claude/claude-endpoint.js';
import { HELP, parseCommandLine, type Command } from './command-line.js';
import { createApp } from './create-app.js';
import { LogTail } from './demo/log-tail.js';
import { Paper } from './demo/paper.js';
import { giveTour } from './demo/give-tour.js';
import { runReplicas } from './demo/replicas/run-replicas.js';
import { tourSettings } from './demo/tour-settings.js';
import { dashboardUrl, whatToTry } from './demo/what-to-try.js';
import { listenProblem } from './listen-problem.js';
import type { Surroundings } from './surroundings.js';

type Run = Extract<Command, { kind: 'run' }>;

const OK = 0;
const FAILED = 1;
const USAGE = 2;

/** From the command line to the exit code. Reports what its user did wrong, and never ends the process itself. */
export async function runProgram(around: Surroundings): Promise<number> {
  const command = parseCommandLine(around.args);
  switch (command.kind) {
    case 'invalid':
      return complain(around, command.problem, USAGE);
    case 'help':
      around.out.write(`${HELP}\n`);
      return OK;
    case 'run':
      return runCommand(command, around);
    case 'replicas':
      return runReplicas(command, around);
    default:
      return command satisfies never;
  }
}

async function runCommand(command: Run, around: Surroundings): Promise<number> {
  let config: AppConfig;
  try {
    config = readAppConfig(around.env);
  } catch (error) {
    if (error instanceof InvalidConfigError) return complain(around, error.message, USAGE);
    throw error;
  }
  const endpoint = await openClaudeEndpoint(config.claude);
  try {
    return await runApp(command, config, endpoint, around);
  } catch (error) {
    const problem = listenProblem(error, config) ?? queueProblem(error);
    if (problem === undefined) throw error;
    return complain(around, problem, FAILED);
  } finally {
    await endpoint.simulator?.stop();
  }
}

async function runApp(
  { tour, isQuick }: Run,
  config: AppConfig,
  endpoint: ClaudeEndpoint,
  { out, isColoured, stop }: Surroundings,
): Promise<number> {
  const log = new LogTail();
  if (tour === 'none') log.passTo(out);
  const { apiKey, baseURL, simulator } = endpoint;
  const { model, dataDir, redisUrl, operatorToken = randomBytes(18).toString('base64url') } = config;
  const settings = { apiKey, baseURL, model, operatorToken, dataDir, redisUrl, logLevel: config.logLevel, logTo: log };
  // One that somebody gave is theirs to know.
  const shownToken = config.operatorToken === undefined ? operatorToken : undefined;
  // A real API is asked no sooner than `npm start` would ask it.
  const isRehearsal = tour !== 'none' && simulator !== undefined;
  // A rehearsal begins with an empty queue, and leaves none behind.
  const rehearsalDir = isRehearsal ? mkdtempSync(join(tmpdir(), 'claude-tour-')) : undefined;
  const app = await createApp(
    isQuick || isRehearsal ? tourSettings({ ...settings, dataDir: rehearsalDir ?? dataDir }) : settings,
  );
  try {
    await app.listen(config.port, config.host);
    const url = await app.getUrl();
    const paper = new Paper((text) => out.write(text), isColoured);
    paper.line(`The demo application listens on ${url}`, 'bold');
    paper.line(`Claude is ${endpoint.description}`);
    if (tour !== 'none') {
      paper.line(`Watch it on the dashboard: ${dashboardUrl(url, shownToken)}`);
      const isAsAnnounced = await giveTour({ app, url, operatorToken, simulator, log, paper, stop });
      if (tour === 'then-exit') return isAsAnnounced ? OK : FAILED;
      log.passTo(out);
    }
    paper.line();
    for (const line of whatToTry(url, shownToken, simulator?.url)) paper.line(line);
    paper.line();
    await aborted(stop);
    return OK;
  } finally {
    // Requests under way are answered first.
    await app.close();
    if (rehearsalDir !== undefined) rmSync(rehearsalDir, { recursive: true, force: true });
  }
}

/** What to tell the user about a queue that cannot be opened; `undefined` for any other error. */
function queueProblem(error: unknown): string | undefined {
  return error instanceof ClaudeRequestStoreError
    ? `${error.message}; or set DATA_DIR to another directory`
    : undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function complain({ err }: Surroundings, problem: string, exitCode: number): number {
  err.write(`${problem}\n`);
  return exitCode;
}
