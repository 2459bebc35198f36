import type { DescribedError } from './described-error.js';

/** Deeper than what people log; what is below stays as it is. */
const MOST_LEVELS = 5;

/**
 * A value with every error in it described, in lists and plain objects at any depth that is usual; the value itself where
 * there is none.
 */
export function withoutErrors(
  value: unknown,
  described: (error: unknown) => DescribedError,
  levels = MOST_LEVELS,
): unknown {
  if (isError(value)) return described(value);
  if (levels === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return changed(
      value,
      value.map((item) => withoutErrors(item, described, levels - 1)),
    );
  if (!isPlain(value)) return value;
  const entries = Object.entries(value);
  const safe = entries.map(([key, part]) => [key, withoutErrors(part, described, levels - 1)] as const);
  return safe.some(([, part], n) => part !== entries[n]?.[1]) ? Object.fromEntries(safe) : value;
}

/** By shape: errors of Node, and in a test all others, too, may be of another realm. */
export function isError(value: unknown): value is Error {
  if (value instanceof Error) return true;
  const { message, stack } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof value === 'object' && typeof message === 'string' && typeof stack === 'string';
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.some((item, n) => item !== before[n]) ? after : before;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
