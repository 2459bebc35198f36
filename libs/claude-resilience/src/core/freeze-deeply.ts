/** Deeper than anything that is told of; a circle ends here at the latest. */
const MOST_LEVELS = 12;

/**
 * Freezes a value, and all plain objects and lists in it. Others are left as they are: a frozen `AbortSignal` could never
 * abort.
 */
export function freezeDeeply<T>(value: T, levels = MOST_LEVELS): T {
  if (typeof value === 'object' && value !== null && levels > 0 && isPlain(value)) freezePlain(value, levels);
  return value;
}

/** Most of what is in an event is texts and numbers: those are passed over at once. */
function freezePlain(value: object, levels: number): void {
  Object.freeze(value);
  for (const key in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof inner === 'object') freezeDeeply(inner, levels - 1);
  }
}

/** By shape: in a test, lists and objects may be of another realm. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}
