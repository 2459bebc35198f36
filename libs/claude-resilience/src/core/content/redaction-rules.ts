import { cardLength, ibanLength } from './checksums.js';
import { isDate, isRandom, isRandomRun } from './look-of-secrets.js';

/** One kind of thing that does not belong into a log. */
export interface RedactionRule {
  readonly name: string;
  /**
   * Finds candidates. To stay linear, either every repetition in it is bounded, or a candidate starts only where its run
   * of characters does (a look behind) and nothing follows that can fail more than once.
   */
  readonly pattern: RegExp;
  /** How many characters of a candidate, from its start, are the thing; 0: none. @default all of them */
  readonly extent?: (candidate: string) => number;
  readonly replacement: `[${string}]`;
}

const allIf = (isIt: (candidate: string) => boolean) => (candidate: string) => (isIt(candidate) ? candidate.length : 0);
const unless = (isIt: (candidate: string) => boolean) => allIf((candidate) => !isIt(candidate));

/** What stands between the digits of numbers as people write them; the spaces include those that do not break. */
const GAP = String.raw`[ .()\-/\u00a0\u2009\u202f]{0,3}`;
const ONE_GAP = String.raw`[ .\-\u00a0\u2009\u202f]`;
/** Not inside a word, a decimal, an id with dashes, or the number of a book. */
const FREE = String.raw`(?<![\w+]|\d[.,/]|\w-)(?<!ISBN[-:\s013]{0,8})`;
const DONE = String.raw`(?!\w|[-.,/]\w)`;
const phone = (pattern: string, flags = 'gi') => new RegExp(pattern, flags);

/** Keys first: they may hold what looks like something else. */
// oxfmt-ignore
export const REDACTION_RULES: readonly RedactionRule[] = [
  row('pem block',         /-----BEGIN [A-Z0-9 ]{1,40}-----(?:[^-]|-(?!----)){0,16384}(?:-----END [A-Z0-9 ]{1,40}-----)?/g, '[key]'),
  row('password in a URL', /(?<=:\/\/)[^\s/@[\]]{1,256}(?=@)/g,                                       '[key]'),
  row('authorization',     /\bauthorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:[a-z]{1,12}[ \t]{1,4})?[^\s"',;[\]]{4,}/gi, '[key]'),
  row('bearer',            /\b(?:bearer|basic)[ \t]{1,4}[\w.~+/=-]{8,}/gi,                            '[key]', allIf((s) => /\d/.test(s) || s.length >= 40)),
  row('assigned secret',   /(?<![a-z0-9])(?:x-)?(?:api[-_]?key|access[-_]?key|access[-_]?token|auth[-_]?token|client[-_]?secret|secret|token|passwd|password|pwd)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?=[^\s"',;[\]]{0,64}[\d!#$%^&*])[^\s"',;[\]]{6,}/gi, '[key]'),
  row('anthropic key',     /sk-ant-[\w-]+/g,                                                          '[key]'),
  row('key of a vendor',   /(?<![A-Za-z0-9])(?:gh[opusr]_|github_pat_|glpat-|xox[a-z]-|xapp-|npm_|hf_|AIza|ya29\.|SG\.)(?=[\w.-]{0,64}\d)[\w.-]{10,}/g, '[key]'),
  row('key of AWS',        /(?<![A-Za-z0-9])A(?:KIA|SIA|IDA|ROA)[A-Z0-9]{12,124}/g,                   '[key]'),
  row('key by its prefix', /(?<![\w-])(?:sk|pk|rk|whsec)[-_][\w-]{12,}/g,                             '[key]', allIf(isRandom)),
  row('json web token',    /(?<![\w-])eyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g,                         '[key]'),
  row('long secret',       /(?<![\w+/-])[\w+/-]{32,}={0,2}/g,                                         '[key]', allIf(isRandomRun)),
  row('e-mail address',    /[\p{L}\p{M}\p{N}._%+'&~-]{1,64}(?:[@＠]|%40)(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{M}\p{N}-]{1,62}/gu, '[email]'),
  row('bank account',      /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])/gi,  '[iban]', ibanLength),
  row('payment card',      new RegExp(`(?<!\\d|\\d\\.)[2-6](?:${ONE_GAP}?\\d){12,18}(?!\\d)`, 'g'),      '[card]', cardLength),
  row('ip v4',             /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\w|\.\d)/g, '[ip]'),
  row('ip v6',             /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi,              '[ip]', allIf(isIpV6)),
  row('phone, +44 ...',    phone(String.raw`(?<![\w+])\+ ?\(?[1-9](?:${GAP}\d){7,14}(?!\d)`),         '[phone]', unless((s) => /^\+\d{1,3}\.\d{1,9}$/.test(s))),
  row('phone, 0044 ...',   phone(String.raw`${FREE}00 ?[1-9](?:${GAP}\d){7,13}${DONE}`),              '[phone]'),
  row('phone, 0...',       phone(String.raw`${FREE}(?:\((?=0\d{1,5}\)))?0\d(?:${GAP}\d){7,10}${DONE}`),                 '[phone]', unless(isDate)),
  row('phone, 3-3-4',      phone(String.raw`${FREE}(?:1${ONE_GAP})?(?:\(\d{3}\) ?|\d{3}${ONE_GAP})\d{3}${ONE_GAP}\d{4}${DONE}`), '[phone]'),
  row('phone, US as one',  phone(String.raw`${FREE}1?[2-9]\d{2}[2-9]\d{6}${DONE}`),                   '[phone]'),
  row('phone, Brazil',     phone(String.raw`${FREE}\(\d{2}\) ?9?\d{4}-\d{4}${DONE}`),                 '[phone]'),
  row('phone, China',      phone(String.raw`${FREE}1[3-9]\d[ -]?\d{4}[ -]?\d{4}${DONE}`),             '[phone]'),
  row('phone, India',      phone(String.raw`${FREE}[6-9]\d{4}[ -]\d{5}${DONE}`),                      '[phone]'),
  row('phone, by its word', phone(String.raw`(?<=\b(?:tel|telephone|telefon|phone|mobile|mobil|handy|cell|fax|whatsapp)(?: number| no)?[.:]{0,2} {0,2})\(?\d(?:${GAP}\d){5,14}(?!\d)`), '[phone]'),
];

function row(
  name: string,
  pattern: RegExp,
  replacement: RedactionRule['replacement'],
  extent?: RedactionRule['extent'],
): RedactionRule {
  return { name, pattern, replacement, ...(extent !== undefined && { extent }) };
}

/** Not a time of day, and not the `::` of a programming language. */
function isIpV6(candidate: string): boolean {
  const groups = candidate.split(':');
  const filled = groups.filter((group) => group !== '').length;
  if (!candidate.includes('::')) return groups.length === 8 && filled === 8;
  return filled >= 3 && candidate.indexOf('::') === candidate.lastIndexOf('::');
}
