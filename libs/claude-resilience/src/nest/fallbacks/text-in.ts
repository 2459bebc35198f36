/** The text that an input is, or holds under the first of these names. @throws when there is none */
export function textIn(input: unknown, names: readonly string[]): string {
  if (typeof input === 'string') return input;
  const text = names.map((name) => memberOf(input, name)).find((value) => typeof value === 'string');
  if (text === undefined) throw new Error(`No text to answer with: the input has none of ${names.join(', ')}`);
  return text;
}

/** What an object holds under a name; `undefined` for anything else. */
export function memberOf(input: unknown, name: string): unknown {
  return typeof input === 'object' && input !== null ? (input as Readonly<Record<string, unknown>>)[name] : undefined;
}
