import type { Catalogue } from './catalogue/catalogue.js';

/** Beyond this a waiting time is no longer a promise anybody should make, in milliseconds. */
const LONGEST_PROMISE_MS = 60 * 60_000;
/** Below this, seconds are said. */
const FROM_MINUTES_ON_SECONDS = 90;
/** Where every day begins first, so that no reader's calendar is ahead of the day that is told. */
const FIRST_CALENDAR = 'Pacific/Kiritimati';
/** The last moment a `Date` can hold, in milliseconds since the epoch. */
const LAST_DATE_MS = 8.64e15;

type Forms = { readonly [Category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** Times as one language says them. Keeps what is slow to build. */
export class TimeInWords {
  readonly #plurals: Intl.PluralRules;
  readonly #ordinals: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;
  readonly #dates: Intl.DateTimeFormat;

  constructor(
    locale: string,
    private readonly catalogue: Pick<Catalogue, 'when' | 'dayOfMonth'>,
  ) {
    this.#plurals = new Intl.PluralRules(locale);
    this.#ordinals = new Intl.PluralRules(locale, { type: 'ordinal' });
    this.#numbers = new Intl.NumberFormat(locale);
    this.#dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: FIRST_CALENDAR });
  }

  number(n: number): string {
    return this.#numbers.format(n);
  }

  /**
   * "in about 42 seconds". Rounded up: who is told "about 3 seconds" and waits them must get in.
   *
   * @returns `undefined` for what nobody should promise
   */
  when(ms: number | undefined): string | undefined {
    if (ms === undefined || !(ms <= LONGEST_PROMISE_MS)) return undefined;
    const { seconds: inSeconds, minutes: inMinutes } = this.catalogue.when;
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    return seconds < FROM_MINUTES_ON_SECONDS
      ? this.#counted(inSeconds, seconds)
      : this.#counted(inMinutes, Math.ceil(seconds / 60));
  }

  /**
   * The day of a moment, or where the reader's calendar is behind, the day after: nobody is told to come too early.
   *
   * @param wallMs wall-clock milliseconds since the epoch
   * @returns `undefined` for what is no date
   */
  day(wallMs: number | undefined): string | undefined {
    if (wallMs === undefined || !(Math.abs(wallMs) <= LAST_DATE_MS)) return undefined;
    const parts = this.#dates.formatToParts(wallMs);
    return parts.map(({ type, value }) => (type === 'day' ? this.#dayOfMonth(value) : value)).join('');
  }

  #counted(forms: Forms, count: number): string {
    return (forms[this.#plurals.select(count)] ?? forms.other).replace('{count}', this.number(count));
  }

  #dayOfMonth(day: string): string {
    const form = this.catalogue.dayOfMonth?.[this.#ordinals.select(Number(day))];
    return form === undefined ? day : form.replace('{day}', day);
  }
}
