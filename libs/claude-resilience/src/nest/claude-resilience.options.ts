import { readAnthropicOptions, type AnthropicOptions } from '../anthropic/anthropic.options.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader } from '../core/option-reader.js';
import { readResilienceOptions, type ResilienceOptions, type ResolvedOptions } from '../core/options.js';

/** Everything `ClaudeResilienceModule.forRoot` takes; all of it has a default. */
export interface ClaudeResilienceOptions extends ResilienceOptions, AnthropicOptions {
  /** Whether calls, circuits and fallbacks are written to Nest's logger. @default true */
  readonly logging?: boolean;
}

export interface ResolvedModuleOptions extends ResolvedOptions {
  readonly anthropic: AnthropicOptions;
  readonly logging: boolean;
}

/** @throws {ClaudeInvalidOptionsError} at bootstrap, naming every bad field, its value and what is allowed */
export function resolveOptions(given: ClaudeResilienceOptions | undefined): ResolvedModuleOptions {
  const issues: string[] = [];
  const read = new OptionReader('', given, issues);
  const resolved: ResolvedModuleOptions = {
    ...readResilienceOptions(read, issues),
    anthropic: readAnthropicOptions(read),
    logging: read.oneOf('logging', true, [true, false]),
  };
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return Object.freeze(resolved);
}
