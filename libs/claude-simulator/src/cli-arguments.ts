import { parseArgs } from 'node:util';
import type { SimulatorOptions } from './simulator.options.js';

export type CliArguments =
  | { readonly kind: 'start'; readonly options: SimulatorOptions; readonly scenarioFile: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly message: string };

const DEFAULT_PORT = 8787;

/** Reads the command line; what the numbers may be is checked with the other options when the simulator starts. */
export function parseCliArguments(args: readonly string[]): CliArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      options: {
        port: { type: 'string' },
        seed: { type: 'string' },
        scenario: { type: 'string' },
        'latency-ms': { type: 'string' },
        rpm: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    const { port, seed, rpm, scenario, 'latency-ms': latencyMs } = values;
    const options: SimulatorOptions = {
      port: port === undefined ? DEFAULT_PORT : numberOf('port', port),
      ...(seed === undefined ? {} : { seed: numberOf('seed', seed) }),
      ...(latencyMs === undefined ? {} : { latencyMs: numberOf('latency-ms', latencyMs) }),
      ...(rpm === undefined ? {} : { limits: { requestsPerMinute: numberOf('rpm', rpm) } }),
    };
    return { kind: 'start', options, scenarioFile: scenario ?? null };
  } catch (error) {
    return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) };
  }
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new TypeError(`--${flag} expects a number, got "${text}"`);
  return value;
}
