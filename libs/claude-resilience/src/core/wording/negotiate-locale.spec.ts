import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { negotiateLocale } from './negotiate-locale.js';

const OURS = ['de', 'en', 'es', 'fr', 'ja'];

// oxfmt-ignore
const ROWS: readonly (readonly [why: string, header: string | undefined, locale: string])[] = [
  ['no header',                              undefined,                                'en'],
  ['an empty one',                           '',                                       'en'],
  ['one we have',                            'de',                                     'de'],
  ['a region of it',                         'de-CH',                                  'de'],
  ['a script and a region of it',            'ja-Jpan-JP',                             'ja'],
  ['in capitals',                            'FR-ca',                                  'fr'],
  ['what a browser sends',                   'de-CH,de;q=0.9,en;q=0.8,*;q=0.5',        'de'],
  ['one that we have not, then one we have', 'nl, es;q=0.4',                           'es'],
  ['none that we have',                      'nl, pt-BR;q=0.9',                        'en'],
  ['a name that only begins like ours',      'den, jav;q=0.9',                         'en'],
  ['the dearest is not the first',           'en;q=0.2, fr;q=0.7, de;q=0.3',           'fr'],
  ['of equals, the first',                   'ja, fr, de',                             'ja'],
  ['three decimals',                         'de;q=0.998, fr;q=0.999',                 'fr'],
  ['blanks where they may be',               ' de ; q=0.1 ,\tfr\t;q=0.2 ',             'fr'],
  ['Q in capitals',                          'de;Q=0.1, fr;Q=0.2',                     'fr'],
  ['any',                                    '*',                                      'en'],
  ['any, but not the default',               'en;q=0, *',                              'de'],
  ['any, but not these',                     'en;q=0, de;q=0, es;q=0, *',              'fr'],
  ['any rather than the default',            'en;q=0.2, *;q=0.8',                      'de'],
  ['any, but rather one',                    '*;q=0.1, ja',                            'ja'],
  ['one we have not, else any',              'nl, *;q=0.1',                            'en'],
  ['none at all',                            '*;q=0',                                  'en'],
  ['one, and none besides',                  'de, *;q=0',                              'de'],
  ['not this one',                           'de;q=0',                                 'en'],
  ['not this one, in all weights of nought', 'de;q=0.000, fr;q=0., es;q=0.1',          'es'],
  ['a region of one that is unwanted',       'de-CH, de;q=0, fr;q=0.1',                'fr'],
  ['only one region is unwanted',            'en-GB;q=0, en',                          'en'],
  ['empty elements',                         ',, ,de,,',                               'de'],
  ['weights that are none are passed over',  'de;q=2, fr;q=-1, ja;q=1e3, es;q=0.1',    'es'],
  ['and other parameters',                   'de;level=1, fr;q=0.1;q=0.2, es;q=0.1',   'es'],
  ['and ranges that are none',               'de_CH, fr-, -ja, deutsch-und-so-weiter-und, es;q=0.1', 'es'],
  ['garbage',                                '\u0000;;;=,"de",<script>,../../etc',     'en'],
  ['names of things that objects have',      '__proto__, constructor, toString',       'en'],
];

describe('Accept-Language (RFC 9110, 12.5.4)', () => {
  it.each(ROWS)('%s: %j is answered in %s', (_why, header, locale) => {
    expect(negotiateLocale(header, OURS, 'en')).toBe(locale);
  });

  // oxfmt-ignore
  it.each<[why: string, header: string | undefined, supported: string[], fallback: string, locale: string]>([
    ['another default',                 'nl',           OURS,                     'ja',    'ja'],
    ['any: another default',            '*',            OURS,                     'ja',    'ja'],
    ['a general wish, special ones',    'pt',           ['en', 'pt-PT', 'pt-BR'], 'en',    'pt-PT'],
    ['another region of it',            'pt-AO',        ['en', 'pt-BR'],          'en',    'pt-BR'],
    ['the very one',                    'pt-br',        ['en', 'pt-PT', 'pt-BR'], 'en',    'pt-BR'],
    ['the very one before the default', 'pt-BR',        ['pt-PT', 'pt-BR'],       'pt-PT', 'pt-BR'],
    ['a special default',               'en',           ['de', 'en-GB'],          'en-GB', 'en-GB'],
    ['all regions are unwanted',        'pt;q=0, *',    ['pt-PT', 'pt-BR', 'en'], 'pt-PT', 'en'],
  ])('%s', (_why, header, supported, fallback, locale) => {
    expect(negotiateLocale(header, supported, fallback)).toBe(locale);
  });

  const PIECES = [
    'de',
    'en',
    'fr-CA',
    'nl',
    '*',
    'x',
    ';q=',
    ';',
    ',',
    ', ',
    '0',
    '0.5',
    '1',
    '=',
    ' ',
    '-',
    '\u0000',
    '語',
  ];
  const header = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 3000 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 800 }).map((pieces) => pieces.join('')),
  );

  it('any text gives a language that we speak', () => {
    fc.assert(
      fc.property(header, (text) => OURS.includes(negotiateLocale(text, OURS, 'en'))),
      { numRuns: 1000 },
    );
  });

  it('what we have, alone or with a region, is what is answered', () => {
    const region = fc.constantFrom('', '-CH', '-419', '-Latn', '-Latn-XX-variant');
    const wish = fc.tuple(fc.constantFrom(...OURS), region, fc.constantFrom('', ';q=1', ';q=0.001'));
    fc.assert(
      fc.property(wish, ([tag, rest, weight]) => negotiateLocale(`nl, ${tag}${rest}${weight}`, OURS, 'en') === tag),
    );
  });

  it('the end of a long header is not read, and what is cut off is not half read', () => {
    const long = `${'nl,'.repeat(332)}  fr;q=0,de`;
    expect(long.slice(0, 1000)).toMatch(/,  fr$/);
    expect(negotiateLocale(long, OURS, 'en')).toBe('en');
    fc.assert(
      fc.property(header, (text) => {
        const first = `es,${'nl,'.repeat(400)}`;
        return negotiateLocale(first + text, OURS, 'en') === 'es';
      }),
    );
  });

  it.each([',', 'a-', 'a,', '*,', ';q=', 'de;q=0.', ' ', '-', '*;q=0,'])(
    'megabytes of %j take no longer than a page of it',
    (piece) => {
      const megabytes = piece.repeat(4_000_000 / piece.length);
      expect(negotiateLocale(megabytes, OURS, 'en')).toBe('en');
      const { text, read } = watched(megabytes);
      expect(negotiateLocale(text, OURS, 'en')).toBe('en');
      expect(read).toEqual([[0, 1000]]); // a page of it, once
    },
  );
});

/** A text of which nothing can be had but its length and parts of it, which are written down. */
function watched(text: string): { readonly text: string; readonly read: (readonly [number, number])[] } {
  const read: (readonly [number, number])[] = [];
  const slice = (from: number, to: number) => {
    read.push([from, to]);
    return text.slice(from, to);
  };
  const get = (_: object, name: string | symbol) => {
    if (name === 'length') return text.length;
    if (name === 'slice') return slice;
    throw new Error(`All of it would be read, by ${String(name)}`);
  };
  return { text: new Proxy({}, { get }) as string, read };
}
