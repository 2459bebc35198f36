import { cleanField } from './clean-field.js';

/** Fields of a line, with `event` first among them. */
export type LineFields = Readonly<Record<string, unknown>>;

/** One line for the log: a fixed list of fields, ids, kinds, counts and times. */
export interface LogLine {
  readonly level: 'debug' | 'log' | 'warn' | 'error';
  readonly line: LineFields & { readonly event: string };
}

/** @param name that of the event; fields that are `undefined` are left out */
export function logLine(level: LogLine['level'], name: string, fields: LineFields): LogLine {
  const line: Record<string, unknown> & { event: string } = { event: `claude.${name}` };
  for (const [field, value] of Object.entries(fields)) if (value !== undefined) line[field] = cleanField(value);
  return { level, line };
}
