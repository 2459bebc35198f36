import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from './command-line.js';

describe('parseCommandLine', () => {
  it.each([
    [[], { kind: 'run', tour: 'none' }],
    [['--tour'], { kind: 'run', tour: 'then-serve' }],
    [['--tour', '--exit'], { kind: 'run', tour: 'then-exit' }],
    [['--exit', '--tour'], { kind: 'run', tour: 'then-exit' }],
    [['--help'], { kind: 'help' }],
  ])('reads %j as %j', (args, command) => {
    expect(parseCommandLine(args)).toEqual(command);
  });

  it.each([
    [['--turo'], '"--turo"'],
    [['tour'], '"tour"'],
    [['--exit'], '--tour'],
    [['--tour', '-x'], '"-x"'],
  ])('refuses %j', (args, named) => {
    expect(parseCommandLine(args)).toEqual({ kind: 'invalid', problem: expect.stringContaining(named) });
  });
});
