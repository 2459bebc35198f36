/** Columns of a line of the tour, without what stands before it. */
const COLUMNS = 104;

/**
 * A field a line, wrapped where it is long and cut where it is too long: `summary: "With malice…" (4,022 characters)`.
 *
 * @param maxCharacters of one value
 */
export function fieldLines(fields: Readonly<Record<string, unknown>>, maxCharacters: number): readonly string[] {
  return Object.entries(fields).flatMap(([name, value]) => wrapped(`${name}: ${shortened(value, maxCharacters)}`));
}

function shortened(value: unknown, maxCharacters: number): string {
  const text = JSON.stringify(value) ?? String(value);
  if (text.length <= maxCharacters) return text;
  if (typeof value !== 'string') return `${text.slice(0, maxCharacters)}…`;
  return `${text.slice(0, maxCharacters)}…" (${value.length.toLocaleString('en')} characters)`;
}

function wrapped(text: string): readonly string[] {
  const [first = '', ...rest] = text.match(new RegExp(`.{1,${COLUMNS}}(?:\\s|$)|\\S+`, 'g')) ?? [];
  return [first.trimEnd(), ...rest.map((line) => `  ${line.trimEnd()}`)];
}
