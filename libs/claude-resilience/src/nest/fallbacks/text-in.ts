/** The text that an input is, or holds under the first of these names. */
export function textIn(input: unknown, names: readonly string[]): string | undefined {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null) return undefined;
  const holder = input as Readonly<Record<string, unknown>>;
  return names.map((name) => holder[name]).find((value) => typeof value === 'string');
}
