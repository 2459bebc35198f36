#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { ClaudeSimulator } from './claude-simulator.js';
import { parseCliArguments } from './cli-arguments.js';
import type { FaultRule } from './faults/fault-rule.js';
import { InvalidInputError } from './validation/invalid-input-error.js';

const HELP = `claude-api-simulator: a local Claude API that behaves and fails like the real one

  --port <n>         port on 127.0.0.1, 0 for any free one (8787)
  --seed <n>         what all chance comes from (1)
  --scenario <file>  JSON list of fault rules
  --latency-ms <n>   time to an answer (40)
  --rpm <n>          requests per minute and model class (1,000)
  --help             this text
`;

const USAGE_ERROR = 2;

const cliArguments = parseCliArguments(process.argv.slice(2));
switch (cliArguments.kind) {
  case 'help':
    console.log(HELP);
    break;
  case 'invalid':
    fail(cliArguments.message, USAGE_ERROR);
    break;
  case 'start':
    await run(cliArguments);
    break;
  default:
    cliArguments satisfies never;
}

async function run({ options, scenarioFile }: Extract<typeof cliArguments, { kind: 'start' }>): Promise<void> {
  try {
    const scenario = scenarioFile === null ? [] : readScenario(scenarioFile);
    const simulator = await ClaudeSimulator.start({ ...options, scenario });
    console.log(welcome(simulator.url));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error), error instanceof InvalidInputError ? USAGE_ERROR : 1);
  }
}

/** @throws {InvalidInputError} if there is no JSON in the file */
function readScenario(file: string): readonly FaultRule[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly FaultRule[];
  } catch (error) {
    throw new InvalidInputError('scenario file', [`${file}: ${error instanceof Error ? error.message : 'unreadable'}`]);
  }
}

function welcome(url: string): string {
  return `The Claude API simulator listens on ${url}

  SDK        new Anthropic({ baseURL: '${url}', apiKey: 'any' })
  or         ANTHROPIC_BASE_URL=${url} ANTHROPIC_API_KEY=any
  a storm    curl -X PUT ${url}/_simulator/scenario -d '[{ "fault": "overloaded", "share": 0.5 }]'
  calm       curl -X DELETE ${url}/_simulator/scenario

Ctrl+C stops it.`;
}

/** Sets the exit code instead of exiting, so that the message is written to its end. */
function fail(message: string, exitCode: number): void {
  console.error(`claude-api-simulator: ${message}`);
  process.exitCode = exitCode;
}
