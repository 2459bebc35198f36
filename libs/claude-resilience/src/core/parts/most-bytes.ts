/** A control character or half a pair, as `\u0000`; with quotes around a text. */
const MOST_OF_UNIT = 6;
const QUOTES = 2;
/** `-2.2250738585072014e-308`, and shorter ones. */
const MOST_OF_OTHERS = 24;
/** Deeper, and round in circles, only counting tells. */
const DEEPEST = 64;

/**
 * No less than what a value takes as JSON in UTF-8, by one quick walk that adds up lengths; `Infinity` where that cannot
 * be told without looking closer.
 */
export function mostBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length * MOST_OF_UNIT + QUOTES;
  if (typeof value !== 'object' || value === null) return MOST_OF_OTHERS;
  if (depth === DEEPEST || (value as { readonly toJSON?: unknown }).toJSON !== undefined) return Infinity;
  let bytes = 2; // brackets; further, what stands between the items
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      bytes += mostBytes(value[at], depth + 1) + 1;
      if (bytes === Infinity) break;
    }
    return bytes;
  }
  for (const name in value) {
    bytes += name.length * MOST_OF_UNIT + QUOTES + 2;
    bytes += mostBytes((value as Readonly<Record<string, unknown>>)[name], depth + 1);
    if (bytes === Infinity) break;
  }
  return bytes;
}
