/** More of the header than this is not read, in characters: people speak few languages. */
const LONGEST_READ = 1000;
/** A language range (RFC 4647) with its weight (RFC 9110, 12.4.2), or `*`. */
const RANGE = /^(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

interface Wish {
  /** In lower case. */
  readonly range: string;
  /** 0 to 1; 0 is "not this one". */
  readonly weight: number;
}

/**
 * The language to answer in: of those wished for in `Accept-Language` (RFC 9110, 12.5.4) the one wished for most that
 * we have. `de-CH` gets `de` (lookup, RFC 4647 3.4), `pt` gets `pt-BR`, `*` whatever is not named, the default first.
 * What cannot be read is passed over, and nobody is refused for the languages they speak.
 *
 * @param header whatever the client sent
 * @param supported BCP 47 tags
 * @param fallback one of `supported`: the answer when no wish can be granted
 */
export function negotiateLocale(header: string | undefined, supported: readonly string[], fallback: string): string {
  if (header === undefined || header === '') return fallback;
  const wishes = readWishes(header);
  const ours = [fallback, ...supported];
  const unwanted = ours.filter((tag) => wishes.some(({ range, weight }) => weight === 0 && covers(range, tag)));
  const wanted = ours.filter((tag) => !unwanted.includes(tag));
  for (const { range } of wishes.filter(({ weight }) => weight > 0)) {
    const found = range === '*' ? wanted.find((tag) => !isNamed(tag, wishes)) : bestFor(range, wanted);
    if (found !== undefined) return found;
  }
  return fallback;
}

/** The dearest first; of equals, the first named. */
function readWishes(header: string): readonly Wish[] {
  const wishes = wholeRangesOf(header)
    .split(',')
    .map((part) => RANGE.exec(part.trim().toLowerCase()))
    .filter((match) => match !== null)
    .map(([, range = '', weight = '1']): Wish => ({ range, weight: Number(weight) }));
  return wishes.sort((a, b) => b.weight - a.weight);
}

/** What is cut off may be in the middle of a range: that one goes, too. */
function wholeRangesOf(header: string): string {
  if (header.length <= LONGEST_READ) return header;
  const read = header.slice(0, LONGEST_READ);
  return read.slice(0, Math.max(0, read.lastIndexOf(',')));
}

/** The range itself, then something more special, then ever more general ones. */
function bestFor(range: string, tags: readonly string[]): string | undefined {
  for (let general = range; general !== ''; general = general.slice(0, Math.max(0, general.lastIndexOf('-')))) {
    const found = tags.find((tag) => tag.toLowerCase() === general) ?? tags.find((tag) => covers(general, tag));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Basic filtering, RFC 4647 3.3.1; `*` names nothing. */
function covers(range: string, tag: string): boolean {
  return `${tag.toLowerCase()}-`.startsWith(`${range}-`);
}

function isNamed(tag: string, wishes: readonly Wish[]): boolean {
  return wishes.some(({ range }) => range !== '*' && (covers(range, tag) || covers(tag.toLowerCase(), range)));
}
