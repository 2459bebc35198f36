import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from './command-line.js';

describe('parseCommandLine', () => {
  it.each([
    [[], { kind: 'run', tour: 'none', isQuick: false }],
    [['--tour'], { kind: 'run', tour: 'then-serve', isQuick: false }],
    [['--tour', '--exit'], { kind: 'run', tour: 'then-exit', isQuick: false }],
    [['--exit', '--tour'], { kind: 'run', tour: 'then-exit', isQuick: false }],
    [['--quick'], { kind: 'run', tour: 'none', isQuick: true }],
    [['--help'], { kind: 'help' }],
    [['--tour', '--replicas', '3'], { kind: 'replicas', count: 3, thenExit: false }],
    [['--replicas', '10', '--exit', '--tour'], { kind: 'replicas', count: 10, thenExit: true }],
    [['--replicas', '2', '--help'], { kind: 'help' }],
  ])('reads %j as %j', (args, command) => {
    expect(parseCommandLine(args)).toEqual(command);
  });

  it.each([
    [['--turo'], '"--turo"'],
    [['tour'], '"tour"'],
    [['--exit'], '--tour'],
    [['--tour', '-x'], '"-x"'],
    [['--tour', '--replicas'], 'from 2 to 10'],
    [['--tour', '--replicas', '1'], 'from 2 to 10'],
    [['--tour', '--replicas', '11'], 'from 2 to 10'],
    [['--tour', '--replicas', 'three'], 'from 2 to 10'],
    [['--replicas', '3'], '--tour'],
    [['--tour', '--replicas', '3', '--replicas', '4'], 'once'],
  ])('refuses %j', (args, named) => {
    expect(parseCommandLine(args)).toEqual({ kind: 'invalid', problem: expect.stringContaining(named) });
  });
});
