import type { FailureKind } from '../failure/failure.js';

/** Why the fallback was asked. */
export interface FallbackContext {
  readonly feature: string;
  readonly kind: FailureKind;
  readonly correlationId: string;
  /** Language the end user is answered in, a BCP 47 tag. */
  readonly locale: string;
  /** Plain sentence for the end user (R29), in that language; also put beside the answer where the answer is an object. */
  readonly message: string;
  /** Milliseconds after which the full answer may be had again, where somebody knows. */
  readonly retryAfterMs?: number;
}

/**
 * The fallback of a feature: another answer, worse but now (R23-R26). Extend it, mark the class with
 * `@ClaudeFallbackProvider(feature)` and list it among the providers. One that throws gives the caller the classified
 * error of the call, as if there were no fallback.
 */
export abstract class ClaudeFallbackHandler<Input = unknown, Output = unknown> {
  /** What end users get from it, in some words for operators, such as "the original text with a note". @default none */
  readonly usersGet?: string;

  /** @param input what the handler was given: its first argument, or what `run` was told */
  abstract answer(input: Input, context: FallbackContext): Output | Promise<Output>;
}
