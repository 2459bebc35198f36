import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evidenceFor, isAgreed, sourceOf } from './fleet-evidence.js';
import type { CircuitWord, CircuitsWord } from './circuit-word.js';

const open = (evidence?: number, models: readonly string[] = []): CircuitWord => ({
  state: 'open',
  sinceWallMs: 0,
  calls: 5,
  failures: 5,
  models,
  ...(evidence !== undefined && { evidence }),
});
type Said = { readonly calls?: readonly string[]; readonly open?: Readonly<Record<string, CircuitWord>> };
const all = (said: Readonly<Record<string, Said>>): ReadonlyMap<string, CircuitsWord> =>
  new Map(
    Object.entries(said).map(([replica, { calls = [], open: circuits = {} }]) => [
      replica,
      { calls: new Set(calls), circuits: new Map(Object.entries(circuits)) },
    ]),
  );
const agreed = (circuit: string, said: ReadonlyMap<string, CircuitsWord>, spent?: ReadonlyMap<string, number>) =>
  isAgreed(circuit, evidenceFor(circuit, said, spent), said);

const CHAT = 'feature:chat';
const MODEL = 'model:anthropic:m';
const OWN = { calls: [CHAT], open: { [CHAT]: open(1) } };
const TOLD = { calls: [CHAT], open: { [CHAT]: open() } };
const WELL = { calls: [CHAT] };
const fails = (feature: string) => ({ calls: [MODEL], open: { [`feature:${feature}`]: open(1, ['anthropic:m']) } });

describe('what opens a circuit by word (issue 9)', () => {
  // oxfmt-ignore
  it.each<[what: string, said: Readonly<Record<string, Said>>, isEnough: boolean]>([
    ['nobody',                                     { a: WELL, b: WELL },                            false],
    ['one of two',                                 { a: OWN, b: WELL },                             false],
    ['one alone',                                  { a: OWN },                                      false],
    ['two of three',                               { a: OWN, b: OWN, c: WELL },                     true],
    ['two of five',                                { a: OWN, b: OWN, c: WELL, d: WELL, e: WELL },   false],
    ['those without calls are no witnesses',       { a: OWN, b: OWN, c: {}, d: {}, e: {} },         true],
    ['whoever was told is no evidence: no echo',   { a: OWN, b: TOLD, c: TOLD, d: TOLD },           false],
    ['evidence counts, also without calls lately', { a: OWN, b: { open: OWN.open }, c: WELL },      true],
    ['another feature is another matter',          { a: OWN, b: fails('draft'), c: WELL },          false],
    ['closed by now',                              { a: OWN, b: { calls: [CHAT], open: { [CHAT]: { ...open(1), state: 'closed' } } } }, false],
  ])('%s', (_what, said, isEnough) => {
    expect(agreed(CHAT, all(said))).toBe(isEnough);
  });

  // oxfmt-ignore
  it.each<[what: string, said: Readonly<Record<string, Said>>, isEnough: boolean]>([
    ['two features of two replicas',               { a: fails('chat'), b: fails('draft') },         true],
    ['two features of one replica',                { a: { ...fails('chat'), open: { ...fails('chat').open, ...fails('draft').open } } }, false],
    ['one feature of two replicas',                { a: fails('chat'), b: fails('chat') },          false],
    ['two of five that ask the model',             { a: fails('chat'), b: fails('draft'), c: { calls: [MODEL] }, d: { calls: [MODEL] }, e: { calls: [MODEL] } }, false],
    ['features that fail by another model',        { a: OWN, b: fails('draft') },                   false],
  ])('of a model: %s', (_what, said, isEnough) => {
    expect(agreed(MODEL, all(said))).toBe(isEnough);
  });

  it('what was there when it closed opens it no more, what is new does', () => {
    const before = all({ a: OWN, b: OWN, c: WELL });
    const spent = new Map(evidenceFor(CHAT, before).map((each) => [sourceOf(each), each.count]));
    expect(agreed(CHAT, before, spent)).toBe(false);
    const again = { calls: [CHAT], open: { [CHAT]: open(2) } };
    expect(agreed(CHAT, all({ a: again, b: OWN, c: WELL }), spent)).toBe(false);
    expect(agreed(CHAT, all({ a: again, b: again, c: WELL }), spent)).toBe(true);
  });

  it('one replica, whatever it tells, opens nothing', () => {
    const names = fc.constantFrom(CHAT, 'feature:draft', 'feature:x');
    const words = fc.dictionary(
      names,
      fc.nat(9).map((n) => open(n, ['anthropic:m'])),
    );
    fc.assert(
      fc.property(words, fc.nat(5), fc.subarray([CHAT, MODEL]), (liar, others, calls) => {
        const said: Record<string, Said> = { liar: { calls, open: liar } };
        for (let n = 0; n < others; n++) said[`r${n}`] = { calls: [CHAT, MODEL], open: { [CHAT]: open() } };
        expect([agreed(CHAT, all(said)), agreed(MODEL, all(said))]).toEqual([false, false]);
      }),
    );
  });
});
