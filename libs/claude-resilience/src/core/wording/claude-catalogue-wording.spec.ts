import { describe, expect, it } from '@jest/globals';
import { ClaudeInvalidOptionsError } from '../errors.js';
import type { FailureKind } from '../failure/failure.js';
import type { Catalogue } from './catalogue/catalogue.js';
import { CLAUDE_CATALOGUES } from './catalogue/catalogues.js';
import { ClaudeCatalogueWording } from './claude-catalogue-wording.js';
import type { FailureTimes } from './claude-wording.port.js';

const WORDING = new ClaudeCatalogueWording();

describe('failures', () => {
  // oxfmt-ignore
  it.each<[kind: FailureKind, times: FailureTimes, sentence: string]>([
    ['overloaded', { retryAfterMs: 42_000 },    'We are handling many requests right now. Please try again in about 42 seconds.'],
    ['overloaded', { returnsAtMs: 0 },          'We are handling many requests right now. Please try again in a moment.'],
    ['billing',    {},                          'Something went wrong on our side. We have been told and are looking into it.'],
    ['billing',    { retryAfterMs: 5000 },      'Something went wrong on our side. We have been told and are looking into it.'],
    ['billing',    { returnsAtMs: NaN },        'Something went wrong on our side. We have been told and are looking into it.'],
    ['billing',    { returnsAtMs: Date.UTC(2026, 8, 1) }, 'This feature is currently unavailable. It is expected to be available again from September 1, 2026.'],
    ['billing',    { returnsAtMs: Date.UTC(2026, 8, 1), retryAfterMs: 5000 }, 'This feature is currently unavailable. It is expected to be available again from September 1, 2026.'],
  ])('%s, %j', (kind, times, sentence) => {
    expect(WORDING.failureMessage(kind, 'en', times)).toBe(sentence);
  });

  it.each(['pt', '', '__proto__', 'constructor'])(
    'a language nobody speaks here (%j) is answered in the default',
    (asked) => {
      expect(WORDING.failureMessage('timeout', asked)).toBe(CLAUDE_CATALOGUES.en.messages.timeout.message);
      expect(new ClaudeCatalogueWording({ defaultLocale: 'de' }).fallbackMessage(asked)).toBe(
        CLAUDE_CATALOGUES.de.fallback,
      );
    },
  );
});

const queued = (position?: number, startsInMs?: number, locale = 'en') =>
  WORDING.progressMessage({ phase: 'queued', position, startsInMs }, locale);

describe('progress (R28)', () => {
  it.each([
    [1234, undefined, 'en', 'Your request is number 1,234 in the queue.'],
    [1234, undefined, 'de', 'Ihre Anfrage steht in der Warteschlange auf Platz 1.234.'],
    [2, 42_000, 'en', 'Your request is number 2 in the queue. Its turn should come in about 42 seconds.'],
    [2, 42_000, 'ja', 'ただいま2番目でお待ちいただいています。約42秒後に順番が来る見込みです。'],
    [2, 3_600_001, 'en', 'Your request is number 2 in the queue.'],
  ])('place %s, in %s ms, in %s', (position, startsInMs, locale, sentence) => {
    expect(queued(position, startsInMs, locale)).toBe(sentence);
  });

  it.each([undefined, 0, -1, 1.5, NaN, Infinity])('%s is no place', (position) => {
    expect(queued(position, 42_000)).toBe('Your request is waiting for its turn.');
  });
});

describe('words of the application', () => {
  const italian = { ...CLAUDE_CATALOGUES.en, fallback: 'Questa è una versione semplificata.' } satisfies Catalogue;
  const en = { ...CLAUDE_CATALOGUES.en, fallback: 'The short version, for now.' } satisfies Catalogue;

  it('another language, another sentence, another default', () => {
    const catalogues = { ...CLAUDE_CATALOGUES, en, it: italian };
    const wording = new ClaudeCatalogueWording({ catalogues, defaultLocale: 'it' });
    expect(wording.locales).toEqual(['de', 'en', 'es', 'fr', 'ja', 'it']);
    expect(['it-CH', 'en-GB', 'nl', undefined].map((asked) => wording.localeFor(asked))).toEqual([
      'it',
      'en',
      'it',
      'it',
    ]);
    expect(wording.fallbackMessage('it')).toBe(italian.fallback);
    expect(wording.fallbackMessage('en')).toBe(en.fallback);
    expect(WORDING.fallbackMessage('en')).toBe(CLAUDE_CATALOGUES.en.fallback);
  });

  it('one occasion, by a class', () => {
    class Ours extends ClaudeCatalogueWording {
      override failureMessage(kind: FailureKind, locale: string, times?: FailureTimes): string {
        return kind === 'cancelled' && locale === 'en'
          ? 'Stopped, as you asked.'
          : super.failureMessage(kind, locale, times);
      }
    }
    const wording = new Ours();
    expect(wording.failureMessage('cancelled', 'en')).toBe('Stopped, as you asked.');
    expect(wording.failureMessage('cancelled', 'fr')).toBe('Cette demande a été annulée.');
  });

  it.each([
    [{ defaultLocale: 'it' }, ['defaultLocale: one of de, en, es, fr, ja, got "it"']],
    [{ defaultLocale: 'en_GB', catalogues: { en_GB: en } }, ['catalogues: BCP 47 tags, got "en_GB"']],
    [{ catalogues: {} }, ['defaultLocale: one of , got "en"']],
  ])('%j cannot work', (options, issues) => {
    const wrong = () => new ClaudeCatalogueWording(options);
    expect(wrong).toThrow(ClaudeInvalidOptionsError);
    expect(wrong).toThrow(expect.objectContaining({ issues }));
  });

  it('a gap that nobody knows stays, a value is not read as a pattern', () => {
    const odd = {
      ...CLAUDE_CATALOGUES.en,
      progress: { ...CLAUDE_CATALOGUES.en.progress, queuedAt: '{position} {what} $&' },
    } satisfies Catalogue;
    const wording = new ClaudeCatalogueWording({ catalogues: { en: odd } });
    expect(wording.progressMessage({ phase: 'queued', position: 3 }, 'en')).toBe('3 {what} $&');
  });
});
