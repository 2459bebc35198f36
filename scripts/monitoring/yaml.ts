/** What rule files are made of. */
export type YamlValue = string | number | readonly YamlValue[] | { readonly [key: string]: YamlValue | undefined };

/** YAML of plain data, as people write it: longer expressions on lines of their own, texts in quotes only where they must be. */
export function toYaml(value: YamlValue, indent = 0): string {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value)) {
    return value.map((item) => `${pad}-${toYaml(item as YamlValue, indent + 2).slice(indent + 1)}`).join('');
  }
  return Object.entries(value as Readonly<Record<string, YamlValue | undefined>>)
    .filter((entry): entry is [string, YamlValue] => entry[1] !== undefined)
    .map(([key, item]) => `${pad}${key}:${after(item, indent)}`)
    .join('');
}

function after(item: YamlValue, indent: number): string {
  if (typeof item === 'number') return ` ${item}\n`;
  if (typeof item === 'object') return `\n${toYaml(item, indent + 2)}`;
  if (!item.includes('\n')) return ` ${PLAIN.test(item) ? item : `'${item.replaceAll("'", "''")}'`}\n`;
  const pad = ' '.repeat(indent + 2);
  return ` |-\n${item
    .split('\n')
    .map((line) => `${pad}${line}\n`)
    .join('')}`;
}

/** Texts that mean themselves without quotes: no number, nothing that could be a key. */
const PLAIN = /^(?!.*: )(?:[A-Za-z]|\d+[a-z])[\w:/. -]*$/;
