/**
 * The root of everything this module throws. Branch on `code`, never on `message`: messages are for the log, in our own
 * words, and hold neither keys nor prompts nor text of the API.
 */
export abstract class ClaudeResilienceError extends Error {
  abstract readonly code: `CLAUDE_${string}`;
}

/** Options, at bootstrap or of one call, that cannot work. `issues` names every bad field, its value and what is allowed. */
export class ClaudeInvalidOptionsError extends ClaudeResilienceError {
  override readonly name = 'ClaudeInvalidOptionsError';
  readonly code = 'CLAUDE_INVALID_OPTIONS';
  constructor(readonly issues: readonly string[]) {
    super(`Invalid options of nestjs-claude-resilience:\n${issues.map((issue) => `  - ${issue}`).join('\n')}`);
  }
}

/** A name that no `forRoot` and no `forFeature` declares. */
export class ClaudeUnknownFeatureError extends ClaudeResilienceError {
  override readonly name = 'ClaudeUnknownFeatureError';
  readonly code = 'CLAUDE_UNKNOWN_FEATURE';
  constructor(
    readonly feature: string,
    known: readonly string[],
  ) {
    super(
      `Unknown Claude feature "${feature}". Declare it in forRoot({ features }) or forFeature; known: ${known.join(', ')}`,
    );
  }
}

/** Decorators of this module that cannot work where they stand. `issues` has one line for each. */
export class ClaudeInvalidDecorationError extends ClaudeResilienceError {
  override readonly name = 'ClaudeInvalidDecorationError';
  readonly code = 'CLAUDE_INVALID_DECORATION';
  constructor(readonly issues: readonly string[]) {
    super(
      `Decorators of nestjs-claude-resilience that cannot work:\n${issues.map((issue) => `  - ${issue}`).join('\n')}`,
    );
  }
}
