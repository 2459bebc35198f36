/**
 * The code of one of our errors; `undefined` for whatever else was thrown. A store may come with another copy of this
 * module, whose classes are not ours.
 */
export function requestErrorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('CLAUDE_') ? code : undefined;
}
