import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Statements by the names of their texts, prepared once. */
export type Prepared<Texts> = Readonly<Record<keyof Texts, StatementSync>>;

export function prepareAll<const Texts extends Readonly<Record<string, string>>>(
  database: DatabaseSync,
  texts: Texts,
): Prepared<Texts> {
  const prepared = Object.entries(texts).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(prepared) as Prepared<Texts>;
}
