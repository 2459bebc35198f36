import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCircuitsWord, type CircuitWord } from './circuit-word.js';

const WORD: CircuitWord = {
  state: 'open',
  sinceWallMs: 1_790_000_000_000,
  reason: 'failures',
  calls: 9,
  failures: 8,
  evidence: 1,
  models: ['anthropic:claude-sonnet-5-5'],
  probes: { started: 2, failed: 1, answered: 0, openings: 2, coolDownMs: 10_000 },
};
const { evidence: _none, ...TOLD } = WORD;
const { probes: _neither, ...UNPROBED } = WORD;
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('readCircuitsWord (issue 9)', () => {
  it('reads what a replica tells', () => {
    const { calls, circuits } = readCircuitsWord(wire({ calls: ['feature:chat'], circuits: { 'feature:chat': WORD } }));
    expect([...calls]).toEqual(['feature:chat']);
    expect(circuits.get('feature:chat')).toEqual(WORD);
  });

  // oxfmt-ignore
  it.each<[what: string, told: unknown, read: CircuitWord | undefined]>([
    ['no state',                    { ...WORD, state: undefined },                 undefined],
    ['a state of a later version',  { ...WORD, state: 'ajar' },                    undefined],
    ['counts that are none',        { ...WORD, failures: '8' },                    undefined],
    ['fewer than none',             { ...WORD, calls: -1 },                        undefined],
    ['too many to count',           { ...WORD, calls: 1e300 },                     undefined],
    ['evidence that is no number',  { ...WORD, evidence: 'much' },                 TOLD],
    ['evidence of nothing',         { ...WORD, evidence: 0 },                      TOLD],
    ['half a count of probes',      { ...WORD, probes: { started: 1 } },           UNPROBED],
    ['probes without end',          { ...WORD, probes: { ...WORD.probes, coolDownMs: null } }, UNPROBED],
    ['an unknown reason',           { ...TOLD, reason: 'constructor' },            (({ reason: _r, ...rest }) => rest)(TOLD)],
    ['models that are no names',    { ...WORD, models: [1, 'a', {}] },             { ...WORD, models: ['a'] }],
  ])('%s', (_what, told, read) => {
    expect(readCircuitsWord(wire({ circuits: { name: told } })).circuits.get('name')).toEqual(read);
  });

  it('never throws, never grows without end, and leaves out what is none of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (calls, circuits) => {
        for (const value of [calls, { calls, circuits }, { circuits: { x: circuits } }]) {
          const read = readCircuitsWord(value);
          expect(read.calls.size).toBeLessThanOrEqual(200);
          for (const word of read.circuits.values()) expect(['open', 'closed']).toContain(word.state);
        }
      }),
    );
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, WORD]));
    expect(readCircuitsWord({ circuits: many }).circuits.size).toBe(200);
  });
});
