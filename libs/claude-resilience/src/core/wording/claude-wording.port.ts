import type { FailureKind } from '../failure/failure.js';
import { negotiateLocale } from './negotiate-locale.js';

/** What is known about when a failure is over. */
export interface FailureTimes {
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number | undefined;
  /** Wall-clock milliseconds since the epoch, in the future: when a spend limit no longer stands in the way. */
  readonly returnsAtMs?: number | undefined;
}

/** Where something stands that somebody waits for (R28). A failure is said with `failureMessage`. */
export type Progress =
  | { readonly phase: 'running' | 'slow' | 'retrying' | 'resumed' | 'backgrounded' | 'done' }
  | {
      readonly phase: 'queued';
      /** From 1. */
      readonly position?: number | undefined;
      readonly startsInMs?: number | undefined;
    };

/** What is said of a request that is answered later. */
export type RequestNote = 'taken' | 'notFound' | 'ended';

/**
 * The words for people (R27-R29). The built-in one, `ClaudeCatalogueWording`, speaks five languages; give the module
 * another as `wording` to say things differently, or in more languages.
 */
export abstract class ClaudeWording {
  /** The languages it speaks: BCP 47 tags. */
  abstract readonly locales: readonly string[];
  /** Spoken to whoever asks for no language, or for none of these; one of them. */
  abstract readonly defaultLocale: string;

  abstract failureMessage(kind: FailureKind, locale: string, times?: FailureTimes): string;
  /** Beside an answer that a fallback gave (R29). */
  abstract fallbackMessage(locale: string): string;
  /** Beside a text that should have been summarised (R23). */
  abstract originalTextNote(locale: string): string;
  abstract progressMessage(progress: Progress, locale: string): string;
  /** Of what is answered later (R10): it was taken in, it is not there, it can no longer be cancelled. */
  abstract requestMessage(about: RequestNote, locale: string): string;

  /** @param acceptLanguage the header of that name (RFC 9110, 12.5.4), as the client sent it */
  localeFor(acceptLanguage: string | undefined): string {
    return negotiateLocale(acceptLanguage, this.locales, this.defaultLocale);
  }
}
