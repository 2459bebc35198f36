import type { FailureKind } from '../../failure/failure.js';

/** Kinds after which trying again at a known time makes sense: those have a sentence that says when. */
type WaitingKind = Extract<FailureKind, 'rate_limited' | 'overloaded' | 'server_error' | 'connection' | 'circuit_open'>;

/** A sentence with a gap: the compiler sees that it has one. */
type With<Gap extends string> = `${string}{${Gap}}${string}`;

/** What is said of one kind of failure. */
type Sentences<Kind extends FailureKind> = {
  readonly message: string;
} & (Kind extends WaitingKind ? { readonly withWhen: With<'when'> } : unknown) &
  (Kind extends 'billing'
    ? {
        /** When the day of return is known. Says nothing of money: that is between us and an operator. */
        readonly withDate: With<'date'>;
      }
    : unknown);

/** By the plural categories that the language has (`Intl.PluralRules`); `other` stands in for those left out. */
type PluralForms<Gap extends string> = { readonly [Category in Intl.LDMLPluralRule]?: string } & {
  readonly other: With<Gap>;
};

/**
 * All that is said to people in one language (R27-R29): whole sentences, polite, without technical words, names of
 * vendors or blame, and no promise that somebody else must keep. A sentence that is missing does not compile.
 */
export interface Catalogue {
  /** `{when}` is one of `when`, `{date}` a day as the language writes it. */
  readonly messages: { readonly [Kind in FailureKind]: Sentences<Kind> };
  /** Beside an answer that a fallback gave (R29). */
  readonly fallback: string;
  /** Beside a text that should have been summarised (R23). */
  readonly originalText: string;
  /** While somebody waits (R28). */
  readonly progress: {
    readonly running: string;
    readonly slow: string;
    readonly retrying: string;
    /** A broken answer goes on. */
    readonly resumed: string;
    readonly queued: string;
    readonly queuedAt: With<'position'>;
    /** With `{position}`, too. */
    readonly queuedAtUntil: With<'position'> & With<'when'>;
    readonly backgrounded: string;
    readonly done: string;
  };
  /** Of what is answered later (R10). */
  readonly requests: {
    /** It will be answered later. */
    readonly taken: string;
    readonly notFound: string;
    /** It can no longer be cancelled. */
    readonly ended: string;
  };
  /** "in about 42 seconds": with what the language needs around it, so that it fits into every `{when}`. */
  readonly when: {
    readonly seconds: PluralForms<'count'>;
    readonly minutes: PluralForms<'count'>;
  };
  /** Days of the month that are not written as plain numbers, by ordinal category, for example `{ one: '{day}er' }`. */
  readonly dayOfMonth?: { readonly [Category in Intl.LDMLPluralRule]?: With<'day'> };
}
