/** Codes of ours are words of a closed set; whatever else was thrown is named by its class. */
export function errorCodeOf(error: unknown): string {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  if (typeof code === 'string' && code.startsWith('CLAUDE_')) return code;
  return typeof name === 'string' ? name : typeof error;
}
