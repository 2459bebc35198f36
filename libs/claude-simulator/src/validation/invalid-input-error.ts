/** Options or fault rules that make no sense; lists every bad field, not only the first. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  readonly code = 'SIMULATOR_INVALID_INPUT';

  constructor(
    what: string,
    /** One line a bad field: its path, what it must be, what it was. */
    readonly issues: readonly string[],
  ) {
    super(`Invalid ${what}:\n${issues.map((issue) => `  - ${issue}`).join('\n')}`);
  }
}
