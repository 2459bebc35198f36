/** Bounds of a number, both ends included unless said otherwise. */
interface Bounds {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
}

/**
 * Reads one section of what a user configured: gives defaults, checks, and remembers every problem instead of the
 * first. An explicit `undefined` means "the default", which a spread would lose. Call `done()` last: it finds typing errors.
 */
export class OptionReader {
  readonly #section: Readonly<Record<string, unknown>>;
  readonly #known: string[] = [];

  constructor(
    private readonly path: string,
    given: unknown,
    private readonly issues: string[],
  ) {
    const isSection = typeof given === 'object' && given !== null && !Array.isArray(given);
    if (given !== undefined && !isSection) issues.push(`${path || 'options'}: an object, got ${show(given)}`);
    this.#section = isSection ? (given as Record<string, unknown>) : {};
  }

  integer(name: string, fallback: number, bounds: Bounds = {}): number {
    return this.#number(name, fallback, 'an integer', Number.isInteger, bounds);
  }

  /** Milliseconds; fractions are fine, infinity is not. */
  milliseconds(name: string, fallback: number, bounds: Bounds = { min: 0 }): number {
    return this.#number(name, fallback, 'milliseconds', Number.isFinite, bounds);
  }

  /** A share, 0 to 1. */
  ratio(name: string, fallback: number, bounds: Bounds = { min: 0, max: 1 }): number {
    return this.#number(name, fallback, 'a ratio', Number.isFinite, bounds);
  }

  /** A factor or other plain number. */
  number(name: string, fallback: number, bounds: Bounds): number {
    return this.#number(name, fallback, 'a number', Number.isFinite, bounds);
  }

  oneOf<const T extends string | boolean>(name: string, fallback: T, allowed: readonly T[]): T {
    const value = this.take(name);
    if (value === undefined) return fallback;
    if (allowed.includes(value as T)) return value as T;
    this.reject(name, `one of ${allowed.map((a) => JSON.stringify(a)).join(', ')}`, value);
    return fallback;
  }

  text(name: string): string | undefined {
    const value = this.take(name);
    if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return value as string | undefined;
    this.reject(name, 'a text that is not empty', value);
    return undefined;
  }

  /** The raw value, for what has a check of its own; marks the name as known. */
  take(name: string): unknown {
    this.#known.push(name);
    return this.#section[name];
  }

  reject(name: string, wanted: string, got: unknown): void {
    this.issues.push(`${this.at(name)}: ${wanted}, got ${show(got)}`);
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** Reports every name that nobody asked for: a misspelt option must not be silently without effect. */
  done(): void {
    for (const name of Object.keys(this.#section)) {
      if (this.#known.includes(name)) continue;
      this.issues.push(`${this.at(name)}: unknown option; known here: ${[...new Set(this.#known)].sort().join(', ')}`);
    }
  }

  #number(
    name: string,
    fallback: number,
    noun: string,
    isValid: (value: unknown) => boolean,
    { min, above, max }: Bounds,
  ): number {
    const value = this.take(name);
    if (value === undefined) return fallback;
    const n = value as number;
    if (isValid(value) && n >= (min ?? -Infinity) && n > (above ?? -Infinity) && n <= (max ?? Infinity)) return n;
    const bounds = [
      min !== undefined && `at least ${min}`,
      above !== undefined && `above ${above}`,
      max !== undefined && `at most ${max}`,
    ].filter((bound) => bound !== false);
    this.reject(name, [noun, ...bounds].join(', '), value);
    return fallback;
  }
}

/** Shows a wrong value. Texts are cut: a key pasted into the wrong field must not end up in a log. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 24 ? `a text of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
