import type { FailureKind } from '../failure/failure.js';
import { ClaudeCatalogueWording } from './claude-catalogue-wording.js';
import { ClaudeWording, type FailureTimes, type Progress, type RequestNote } from './claude-wording.port.js';

/** An application's own wording; where that throws, or says nothing, the built-in one speaks: nobody is left without an answer. */
export class SafeWording extends ClaudeWording {
  readonly #lastWords = new ClaudeCatalogueWording();

  constructor(private readonly inner: ClaudeWording) {
    super();
  }

  override get locales(): readonly string[] {
    return this.inner.locales;
  }

  override get defaultLocale(): string {
    return this.inner.defaultLocale;
  }

  override failureMessage(kind: FailureKind, locale: string, times?: FailureTimes): string {
    return this.#said((wording) => wording.failureMessage(kind, locale, times));
  }

  override fallbackMessage(locale: string): string {
    return this.#said((wording) => wording.fallbackMessage(locale));
  }

  override originalTextNote(locale: string): string {
    return this.#said((wording) => wording.originalTextNote(locale));
  }

  override progressMessage(progress: Progress, locale: string): string {
    return this.#said((wording) => wording.progressMessage(progress, locale));
  }

  override requestMessage(about: RequestNote, locale: string): string {
    return this.#said((wording) => wording.requestMessage(about, locale));
  }

  override localeFor(acceptLanguage: string | undefined): string {
    return this.#said((wording) => wording.localeFor(acceptLanguage));
  }

  #said(say: (wording: ClaudeWording) => string): string {
    try {
      const said: unknown = say(this.inner);
      if (typeof said === 'string' && said !== '') return said;
    } catch {
      // What went wrong in it is the application's to find: its own tests say every sentence.
    }
    return say(this.#lastWords);
  }
}
