import { expect, it } from '@jest/globals';
import { varyByLanguage } from './wording-headers.js';

// oxfmt-ignore
it.each<[said: unknown, raw: unknown, vary: string | undefined]>([
  [undefined,                     undefined,             'Accept-Language'],
  ['',                            undefined,             'Accept-Language'],
  ['Origin',                      undefined,             'Origin, Accept-Language'],
  ['Origin, Accept-Encoding',     undefined,             'Origin, Accept-Encoding, Accept-Language'],
  [['Origin', 'Accept-Encoding'], undefined,             'Origin, Accept-Encoding, Accept-Language'],
  [undefined,                     'Origin',              'Origin, Accept-Language'],
  ['Origin',                      ['Origin', 'Cookie'],  'Origin, Cookie, Accept-Language'],
  // Said already: nothing is set.
  ['accept-language',             undefined,             undefined],
  ['*',                           undefined,             undefined],
])('Vary: %j, below it %j, becomes %j', (said, raw, vary) => {
  const headers: Record<string, string> = {};
  const adapter = {
    getHeader: () => said,
    setHeader: (_response: unknown, name: string, value: string) => void (headers[name] = value),
  };
  varyByLanguage(adapter, raw === undefined ? {} : { raw: { getHeader: () => raw } });
  expect(headers['Vary']).toBe(vary);
});
