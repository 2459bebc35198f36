/** What a field must be, in words and in code. */
export interface FieldCheck {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): FieldCheck {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  const accepts = (value: unknown): boolean =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
  return { expected: `an integer, ${range}`, accepts };
}

export function oneOf(...values: readonly unknown[]): FieldCheck {
  return { expected: `one of ${values.join(', ')}`, accepts: (value) => values.includes(value) };
}

export const FILLED_TEXT: FieldCheck = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};
