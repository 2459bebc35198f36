import type { CircuitWord } from '../../core/circuit/circuit-word.js';

/** Of those who have waited too long, another one comes first after this time. */
const ANOTHER_FIRST_MS = 60_000;

/** What a beat brings to one circuit. */
export interface CircuitBeat {
  readonly nowMs: number;
  readonly wallMs: number;
  readonly replica: string;
  /** Who holds the lease of its probes. */
  readonly isHolder: boolean;
  /** So many tell it that their cool-downs count. */
  isAgreed(): boolean;
  /** Words of others on it, and on the models above it: the replica, and where it was told. */
  readonly words: readonly ToldWord[];
  /** Replicas that have been heard before: what they tell for the first time is new. */
  readonly known: ReadonlySet<string>;
  /** Those that are heard now. */
  readonly live: { has(replica: string): boolean; readonly size: number };
}

export interface ToldWord {
  readonly replica: string;
  readonly circuit: string;
  readonly word: CircuitWord;
}

/** Another one comes first each minute: the first may be the one that is broken. */
export function placeOf(own: string, words: readonly ToldWord[], wallMs: number): number {
  const waiting = new Set(words.map(({ replica }) => replica)).size + 1;
  return (rankOf(own, words) + Math.floor(wallMs / ANOTHER_FIRST_MS)) % waiting;
}

export const sourceOfWord = (replica: string, circuit: string) => `${replica} ${circuit}`;

/** Place among those who tell that it is open, by name. @param except a source that is not among them */
export function rankOf(own: string, words: readonly ToldWord[], except = ''): number {
  const before = words.filter(
    ({ replica, circuit, word }) => replica < own && word.state === 'open' && sourceOfWord(replica, circuit) !== except,
  );
  return new Set(before.map(({ replica }) => replica)).size;
}
