import { describe, expect, it } from '@jest/globals';
import { FAILURE_KINDS, type FailureKind } from '../failure/failure.js';
import { ClaudeCatalogueWording } from './claude-catalogue-wording.js';
import { messageFor, type UserAction } from './user-messages.js';

const WORDING = new ClaudeCatalogueWording();
const said = (kind: FailureKind, retryAfterMs?: number) => messageFor(kind, WORDING, 'en', { retryAfterMs });
const fallbackMessage = () => WORDING.fallbackMessage('en');

const WAITS_MS = [undefined, 1, 3000, 120_000, 3_600_001];
const EVERYTHING = [
  ...FAILURE_KINDS.flatMap((kind) => WAITS_MS.map((ms) => [`${kind}, wait ${ms}`, said(kind, ms).message] as const)),
  ['fallback', fallbackMessage()] as const,
];
/** What no end user should read: vendors, protocols, our own words for parts of the machine. */
const TECHNICAL =
  /claude|anthropic|\bapi\b|\bai\b|model|token|prompt|error|exception|fail|circuit|breaker|retry|rate.?limit|quota|overload|server|timeout|http|status|code|null|undefined|stack|upstream|[45]\d\d|[{}_<>]/i;

describe('every class of failure (R27)', () => {
  it.each(FAILURE_KINDS)('%s has a sentence, and something to do', (kind) => {
    const { message, actions } = said(kind);
    expect(message).toMatch(/^[A-Z].{15,}\.$/);
    expect(actions.length).toBeGreaterThan(0);
    expect(new Set(actions).size).toBe(actions.length);
  });

  // oxfmt-ignore
  it.each<[kind: FailureKind, actions: UserAction[]]>([
    ['invalid_request', ['edit', 'contact_support']],
    ['content_policy',  ['edit']],
    ['authentication',  ['contact_support']],
    ['permission',      ['contact_support']],
    ['not_found',       ['contact_support']],
    ['billing',         ['contact_support']],
    ['internal',        ['contact_support']],
    ['too_large',       ['shorten']],
    ['rate_limited',    ['retry', 'continue_without']],
    ['overloaded',      ['retry', 'continue_without']],
    ['server_error',    ['retry', 'continue_without']],
    ['connection',      ['retry', 'continue_without']],
    ['circuit_open',    ['retry', 'continue_without']],
    ['timeout',         ['retry', 'shorten']],
    ['cancelled',       ['retry']],
  ])('%s: %j', (kind, actions) => {
    expect(said(kind).actions).toEqual(actions);
  });
});

describe('plain words (R27, R29)', () => {
  it.each(EVERYTHING)('%s', (_when, message) => {
    expect(message).not.toMatch(TECHNICAL);
  });

  it('a fallback says that it is a simplified version, and that the full one returns', () => {
    expect(fallbackMessage()).toMatch(/simplified version.*full version.*again/);
  });
});

describe('waiting times are rounded up (R27)', () => {
  // oxfmt-ignore
  it.each<[ms: number, words: string]>([
    [0,         'about a second'],
    [1,         'about a second'],
    [1000,      'about a second'],
    [1001,      'about 2 seconds'],
    [2500,      'about 3 seconds'],
    [60_000,    'about 60 seconds'],
    [89_000,    'about 89 seconds'],
    [89_001,    'about 2 minutes'],
    [120_000,   'about 2 minutes'],
    [120_001,   'about 3 minutes'],
    [3_600_000, 'about 60 minutes'],
  ])('%i ms: %s', (ms, words) => {
    expect(said('overloaded', ms).message).toBe(`We are handling many requests right now. Please try again in ${words}.`);
  });

  it.each<[kind: FailureKind, ms: number | undefined]>([
    ['overloaded', undefined],
    ['overloaded', 3_600_001],
    ['circuit_open', Infinity],
    ['content_policy', 5000],
    ['billing', 5000],
  ])('%s, %s ms: no promise', (kind, ms) => {
    expect(said(kind, ms)).toEqual(said(kind));
    expect(said(kind, ms).message).not.toMatch(/about/);
  });

  it.each<FailureKind>(['rate_limited', 'overloaded', 'server_error', 'connection', 'circuit_open'])(
    '%s says when',
    (kind) => {
      expect(said(kind, 5000).message).toContain('in about 5 seconds');
    },
  );
});
