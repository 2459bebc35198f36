import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import { FALLBACK_OF } from './claude-fallback.metadata.js';

/**
 * Makes a class that extends `ClaudeFallbackHandler` the fallback of a feature; list it among the providers of any
 * module. It takes the place of a built-in one.
 *
 * @throws {ClaudeInvalidDecorationError} at bootstrap, for an unknown feature, a second fallback of one feature, or a
 *   class that is no fallback
 */
export function ClaudeFallbackProvider(feature: string): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(FALLBACK_OF, feature));
}
