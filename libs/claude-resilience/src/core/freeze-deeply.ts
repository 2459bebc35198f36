/** Deeper than anything that is told of; a circle ends here at the latest. */
const MOST_LEVELS = 12;

/**
 * Freezes a value, and all plain objects and lists in it. Others are left as they are: a frozen `AbortSignal` could never
 * abort.
 */
export function freezeDeeply<T>(value: T, levels = MOST_LEVELS): T {
  if (levels === 0 || !isPlain(value)) return value;
  Object.freeze(value);
  for (const key of Object.keys(value)) freezeDeeply((value as Readonly<Record<string, unknown>>)[key], levels - 1);
  return value;
}

/** By shape: in a test, lists and objects may be of another realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
