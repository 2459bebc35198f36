import { ClaudeInvalidOptionsError } from '../errors.js';
import type { FailureKind } from '../failure/failure.js';
import { show } from '../option-reader.js';
import type { Catalogue } from './catalogue/catalogue.js';
import { CLAUDE_CATALOGUES } from './catalogue/catalogues.js';
import { ClaudeWording, type FailureTimes, type Progress, type RequestNote } from './claude-wording.port.js';
import { TimeInWords } from './time-in-words.js';

export interface CatalogueWordingOptions {
  /** @default 'en' */
  readonly defaultLocale?: string;
  /** By BCP 47 tag. Spread `CLAUDE_CATALOGUES` to add a language or to change a sentence. @default CLAUDE_CATALOGUES */
  readonly catalogues?: Readonly<Record<string, Catalogue>>;
}

interface Language {
  readonly catalogue: Catalogue;
  readonly times: TimeInWords;
}

/** Says what its catalogues say. Extend it to override what is said at one occasion. */
export class ClaudeCatalogueWording extends ClaudeWording {
  override readonly locales: readonly string[];
  override readonly defaultLocale: string;
  readonly #catalogues: ReadonlyMap<string, Catalogue>;
  /** Made when first spoken: rules of a language take milliseconds to load. */
  readonly #languages = new Map<string, Language>();

  /** @throws {ClaudeInvalidOptionsError} for a default language without a catalogue, and tags that are none */
  constructor({ defaultLocale = 'en', catalogues = CLAUDE_CATALOGUES }: CatalogueWordingOptions = {}) {
    super();
    this.locales = Object.freeze(Object.keys(catalogues));
    this.defaultLocale = defaultLocale;
    const issues = this.locales.filter((tag) => !isTag(tag)).map((tag) => `catalogues: BCP 47 tags, got ${show(tag)}`);
    if (!this.locales.includes(defaultLocale)) {
      issues.push(`defaultLocale: one of ${this.locales.join(', ')}, got ${show(defaultLocale)}`);
    }
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    this.#catalogues = new Map(Object.entries(catalogues));
  }

  override failureMessage(kind: FailureKind, locale: string, { retryAfterMs, returnsAtMs }: FailureTimes = {}): string {
    const { catalogue, times } = this.#language(locale);
    const said: { message: string; withWhen?: string; withDate?: string } = catalogue.messages[kind];
    const when = times.when(retryAfterMs);
    if (said.withWhen !== undefined && when !== undefined) return fill(said.withWhen, { when });
    const date = said.withDate === undefined ? undefined : times.day(returnsAtMs);
    if (said.withDate !== undefined && date !== undefined) return fill(said.withDate, { date });
    return said.message;
  }

  override fallbackMessage(locale: string): string {
    return this.#language(locale).catalogue.fallback;
  }

  override originalTextNote(locale: string): string {
    return this.#language(locale).catalogue.originalText;
  }

  override progressMessage(progress: Progress, locale: string): string {
    const { catalogue, times } = this.#language(locale);
    const { queued, queuedAt, queuedAtUntil, ...plain } = catalogue.progress;
    if (progress.phase !== 'queued') return plain[progress.phase];
    if (progress.position === undefined || !Number.isSafeInteger(progress.position) || progress.position < 1)
      return queued;
    const position = times.number(progress.position);
    const when = times.when(progress.startsInMs);
    return when === undefined ? fill(queuedAt, { position }) : fill(queuedAtUntil, { position, when });
  }

  override requestMessage(about: RequestNote, locale: string): string {
    return this.#language(locale).catalogue.requests[about];
  }

  /** What was stored with a language that we no longer speak is said in the default one. */
  #language(asked: string): Language {
    const locale = this.#catalogues.has(asked) ? asked : this.defaultLocale;
    const known = this.#languages.get(locale);
    if (known !== undefined) return known;
    const catalogue = this.#catalogues.get(locale) ?? CLAUDE_CATALOGUES.en;
    const language = { catalogue, times: new TimeInWords(locale, catalogue) };
    this.#languages.set(locale, language);
    return language;
  }
}

function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (gap, name: string) => values[name] ?? gap);
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
