import { describe, expect, it } from '@jest/globals';
import {
  ClaudeInvalidDecorationError,
  ClaudeInvalidOptionsError,
  ClaudeResilienceError,
  ClaudeUnknownFeatureError,
} from './errors.js';

describe('errors of bootstrap (R7)', () => {
  it.each([
    [
      new ClaudeInvalidOptionsError(['a: 1', 'b: 2']),
      'ClaudeInvalidOptionsError',
      'CLAUDE_INVALID_OPTIONS',
      ['- a: 1', '- b: 2'],
    ],
    [
      new ClaudeUnknownFeatureError('chat', ['default', 'mail']),
      'ClaudeUnknownFeatureError',
      'CLAUDE_UNKNOWN_FEATURE',
      ['"chat"', 'default, mail'],
    ],
    [
      new ClaudeInvalidDecorationError(['a', 'b']),
      'ClaudeInvalidDecorationError',
      'CLAUDE_INVALID_DECORATION',
      ['- a', '- b'],
    ],
  ])('%s', (error, name, code, told) => {
    expect(error).toBeInstanceOf(ClaudeResilienceError);
    expect(error).toMatchObject({ name, code });
    for (const part of told) expect(error.message).toContain(part);
  });
});
