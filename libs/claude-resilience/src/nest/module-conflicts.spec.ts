import { describe, expect, it } from '@jest/globals';
import { moduleConflicts, type ImportedModule } from './module-conflicts.js';

const module = (isGlobal: boolean, ...paths: string[]): ImportedModule => ({ isGlobal, paths });

describe('several imports of the module in one application (R35)', () => {
  it.each<[what: string, modules: readonly ImportedModule[], starts: readonly string[]]>([
    ['one', [module(true, 'metrics', 'health/claude')], []],
    ['one with two controllers on a path', [module(true, 'metrics', 'metrics')], []],
    [
      'one that is global and one that is not, each with routes of its own',
      [module(true, 'a'), module(false, 'b')],
      [],
    ],
    ['none that is global, without routes', [module(false), module(false)], []],
    ['a route of both', [module(true, 'a', 'metrics'), module(false, 'metrics')], ['metrics: a route of one']],
    ['a route of three', [module(true, 'a'), module(false, 'a'), module(false, 'a')], ['a: a route of one']],
    ['two that are global', [module(true, 'a'), module(true, 'b')], ['isGlobal: true for one, 2 imports']],
  ])('%s', (_what, modules, starts) => {
    expect(moduleConflicts(modules)).toEqual(starts.map((text) => expect.stringContaining(text)));
  });
});
