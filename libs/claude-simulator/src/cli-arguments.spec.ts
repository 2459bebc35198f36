import { describe, expect, it } from '@jest/globals';
import { type CliArguments, parseCliArguments } from './cli-arguments.js';

describe('parseCliArguments', () => {
  it.each<{ readonly line: string; readonly parsed: CliArguments }>([
    { line: '', parsed: { kind: 'start', options: { port: 8787 }, scenarioFile: null } },
    {
      line: '--port 0 --seed 5 --latency-ms 250 --rpm 60 --scenario storm.json',
      parsed: {
        kind: 'start',
        options: { port: 0, seed: 5, latencyMs: 250, limits: { requestsPerMinute: 60 } },
        scenarioFile: 'storm.json',
      },
    },
    { line: '--port=9000', parsed: { kind: 'start', options: { port: 9_000 }, scenarioFile: null } },
    { line: '--help', parsed: { kind: 'help' } },
    { line: '-h --port 1', parsed: { kind: 'help' } },
  ])('$line', ({ line, parsed }) => {
    expect(parseCliArguments(line.split(' ').filter(Boolean))).toEqual(parsed);
  });

  it.each([
    ['--prot 1', "Unknown option '--prot'"],
    ['--port', '--port'],
    ['--port abc', '--port expects a number, got "abc"'],
    ['--seed=', '--seed expects a number, got ""'],
    ['extra', 'extra'],
  ])('%s: invalid', (line, message) => {
    expect(parseCliArguments(line.split(' '))).toEqual({ kind: 'invalid', message: expect.stringContaining(message) });
  });
});
